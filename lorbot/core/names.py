"""How to address people. A wrong greeting costs more than a plain one: when in doubt, the name as it was given.

Both orders are read: "Elena Lopez, MD" and "Lopez, Elena, MD".
"""

import re
import unicodedata

_TITLES = {
    "dr": "Dr.", "doctor": "Dr.", "prof": "Prof.", "professor": "Professor", "dean": "Dean",
    "mr": "Mr.", "mrs": "Mrs.", "ms": "Ms.", "mx": "Mx.",
    "rev": "Rev.", "reverend": "Reverend", "fr": "Fr.", "father": "Father", "sister": "Sister", "brother": "Brother",
    "rabbi": "Rabbi", "pastor": "Pastor", "imam": "Imam", "chaplain": "Chaplain",
    "col": "Col.", "colonel": "Colonel", "lt": "Lt.", "maj": "Maj.", "major": "Major", "capt": "Capt.",
    "captain": "Captain", "cdr": "Cdr.", "cmdr": "Cmdr.", "commander": "Commander", "gen": "Gen.", "adm": "Adm.",
    "lieutenant": "Lieutenant", "sgt": "Sgt.",
}  # fmt: skip
_TITLES_IF_FIRST_OF_THREE = {"dean", "major", "gen", "father", "brother", "sister", "pastor", "col", "fr", "adm"}
_BEFORE_GIVEN_NAME = {"sister", "brother", "father", "fr", "imam"}  # "Sister Mary Agnes" is never "Sister Agnes"
_BESIDE_DR = {"med", "rer", "nat", "hc", "habil", "phil"}  # "Dr. med. Anna Weber", "Dr. h.c."
_DOCTORAL = {
    "md", "do", "phd", "mbbs", "mbchb", "mbbch", "mdcm", "dds", "dmd", "dvm", "dpm", "pharmd", "drph", "edd", "psyd",
    "dnp", "scd", "dsc", "dphil", "thd",
}  # fmt: skip
_OTHER_SUFFIXES = {
    "jr", "sr", "ii", "iii", "iv", "mph", "mhs", "ms", "msc", "mba", "ma", "med", "msn", "bsn", "rn", "cnm", "lcsw",
    "jd", "pa", "pa-c", "np", "facp", "macp", "facs", "facc", "faap", "facep", "facog", "faafp", "fccp", "frcp", "frcs",
    "mrcp", "fidsa", "usn", "usaf", "usmc", "ret",
}  # fmt: skip
_ALSO_NAMES = {"do", "ma", "ms", "pa", "np", "rn", "med"}  # "Dr. Jack Ma": a degree only in capitals or after a comma
_OFFICE = re.compile(
    r"\b(?:professor|chair|director|dean|chief|head|attending|instructor|lecturer|department)\b", re.IGNORECASE
)
_PROFESSOR = re.compile(r"\bprofessor\b(?! of practice)", re.IGNORECASE)
_SHORTEST_MISTYPED = 4  # letters; of shorter names, one letter less is another name
_MOST_PARTS = 4  # of a name
_PARTICLES = {
    "de", "la", "las", "los", "del", "della", "der", "den", "van", "von", "da", "dos", "das", "di", "du", "le", "el",
    "al", "bin", "ibn", "ter", "ten", "st", "zu", "zur", "zum", "af", "av",
}  # fmt: skip
_BETWEEN = {"y", "e", "i"}  # "Ortega y Gasset"
_OF_TWO_SURNAMES = frozenset({
    "alvarez", "castillo", "castro", "chavez", "cruz", "delgado", "diaz", "dominguez", "espinoza", "fernandez",
    "flores", "garcia", "garza", "gomez", "gonzales", "gonzalez", "gutierrez", "guzman", "hernandez", "herrera",
    "jimenez", "juarez", "lopez", "maldonado", "marquez", "martinez", "medina", "mejia", "mendez", "mendoza", "molina",
    "morales", "moreno", "munoz", "navarro", "nunez", "ortega", "ortiz", "padilla", "pena", "perez", "ramirez",
    "ramos", "reyes", "rivera", "rodriguez", "rojas", "romero", "ruiz", "salazar", "sanchez", "sandoval", "santiago",
    "santos", "serrano", "silva", "soto", "suarez", "torres", "trujillo", "valdez", "vargas", "vasquez", "vazquez",
    "vega", "velasquez",
})  # fmt: skip
"""Surnames common in Spain and Latin America, where a person has two: "Gabriel García Márquez" is Dr. García Márquez.
The most frequent that are not given names as well; where the last but one is another, the last is taken."""

