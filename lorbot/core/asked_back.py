"""What a mentor asks of the applicant: a fact, a way to submit, more time, a later word, a talk.

lorbot prepares the answer from the dossier and shows it; the applicant's word sends it. Nothing here grants anything.
"""

import re
from dataclasses import replace
from datetime import date

from lorbot.core import dates, letters, writing
from lorbot.core.application import Application
from lorbot.core.case import Case
from lorbot.core.consequences import DECIDE, asking, notice, to_mentor, without_overtaken
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, State
from lorbot.core.move import Answer, goes, open_still, queued, says
from lorbot.core.reading import Signal, Stance
from lorbot.core.renewal import offered
from lorbot.core.services import service

_FACTS = frozenset({Signal.ASKS_DEADLINE, Signal.ASKS_HOW, Signal.WANTS_MATERIALS})
_BEFORE_A_YES = frozenset({State.ASKED, State.SILENT})
_STANCES = frozenset({Stance.NONE, Stance.YES})

_CONDITION = re.compile(
    r"\b(?:if you|as long as|provided|once|only (?:after|for|if|from)|not (?:before|until|till)|can after|able to after"
    r"|(?:yes|happy|glad|sure|gladly)\b[^.!?]{0,60}\b(?:after|before|by|if|but))\b",
    re.IGNORECASE,
)


# -- a question whose answer stands in the dossier -----------------------------------------------------------------


def wants_facts(case: Case) -> bool:
    """Whether the mail asks for the deadline, the way to submit or documents, and for nothing else."""
    asked = case.reading.signals - {Signal.PROGRESS}
    return bool(asked) and asked <= _FACTS and case.is_open and case.reading.stance in _STANCES


def facts(case: Case) -> Decision:
    """The answer as far as it is known, ready to send; what is not known is asked of the applicant."""
    case = _noted(case)
    asked = case.reading.signals & _FACTS
    known = sorted(s.value for s in asked if _is_known(case.dossier, case, s))
    missing = sorted(s.value for s in asked if s.value not in known)
    answer = to_mentor(case, Purpose.ANSWER, more={"asked": known}) if known and not missing else None
    before = ("packet", "write:", "wait 10 days", "nothing") if case.letter.state in _BEFORE_A_YES else ()
    words = (*(("send",) if answer else ()), *(before or ("write:", "nothing")))
    return asking(case, "asked", words, answer, more={"missing": missing})


def _is_known(dossier: Dossier, case: Case, signal: Signal) -> bool:
    application = dossier.application(case.letter.application)
    if signal is Signal.ASKS_DEADLINE:
        return case.due is not None and not case.is_over
    if signal is Signal.ASKS_HOW:
        return _knows_how(application)
    return bool(writing.packet_materials(dossier))


def _knows_how(application: Application) -> bool:
    known = service(application.service)
    return bool(known.steps or application.instructions or application.portal)


# -- cannot submit -------------------------------------------------------------------------------------------------


def cannot_submit(case: Case) -> Decision:
    """What the service says about submitting, ready to send; where nothing is known of it, the applicant finds out."""
    case = _noted(case)
    application = case.dossier.application(case.letter.application)
    known = _knows_how(application) or bool(service(application.service).format)
    answer = to_mentor(case, Purpose.ANSWER, "mentor/upload_help") if known else None
    return asking(case, "problem", (*(("send",) if answer else ()), "write:", "nothing"), answer)


# -- more time, a later word ---------------------------------------------------------------------------------------


def more_time(case: Case) -> Decision:
    """The day that is asked for, against the true deadline. Nothing is granted without the applicant's word."""
    case = _noted(case)
    day = case.named
    if day is None:
        return asking(case, "more_time", ("wait 7 days", "write:", "backup"), more={"named": "", "late": False})
    more = {"named": dates.say(day), "late": case.is_late(day)}
    if case.is_late(day):
        return asking(case, "more_time", ("backup", "write:", "wait 7 days", "nothing"), more=more)
    answer = to_mentor(case, Purpose.ANSWER, "mentor/more_time", {"named": dates.say(day)})
    words = ("send", f"wait until {dates.say(day)}", "write:", "backup")
    return asking(case, "more_time", words, answer, about=day.isoformat(), more=more)


