"""What a decision is: the new dossier, the mails it wants written, and why, in words fit for the journal."""

from collections.abc import Callable
from dataclasses import field, replace
from typing import Any

from lorbot.core.correspondence import Enclosure, Preview, Purpose
from lorbot.core.dossier import Dossier
from lorbot.core.message import Address
from lorbot.core.value import Line, Moment, Text, value


@value
class Draft:
    """A mail as decided: a template and its context. Rendered once, by `lorbot.mail.write`."""

    key: Line
    purpose: Purpose
    to: Address
    template: Line  # under templates/, without ".txt": "mentor/ask"
    context: dict[str, Any]  # plain values only: str, int, bool, None, lists and dicts of them
    cc: tuple[Address, ...] = ()
    letters: tuple[Line, ...] = ()
    mentor: Line = ""
    enclosures: tuple[Enclosure, ...] = ()
    in_reply_to: Line = ""
    references: tuple[Line, ...] = ()
    thread_subject: Line = ""  # when set, the subject is "Re: " and this
    answers_a_mail: bool = False
    not_before: Moment | None = None
    commands: tuple[Line, ...] = ()  # those it answers
    more: dict[str, Any] = field(default_factory=dict)  # the part of the context that is nowhere in the dossier


@value
class PreviewDraft:
    """A mail to a mentor that is shown to the applicant first. `step` says what its going out means.

    Where `was` is given the applicant is told what has changed since, and the applicant's own text is kept.
    """

    mail: Draft
    step: Line
    shown_as: Draft  # the mail to the applicant; gets the rendered mail as `mail`, and `changes`, in its context
    was: Preview | None = None  # what was shown or approved before: stays what it is, but for the mail, made anew
    batch: Line = ""


@value
class QuestionDraft:
    """A mail to the applicant that needs a word; `prepared` is the ready text that goes on that word."""

    mail: Draft
    topic: Line
    letter: Line
    choices: tuple[Line, ...]
    prepared: Draft | None = None
    about: Line = ""
    kept: Text = ""


Written = Draft | PreviewDraft | QuestionDraft


@value
class Decision:
    dossier: Dossier
    mails: tuple[Written, ...] = ()
    why: tuple[Line, ...] = field(default=())
    files: dict[Line, bytes] = field(default_factory=dict)  # made here and to be kept, by SHA-256

    def then(self, step: "Callable[[Dossier], Decision]") -> "Decision":
        """This decision, and then what `step` decides on its dossier."""
        return self.followed_by(step(self.dossier))

    def followed_by(self, after: "Decision") -> "Decision":
        """This decision and one that was made on its dossier."""
        mails, why, files = self.mails + after.mails, self.why + after.why, self.files | after.files
        return Decision(dossier=after.dossier, mails=mails, why=why, files=files)

    def adding(self, *mails: Written, why: str = "") -> "Decision":
        return replace(self, mails=self.mails + mails, why=self.why + ((why,) if why else ()))