_MAY_COME_FIRST = frozenset({
    "bai", "cai", "cao", "chang", "chen", "cheng", "choi", "chung", "deng", "ding", "dong", "fan", "fang", "feng",
    "gao", "gong", "gu", "guo", "han", "he", "hong", "hu", "huang", "jang", "jeong", "jiang", "jin", "jung", "kang",
    "kim", "ko", "kong", "lee", "li", "liang", "lim", "lin", "liu", "lu", "luo", "ma", "ngo", "nguyen", "oh", "pan",
    "park", "peng", "pham", "qian", "qin", "ren", "seo", "shao", "shen", "shi", "shin", "song", "su", "sun", "tan",
    "tang", "tao", "tian", "tran", "tsai", "wang", "wei", "wen", "wong", "wu", "xia", "xiao", "xie", "xu", "yan",
    "yang", "yao", "ye", "yoo", "yoon", "yu", "yuan", "zeng", "zhang", "zhao", "zheng", "zhong", "zhou", "zhu",
})  # fmt: skip
"""Surnames that stand first in Chinese, Korean and Vietnamese names. Where one stands first, nobody can know which is
the surname: the whole name is never wrong."""
_ALSO_GIVEN = frozenset({
    "bai", "dong", "fan", "fang", "feng", "han", "hong", "jin", "jung", "kim", "lee", "li", "lin", "lu", "peng",
    "qian", "song", "tao", "tian", "wei", "wen", "xia", "yan", "yi", "yu", "yuan",
})  # fmt: skip
"""Of these, those that are given names as well: Wei Chen is Dr. Chen, and only "Kim Min-jun" stands the other way."""


def formal(name: str, office: str = "") -> str:
    """The name a letter begins with: "Dr. Elena M. Lopez, MD" gives "Dr. Lopez"; "Elena Lopez, MD" too.

    `office` is what the person is ("Associate Professor of Medicine"), for who is given no title. Without a title, or
    without a family name, the name as it was given, without degrees: never "Dr. Elena" of "Elena, MD".
    """
    title, parts = _title_and_parts(name)
    if not parts:
        return name.strip()
    plain = " ".join(_cased(part, name) for part in parts)
    title = title or _title_of(office)
    if not title or (len(parts) == 1 and not has_title(name)):
        return plain
    first = _bare(_words(name)[0])
    if first in _BEFORE_GIVEN_NAME or _may_be_surname_first(parts):
        return f"{title} {plain}"
    return f"{title} {family_name(name)}"


def family_name(name: str) -> str:
    """The family name with its particles: "Dr. Carlos de la Cruz" gives "de la Cruz"; two where there are two.

    Where the first part may be a particle or a given name ("Dr. Van Buren"), both parts.
    """
    _, parts = _title_and_parts(name)
    if not parts:
        return name.strip()
    end = len(parts)
    while end > 1 and len(_bare(parts[end - 1])) == 1:
        end -= 1  # "Raman K."
    start = _with_particles(parts, end - 1)
    if start > 2 and _bare(parts[start - 1]) in _BETWEEN:
        start = _with_particles(parts, start - 2)
    elif start > 1 and _plain(parts[start - 1]) in _OF_TWO_SURNAMES:
        start = _with_particles(parts, start - 1)
    return " ".join(_cased(part, name) for part in parts[start:end])


def given_name(name: str) -> str:
    """The first given name, or the whole name when there is only one."""
    _, parts = _title_and_parts(name)
    return _cased(parts[0], name) if parts else name.strip()


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
    return _is_title(_words(name))


def is_suffix(word: str) -> bool:
    """Whether a word stands behind names, so that its full stop belongs to it: "Jr.", "M.D."."""
    return _bare(word) in _DOCTORAL | _OTHER_SUFFIXES


