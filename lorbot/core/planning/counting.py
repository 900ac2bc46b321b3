"""What a mentor's letter counts as: what the applicant said, else what role, title, degree and specialty tell.

Three answers: yes, no, and nobody said. What nobody said is asked of the applicant, and never planned on.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from lorbot.core.acquaintance import is_physician
from lorbot.core.application import Application
from lorbot.core.dossier import Mentor
from lorbot.core.letter_types import LetterType, type_in, types_in
from lorbot.core.value import Line, value


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNSAID = ""


Counted = Mapping[LetterType, Answer]

_CONTRIBUTES = re.compile(
    r"\b(?:contribut\w*(?: to)?|part of|quoted in|in)\b[^,;/]*\b(?:committee|packet)\b[^,;/]*"
    r"|\bcommittee contributor\b",
    re.IGNORECASE,
)
_ASSISTANT_PHYSICIAN = re.compile(r"\bphysician(?:'s|’s)? (?:assistant|associate)\b", re.IGNORECASE)
_PA = re.compile(r"\bPA-C\b|\bphysician(?:'s|’s)? (?:assistant|associate)\b", re.IGNORECASE)
_MD = re.compile(r"\bM\.?D\b|\bMBBS\b|\bMBCh?B\b")
_DO = re.compile(r"\bD\.?O\b|(?i:\bosteopath)")
_DENTIST = re.compile(r"\bD\.?D\.?S\b|\bD\.?M\.?D\b|\bdentist\b")
_DIRECTOR = re.compile(
    r"(?<!assistant )(?<!associate )(?<!deputy )(?<!vice )(?<!former )"
    r"\b(?:residency |fellowship )?program(?:me)? director\b",
    re.IGNORECASE,
)
_CHAIR = re.compile(
    r"(?<!vice )(?<!vice-)(?<!associate )(?<!assistant )(?<!deputy )(?<!former )\b(?:department(?:al)? )?"
    r"chair(?:man|woman|person)?\b",
    re.IGNORECASE,
)
_COMMITTEE = re.compile(r"\bcommittee\b", re.IGNORECASE)
_TEACHES = re.compile(r"\b(?:professor|prof|lecturer|instructor|teacher|faculty)\b", re.IGNORECASE)
_SCIENCES = re.compile(
    r"\b(?:biolog\w*|(?:bio)?chemi\w*|(?:bio)?physics|physiolog\w*|math\w*|statistics|biostatistics|genetics|genomics"
    r"|microbiology|immunology|neuroscience\w*|neurobiology|anatomy|zoology|botany|ecology|biomedical sciences?)\b",
    re.IGNORECASE,
)
_OTHER_SUBJECTS = re.compile(
    r"\b(?:english|histor\w+|philosoph\w+|literature|classics|languages?|spanish|french|german|music|art|theater"
    r"|religi\w+|theology|political science|government|economics|sociolog\w+|humanities|writing|rhetoric|journalism"
    r"|law|ethics|film)\b",
    re.IGNORECASE,
)


@value
class Facts:
    """What is known of a mentor, as far as it decides of which type a letter is."""

    role: Line
    title: Line  # in lower case; "" where nobody said
    person: Line  # name and title
    physician: bool | None
    specialty: Line
    wanted_specialty: Line
    form_is_usual: bool  # whoever writes in this specialty fills in the standard form


def counted(mentor: Mentor, specialty: str = "", *, form_is_usual: bool = False) -> Counted:
    """What this mentor's letter counts as, where the application is in `specialty`."""
    said = set(types_in(_CONTRIBUTES.sub(" ", mentor.counts_as))[0])
    facts = _facts(mentor, specialty, form_is_usual)
    derived = {kind: rule(facts) for kind, rule in DERIVED.items()}
    if said & _SUBJECTS:  # what the applicant says of the subject stands above the title
        derived |= dict.fromkeys(_SUBJECTS, Answer.NO)
    if mentor.counts_as.strip():  # it was said what the letter is; nothing is left to be asked
        derived = {kind: answer or Answer.NO for kind, answer in derived.items()}
    return {**derived, **dict.fromkeys(said, Answer.YES), LetterType.ANY: Answer.YES}


def counted_for(mentor: Mentor, application: Application, specialty: str, *, form_is_usual: bool) -> Counted:
    """The same for an application: in the type that the applicant pinned the mentor for, and no other."""
    pin = next((p for p in application.pins if p.mentor == mentor.id and p.writes), None)
    as_type = type_in(pin.as_type) if pin and pin.as_type else None
    if as_type:
        return {**dict.fromkeys(LetterType, Answer.NO), LetterType.ANY: Answer.YES, as_type: Answer.YES}
    return counted(mentor, specialty, form_is_usual=form_is_usual)


def contributes(mentor: Mentor) -> bool:
    """Whether the mentor's words stand in a committee letter: "science, contributes to the committee letter"."""
    return bool(_CONTRIBUTES.search(mentor.counts_as))


def not_understood(counts_as: str) -> tuple[str, ...]:
    """What in a line "counts as" names no type; () when all of it does."""
    return tuple(part for part in types_in(_CONTRIBUTES.sub(" ", counts_as))[1] if part not in _NONE)


