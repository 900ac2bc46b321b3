"""`outcome APPLICATION`: how it ended; a note to every mentor who wrote, each shown first."""

import re
from dataclasses import replace

from lorbot.core import letters, view, writing
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken
from lorbot.core.decision import Decision
from lorbot.core.dossier import Application, Dossier, Purpose

OUTCOMES: tuple[tuple[str, str], ...] = (
    ("not this time", r"\b(?:not this time|did(?:n't| not)|unmatched|no match|reject\w*|declined|wait-?list\w*)\b"),
    ("matched", r"\bmatch(?:ed)?\b"),
    ("accepted", r"\b(?:accept\w*|admitted|got in|got the|hired|promoted|offer)\b"),
)


def handle(request: Request, dossier: Dossier) -> Decision:
    """Record the outcome and show a note to each mentor whose letter went in."""
    argument, inline = _taken_apart(dossier, request.argument)
    application, problem = people.the_application(dossier, argument)
    words = " ".join(x for x in (request.form.get("outcome"), inline) if x)
    result = outcome_in(words) or outcome_in(request.form.free)
    problems = [problem] if problem else []
    if not result:
        problems.append("I cannot tell how it ended; add a line: outcome: matched (or accepted, or not this time)")
    if problems or application is None:
        return mistaken(dossier, request, COMMAND, problems)
    news = request.form.get("news") or request.form.free
    application = replace(application, outcome=result, news=news or application.news)
    return _notes(dossier.with_application(application), application, request)


def outcome_in(words: str) -> str:
    """matched, accepted or not this time; "" when the words do not tell."""
    low = words.lower().replace("’", "'")
    return next((name for name, pattern in OUTCOMES if re.search(pattern, low)), "")


def _taken_apart(dossier: Dossier, argument: str) -> tuple[str, str]:
    """ "ERAS 2028: matched" is an application and an outcome."""
    name, colon, rest = argument.partition(":")
    if colon:
        return name.strip(), rest.strip()
    if people.the_application(dossier, argument)[0] is None and outcome_in(argument):
        return "", argument
    return argument, ""


def _notes(dossier: Dossier, application: Application, request: Request) -> Decision:
    wrote = [x for x in dossier.letters if x.application == application.id and x.state in letters.WROTE]
    wrote = [x for x in wrote if not dossier.mentor(x.mentor).never]
    decision = Decision(dossier=dossier)
    for letter in wrote:
        mail = writing.to_mentor(decision.dossier, Purpose.OUTCOME, [letter], policy=request.policy, now=request.now)
        shown = writing.previewed(decision.dossier, mail, [letter], policy=request.policy, now=request.now)
        decision = decision.adding(shown)
    told = answered(
        decision.dossier,
        request,
        "outcome",
        why=f"outcome of {application.name}: {application.outcome}",
        application=view.of_application(application, request.policy.time_zone),
        mentors=[decision.dossier.mentor(x.mentor).name for x in wrote],
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
