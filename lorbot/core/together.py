"""One answering mail for all that one mail asked: the answers of several commands as parts of it.

What is answered itself, a preview or a question, stays a mail of its own, and the answer says that it comes.
"""

from dataclasses import replace

from lorbot.core import writing
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision, Draft, PreviewDraft, QuestionDraft, Written
from lorbot.core.dossier import ApplicantWrote, Dossier, State
from lorbot.core.value import Line, Text, value

MOST_LEFT = 20  # sentences that are quoted back


@value
class Step:
    """One thing that was done: how it is headed, and what came of it."""

    heading: Line  # "received Dr. Lopez"
    decision: Decision
    wrote: Text = ""  # the sentence that it was taken from, where it was one


def answer(
    dossier: Dossier, event: ApplicantWrote, steps: tuple[Step, ...], left: tuple[str, ...] = (), waits: str = ""
) -> Decision:
    """What follows from all of the steps, with one answer. `waits`: the key of a preview or question that was not
    answered; an answer to this mail answers it.
    """
    why = tuple(reason for step in steps for reason in step.decision.why)
    files = {name: content for step in steps for name, content in step.decision.files.items()}
    own = tuple(mail for step in steps for mail in step.decision.mails if not _is_plain_reply(mail))
    replies = [mail for step in steps for mail in step.decision.mails if _is_plain_reply(mail)]
    taken = {id(mail): step for step in steps if step.wrote for mail in step.decision.mails}
    mails = tuple(_taken_as(mail, taken[id(mail)]) if id(mail) in taken else mail for mail in own)
    if len(steps) == 1 and not left and not waits:
        only = tuple(_taken_as(mail, steps[0]) if steps[0].wrote else mail for mail in steps[0].decision.mails)
        return Decision(dossier=dossier, mails=_standing(dossier, only), why=why, files=files)
    if replies or left or waits or len(steps) > 1:
        several = _several(dossier, event, steps, left, waits)
        mails = (several, *_answered_with_it(mails, several.key))
    return Decision(dossier=dossier, mails=_standing(dossier, mails), why=why, files=files)


def _several(
    dossier: Dossier, event: ApplicantWrote, steps: tuple[Step, ...], left: tuple[str, ...], waits: str
) -> Draft:
    parts = [
        {
            "heading": step.heading,
            "wrote": step.wrote,
            "pieces": [
                {"template": m.template, "context": m.context}
                for m in step.decision.mails
                if isinstance(m, Draft) and _is_plain_reply(m)
            ],
            "shown": [_shown(m) for m in step.decision.mails if not _is_plain_reply(m)],
        }
        for step in steps
    ]
    quoted = [*left[:MOST_LEFT], *((f"… and {len(left) - MOST_LEFT} more",) if len(left) > MOST_LEFT else ())]
    preview = dossier.preview(waits) if waits else None
    key = f"{waits}-again" if waits else f"r-{writing.key_of(event.incoming)}"
    purpose = (Purpose.PREVIEW if preview else Purpose.QUESTION) if waits else Purpose.REPLY
    mail = writing.to_applicant(
        dossier, purpose, "applicant/several", key=key, answering=event.incoming,
        more={"parts": parts, "left": quoted, "waits": _waiting(dossier, waits)},
    )  # fmt: skip
    commands = tuple(c for step in steps for m in step.decision.mails if isinstance(m, Draft) for c in m.commands)
    return replace(mail, commands=tuple(dict.fromkeys(commands)))


def _answered_with_it(mails: tuple[Written, ...], key: str) -> tuple[Written, ...]:
    """Previews of one command can be answered all at once in answer to the mail of this key; of several they cannot."""
    if len({mail.batch for mail in mails if isinstance(mail, PreviewDraft) and mail.batch}) != 1:
        return mails
    return tuple(
        replace(mail, batch=key, was=replace(mail.was, batch=key) if mail.was else None)
        if isinstance(mail, PreviewDraft) and mail.batch
        else mail
        for mail in mails
    )


def _is_plain_reply(mail: Written) -> bool:
    """Whether the mail is words alone, and nothing waits for an answer to it."""
    return (
        isinstance(mail, Draft) and mail.purpose is Purpose.REPLY and mail.key.startswith("r-")
        and not mail.enclosures and not mail.cc
    )  # fmt: skip


def _shown(mail: Written) -> str:
    """What comes in a mail of its own: "preview", "question" or "mail"."""
    if isinstance(mail, PreviewDraft):
        return "preview"
    waits = isinstance(mail, QuestionDraft) or mail.purpose in {Purpose.QUESTION, Purpose.PREVIEW}
    return "question" if waits else "mail"


def _taken_as(mail: Written, step: Step) -> Written:
    """The mail, which says first how the sentence was understood."""
    more = {"taken_as": step.heading, "wrote": step.wrote}
    if isinstance(mail, PreviewDraft):
        return replace(mail, shown_as=replace(mail.shown_as, context={**mail.shown_as.context, **more}))
    if isinstance(mail, QuestionDraft):
        return replace(mail, mail=replace(mail.mail, context={**mail.mail.context, **more}))
    return replace(mail, context={**mail.context, **more})


def _waiting(dossier: Dossier, key: str) -> dict[str, str]:
    """The preview or the question that still waits."""
    preview, question = (dossier.preview(key), dossier.question(key)) if key else (None, None)
    if preview is not None:
        return {"what": preview.mail.purpose.value, "mentor": dossier.mentor(preview.mail.mentor).name}
    if question is not None:
        return {"what": "", "mentor": dossier.mentor(dossier.letter(question.letter).mentor).name}
    return {}


def _standing(dossier: Dossier, mails: tuple[Written, ...]) -> tuple[Written, ...]:
    """The mails without the previews that a later command of the same mail replaced or took back."""
    last = {_key(mail): mail for mail in mails}
    return tuple(m for m in mails if last[_key(m)] is m and not _is_taken_back(dossier, m))


def _key(mail: Written) -> str:
    return mail.mail.key if isinstance(mail, PreviewDraft | QuestionDraft) else mail.key


def _is_taken_back(dossier: Dossier, mail: Written) -> bool:
    if not isinstance(mail, PreviewDraft) or mail.mail.purpose is not Purpose.ASK:
        return False
    return all(dossier.letter(x).state is not State.PREVIEWED for x in mail.mail.letters)
