"""What a mentor's letter counts as, by what the applicant wrote about the mentor and nothing else."""

import re

from lorbot.core.application import Application
from lorbot.core.dossier import Dossier, Mentor
from lorbot.core.letter_types import LetterType, types_in

_OF_ROLE = {
    "clinical": LetterType.CLINICAL, "research": LetterType.RESEARCH, "academic": LetterType.ACADEMIC,
}  # fmt: skip
_BESIDE = r"(?<!vice )(?<!vice-)(?<!associate )(?<!assistant )(?<!deputy )(?<!former )"
_OF_TITLE: tuple[tuple[re.Pattern[str], LetterType], ...] = (
    (re.compile(_BESIDE + r"\b(?:department(?:al)? )?chair(?:man|woman|person)?\b", re.IGNORECASE), LetterType.CHAIR),
    (re.compile(_BESIDE + r"\bprogram(?:me)? director\b", re.IGNORECASE), LetterType.DIRECTOR),
    (re.compile(r"\bM\.?D\b|\bMBBS\b|\bD\.?O\b"), LetterType.PHYSICIAN),
    (re.compile(r"\bD\.?O\b"), LetterType.OSTEOPATHIC),
)


def types_of(dossier: Dossier, mentor: Mentor, application: Application, specialty: str = "") -> frozenset[LetterType]:
    """The types that the mentor's letter counts as; in `specialty`, which is the applicant's own where it is ""."""
    found = set(types_in(mentor.counts_as)[0])
    found |= {kind for pin in application.pins if pin.mentor == mentor.id for kind in types_in(pin.as_type)[0]}
    if mentor.role.lower() in _OF_ROLE:
        found.add(_OF_ROLE[mentor.role.lower()])
    wanted = (specialty or dossier.applicant.specialty).casefold().strip()
    if wanted and mentor.specialty.casefold().strip() == wanted:
        found.add(LetterType.SPECIALTY)
    named = f"{mentor.title}, {mentor.name}"
    found |= {kind for pattern, kind in _OF_TITLE if pattern.search(named)}
    return frozenset(found)
