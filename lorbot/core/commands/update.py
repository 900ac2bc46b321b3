"""`update`: the news once, in the applicant's words, to each mentor who should hear it; each mail is shown first.

Policy is the table `_WHY_NOT`, and two numbers of `lorbot.core.policy`: how often, and how soon after another mail.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from lorbot.core import dates, letters, view, writing
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken
from lorbot.core.correspondence import Direction, Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.value import Line

HEARS = letters.WROTE | letters.UNDER_WAY
"""Who wrote or agreed hears the news."""

_YEAR = timedelta(days=365)
_BEING_ASKED = frozenset({State.PREVIEWED, State.ASKED, State.HELD})
_TURNED_DOWN = frozenset({State.DECLINED, State.WITHDRAWN})
_MEANS_CHANGE = re.compile(
    r"^(?:(?:my|the)\s+)?(profile|cv|statement|personal statement|material|application|mentor|letter id)\b\s*",
    re.IGNORECASE,
)
_LEADS = re.compile(r"^(?:to|for)\s+", re.IGNORECASE)
_EVERYONE = re.compile(r"^(?:everyone|everybody|all)(?: of them| (?:my )?mentors)?$|^(?:my )?mentors$", re.IGNORECASE)

_WHY_NOT: tuple[tuple[Callable[[Mentor, frozenset[State]], bool], str], ...] = (
    (lambda mentor, _: mentor.never, "{name} asked to get no more mail"),
    (lambda mentor, _: not mentor.email, "the address of {name} is missing; send: mentor {name}, with a line: email:"),
    (lambda _, states: bool(states & _BEING_ASKED), "{name} is being asked for a letter right now"),
    (lambda _, states: bool(states & HEARS), ""),
    (lambda _, states: bool(states & _TURNED_DOWN), "{name} has declined"),
    (lambda _, states: State.SILENT in states, "{name} never answered"),
    (lambda _, states: State.CANCELLED in states, "the letter of {name} is closed"),
    (lambda *_: True, "{name} has not been asked for a letter yet"),
)
"""Why a mentor does not hear the news, by what the mentor is and where the letters stand; the first that applies, and
"" where nothing stands in the way.
"""


def handle(request: Request, dossier: Dossier) -> Decision:
    """A preview of the news for each mentor who should hear it; who does not is named, with the reason."""
    change = _MEANS_CHANGE.match(request.argument)
    news = "\n\n".join(x for x in (request.form.get("news"), request.form.free) if x)
    wanted, left_out, problems = _named(dossier, request)
    if change:
        kind, rest = change[1].lower(), request.argument[change.end() :]
        problems = [f"to change what I know, write to me with the subject: {f'{kind} {rest}'.strip()}"]
    elif not news:
        problems.append("the news is missing; write it below the subject, in your own words")
    if problems:
        return mistaken(dossier, request, COMMAND, problems)
    asked_for = [mentor for mentor in wanted or dossier.mentors if mentor not in left_out]
    why_not = {mentor.id: _why_not(dossier, mentor, request) for mentor in asked_for}
    hear = [mentor for mentor in asked_for if not why_not[mentor.id]]
    # who was never asked for a letter is expected to hear nothing, and not listed unless named
    told_why = [why_not[m.id] for m in asked_for if why_not[m.id] and (wanted or _could_hear(dossier, m))]
    return _shown(dossier, request, hear, news, [f"{why[:1].upper()}{why[1:]}." for why in told_why])


def _named(dossier: Dossier, request: Request) -> tuple[list[Mentor], list[Mentor], list[str]]:
    """Whom the lines "to" and "not to" name, or the subject, and what is not clear about them."""
    argument = "" if _EVERYONE.match(given := _LEADS.sub("", request.argument)) else given
    to = request.form.get("to") or ("" if _MEANS_CHANGE.match(argument) else argument)
    found: list[list[Mentor]] = []
    problems: list[str] = []
    for names in ("" if _EVERYONE.match(to) else to, request.form.get("not_to")):
        meant = people.meant(dossier, names) if names else people.Meant()
        problems += meant.problems
        found.append(list(meant.mentors))
    return found[0], found[1], problems


def _why_not(dossier: Dossier, mentor: Mentor, request: Request) -> str:
    """Why the mentor does not hear the news now; "" where nothing stands in the way."""
    states = frozenset(letter.state for letter in dossier.letters_of(mentor.id))
    why = next(words for applies, words in _WHY_NOT if applies(mentor, states))
    return why.format(name=mentor.name) or _had_enough(dossier, mentor, request)


def _had_enough(dossier: Dossier, mentor: Mentor, request: Request) -> str:
    """Mentors hear from the applicant a few times a year."""
    most = request.policy.updates_per_year
    since = request.now - _YEAR
    had = [c.at for c in dossier.contacts if c.mentor == mentor.id and c.direction is Direction.OUT
           and c.purpose == Purpose.UPDATE.value and c.at > since]  # fmt: skip
    if len(had) < most:
        return ""
    if not most:
        return f"{mentor.name} gets no updates: updates_per_year is 0"
    again = view.local_day(sorted(had)[-most] + _YEAR, view.zone_of(dossier.applicant, request.policy))
    times = "one update" if most == 1 else f"{most} updates"
    return f"{mentor.name} has had {times} within a year; the next may go after {dates.say(again)}"


def _could_hear(dossier: Dossier, mentor: Mentor) -> bool:
    return any(letter.state in HEARS for letter in dossier.letters_of(mentor.id))


def _shown(dossier: Dossier, request: Request, hear: list[Mentor], news: str, not_told: list[Line]) -> Decision:
    """News that is newer takes the place of news that still waits for the applicant's word."""
    ids = {mentor.id for mentor in hear}
    older = [p for p in dossier.previews if p.mail.purpose is Purpose.UPDATE and p.mail.mentor in ids]
    dossier = replace(dossier, previews=tuple(p for p in dossier.previews if p not in older))
    decision, batch = Decision(dossier=dossier), f"r-{writing.key_of(request.incoming)}"
    for mentor in hear:
        about = _about(dossier.letters_of(mentor.id))
        mail = writing.to_mentor(
            decision.dossier, Purpose.UPDATE, about, policy=request.policy, now=request.now,
            more={"news": news},
        )  # fmt: skip
        shown = writing.previewed(decision.dossier, mail, about, policy=request.policy, now=request.now)
        decision = decision.adding(writing.batched(shown, batch, len(hear)))
    told = answered(
        decision.dossier, request, "update", why=f"news for {len(hear)} mentors was shown",
        mentors=[mentor.name for mentor in hear], not_told=not_told, replaced=bool(older),
    )  # fmt: skip
    return decision.followed_by(told)


def _about(of_mentor: Iterable[Letter]) -> list[Letter]:
    """The letters the mentor wrote, or else is to write: what the news recalls."""
    letters_of = list(of_mentor)
    wrote = [x for x in letters_of if x.state in letters.WROTE]
    return wrote or [x for x in letters_of if x.state in letters.UNDER_WAY]


COMMAND = Command(
    name="update",
    words=("update", "updates", "send an update", "send update", "update my mentors"),
    does="tells the mentors who wrote or agreed your news; I show you each mail first",
    example="""Subject: update

I have eleven interviews, three of them in Chicago, and I presented our sepsis poster at the state meeting.

(To choose who hears it, begin with a line "to: Dr. Lopez, Dr. Kim" or "not to: Dr. Kim".)""",
    handle=handle,
    argument="[to NAMES]",
    fields=(
        Field(name="to", words=("to", "tell"), example="Dr. Lopez, Dr. Kim"),
        Field(name="not_to", words=("not to", "not", "but not", "except", "without"), example=""),
        Field(name="news", words=("news", "text", "update")),
    ),
    free_text="the news, in your words",
)
