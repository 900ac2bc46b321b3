"""Which letters a command about mentors means, and why another one does not fit where it stands.

A letter is never guessed: where several could be meant, they are listed.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, time
from zoneinfo import ZoneInfo

from lorbot.core import backups, dates, history, letters, season, view
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Request, answered, mistaken, zone_of
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.value import Line, value

STANDS: dict[State, str] = {
    State.PLANNED: "{name} has not been asked yet",
    State.PREVIEWED: "the ask to {name} has not gone out yet",
    State.ASKED: "{name} has been asked and has not answered yet",
    State.HELD: "{name} has answered, and the answer waits for your decision",
    State.SILENT: "{name} has not answered",
    State.BOUNCED: "my mail to {name} could not be delivered",
    State.AGREED: "{name} has agreed to write",
    State.PACKET_SENT: "{name} has agreed and has the packet",
    State.REPORTED: "{name} says that the letter is submitted",
    State.RECEIVED: "the letter of {name} has arrived",
    State.ASSIGNED: "the letter of {name} has arrived and is assigned",
    State.THANKED: "the letter of {name} has arrived, and you have said thank you",
    State.TOLD: "the letter of {name} has arrived, and {name} knows how it ended",
    State.DECLINED: "{name} has declined",
    State.WITHDRAWN: "{name} has withdrawn",
    State.CANCELLED: "the letter of {name} is cancelled",
}
"""Where a letter stands, as the first half of a sentence."""


def over(arrived: str) -> dict[State, str]:
    """What is left to say of a letter that cannot end any more: `arrived`, of one that is in."""
    closed = "the letter is closed already"
    return {
        **dict.fromkeys((State.RECEIVED, State.ASSIGNED, State.THANKED, State.TOLD), arrived),
        **dict.fromkeys((State.DECLINED, State.WITHDRAWN), closed),
        State.CANCELLED: "nothing more goes out about it",
    }


@value
class Which:
    """The letters meant, by id, and about the rest, in words for the applicant: what was not clear in the mail, and
    what stands where the command does not fit.
    """

    letters: tuple[Line, ...] = ()
    problems: tuple[Line, ...] = ()
    unfit: tuple[Line, ...] = ()


def planned(dossier: Dossier, argument: str) -> Dossier:
    """The dossier with a letter for each mentor meant who has none for the application: asking in person needs none."""
    found = people.meant(dossier, argument)
    application = found.application or people.the_application(dossier, "")[0]
    for mentor in found.mentors:
        known = [x for x in dossier.letters_of(mentor.id) if application is None or x.application == application.id]
        others = [] if found.application else dossier.letters_of(mentor.id)
        if application and not known and not others:
            _, dossier = letters.planned(dossier, mentor.id, application.id)
    return dossier


def which(dossier: Dossier, argument: str, ranks: Sequence[AbstractSet[State]], remedies: Mapping[State, str]) -> Which:
    """The letter of each mentor meant that stands in one of `ranks`, the first rank that one stands in; `remedies`
    says for the other states what to do, after what STANDS says of them.
    """
    found = people.meant(dossier, argument)
    chosen: list[str] = []
    problems, unfit = list(found.problems), []
    for mentor in found.mentors:
        letters = [
            x for x in dossier.letters_of(mentor.id)
            if not found.application or x.application == found.application.id
        ]  # fmt: skip
        fitting = next((fits for rank in ranks if (fits := [x for x in letters if x.state in rank])), [])
        if len(fitting) == 1:
            chosen.append(fitting[0].id)
        elif fitting:
            names = " · ".join(dossier.application(x.application).name for x in fitting)
            problems.append(f"{mentor.name} has more than one such letter: {names}; add “for” and the name of one")
        else:
            unfit += why_not(dossier, mentor, letters, remedies)
    return Which(letters=tuple(dict.fromkeys(chosen)), problems=tuple(problems), unfit=tuple(unfit))


def why_not(dossier: Dossier, mentor: Mentor, letters: list[Letter], remedies: Mapping[State, str]) -> list[str]:
    if not letters:
        planned_for = " or ".join(f"ask {mentor.name} for {a.name}" for a in dossier.applications[:2])
        remedy = f"; to plan one, send: {planned_for}" if planned_for else ""
        return [f"no letter of {mentor.name} is in your plan for that{remedy}"]
    return [
        problem(dossier, letter, remedies.get(letter.state, ""), with_application=len(letters) > 1)
        for letter in letters
    ]


def problem(dossier: Dossier, letter: Letter, remedy: str, *, with_application: bool = False) -> str:
    """Where a letter stands, and the remedy, as a sentence without its capital and full stop."""
    name, application = dossier.mentor(letter.mentor).name, dossier.application(letter.application).name
    stands = STANDS[letter.state].format(name=name) + (f" ({application})" if with_application else "")
    said = remedy.format(name=name, application=application)
    return f"{stands}; {said}" if said else stands


def seen(dossier: Dossier, letter_id: str, request: Request) -> dict[str, object]:
    """A letter as the answer of such a command speaks of it."""
    letter = dossier.letter(letter_id)
    mentor = dossier.mentor(letter.mentor)
    return {
        **view.of_letter(dossier, letter, request.policy, request.now),
        **season.ahead(dossier, letter, request.policy, request.now),
        "mentor_name": mentor.name,
        "reachable": bool(mentor.email) and not mentor.never,
        "never": mentor.never,
    }


def ended(dossier: Dossier, letter: Letter, request: Request) -> dict[str, object]:
    """The same of a letter that has ended, with the backup named for it. `letter` is as it was before."""
    today = view.today(dossier.applicant, request.policy, request.now)
    return seen(dossier, letter.id, request) | {"backup": backups.named_name(dossier, letter, today)}


def concluded(
    decision: Decision, request: Request, command: Command, found: Which, done: Sequence[str], **more: object
) -> Decision:
    """The decision and the answer to the command: what went through, and what did not. `done` says it in words."""
    if found.problems:
        went = [f"(this went through, and need not be sent again: {'; '.join(done)})"] if done else []
        said = [*found.problems, *found.unfit, *went]
        return decision.then(lambda d: mistaken(d, request, command, said))
    if found.unfit:
        return decision.then(lambda d: does_not_fit(d, request, found.unfit, done))
    return decision.then(lambda d: answered(d, request, command.name, why=f"{command.name}: {'; '.join(done)}", **more))


def does_not_fit(dossier: Dossier, request: Request, unfit: Sequence[str], done: Sequence[str] = ()) -> Decision:
    """The answer where the mail was clear, and a letter stands where the command has nothing to do."""
    why = f"{request.command}: {unfit[0]}"
    return answered(
        dossier, request, "unfit", why=why, said=list(map(_sentence, unfit)), done=list(map(_sentence, done))
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith(("...", ".")) else ".")


def day_given(request: Request, dossier: Dossier, problems: list[str]) -> datetime:
    """When it happened: the line `on`, else now. What is wrong with the line is added to `problems`."""
    given = request.form.get("on")
    if not given:
        return request.now
    zone = zone_of(dossier, request.policy)
    day = dates.past_day_in(given, view.local_day(request.now, zone))
    if day is None:
        problems.append(f"on: “{given}” is not a day in the past that I can read; write for example: on: June 12")
        return request.now
    return min(request.now, datetime.combine(day, time(12), ZoneInfo(zone)))


def note_of(request: Request) -> str:
    """What the applicant noted, on one line."""
    return " ".join((request.form.get("note") or request.form.free).split())[:300]


def noted(decision: Decision, request: Request, letter_id: str, what: str) -> Decision:
    """A line in the journal, with the applicant's note."""
    note = note_of(request)
    line = f"{what}{history.NOTED}{note}" if note else what
    return Decision(
        dossier=decision.dossier.noting(request.now, line, letter_id), mails=decision.mails, why=decision.why
    )


def for_each_mentor(
    request: Request,
    dossier: Dossier,
    command: Command,
    shown: Callable[[Dossier, Mentor, list[Letter]], Decision | str],
) -> Decision:
    """What `shown` decides on the letters of each mentor named, or why it does not fit there; all in one answer."""
    found = people.meant(dossier, request.argument)
    unfit: list[str] = []
    decision = Decision(dossier=dossier)
    for mentor in found.mentors:
        mine = [
            x for x in decision.dossier.letters_of(mentor.id)
            if not found.application or x.application == found.application.id
        ]  # fmt: skip
        one = shown(decision.dossier, mentor, mine)
        if isinstance(one, str):
            unfit.append(one)
        else:
            decision = decision.followed_by(one)
    if found.problems:
        return decision.then(lambda d: mistaken(d, request, command, [*found.problems, *unfit]))
    return decision.then(lambda d: does_not_fit(d, request, unfit)) if unfit else decision
