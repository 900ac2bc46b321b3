"""The types of letters that application services and programmes tell apart, and the words people write for them."""

import re
from enum import StrEnum

from lorbot.core.value import Line

_OR = re.compile(r"\s*/\s*|\s+or\s+", re.IGNORECASE)


class LetterType(StrEnum):
    """Who a letter is from, as far as it matters to those who want it. One writer can be of several types."""

    ANY = "any"
    SCIENCE = "science faculty"
    NON_SCIENCE = "non-science faculty"
    PHYSICIAN = "physician"  # MD or DO
    OSTEOPATHIC = "osteopathic physician"
    PA = "physician assistant"
    DENTIST = "dentist"
    CLINICAL = "clinical supervisor"  # who saw the applicant with patients
    RESEARCH = "research supervisor"
    SPECIALTY = "in the specialty"
    DIRECTOR = "program director"
    CHAIR = "department chair"  # or a letter of the department
    STANDARD = "standardized form"  # SLOE, eSLOR, SEL and the like
    COMMITTEE = "committee letter"
    ACADEMIC = "academic"  # somebody who taught or supervised the applicant, whatever the subject
    NON_ACADEMIC = "non-academic"
    SUPERVISOR = "supervisor at work"
    COLLEAGUE = "colleague"
    ARMS_LENGTH = "arm's-length reviewer"  # chosen and asked by the institution, never by the applicant


WORDS: dict[LetterType, tuple[Line, ...]] = {
    LetterType.ANY: ("any", "anyone", "other", "free"),
    LetterType.SCIENCE: ("science faculty", "science", "science professor", "bcpm"),
    LetterType.NON_SCIENCE: ("non-science faculty", "non-science", "nonscience", "humanities"),
    LetterType.PHYSICIAN: ("physician", "md", "doctor", "md or do", "attending"),
    LetterType.OSTEOPATHIC: ("osteopathic physician", "osteopathic", "do", "do letter"),
    LetterType.PA: ("physician assistant", "physician associate", "pa", "pa-c"),
    LetterType.DENTIST: ("dentist", "dds", "dmd"),
    LetterType.CLINICAL: ("clinical supervisor", "clinical", "clinician", "clerkship"),
    LetterType.RESEARCH: ("research supervisor", "research", "pi", "principal investigator", "research mentor"),
    LetterType.SPECIALTY: ("in the specialty", "specialty", "in specialty", "specialty letter"),
    LetterType.DIRECTOR: ("program director", "programme director", "pd", "pd letter"),
    LetterType.CHAIR: ("department chair", "chair", "chair letter", "department letter", "department"),
    LetterType.STANDARD: (
        "standardized form", "standardized letter", "standard form", "sloe", "esloe", "eslor", "slor", "sel", "im sel",
    ),
    LetterType.COMMITTEE: ("committee letter", "committee", "committee packet", "prehealth committee"),
    LetterType.ACADEMIC: ("academic", "faculty", "professor", "teacher"),
    LetterType.NON_ACADEMIC: ("non-academic", "nonacademic", "character", "community"),
    LetterType.SUPERVISOR: ("supervisor at work", "supervisor", "employer", "work", "manager"),
    LetterType.COLLEAGUE: ("colleague", "peer", "collaborator"),
    LetterType.ARMS_LENGTH: ("arm's-length reviewer", "arm's length", "arms length", "external reviewer"),
}  # fmt: skip
"""What people write for each, the first being ours. In lower case; compared without punctuation at the ends."""


def type_in(words: str) -> LetterType | None:
    """The letter type that the words name, or None."""
    low = " ".join(words.lower().replace("’", "'").split()).strip(" .,;:()")
    low = low.removesuffix(" letters").removesuffix(" letter")
    return next((t for t, known in WORDS.items() if low in known or f"{low} letter" in known), None)


def types_in(words: str) -> tuple[tuple[LetterType, ...], tuple[str, ...]]:
    """The types of a list ("science, PI and chair"), in its order, and what in it is not known."""
    found: list[LetterType] = []
    unknown: list[str] = []
    for part in _parts(words):
        kind = type_in(part)
        if kind is None:
            unknown.append(part)
        else:
            found.append(kind)
    return tuple(found), tuple(unknown)


def ways_in(words: str) -> list[str]:
    """The alternatives of one letter: "chair or PD" is two, "MD or DO" is the name of one type."""
    return [words] if type_in(words) else _OR.split(words)


def any_of(words: str) -> tuple[LetterType, ...]:
    """The types that will do for one letter ("chair or PD"), in their order; none where the words are not known."""
    found = {kind for part in ways_in(words) if (kind := type_in(part))}
    return tuple(kind for kind in LetterType if kind in found)


def _parts(words: str) -> list[str]:
    for sign in (";", "/", "+", "\n", "&"):
        words = words.replace(sign, ",")
    parts = [part.strip() for piece in words.split(",") for part in piece.split(" and ")]
    return [part for part in parts if part]
