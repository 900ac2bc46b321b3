"""How to address people. A wrong greeting costs more than a plain one: when in doubt, the name as it was given."""

import re

_TITLES = {
    "dr": "Dr.",
    "doctor": "Dr.",
    "prof": "Prof.",
    "professor": "Professor",
    "mr": "Mr.",
    "mrs": "Mrs.",
    "ms": "Ms.",
    "mx": "Mx.",
}
_DOCTORAL = {"md", "do", "phd", "mbbs", "mbchb", "dds", "dmd", "dvm", "pharmd", "drph", "edd", "psyd", "dnp", "scd"}
_OTHER_SUFFIXES = {
    "jr",
    "sr",
    "ii",
    "iii",
    "iv",
    "mph",
    "ms",
    "msc",
    "mba",
    "ma",
    "rn",
    "pa",
    "pa-c",
    "np",
    "facp",
    "facs",
}
_PARTICLES = {
    "de",
    "la",
    "del",
    "der",
    "den",
    "van",
    "von",
    "da",
    "dos",
    "das",
    "di",
    "du",
    "le",
    "el",
    "al",
    "bin",
    "ibn",
    "ter",
    "ten",
    "st.",
    "st",
}
_SPLIT = re.compile(r"[\s,]+")


def formal(name: str) -> str:
    """The name a letter begins with: "Dr. Elena M. Lopez, MD" gives "Dr. Lopez"; "Elena Lopez, MD" too.

    Without a title, or without a family name, the name as it was given: never "Dr. Elena".
    """
    title, parts = _title_and_parts(name)
    if not title or not parts:
        return name.strip()
    if len(parts) == 1 and not _has_own_title(name):
        return name.strip()
    return f"{title} {family_name(name)}"


def family_name(name: str) -> str:
    """The family name with its particles: "Dr. Carlos de la Cruz" gives "de la Cruz"."""
    _, parts = _title_and_parts(name)
    if not parts:
        return name.strip()
    start = len(parts) - 1
    while start > 1 and parts[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(parts[start:])


def given_name(name: str) -> str:
    """The first given name, or the whole name when there is only one."""
    _, parts = _title_and_parts(name)
    return parts[0] if parts else name.strip()


def matches(name: str, wanted: str) -> bool:
    """Whether `wanted`, as a person writes it ("lopez", "Dr Lopez", "Elena"), can mean `name`."""
    _, parts = _title_and_parts(name)
    _, asked = _title_and_parts(wanted)
    have = [p.lower().strip(".") for p in parts]
    asked = [p.lower().strip(".") for p in asked]
    if not asked:
        return False
    positions = iter(have)
    return all(any(_same(word, part) for part in positions) for word in asked)


def _same(word: str, part: str) -> bool:
    return part == word or (len(word) == 1 and part.startswith(word))


def _has_own_title(name: str) -> bool:
    first = _SPLIT.split(name.strip(), maxsplit=1)[0]
    return first.lower().strip(".") in _TITLES


def _title_and_parts(name: str) -> tuple[str, list[str]]:
    words = [w for w in _SPLIT.split(name.strip()) if w]
    title = ""
    while words and words[0].lower().strip(".") in _TITLES:
        title = title or _TITLES[words[0].lower().strip(".")]
        words = words[1:]
    while len(words) > 1:
        last = words[-1].lower().replace(".", "")
        if last in _DOCTORAL:
            title = title or "Dr."
        elif last not in _OTHER_SUFFIXES:
            break
        words = words[:-1]
    return title, words