def wants_later(case: Case) -> bool:
    """Whether the mail puts the decision off to one day that it names, and says nothing else."""
    quiet = case.reading.signals == {Signal.REMIND_LATER} and case.reading.stance in {Stance.NONE, Stance.UNDECIDED}
    return quiet and case.named is not None and case.is_open and case.letter.state not in letters.UNDER_WAY


def later(case: Case) -> Decision:
    """One note on the day that was named, where that is before the deadline; else the applicant decides at once."""
    day = case.named
    assert day is not None, "the rule asks for it"
    keeps = case.proved and not case.is_late(day)
    dossier = letters.unasked(case.dossier, [case.letter.id])
    if keeps:
        letter = replace(letters.put_off(case.letter, day), reason=case.telling)
        dossier = dossier.with_letter(letter)
    else:
        dossier = letters.moved(dossier, case.letter.id, State.HELD, reason=case.telling, waiting=True)
    case = replace(case, dossier=dossier, letter=dossier.letter(case.letter.id))
    if keeps:
        return notice(case, "later", named=dates.say(day))
    more = {"named": dates.say(day), "late": case.is_late(day)}
    return asking(case, "later", DECIDE, to_mentor(case, Purpose.GRACEFUL), more=more)


def sets_condition(case: Case) -> bool:
    """Whether the mentor would write under a condition that names a day: "after 1 August", "if you send it by June"."""
    open_yet = case.is_open and case.letter.state not in letters.UNDER_WAY
    leans = case.reading.stance in {Stance.LUKEWARM, Stance.UNDECIDED} and not case.has(Signal.REMIND_LATER)
    return open_yet and leans and bool(case.reading.dates) and bool(_CONDITION.search(case.reading.words))


# -- a talk --------------------------------------------------------------------------------------------------------


def wants_to_talk(case: Case) -> bool:
    stances = {Stance.NONE, Stance.YES, Stance.UNDECIDED}
    return case.has(Signal.MEET) and case.is_open and case.reading.stance in stances


def talk(case: Case) -> Decision:
    """The clock stands still, and the applicant gets what to bring."""
    case = _noted(case)
    documents = [writing.human_name(m) for m in writing.packet_materials(case.dossier)]
    before = ("agreed", "declined", "wait 10 days") if case.letter.state not in letters.UNDER_WAY else ("nothing",)
    return asking(case, "meet", ("talk", "write:", *before), more={"documents": documents})


# -- the word that sends -------------------------------------------------------------------------------------------


def send_ready(answer: Answer) -> Decision:
    """The ready answer goes; a letter that waited for it is on its clock again, and more time is time given."""
    prepared = answer.question.prepared
    assert prepared is not None, "a question with this word has a text ready"
    if answer.mentor.never or not answer.mentor.email:
        return open_still(answer, f"Nothing is sent: {answer.mentor.name} gets no mail from me.")
    letter = replace(answer.letter, waiting=False)
    told: tuple[str, ...] = ()
    if answer.question.topic == "more_time":
        until = date.fromisoformat(answer.question.about)
        letter = letters.put_off(letter, until)
        told = (f"I do not chase {answer.mentor.name} before {dates.say(until)}.",)
    answer = replace(answer, dossier=answer.dossier.with_letter(letter))
    if prepared.outdated:
        again = offered(answer.dossier, prepared, answer.policy, answer.now)
        changed = "Some of what the answer says has changed since I showed it; it follows once more, for your word."
        return says(answer, changed, *told).adding(*again.mails)
    after, leaves = queued(answer, prepared)
    return says(after, f"The answer to {answer.mentor.name} {goes(after, leaves)}.", *told)


def _noted(case: Case) -> Case:
    """The letter stays where it is; where nothing is agreed yet the clock waits for the applicant."""
    waits = case.letter.state not in letters.UNDER_WAY | letters.WROTE
    letter = replace(case.letter, waiting=waits or case.letter.waiting, reason=case.telling)
    return replace(case, dossier=without_overtaken(case.dossier, letter).with_letter(letter), letter=letter)
