"""`plan [APPLICATION]`: the letters every application wants, who should write them and why, and what is missing."""

from lorbot.core.calendar_file import calendar_file, enclosing
from lorbot.core.commands import people
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.core.path import path
from lorbot.core.planning import pins, told
from lorbot.core.planning.plan import plan_of


def handle(request: Request, dossier: Dossier) -> Decision:
    """What the mail pins is kept; then the plan is made anew and shown, with the dates as a file. All else stays."""
    wanted = people.purpose_in(request.argument)
    application, problem = people.the_application(dossier, wanted) if wanted else (None, "")
    if problem:
        return mistaken(dossier, request, COMMAND, [problem])
    lines = pins.lines_in(request.event.words) or [(v, request.form.get(v)) for v in pins.VERBS if request.form.get(v)]
    pinned = pins.applied(dossier, lines, application)
    if pinned.problems:
        left = {verb: "; ".join(given for v, given in pinned.wrong if v == verb) for verb in pins.VERBS}
        said = [*pinned.problems, *(f"(this is kept: {line})" for line in pinned.done)]
        return mistaken(pinned.dossier, request, COMMAND, said, **left)
    plan = plan_of(pinned.dossier, request.policy, request.now)
    seen = told.of_plan(pinned.dossier, plan, request.policy, request.now, application.id if application else "")
    why = f"the plan was shown{': ' + '; '.join(pinned.done) if pinned.done else ''}"
    after, file = calendar_file(pinned.dossier, request.policy, request.now)
    shown = answered(
        after, request, "plan", why=why, plan=seen, pinned=list(pinned.done), file=file.name if file else "",
        path={} if application else path(after, request.policy, request.now),
    )  # fmt: skip
    return enclosing(shown, file)


COMMAND = Command(
    name="plan",
    words=("plan", "my plan", "the plan", "letter plan", "planning"),
    does="the letters that every application wants, who should write them and why, and by when to ask",
    example="""Subject: plan

pin: Dr. Lopez for ERAS 2028 as specialty
not: Dr. Chen for ERAS 2028""",
    handle=handle,
    argument="[APPLICATION]",
    fields=(
        Field(name="pin", words=("pin",), example="Dr. Lopez for ERAS 2028"),
        Field(name="not", words=("not",), example="Dr. Chen for ERAS 2028"),
        Field(name="unpin", words=("unpin",)),
    ),
    unless=("to", "b", "on", "c"),
)
