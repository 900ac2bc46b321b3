"""Decided mails to rendered ones: the last step before a dossier is saved.

A mail is rendered once, here; what waits as a preview or as a ready text is byte for byte what goes out later. What
waits is made again whenever a dossier is read or written, and compared: so the core knows which mail is outdated.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from lorbot.core import edits, letters, renewal
from lorbot.core.correspondence import Mail, Preview, Progress, Purpose, Question
from lorbot.core.decision import Decision, Draft, PreviewDraft, QuestionDraft, Written
from lorbot.core.dossier import Dossier
from lorbot.core.policy import Policy
from lorbot.core.writing import shown_mail
from lorbot.errors import TemplateError
from lorbot.mail.render import Rendered, Renderer
from lorbot.mail.thread import message_id


class Writer:
    """Renders what a decision wants written and puts it into the dossier: outbox, previews, questions."""

    def __init__(self, renderer: Renderer, secret: bytes, domain: str, policy: Policy | None = None) -> None:
        self._renderer, self._secret, self._domain = renderer, secret, domain
        self._policy = policy or Policy()

    def write(self, decision: Decision, now: datetime) -> Dossier:
        """The dossier to be saved. Raises TemplateError, and then nothing has happened."""
        dossier = decision.dossier
        for written in decision.mails:
            dossier = self._written(dossier, written, now)
        return self.renewed(dossier, now)

    def renewed(self, dossier: Dossier, now: datetime) -> Dossier:
        """The dossier with all that waits for a mentor compared with today's facts.

        What nobody has seen is written anew; what was shown or approved is marked where it would be another mail.
        """
        return replace(
            dossier,
            mails=tuple(self._queued(dossier, m, now) if _waits(m) else m for m in dossier.mails),
            previews=tuple(replace(p, mail=self._marked(dossier, p.mail, now)) for p in dossier.previews),
            questions=tuple(
                replace(q, prepared=self._marked(dossier, q.prepared, now)) if q.prepared else q
                for q in dossier.questions
            ),
        )

    def _queued(self, dossier: Dossier, mail: Mail, now: datetime) -> Mail:
        if not mail.automatic:
            return self._marked(dossier, mail, now)
        fresh = None if mail.attempts else self._made_again(dossier, mail, now)
        if fresh is None or _says_the_same(mail, fresh):
            return mail
        return replace(
            mail,
            to=fresh.to,
            cc=fresh.cc,
            subject=fresh.subject,
            text=fresh.text,
            enclosures=fresh.enclosures,
            more=fresh.more,
        )

    def _marked(self, dossier: Dossier, mail: Mail, now: datetime) -> Mail:
        fresh = self._made_again(dossier, mail, now)
        outdated = fresh is not None and not _says_the_same(mail, fresh)
        return replace(mail, outdated=outdated) if outdated != mail.outdated else mail

    def _made_again(self, dossier: Dossier, mail: Mail, now: datetime) -> Mail | None:
        draft = renewal.remade(dossier, mail, self._policy, now)
        try:
            return self._mail(dossier, draft, now) if draft else None
        except TemplateError:  # a template that was changed since and does not fit this mail: no fact has changed
            return None

    def rendered(self, template: str, context: dict[str, Any]) -> Rendered:
        """What a template makes of a context, where it is no mail that is wanted. Raises TemplateError."""
        return self._renderer.render(template, context)

    def _written(self, dossier: Dossier, written: Written, now: datetime) -> Dossier:
        match written:
            case Draft():
                return dossier.with_mail(self._mail(dossier, written, now))
            case PreviewDraft():
                return self._preview(dossier, written, now)
            case QuestionDraft():
                return self._question(dossier, written, now)

    def _preview(self, dossier: Dossier, written: PreviewDraft, now: datetime) -> Dossier:
        was = written.was.mail if written.was else None
        inner = self._mail(dossier, written.mail, now) if written.mail.template or was is None else was
        changed = _changes(was, inner) if was else []
        if was and was.rendered:
            changed = [c | {"said": edits.holds(was.text, str(c["was"]))} for c in changed]
            inner = replace(inner, text=was.text, rendered=inner.text)
        shown_as = _with_context(
            written.shown_as, mail=shown_mail(inner), changes=changed, own_text=bool(inner.rendered)
        )
        shown = self._mail(dossier, shown_as, now)
        if written.was:
            preview = replace(written.was, mail=inner)
        else:
            preview = Preview(id=shown.key, mail=inner, step=written.step, shown_at=now, batch=written.batch)
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
        again = draft.purpose not in letters.TO_APPLICANT or draft.purpose is Purpose.QUESTION
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
            commands=draft.commands,
            message_id=message_id(self._secret, dossier.id, draft.key, self._domain),
            template=draft.template if again else "",
            more=draft.more if again else {},
        )


def _waits(mail: Mail) -> bool:
    return mail.progress is Progress.QUEUED and mail.purpose not in letters.TO_APPLICANT


def _says_the_same(mail: Mail, fresh: Mail) -> bool:
    """Whether the facts of two mails are the same: all that a preview shows, and the attached files themselves."""
    one, other = (
        (m.to, m.cc, m.subject, m.rendered or m.text, [(e.name, e.sha256) for e in m.enclosures]) for m in (mail, fresh)
    )
    return one == other


def _changes(was: Mail, now: Mail) -> list[dict[str, object]]:
    """What a mail says differently from before, for a template."""
    found = edits.changes(_lines(was), _lines(now))
    same_names = [e.name for e in was.enclosures] == [e.name for e in now.enclosures]
    if same_names and was.enclosures != now.enclosures:
        found += (("", f"Enclosed: {', '.join(e.name for e in now.enclosures)}, in a new version"),)
    return [{"was": before, "now": after, "said": False} for before, after in found]


def _lines(mail: Mail) -> str:
    shown = shown_mail(mail)
    enclosed = f"Enclosed: {', '.join(shown['enclosures'])}\n" if mail.enclosures else ""
    copy = f"Copy to: {shown['cc']}\n" if mail.cc else ""
    return f"To: {shown['to']}\n{copy}Subject: {mail.subject}\n{enclosed}{mail.rendered or mail.text}"


def _with_context(draft: Draft, **more: object) -> Draft:
    return replace(draft, context={**draft.context, **more})
