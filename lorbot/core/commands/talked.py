"""`talked NAME`: a meeting or a call took place. The clock begins again; what the letter waited for is asked about."""

from dataclasses import replace
from datetime import date

from lorbot.core import dates, deadlines, letters, outside, view, writing
from lorbot.core.commands import people, which
from lorbot.core.commands.base import Command, Field, Request, mistaken, zone_of
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter


def handle(request: Request, dossier: Dossier) -> Decision:
    """The mentors named were heard of: every open letter of theirs, or the one for the application named."""
    found = people.meant(dossier, request.argument)
    problems: list[str] = []
    at, until = which.day_given(request, dossier, problems), _until(request, dossier, problems)
    about = [x for x in people.letters_meant(dossier, found) if x.state not in letters.CLOSED] if found.mentors else []
    problems += [p for x in about for p in _too_late(dossier, x, until, request)]
    if problems:
        return mistaken(dossier, request, COMMAND, [*found.problems, *problems])
    decision, seen = Decision(dossier=dossier), []
    for letter in about:
        asks = until is None and outside.wants_to_know(letter)
        decision = replace(decision, dossier=outside.talked(decision.dossier, letter.id, at=at, until=until))
        if asks:
            key = f"talked-{writing.key_of(request.incoming)}"
            asked = outside.asked_what_came(
                decision.dossier, letter.id, policy=request.policy, now=request.now, key=key
            )
            decision = decision.followed_by(asked)
        seen.append(which.seen(decision.dossier, letter.id, request) | {"asks": asks})
    for mentor in found.mentors:
        decision = which.noted(decision, request, "", f"talked with {mentor.name}")
    return which.concluded(
        decision, request, COMMAND, which.Which(problems=found.problems),
        [f"the talk with {m.name} is noted" for m in found.mentors],
        letters=seen, mentors=[m.name for m in found.mentors],
        without=[m.name for m in found.mentors if not any(x.mentor == m.id for x in about)],
        until=dates.say(until) if until else "", note=which.note_of(request),
    )  # fmt: skip


def _until(request: Request, dossier: Dossier, problems: list[str]) -> date | None:
    given = request.form.get("until")
    if not given:
        return None
    today = view.local_day(request.now, zone_of(dossier, request.policy))
    day = dates.day_in(given, today)
    if day is None or day <= today:
        problems.append(
            f"wait until: “{given}” is not a day ahead that I can read; write for example: wait until: July 1"
        )
        return None
    return day


def _too_late(dossier: Dossier, letter: Letter, until: date | None, request: Request) -> list[str]:
    application = dossier.application(letter.application)
    end = deadlines.due_of(dossier, application, request.policy, now=request.now)
    if until is None or end is None or until < end.day:
        return []
    return [f"wait until: {dates.say(until)} is not before the deadline of {application.name}, {dates.say(end.day)}"]


COMMAND = Command(
    name="talked",
    words=("talked", "talked to", "talked with", "spoke", "spoke to", "spoke with", "met", "met with", "called"),
    does="tells me that you and a mentor have spoken; the clock begins again",
    example="""Subject: talked Dr. Lopez

note: she wants to read my statement first
wait until: July 1""",
    handle=handle,
    argument="NAME [for APPLICATION]",
    fields=(
        Field(name="on", words=("on", "date", "day", "when"), example="June 12"),
        Field(name="note", words=("note", "notes", "comment", "remark")),
        Field(name="until", words=("wait until", "wait", "until", "wait till"), example="July 1"),
    ),
)