_NONE = {"none", "neither", "nothing", "none of these", "no"}
_SUBJECTS = {LetterType.SCIENCE, LetterType.NON_SCIENCE}


def _facts(mentor: Mentor, specialty: str, form_is_usual: bool) -> Facts:
    person = f"{mentor.name}, {mentor.title}"
    return Facts(
        role=mentor.role, title=mentor.title.lower(), person=person,
        physician=is_physician(_ASSISTANT_PHYSICIAN.sub("PA", person)),
        specialty=_plain(mentor.specialty), wanted_specialty=_plain(specialty), form_is_usual=form_is_usual,
    )  # fmt: skip


def _plain(specialty: str) -> str:
    return " ".join(specialty.lower().split())


def _yes(holds: bool) -> Answer:
    return Answer.YES if holds else Answer.NO


def _by_role(*roles: str) -> Callable[[Facts], Answer]:
    """Yes for these roles, no for others, and nobody said where there is none."""
    return lambda facts: _yes(facts.role in roles) if facts.role else Answer.UNSAID


def _by_title(pattern: re.Pattern[str]) -> Callable[[Facts], Answer]:
    return lambda facts: _yes(bool(pattern.search(facts.title))) if facts.title else Answer.UNSAID


def _subject(facts: Facts, wanted: LetterType) -> Answer:
    """A teacher's subject; a research supervisor may be faculty or not, which the applicant is asked."""
    if facts.role in {"clinical", "community", "professional"}:
        return Answer.NO
    named = f"{facts.title} {facts.specialty}"
    science, other = bool(_SCIENCES.search(named)), bool(_OTHER_SUBJECTS.search(named))
    if facts.role == "research" or not _TEACHES.search(facts.title) or science == other:
        return Answer.UNSAID
    return _yes(science == (wanted is LetterType.SCIENCE))


def _physician(facts: Facts) -> Answer:
    return Answer.UNSAID if facts.physician is None else _yes(facts.physician)


def _osteopathic(facts: Facts) -> Answer:
    if _DO.search(facts.person.partition(",")[2]):
        return Answer.YES
    return Answer.NO if facts.physician is False or _MD.search(facts.person) else Answer.UNSAID


def _assistant(facts: Facts) -> Answer:
    if _PA.search(facts.person):
        return Answer.YES
    return Answer.UNSAID if facts.physician is None and facts.role in {"", "clinical"} else Answer.NO


def _dentist(facts: Facts) -> Answer:
    if _DENTIST.search(facts.person):
        return Answer.YES
    return Answer.UNSAID if facts.physician is None and facts.role in {"", "clinical", "professional"} else Answer.NO


def _specialty(facts: Facts) -> Answer:
    if not facts.wanted_specialty:
        return Answer.UNSAID
    if facts.wanted_specialty in (facts.specialty, *re.split(r"\s*(?:,|;|/| and )\s*", facts.specialty)):
        return Answer.YES
    if re.search(rf"\b{re.escape(facts.wanted_specialty)}\b", facts.title):
        return Answer.YES
    return Answer.NO if facts.specialty or facts.physician is False else Answer.UNSAID


def _academic(facts: Facts) -> Answer:
    if facts.role in {"academic", "research"} or _TEACHES.search(facts.title):
        return Answer.YES
    return Answer.NO if facts.role in {"community", "professional"} else Answer.UNSAID


def _non_academic(facts: Facts) -> Answer:
    if facts.role in {"community", "professional"}:
        return Answer.YES
    return Answer.NO if facts.role in {"academic", "research"} else Answer.UNSAID


def _standard(facts: Facts) -> Answer:
    """Who may fill in a form of the specialty is its own rule; only where all its writers do, it is known."""
    inside = _specialty(facts)
    if inside is Answer.NO:
        return Answer.NO
    return Answer.YES if inside is Answer.YES and facts.form_is_usual else Answer.UNSAID


DERIVED: Mapping[LetterType, Callable[[Facts], Answer]] = {
    LetterType.SCIENCE: lambda facts: _subject(facts, LetterType.SCIENCE),
    LetterType.NON_SCIENCE: lambda facts: _subject(facts, LetterType.NON_SCIENCE),
    LetterType.PHYSICIAN: _physician,
    LetterType.OSTEOPATHIC: _osteopathic,
    LetterType.PA: _assistant,
    LetterType.DENTIST: _dentist,
    LetterType.CLINICAL: _by_role("clinical"),
    LetterType.RESEARCH: _by_role("research"),
    LetterType.SPECIALTY: _specialty,
    LetterType.DIRECTOR: _by_title(_DIRECTOR),
    LetterType.CHAIR: _by_title(_CHAIR),
    LetterType.STANDARD: _standard,
    LetterType.COMMITTEE: lambda facts: _yes(bool(_COMMITTEE.search(facts.person))),
    LetterType.ACADEMIC: _academic,
    LetterType.NON_ACADEMIC: _non_academic,
    LetterType.SUPERVISOR: _by_role("professional"),
    LetterType.COLLEAGUE: lambda facts: Answer.NO if facts.role in {"academic", "clinical"} else Answer.UNSAID,
    LetterType.ARMS_LENGTH: lambda _: Answer.NO,  # said, or not; and never asked by the applicant
}
"""What is known of a type without being told."""
