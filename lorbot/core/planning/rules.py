"""The rules that no plan breaks, as a table: each has a name, and its sentence in templates/applicant/_plan.txt.

A rule about one mentor and one application bars that letter. `yields` where the applicant's own decision stands above
it. The rules about several letters at once are bounds of the programme in `solve`: at most so many letters of an
application and of a programme, one letter of a mentor for an application, no letter of one's own beside a committee
letter where the service forbids that.
"""

from collections.abc import Callable

from lorbot.core import fit, letters, refusals
from lorbot.core.acquaintance import Closeness
from lorbot.core.application import Application, Pin
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.letter_types import LetterType, types_in
from lorbot.core.service import Sender, Service
from lorbot.core.value import Line, value


@value
class Case:
    """One mentor for one application, with all that a rule asks about."""

    dossier: Dossier
    mentor: Mentor
    application: Application
    service: Service
    known: fit.Known
    letter: Letter | None = None
    pin: Pin | None = None


@value
class Rule:
    name: Line
    applies: Callable[[Case], bool]
    yields: bool = False


def _has_refused(case: Case) -> bool:
    if case.letter and case.letter.state in refusals.REFUSED:
        return True
    return refusals.is_refused(case.dossier, case.mentor.email, case.application.id)


def _is_reviewer(case: Case) -> bool:
    wanted = any(w.type is LetterType.ARMS_LENGTH for w in case.service.wanted)
    return wanted and LetterType.ARMS_LENGTH in types_in(case.mentor.counts_as)[0]


def _was_cancelled(case: Case) -> bool:
    return bool(case.letter and case.letter.state is State.CANCELLED and not letters.never_begun(case.letter))


RULES: tuple[Rule, ...] = (
    Rule(name="solicited", applies=lambda c: c.service.sender is Sender.INSTITUTION),
    Rule(name="arms_length", applies=_is_reviewer),
    Rule(name="never", applies=lambda c: c.mentor.never),
    Rule(name="declined", applies=_has_refused),
    Rule(name="cancelled", applies=_was_cancelled),
    Rule(name="not_wanted", applies=lambda c: bool(c.pin and not c.pin.writes)),
    Rule(name="family", applies=lambda c: bool(c.known.kin), yields=True),
    Rule(name="hardly_known", applies=lambda c: c.known.closeness is Closeness.HARDLY, yields=True),
)
"""What bars a letter, the first that applies. Promotion letters are solicited by the institution, at arm's length
(https://provost.asu.edu/academic-personnel/personnel-processes/external-review).
"""


def barred(case: Case) -> str:
    """The name of the rule that forbids to plan this letter; "" where none does."""
    decided = bool(case.pin and case.pin.writes)
    return next((rule.name for rule in RULES if rule.applies(case) and not (rule.yields and decided)), "")
