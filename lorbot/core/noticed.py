"""What follows from a portal's notice, whether it came by itself or the applicant passed it on.

lorbot acts on one thing: a letter that has come, where it is sure whose mail it is and which letter it means. Bad news
goes to the applicant at once; all else is asked about with the command ready. A notice twice is a notice once.
"""

from dataclasses import replace
from datetime import datetime

from lorbot.core import dates, due, letters, view, writing
from lorbot.core.commands import people
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import ApplicantWrote, Dossier, Letter, State
from lorbot.core.events import PortalWrote
from lorbot.core.message import Incoming
from lorbot.core.notice import CHANGES_NOTHING, URGENT, Notice, Told
from lorbot.core.noticed_letter import MAY_ARRIVE, Found, find
from lorbot.core.open_command import Meaning, OpenCommand
from lorbot.core.policy import Policy
from lorbot.core.value import Line, value

MOST_OPEN = 3  # questions about notices that wait at once: more would be mail for a forger's pleasure
_CHOICES = {Told.DECLINED: ("declined", "backup", "talk", "nothing"), Told.WITHDRAWN: ("backup", "talk", "nothing")}
_MEND = ("write:", "talk", "nothing")
_VERBS = {
    Told.RECEIVED: "received", Told.UNMATCHED: "received", Told.UNCLEAR: "received", Told.DECLINED: "declined",
    Told.WITHDRAWN: "declined",
}  # fmt: skip
"""The command that says what a notice says; what is not here has none."""

_TOPIC = "notice"


@value
class Case:
    """A notice, and what is known of it before anything follows."""

    dossier: Dossier
    notice: Notice
    incoming: Incoming  # the mail it came in
    passed_on: bool = False  # by the applicant, who waits for an answer
    doubt: Line = ""  # why it may be somebody else's mail; "" where it is believed
    policy: Policy
    now: datetime


def portal_wrote(dossier: Dossier, event: PortalWrote, policy: Policy, now: datetime) -> Decision:
    """A mail of the portal's own."""
    doubt = "" if event.genuine else event.doubt or "nothing vouches for its sender"
    return _follow(
        Case(dossier=dossier, notice=event.notice, incoming=event.incoming, doubt=doubt, policy=policy, now=now)
    )


def passed_on(dossier: Dossier, event: ApplicantWrote, policy: Policy, now: datetime) -> Decision | None:
    """A notice that the applicant forwards counts as the applicant's report; None where nothing else was forwarded."""
    notice = event.forwarded.notice if event.forwarded else None
    if notice is None:
        return None
    return _follow(
        Case(dossier=dossier, notice=notice, incoming=event.incoming, passed_on=True, policy=policy, now=now)
    )


def _follow(case: Case) -> Decision:
    if case.notice.told in CHANGES_NOTHING:
        return _nothing(case, f"{case.notice.portal} tells of a letter ({case.notice.told}); nothing follows", None)
    found = find(case.dossier, case.notice)
    letter = found.letter
    if letter is not None and letter.state in letters.IN and case.notice.told is Told.RECEIVED:
        return _nothing(case, f"{_of(case, letter)} has arrived, {case.notice.portal} says; it was known", letter)
    if letter is None or case.doubt or case.notice.told in {Told.UNCLEAR, Told.UNMATCHED}:
        return _asked(case, found)
    if case.notice.told in URGENT:
        return _urgent(case, letter)
    if letter.state not in MAY_ARRIVE:
        return _asked(case, replace(found, letter=None, why=_unexpected(case, letter), perhaps=(letter,)))
    return _received(case, letter)


# -- what follows --------------------------------------------------------------------------------------------------


def _received(case: Case, letter: Letter) -> Decision:
    """As the command `received`, with the notice's sentence as the reason."""
    dossier = letters.received(case.dossier, letter.id, case.now)
    letter = replace(dossier.letter(letter.id), reason=case.notice.sentence)
    case = replace(case, dossier=dossier.with_letter(letter))
    thanks = due.after_receipt(case.dossier, letter, case.policy)
    more: dict[str, object] = {
        "portal": case.notice.portal,
        "words": case.notice.sentence,
        "thanks_on": dates.say(view.local_day(thanks, view.zone_of(case.dossier.applicant, case.policy)))
        if thanks else "",
    }  # fmt: skip
    return _told(
        case, "told_received_notice", letter, f"{_of(case, letter)} has arrived, {case.notice.portal} says", more
    )


def _urgent(case: Case, letter: Letter) -> Decision:
    """The writer said no in the portal, or the letter or the request did not get through."""
    told, key = case.notice.told, f"{_TOPIC}-{case.notice.told}"
    if not case.passed_on and any(q.letter == letter.id and q.about == key for q in case.dossier.questions):
        return _nothing(case, f"{case.notice.portal} says once more: {case.notice.sentence}", letter)
    dossier = _not_in(case.dossier, letter) if told in {Told.REJECTED, Told.WITHDRAWN} else case.dossier
    letter = dossier.letter(letter.id)
    reachable = writing.is_reachable(dossier.mentor(letter.mentor))
    choices = tuple(c for c in _CHOICES.get(told, _MEND) if reachable or c != "write:")
    asked = writing.question(
        dossier, _TOPIC, letter, choices, policy=case.policy, now=case.now,
        key=writing.key_for(case.incoming, letter), about=key,
        more={"portal": case.notice.portal, "told": told.value, "words": case.notice.sentence},
    )  # fmt: skip
    why = f"{case.notice.portal} says of {_of(case, letter)}: {told}; the applicant was asked"
    return Decision(dossier=dossier.noting(case.now, why, letter.id), mails=(asked,), why=(why,))


