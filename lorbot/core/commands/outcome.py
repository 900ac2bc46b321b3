"""`outcome APPLICATION`: how it ended; a note to every mentor who wrote, each shown first."""

import re
from dataclasses import replace

from lorbot.core import letters, view, writing
from lorbot.core.application import Application
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, State

_NOT = r"(?:not|no|never|neither|nor|without|(?:did|do|does|was|were|is|are|has|have|had)n't)"
_WISHED = r"(?:match\w*|accept\w*|admitted|offer\w*|get in|got in|get it|hired|promoted|work out)"
_NOT_THIS_TIME = re.compile(
    r"\b(?:not this time|unmatched|unsuccessful\w*|reject\w*|denied|turned down|declined|wait-?list\w*)\b"
    rf"|\b{_NOT}\b[^.;:,!]{{0,12}}\b{_WISHED}\b"
)
_GOOD: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("matched", re.compile(r"\bmatch(?:ed)?\b")),
    ("accepted", re.compile(r"\b(?:accepted|admitted|got in|got it|hired|promoted|offer(?:ed)?)\b")),
)


def handle(request: Request, dossier: Dossier) -> Decision:
    """Record the outcome and show a note to each mentor whose letter went in."""
    argument, inline = _taken_apart(dossier, request.argument)
    application, problem = people.the_application(dossier, argument)
    given = (request.form.get("outcome"), inline, request.line, request.form.free)
    result = next((found for words in given if (found := outcome_in(words))), "")
    problems = [problem] if problem else []
    if not result:
        problems.append("I cannot tell how it ended; add a line: outcome: matched (or accepted, or not this time)")
    if problems or application is None:
        return mistaken(dossier, request, COMMAND, problems)
    news = request.form.get("news") or request.form.free
    application = replace(application, outcome=result, news=news or application.news)
    return _notes(dossier.with_application(application), application, request)


def outcome_in(words: str) -> str:
    """matched, accepted or not this time; "" when the words do not tell, or tell both."""
    low = words.lower().replace("’", "'")
    rest = _NOT_THIS_TIME.sub(" ", low)
    found = [name for name, pattern in _GOOD if pattern.search(rest)][:1]
    found += ["not this time"] if rest != low else []
    return found[0] if len(found) == 1 else ""


def _taken_apart(dossier: Dossier, argument: str) -> tuple[str, str]:
    """ "ERAS 2028: matched" is an application and an outcome."""
    name, colon, rest = argument.partition(":")
    if colon:
        return name.strip(), rest.strip()
    if people.the_application(dossier, argument)[0] is None and outcome_in(argument):
        return "", argument
    return argument, ""


def _notes(dossier: Dossier, application: Application, request: Request) -> Decision:
    """A new note takes the place of an older one that still waits."""
    wrote = [x for x in dossier.letters if x.application == application.id and x.state in letters.WROTE]
    wrote = [x for x in wrote if not dossier.mentor(x.mentor).never and dossier.mentor(x.mentor).email]
    ids = {x.id for x in wrote}
    older = tuple(p for p in dossier.previews if p.mail.purpose is Purpose.OUTCOME and ids & set(p.mail.letters))
    dossier = replace(dossier, previews=tuple(p for p in dossier.previews if p not in older))
    dossier = letters.drop_queued(dossier, ids, {Purpose.OUTCOME})
    decision = Decision(dossier=dossier)
    batch = f"r-{writing.key_of(request.incoming)}"
    for letter in wrote:
        mail = writing.to_mentor(decision.dossier, Purpose.OUTCOME, [letter], policy=request.policy, now=request.now)
        shown = writing.previewed(decision.dossier, mail, [letter], policy=request.policy, now=request.now)
        decision = decision.adding(writing.batched(shown, batch, len(wrote)))
    told = answered(
        decision.dossier,
        request,
        "outcome",
        why=f"outcome of {application.name}: {application.outcome}",
        application=view.of_application(dossier, application, request.policy, request.now),
        mentors=[decision.dossier.mentor(x.mentor).name for x in wrote],
        told_before=[decision.dossier.mentor(x.mentor).name for x in wrote if x.state is State.TOLD],
    )
    return decision.followed_by(told)


COMMAND = Command(
    name="outcome",
    words=("outcome", "result", "i matched", "matched", "news of"),
    does="tells me how an application ended; I show you a note for every mentor who wrote",
    example="""Subject: outcome ERAS 2028

outcome: matched
news: I matched at Lakeside University in internal medicine, my first choice.""",
    handle=handle,
    argument="APPLICATION",
    fields=(
        Field(name="outcome", words=("outcome", "result"), example="matched"),
        Field(name="news", words=("news", "note", "tell them")),
    ),
    free_text="the news, in your words",
)
