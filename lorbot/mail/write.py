"""Decided mails to rendered ones: the last step before a dossier is saved.

A mail is rendered once, here; what waits as a preview or as a ready text is byte for byte what goes out later.
"""

from dataclasses import replace
from datetime import datetime

from lorbot.core.decision import Decision, Draft, PreviewDraft, QuestionDraft, Written
from lorbot.core.dossier import Dossier, Mail, Preview, Purpose, Question
from lorbot.core.writing import shown_mail
from lorbot.mail.render import Renderer
from lorbot.mail.thread import message_id


class Writer:
    """Renders what a decision wants written and puts it into the dossier: outbox, previews, questions."""

    def __init__(self, renderer: Renderer, secret: bytes, domain: str) -> None:
        self._renderer, self._secret, self._domain = renderer, secret, domain

    def write(self, decision: Decision, now: datetime) -> Dossier:
        """The dossier to be saved. Raises TemplateError, and then nothing has happened."""
        dossier = decision.dossier
        for written in decision.mails:
            dossier = self._written(dossier, written, now)
        return dossier

    def _written(self, dossier: Dossier, written: Written, now: datetime) -> Dossier:
        match written:
            case Draft():
                return dossier.with_mail(self._mail(dossier, written, now))
            case PreviewDraft():
                return self._preview(dossier, written, now)
            case QuestionDraft():
                return self._question(dossier, written, now)

    def _preview(self, dossier: Dossier, written: PreviewDraft, now: datetime) -> Dossier:
        inner = self._mail(dossier, written.mail, now)
        shown = self._mail(dossier, _with_context(written.shown_as, mail=shown_mail(inner)), now)
        preview = Preview(id=shown.key, mail=inner, step=written.step, shown_at=now)
        return replace(dossier, previews=(*dossier.previews, preview)).with_mail(shown)

    def _question(self, dossier: Dossier, written: QuestionDraft, now: datetime) -> Dossier:
        prepared = self._mail(dossier, written.prepared, now) if written.prepared else None
        asked = _with_context(written.mail, prepared=shown_mail(prepared) if prepared else None)
        mail = self._mail(dossier, asked, now)
        question = Question(
            id=mail.key, topic=written.topic, letter=written.letter, choices=written.choices, asked_at=now,
            prepared=prepared, about=written.about, kept=written.kept,
        )  # fmt: skip
        return replace(dossier, questions=(*dossier.questions, question)).with_mail(mail)

    def _mail(self, dossier: Dossier, draft: Draft, now: datetime) -> Mail:
        rendered = self._renderer.render(draft.template, draft.context)
        return Mail(
            key=draft.key,
            purpose=draft.purpose,
            to=draft.to,
            subject=f"Re: {draft.thread_subject}" if draft.thread_subject else rendered.subject,
            text=rendered.text,
            html=rendered.html,
            cc=draft.cc,
            letters=draft.letters,
            mentor=draft.mentor,
            enclosures=draft.enclosures,
            in_reply_to=draft.in_reply_to,
            references=draft.references,
            answers_a_mail=draft.answers_a_mail,
            automatic=draft.purpose is not Purpose.OWN_WORDS,
            decided_at=now,
            not_before=draft.not_before,
            message_id=message_id(self._secret, dossier.id, draft.key, self._domain),
        )


def _with_context(draft: Draft, **more: object) -> Draft:
    return replace(draft, context={**draft.context, **more})
