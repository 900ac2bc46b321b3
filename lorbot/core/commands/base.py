"""What a command is, and what the applicant wrote, taken apart.

A command is one module: its words, its fields, its help and its pure handler. Adding one is that module, its answer
template and a line in `lorbot.core.commands`.
"""

from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime

from lorbot.core import view, writing
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import Dossier
from lorbot.core.events import ApplicantWrote
from lorbot.core.message import Incoming
from lorbot.core.policy import Policy
from lorbot.core.value import Line, Text, value

MOST_SHOWN = 20  # lines of a form that are quoted back


@value
class Field:
    """One `key: value` line of a form. `words` are the keys people write for it, the first being ours."""

    name: Line
    words: tuple[Line, ...]
    example: Line = ""
    takes_name: bool = False  # "letter id Lopez: 123": the key goes on with a name

    @property
    def word(self) -> str:
        return self.words[0]


@value
class Form:
    """The body of a command, taken apart: nothing that was written is lost."""

    fields: dict[Line, Text] = field(default_factory=dict)
    named: tuple[tuple[Line, Line, Text], ...] = ()  # (field, name, value) of fields that take a name
    unknown: tuple[Line, ...] = ()  # lines that look like `key: value` and are not known
    closest: dict[Line, Line] = field(default_factory=dict)  # such a line -> the known key it is most like
    free: Text = ""

    def get(self, name: str) -> str:
        return self.fields.get(name, "").strip()


@value
class Request:
    """A command as given."""

    command: Line
    argument: Line  # what follows the command's word: "Dr. Lopez for ERAS 2028"
    form: Form
    event: ApplicantWrote
    policy: Policy
    now: datetime
    line: Line = ""  # the whole line of the command, as written

    @property
    def incoming(self) -> Incoming:
        return self.event.incoming


@value
class Command:
    name: Line
    words: tuple[Line, ...]  # what people write for it, the first being ours
    does: Line  # one line for `help`
    example: Text
    handle: Callable[[Request, Dossier], Decision]
    fields: tuple[Field, ...] = ()
    alone: bool = False  # nothing follows the word: "pause" is a command, "pause the music" is none
    argument: Line = ""  # how `help` writes it: "NAME [for APPLICATION]"
    unless: tuple[Line, ...] = ()  # a word that must not follow: "thank you" is no command
    borrows_form: bool = False  # its lines are those of another command's form
    free_text: Line = ""  # what text after the form is taken for; "" where it means nothing


def reply(dossier: Dossier, request: Request, template: str, **more: object) -> Draft:
    """The answer to a command, in its thread."""
    draft = writing.to_applicant(
        dossier,
        Purpose.REPLY,
        f"applicant/{template}",
        key=f"r-{writing.key_of(request.incoming)}",
        answering=request.incoming,
        more={
            "command": request.command,
            "unknown": _not_known(request.form),
            "too_large": [{"name": a.name, "mb": round(a.size / 1e6, 1)} for a in request.event.too_large],
            "limit_mb": request.event.limit_mb,
            **more,
        },
    )
    return replace(draft, commands=(f"{request.command} {request.argument}".strip(),) if request.command else ())


def answered(dossier: Dossier, request: Request, template: str, *, why: str, **more: object) -> Decision:
    """The dossier as it is now, an answer, and a line in the journal."""
    dossier = dossier.noting(request.now, why)
    return Decision(dossier=dossier, mails=(reply(dossier, request, template, **more),), why=(why,))


def mistaken(dossier: Dossier, request: Request, command: Command, problems: list[str], **given: str) -> Decision:
    """What was wrong, and the form filled in with what was written. What was right has been kept by the caller."""
    form = [
        {"key": f.word, "value": given.get(f.name, request.form.get(f.name)), "example": f.example}
        for f in command.fields
    ]
    words = {f.name: f.word for f in command.fields}
    form += [{"key": f"{words[name]} {who}", "value": said, "example": ""} for name, who, said in request.form.named]
    why = f"{command.name}: {problems[0]}"
    return answered(
        dossier,
        request,
        "mistake",
        why=why,
        problems=problems,
        subject_line=f"{command.name} {request.argument}".strip(),
        form=form,
        free=request.form.free,
        example=command.example,
    )


def zone_of(dossier: Dossier, policy: Policy) -> str:
    """The time zone in which the applicant is spoken to."""
    return view.zone_of(dossier.applicant, policy)


def _not_known(form: Form) -> list[str]:
    """The lines that were left out, with the key that was perhaps meant."""
    shown = [
        f"{line} (did you mean “{form.closest[line]}”?)" if line in form.closest else line
        for line in form.unknown[:MOST_SHOWN]
    ]
    more = len(form.unknown) - len(shown)
    return [*shown, f"… and {more} more"] if more else shown