def _not_in(dossier: Dossier, letter: Letter) -> Dossier:
    """A letter that counted as received and is not: no thanks yet, and the clock does not ask for it a second time."""
    if letter.state not in {State.RECEIVED, State.ASSIGNED}:
        return dossier
    dossier = letters.drop_queued(dossier, [letter.id], {Purpose.THANKS})
    done = tuple(step for step in letter.done if step not in {"thanks", "check portal"})
    letter = replace(letter, state=State.REPORTED, received_at=None, done=(*done, "check portal"))
    return dossier.with_letter(letter)


def _asked(case: Case, found: Found) -> Decision:
    """The applicant says which letter is meant; each has its command ready. A forger gets few such questions."""
    perhaps = (found.letter,) if found.letter else found.perhaps
    meanings = tuple(m for letter in perhaps for m in _meanings(case, letter))
    said = f"{case.notice.portal}: {case.notice.sentence}"
    own = case.dossier.applicant.email
    waits = [o for o in case.dossier.open_commands if o.incoming.sender.email != own]
    if not case.passed_on and (len(waits) >= MOST_OPEN or any(o.said == said for o in waits)):
        return _nothing(case, f"{case.notice.portal} says: {case.notice.sentence}; it was asked about before", None)
    key = writing.fresh_key(case.dossier, f"w-{writing.key_of(case.incoming)}")
    mail = writing.to_applicant(
        case.dossier, Purpose.QUESTION, "applicant/noticed", key=key,
        answering=case.incoming if case.passed_on else None,
        more={
            "portal": case.notice.portal, "told": case.notice.told.value, "why": "" if found.letter else found.why,
            "words": case.notice.sentence, "doubt": case.doubt, "example": "" if found.letter else _example(case),
            "writer": case.dossier.mentor(found.letter.mentor).name if found.letter else "",
            "meanings": [{"label": m.label, "detail": m.detail} for m in meanings],
        },
    )  # fmt: skip
    why = f"{case.notice.portal} tells of a letter ({case.notice.told}); it is not sure which; the applicant was asked"
    dossier = case.dossier
    if meanings:
        waiting = OpenCommand(
            id=key, said=said, incoming=replace(case.incoming, text=""), body="", meanings=meanings,
            asked_at=case.now,
        )  # fmt: skip
        dossier = replace(dossier, open_commands=(*dossier.open_commands, waiting))
    return Decision(dossier=dossier.noting(case.now, why), mails=(mail,), why=(why,))


def _meanings(case: Case, letter: Letter) -> tuple[Meaning, ...]:
    """The command that says it of this letter: only for what a command can say."""
    verb = _VERBS.get(case.notice.told, "")
    mentor, application = case.dossier.mentor(letter.mentor), case.dossier.application(letter.application)
    who = people.in_full(case.dossier, mentor)
    if not verb or not who or (letter.state in letters.IN and verb == "received"):
        return ()
    line = f"{verb} {who} for {application.name}"
    return (Meaning(label=f"{verb} {mentor.name} for {application.name}", detail=mentor.email, line=line),)


def _nothing(case: Case, why: str, letter: Letter | None) -> Decision:
    """Noted in the journal; who passed the notice on gets a word."""
    if case.passed_on:
        return _told(case, "told_notice", letter, why, {"portal": case.notice.portal, "told": case.notice.told.value})
    return Decision(dossier=case.dossier.noting(case.now, why, letter.id if letter else ""), why=(why,))


# -- pieces --------------------------------------------------------------------------------------------------------


def _told(case: Case, template: str, letter: Letter | None, why: str, more: dict[str, object]) -> Decision:
    """A mail that says what was done: in the applicant's thread where the applicant passed the notice on."""
    known = writing.about_letter(case.dossier, letter, case.policy, case.now) if letter else {"letter": None}
    mail: Draft = writing.to_applicant(
        case.dossier, Purpose.REPLY if case.passed_on else Purpose.NOTICE, f"applicant/{template}",
        key=f"{'r' if case.passed_on else 'n'}-{writing.key_of(case.incoming)}",
        answering=case.incoming if case.passed_on else None, letters=[letter] if letter else [],
        more={**known, **more},
    )  # fmt: skip
    dossier = case.dossier.noting(case.now, why, letter.id if letter else "")
    return Decision(dossier=dossier, mails=(mail,), why=(why,))


def _of(case: Case, letter: Letter) -> str:
    return f"the letter of {case.dossier.mentor(letter.mentor).name}"


def _unexpected(case: Case, letter: Letter) -> str:
    return (
        f"{case.dossier.mentor(letter.mentor).name} has not agreed to write it, as far as I know ({letter.state.value})"
    )


def _example(case: Case) -> str:
    """The command to write where no letter can be named: only the applicant knows who is meant."""
    mentors = case.dossier.mentors
    return f"received {mentors[0].name}" if mentors and case.notice.told not in URGENT else ""
