"""Every mentor for every application: where the letter stands, what it counts as, what speaks for it, what bars it."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from lorbot.core import deadlines, fit, letters, view
from lorbot.core.application import Application
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.letter_types import LetterType
from lorbot.core.planning import counting, rules
from lorbot.core.planning.counting import Answer
from lorbot.core.planning.mix import Mix, Place, is_usual, mix_of
from lorbot.core.planning.rules import Case
from lorbot.core.planning.stored import Stored, stored_of
from lorbot.core.policy import Policy
from lorbot.core.service import Service
from lorbot.core.value import Line, value

FILLS = letters.WROTE | letters.UNDER_WAY | {State.ASKED, State.PREVIEWED}
"""The letter is written, or somebody is asked for it: it has its place already, and no plan takes it away."""

WAITS = frozenset({State.HELD, State.SILENT})
"""Nobody knows whether it will come: it takes up room, and fills no place."""


class Stands(StrEnum):
    FREE = "free"  # may be planned
    FILLS = "fills"
    WAITS = "waits"
    BARRED = "barred"


@value
class Candidate:
    """One mentor for one application."""

    mentor: Mentor
    application: Line
    stands: Stands
    letter: Letter | None = None
    barred: Line = ""  # the name of the rule
    pinned: bool = False
    counted: dict[Line, dict[LetterType, Answer]] = Field(default_factory=dict)  # by specialty
    contributes: bool = False  # to a committee letter
    known: fit.Known
    findings: tuple[fit.Finding, ...] = ()
    stored: Stored = Stored.NONE
    reserve: bool = False  # the applicant named the mentor as somebody's backup

    @property
    def worth(self) -> int:
        return fit.worth(self.findings)

    def answer(self, kind: LetterType, specialty: str) -> Answer:
        return self.counted.get(specialty, {}).get(kind, Answer.UNSAID)

    def counts_as(self, kind: LetterType, specialty: str) -> bool:
        return self.answer(kind, specialty) is Answer.YES

    def fills(self, place: Place, specialty: str) -> bool:
        return any(self.counts_as(kind, specialty) for kind in (place.type, *place.also))

    @property
    def is_committee(self) -> bool:
        return any(counted[LetterType.COMMITTEE] is Answer.YES for counted in self.counted.values())


@value
class Choice:
    """All there is to plan with: what each application wants, and the candidates in the order of their ids."""

    mixes: tuple[Mix, ...]
    candidates: tuple[Candidate, ...]

    def of(self, application: str) -> tuple[Candidate, ...]:
        return tuple(c for c in self.candidates if c.application == application)


Services = Callable[[str], Service]


def is_over(dossier: Dossier, application: Application, now: datetime) -> bool:
    """Whether nothing more is to be planned: the outcome is known, or all letters should have been there."""
    return bool(application.outcome) or deadlines.standing(dossier, application, now) is deadlines.Standing.PASSED


def choice_of(dossier: Dossier, policy: Policy, now: datetime, services: Services) -> Choice:
    """The applications that are open, with every mentor. Its order does not depend on that of the dossier."""
    today = view.today(dossier.applicant, policy, now)
    open_ones = [a for a in sorted(dossier.applications, key=_by_id) if not is_over(dossier, a, now)]
    mixes = tuple(mix_of(dossier, a, services(a.service)) for a in open_ones)
    mentors = sorted(dossier.mentors, key=_by_id)
    anything = {m.id: fit.known_of(dossier, m, None, today) for m in mentors}
    candidates = []
    for application, mix in zip(open_ones, mixes, strict=True):
        season = _season(dossier, application, policy, today)
        for mentor in mentors:
            case = _case(dossier, mentor, application, mix, anything[mentor.id])
            stored = stored_of(mentor, mix.service.reuse, season, today)
            candidates.append(_candidate(case, mix, stored))
    return Choice(mixes=mixes, candidates=tuple(candidates))


def _case(dossier: Dossier, mentor: Mentor, application: Application, mix: Mix, anything: fit.Known) -> Case:
    return Case(
        dossier=dossier, mentor=mentor, application=application, service=mix.service,
        known=fit.for_service(anything, dossier, mix.service),
        letter=next((x for x in dossier.letters_of(mentor.id) if x.application == application.id), None),
        pin=next((p for p in application.pins if p.mentor == mentor.id), None),
    )  # fmt: skip


def _candidate(case: Case, mix: Mix, stored: Stored) -> Candidate:
    barred = rules.barred(case)
    return Candidate(
        mentor=case.mentor, application=case.application.id, stands=_stands(case.letter, barred), letter=case.letter,
        barred=barred, pinned=bool(case.pin and case.pin.writes), counted=_counted(case, mix),
        contributes=counting.contributes(case.mentor), known=case.known, findings=fit.review(case.known),
        stored=stored, reserve=_is_reserve(case.dossier, case.mentor),
    )  # fmt: skip


def _stands(letter: Letter | None, barred: str) -> Stands:
    if letter and letter.state in FILLS:
        return Stands.FILLS
    if letter and letter.state in WAITS:
        return Stands.WAITS
    return Stands.BARRED if barred else Stands.FREE


def _counted(case: Case, mix: Mix) -> dict[str, dict[LetterType, Answer]]:
    usual = is_usual(mix.form)
    return {
        s: dict(counting.counted_for(case.mentor, case.application, s, form_is_usual=usual)) for s in mix.specialties
    }


def _is_reserve(dossier: Dossier, mentor: Mentor) -> bool:
    """A backup stays one while whom it stands behind may still write."""
    first = next((m for m in dossier.mentors if m.id == mentor.backup_for), None)
    if first is None or first.never:
        return False
    return not all(x.state in letters.CLOSED for x in dossier.letters_of(first.id)) or not dossier.letters_of(first.id)


def _season(dossier: Dossier, application: Application, policy: Policy, today: date) -> int:
    due = deadlines.due_of(dossier, application, policy)
    return due.day.year if due else application.opens.year if application.opens else today.year


def _by_id(item: Mentor | Application) -> tuple[int, str]:
    return len(item.id), item.id