def _same(word: str, part: str) -> bool:
    return part == word or word in part.split("-") or (len(word) == 1 and part.startswith(word))


def _title_and_parts(name: str) -> tuple[str, list[str]]:
    """The title, own or by a doctoral degree or an office, and the names between them, given names first."""
    groups = [_words(group) for group in name.split(",")]
    titles: list[str] = []
    while _is_title(groups[0]):
        titles.append(_TITLES[_bare(groups[0][0])])
        groups[0] = groups[0][1:]
        while (
            "Dr." in titles and len(groups[0]) > 1 and groups[0][0].endswith(".") and _bare(groups[0][0]) in _BESIDE_DR
        ):
            groups[0] = groups[0][1:]
    names, degrees = _without_degrees(groups[0], name)
    offices = [" ".join(g) for g in groups[1:] if _OFFICE.search(" ".join(g))]
    for group in (g for g in groups[1:] if g and " ".join(g) not in offices):
        more, behind = _without_degrees(group, "")
        degrees += behind
        names = [*more, *names]  # what is no degree stands before the comma by rights: "Lopez, Elena"
    title = " ".join(dict.fromkeys(titles))
    if not title and any(_bare(word) in _DOCTORAL for word in degrees):
        title = "Dr."
    return title or _title_of(", ".join(offices)), names


def _is_title(words: list[str]) -> bool:
    """Whether a name goes on behind the first word, which is a title. "Dean Smith" is a person's name, or a dean's."""
    if not words or _bare(words[0]) not in _TITLES:
        return False
    return _bare(words[0]) not in _TITLES_IF_FIRST_OF_THREE or len(words) > 2 or words[0].endswith(".")


def _title_of(office: str) -> str:
    """The title that goes with what somebody is: "Associate Professor of Medicine", "MD"; "" where none does."""
    if _PROFESSOR.search(office):
        return "Professor"
    return "Dr." if any(_bare(word) in _DOCTORAL and word.isupper() for word in re.split(r"[\s,;/]+", office)) else ""


def _words(name: str) -> list[str]:
    """The words of a name; "Dr.Lopez" is two."""
    return re.sub(r"^(\s*(?:dr|prof)\.)(?=\w)", r"\1 ", name, flags=re.IGNORECASE).split()


def _with_particles(parts: list[str], start: int) -> int:
    """Where the family name that ends with part `start` begins."""
    while start > 0 and _bare(parts[start - 1]) in _PARTICLES:
        start -= 1
    return start


def _may_be_surname_first(parts: list[str]) -> bool:
    """Whether the name may stand in the order of East Asia: "Wang Wei"."""
    if len(parts) == 1 or _plain(parts[0]) not in _MAY_COME_FIRST:
        return False
    return _plain(parts[0]) not in _ALSO_GIVEN or bool(re.search(r"-[a-z]", parts[-1]))


def _cased(part: str, name: str) -> str:
    """A part of a name with its capital, where the whole name was typed without or in nothing but capitals."""
    if not (name.islower() or (name.isupper() and len(part) > 1 and "." not in part)):
        return part
    low = part.lower()
    return low if low in _PARTICLES | _BETWEEN else re.sub(r"(?:^|(?<=[-'’]))\w", lambda m: m[0].upper(), low)


def _without_degrees(words: list[str], whole: str) -> tuple[list[str], list[str]]:
    """The words and the degrees behind them. `whole` is the name where its words may themselves be names."""
    last = len(words)
    while last > (1 if whole else 0) and is_suffix(words[last - 1]) and not _may_be_name(words[last - 1], whole):
        last -= 1
    return words[:last], words[last:]


def _may_be_name(word: str, whole: str) -> bool:
    return bool(whole) and _bare(word) in _ALSO_NAMES and (not word.isupper() or whole.isupper())


def _bare(word: str) -> str:
    return word.lower().replace(".", "").strip("()")


def _plain(part: str) -> str:
    """A part of a name without accents, dots and typography."""
    letters = unicodedata.normalize("NFKD", part.casefold().replace("’", "'"))
    return "".join(c for c in letters if not unicodedata.combining(c) and c != ".")
