"""How to address people. A wrong greeting costs more than a plain one: when in doubt, the name as it was given.

Both orders are read: "Elena Lopez, MD" and "Lopez, Elena, MD".
"""

import unicodedata

_TITLES = {
    "dr": "Dr.", "doctor": "Dr.", "prof": "Prof.", "professor": "Professor",
    "mr": "Mr.", "mrs": "Mrs.", "ms": "Ms.", "mx": "Mx.",
}  # fmt: skip
_DOCTORAL = {
    "md", "do", "phd", "mbbs", "mbchb", "dds", "dmd", "dvm", "pharmd", "drph", "edd", "psyd", "dnp", "scd",
}  # fmt: skip
_OTHER_SUFFIXES = {
    "jr", "sr", "ii", "iii", "iv", "mph", "ms", "msc", "mba", "ma", "rn", "pa", "pa-c", "np", "facp", "facs",
}  # fmt: skip
_ALSO_NAMES = {"do", "ma", "ms", "pa", "np", "rn"}  # "Dr. Jack Ma": a degree only in capitals or after a comma
_SHORTEST_MISTYPED = 4  # letters; of shorter names, one letter less is another name
_MOST_PARTS = 4  # of a name
_PARTICLES = {
    "de", "la", "del", "der", "den", "van", "von", "da", "dos", "das", "di", "du", "le", "el", "al", "bin", "ibn",
    "ter", "ten", "st",
}  # fmt: skip


def formal(name: str) -> str:
    """The name a letter begins with: "Dr. Elena M. Lopez, MD" gives "Dr. Lopez"; "Elena Lopez, MD" too.

    Without a title, or without a family name, the name as it was given: never "Dr. Elena".
    """
    title, parts = _title_and_parts(name)
    if not title or not parts:
        return name.strip()
    if len(parts) == 1 and not has_title(name):
        return name.strip()
    return f"{title} {family_name(name)}"


def family_name(name: str) -> str:
    """The family name with its particles: "Dr. Carlos de la Cruz" gives "de la Cruz".

    Where the first part may be a particle or a given name ("Dr. Van Buren"), both parts.
    """
    _, parts = _title_and_parts(name)
    if not parts:
        return name.strip()
    start = len(parts) - 1
    while start > 0 and _bare(parts[start - 1]) in _PARTICLES:
        start -= 1
    return " ".join(parts[start:])


def given_name(name: str) -> str:
    """The first given name, or the whole name when there is only one."""
    _, parts = _title_and_parts(name)
    return parts[0] if parts else name.strip()


def matches(name: str, wanted: str) -> bool:
    """Whether `wanted`, as a person writes it ("lopez", "Dr Lopez", "Elena", "garcia" for García), can mean `name`."""
    asked = [_plain(p) for p in _title_and_parts(wanted)[1]]
    have = [_plain(p) for p in _title_and_parts(name)[1]]
    positions = iter(have)
    return bool(asked) and all(any(_same(word, part) for part in positions) for word in asked)


def nearly_matches(name: str, wanted: str) -> bool:
    """Whether `wanted` is `name` or a part of it but for one letter: "Lopes" for "Dr. Elena Lopez"."""
    asked = [_plain(p) for p in _title_and_parts(wanted)[1]]
    have = [_plain(p) for p in _title_and_parts(name)[1]]
    off = [word for word in asked if not any(_same(word, part) for part in have)]
    return len(off) == 1 and any(one_letter_off(off[0], part) for part in have)


def may_be_one(one: str, other: str) -> bool:
    """Whether two names, as different people write them, can be one person's: "LOPEZ, ELENA", "Elena M. Lopez, MD" and
    "Dr. Lopez". Both hold the family name, and one holds no other name than the other.
    """
    families = [_plain(parts[-1]) for parts in (_title_and_parts(one)[1], _title_and_parts(other)[1]) if parts]
    if len(families) < 2 or not (_same(*families) or _same(*reversed(families))):
        return False
    return matches(one, other) or matches(other, one)


def one_letter_off(one: str, other: str) -> bool:
    """Whether two words of four letters or more differ in one: wrong, missing, too many, or two changed round."""
    if min(len(one), len(other)) < _SHORTEST_MISTYPED or abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    if len(one) == len(other):
        return one[1:] == other[1:] or (one[:2] == other[1::-1] and one[2:] == other[2:])
    return one[1:] == other or one == other[1:]


def is_titled(name: str) -> bool:
    """Whether this is a person's name with a title: "Dr. Ada Stein"; not "Dr. Stein about the notes"."""
    parts = _title_and_parts(name)[1]
    return has_title(name) and is_proper(" ".join(parts))


def is_proper(name: str) -> bool:
    """Whether one to four words each begin as a name does."""
    words = name.split()
    return 1 <= len(words) <= _MOST_PARTS and all(w[:1].isupper() or _bare(w) in _PARTICLES for w in words)


def search_words(name: str) -> frozenset[str]:
    """What the parts of a name answer to: where `matches(name, wanted)`, every part of `wanted` is among these."""
    have = [_plain(p) for p in _title_and_parts(name)[1]]
    return frozenset(word for part in have for word in (part, *part.split("-"), part[:1]) if word)


def plain_parts(wanted: str) -> frozenset[str]:
    """The parts of a name as a person writes it, without accents and typography."""
    return frozenset(_plain(p) for p in _title_and_parts(wanted)[1])


def has_title(name: str) -> bool:
    """Whether the name begins with a title: "Dr. Lopez"; "Elena Lopez, MD" does not."""
    words = name.split()
    return bool(words) and _bare(words[0]) in _TITLES


def is_suffix(word: str) -> bool:
    """Whether a word stands behind names, so that its full stop belongs to it: "Jr.", "M.D."."""
    return _bare(word) in _DOCTORAL | _OTHER_SUFFIXES


def _same(word: str, part: str) -> bool:
    return part == word or word in part.split("-") or (len(word) == 1 and part.startswith(word))


def _title_and_parts(name: str) -> tuple[str, list[str]]:
    """The title, own or by a doctoral degree, and the names between titles and degrees, given names first."""
    groups = [group.split() for group in name.split(",")]
    title = ""
    while groups[0] and _bare(groups[0][0]) in _TITLES:
        title = title or _TITLES[_bare(groups[0][0])]
        groups[0] = groups[0][1:]
    names, degrees = _without_degrees(groups[0], name)
    for group in (g for g in groups[1:] if g):
        more, behind = _without_degrees(group, "")
        degrees += behind
        names = [*more, *names]  # what is no degree stands before the comma by rights: "Lopez, Elena"
    if not title and any(_bare(word) in _DOCTORAL for word in degrees):
        title = "Dr."
    return title, names


def _without_degrees(words: list[str], whole: str) -> tuple[list[str], list[str]]:
    """The words and the degrees behind them. `whole` is the name where its words may themselves be names."""
    last = len(words)
    while last > (1 if whole else 0) and is_suffix(words[last - 1]) and not _may_be_name(words[last - 1], whole):
        last -= 1
    return words[:last], words[last:]


def _may_be_name(word: str, whole: str) -> bool:
    return bool(whole) and _bare(word) in _ALSO_NAMES and (not word.isupper() or whole.isupper())


def _bare(word: str) -> str:
    return word.lower().replace(".", "")


def _plain(part: str) -> str:
    """A part of a name without accents, dots and typography."""
    letters = unicodedata.normalize("NFKD", part.casefold().replace("’", "'"))
    return "".join(c for c in letters if not unicodedata.combining(c) and c != ".")
