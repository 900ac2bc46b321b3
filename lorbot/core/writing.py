"""The mails lorbot decides to write: which template, to whom, in which thread, with which key.

Keys are names for decisions: the same decision on the same dossier gives the same key, and so the same Message-ID.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from lorbot.core import before, dates, holds, names, view
from lorbot.core.correspondence import Direction, Enclosure, Mail, Preview, Purpose, Question
from lorbot.core.decision import Draft, PreviewDraft, QuestionDraft
from lorbot.core.dossier import Dossier, Letter, Material, Mentor
from lorbot.core.manners import Away, next_allowed
from lorbot.core.message import Address, Incoming
from lorbot.core.policy import Policy
from lorbot.core.threads import bare_subject, continued, thread_of

COPIED = frozenset({Purpose.PACKET, Purpose.REMINDER, Purpose.LAST_CALL, Purpose.ANSWER})
"""What the mentor's assistant gets a copy of: what is needed for submitting the letter."""

PACKET_KINDS = ("cv", "statement")  # what a packet always takes along, in this order; then the rest


def to_mentor(
    dossier: Dossier,
    purpose: Purpose,
    letters: Sequence[Letter],
    *,
    policy: Policy,
    now: datetime,
    template: str = "",
    step: str = "",
    more: dict[str, Any] | None = None,
) -> Draft:
    """A mail to the mentor of `letters`, in their thread, at the next hour that manners allow, and true at that hour.
    An ask begins a thread: what went before went to a wrong address. `more` is what the dossier does not hold.
    """
    mentor = dossier.mentor(letters[0].mentor)
    leaves = departure(dossier, purpose, mentor, policy, now)
    earlier = () if purpose is Purpose.ASK else thread_of(dossier, mentor.id, [letter.id for letter in letters])
    thread = continued(earlier)
    sends_all = purpose is Purpose.PACKET or "wants_materials" in (more or {}).get("asked", ())
    enclosures = packet_enclosures(dossier) if sends_all else ()
    documents = [human_name(m) for m in packet_materials(dossier)]
    hold = holds.hold_file(dossier, letters, policy) if purpose is Purpose.PACKET else None
    held = {holds.KEY: holds.remembered(holds.holds(dossier, letters, policy))} if hold else {}
    more = {k: v for k, v in (more or {}).items() if k != holds.KEY} | held
    context = {
        holds.KEY: [],
        **view.mentor_mail(dossier, letters, policy, leaves),
        "enclosures": documents if enclosures else [],
        "documents": documents,
        **more,
    }
    return Draft(
        key=fresh_key(dossier, f"{letters[0].id}-{step or purpose.value.replace(' ', '-')}"),
        purpose=purpose,
        to=Address(email=mentor.email, name=mentor.name),
        template=template or f"mentor/{purpose.value.replace(' ', '_')}",
        context=context,
        cc=(Address(email=mentor.assistant),) if mentor.assistant and purpose in COPIED else (),
        letters=tuple(letter.id for letter in letters),
        mentor=mentor.id,
        enclosures=(*enclosures, hold.enclosure) if hold else enclosures,
        in_reply_to=thread.in_reply_to,
        references=thread.references,
        thread_subject=thread.subject,
        answers_a_mail=thread.answers_a_mail,
        not_before=leaves,
        more=more,
    )


def to_applicant(
    dossier: Dossier,
    purpose: Purpose,
    template: str,
    *,
    key: str,
    more: dict[str, Any] | None = None,
    answering: Incoming | None = None,
    letters: Iterable[Letter] = (),
) -> Draft:
    """A mail to the applicant; an answer in the thread of `answering` where that is given."""
    letters = tuple(letters)
    return Draft(
        key=fresh_key(dossier, key),
        purpose=purpose,
        to=Address(email=dossier.applicant.email, name=dossier.applicant.name),
        template=template,
        context={"applicant": view.of_applicant(dossier.applicant), **(more or {})},
        letters=tuple(letter.id for letter in letters),
        mentor=letters[0].mentor if letters else "",
        in_reply_to=answering.message_id if answering else "",
        references=(*answering.references, answering.message_id) if answering and answering.message_id else (),
        thread_subject=bare_subject(answering.subject) if answering else "",
        answers_a_mail=answering is not None,
    )


def about_letter(dossier: Dossier, letter: Letter, policy: Policy, now: datetime, **more: Any) -> dict[str, Any]:
    """The context of a mail to the applicant about one letter."""
    mentor = dossier.mentor(letter.mentor)
    today = view.today(dossier.applicant, policy, now)
    return {
        "mentor": view.of_mentor(mentor),
        "letter": view.of_letter(dossier, letter, policy, now),
        "backup": before.backup_view(dossier, letter, today),
        "before": before.before_asking(dossier, mentor, dossier.application(letter.application), today),
        **more,
    }


def ask_preview(dossier: Dossier, letter: Letter, *, policy: Policy, now: datetime, because: str = "") -> PreviewDraft:
    """The ask with the applicant's own lines, shown to the applicant first; a text written in its place is kept."""
    more = {"personal": letter.personal}
    mail = to_mentor(dossier, Purpose.ASK, [letter], policy=policy, now=now, more=more)
    shown = previewed(dossier, mail, [letter], policy=policy, now=now, because=because)
    before = [m for m in dossier.mails if m.purpose is Purpose.ASK and letter.id in m.letters and m.rendered]
    if not before:
        return shown
    was = Preview(id=shown.shown_as.key, mail=before[-1], step=shown.step, shown_at=now)
    return replace(shown, was=was)


def previewed(
    dossier: Dossier,
    mail: Draft,
    letters: Sequence[Letter],
    *,
    policy: Policy,
    now: datetime,
    because: str = "",
    step: str = "",
) -> PreviewDraft:
    """`mail`, waiting for the applicant's word; `step` is the step of the clock that it takes the place of."""
    more = about_letter(
        dossier, letters[0], policy, now,
        purpose=mail.purpose.value, because=because, together=1, changes=[], own_text=False,
    )  # fmt: skip
    shown = to_applicant(dossier, Purpose.PREVIEW, "applicant/preview", key=f"p-{mail.key}", letters=letters, more=more)
    return PreviewDraft(mail=mail, step=step or mail.purpose.value, shown_as=shown)


def batched(shown: PreviewDraft, batch: str, together: int) -> PreviewDraft:
    """One of several previews that can be answered with one word; `batch` is the key of what answered the command."""
    shown_as = replace(shown.shown_as, context={**shown.shown_as.context, "together": together})
    was = replace(shown.was, batch=batch) if shown.was else None
    return replace(shown, shown_as=shown_as, was=was, batch=batch)


def question(
    dossier: Dossier,
    topic: str,
    letter: Letter,
    choices: Sequence[str],
    *,
    policy: Policy,
    now: datetime,
    key: str,
    prepared: Draft | None = None,
    more: dict[str, Any] | None = None,
    about: str = "",
    kept: str = "",
) -> QuestionDraft:
    """A "needs you" mail: template applicant/needs_<topic>, answered with one of `choices`."""
    context = about_letter(dossier, letter, policy, now, choices=list(choices), **(more or {}))
    mail = to_applicant(
        dossier, Purpose.QUESTION, f"applicant/needs_{topic}", key=f"q-{key}", letters=[letter], more=context
    )
    mail = replace(mail, more=more or {})
    return QuestionDraft(
        mail=mail, topic=topic, letter=letter.id, choices=tuple(choices), prepared=prepared, about=about, kept=kept
    )


def asked_again(dossier: Dossier, question: Question, policy: Policy, now: datetime) -> Draft:
    """The question once more, in its own thread: with the words of then and the dates of today.

    Raises KeyError where the mail that asked is not known any more.
    """
    asked, letter = dossier.mail(question.id), dossier.letter(question.letter)
    if asked is None:
        raise KeyError(question.id)
    prepared = shown_mail(question.prepared) if question.prepared else None
    on = dates.say(view.local_day(question.asked_at, view.zone_of(dossier.applicant, policy)))
    more = {**asked.more, "choices": list(question.choices), "prepared": prepared, "asked_before": on}
    again = to_applicant(
        dossier, Purpose.QUESTION, asked.template, key=f"{question.id}-again", letters=[letter],
        more=about_letter(dossier, letter, policy, now, **more),
    )  # fmt: skip
    return replace(
        again, in_reply_to=asked.message_id, references=(asked.message_id,), thread_subject=bare_subject(asked.subject)
    )


def packet_materials(dossier: Dossier) -> tuple[Material, ...]:
    """The newest version of each document, CV and statement first."""
    kinds = sorted({m.kind for m in dossier.materials}, key=lambda k: (k not in PACKET_KINDS, k))
    return tuple(m for m in (dossier.latest(kind) for kind in kinds) if m)


def packet_enclosures(dossier: Dossier) -> tuple[Enclosure, ...]:
    return tuple(Enclosure(name=m.name, media_type=m.media_type, sha256=m.sha256) for m in packet_materials(dossier))


def human_name(material: Material) -> str:
    """What a mail calls a document."""
    return {"cv": "my CV", "statement": "my personal statement"}.get(material.kind, f"my {material.kind}")


def file_name(applicant_name: str, kind: str, original: str) -> str:
    """The name people see on an attachment: Okafor_CV.pdf."""
    ending = original.rsplit(".", 1)[-1].lower() if "." in original else "pdf"
    ending = "".join(c for c in ending if c.isascii() and c.isalnum())[:5] or "pdf"
    what = {"cv": "CV", "statement": "Personal_Statement"}.get(kind, kind.title())
    words = f"{names.family_name(applicant_name)[:60]} {what}".replace("_", " ").split()
    kept = ("".join(c for c in word if c.isalnum() or c == "-").strip("-") for word in words)
    return f"{'_'.join(word for word in kept if word) or 'Document'}.{ending}"


def is_reachable(mentor: Mentor) -> bool:
    """Whether mail may go to the mentor at all."""
    return bool(mentor.email) and not mentor.never


def when_to_mail(mentor: Mentor, policy: Policy, now: datetime) -> datetime:
    return next_allowed(now, mentor.time_zone or policy.time_zone, policy, away(mentor))


def away(mentor: Mentor) -> Away | None:
    """The absence that the mentor's automatic answer named."""
    return Away(until=mentor.away_until, since=mentor.away_from) if mentor.away_until else None


def departure(dossier: Dossier, purpose: Purpose, mentor: Mentor, policy: Policy, now: datetime) -> datetime:
    """When a mail of this purpose may leave. News does not follow on the heels of another mail; all else may."""
    if purpose is not Purpose.UPDATE:
        return when_to_mail(mentor, policy, now)
    ours = [c.at for c in dossier.contacts if c.mentor == mentor.id and c.direction is Direction.OUT]
    rested = max(ours) + timedelta(days=policy.update_rest_days) if ours else now
    return when_to_mail(mentor, policy, max(rested, now))


def shown_mail(mail: Mail) -> dict[str, Any]:
    """A rendered mail as a preview shows it."""
    return {
        "to": f"{mail.to.name} <{mail.to.email}>" if mail.to.name else mail.to.email,
        "cc": ", ".join(copy.email for copy in mail.cc),
        "subject": mail.subject,
        "text": mail.text,
        "enclosures": [e.name for e in mail.enclosures],
    }


def key_of(incoming: Incoming) -> str:
    """A short name for a mail that came in, for the keys of what answers it."""
    return hashlib.sha256(incoming.key.encode()).hexdigest()[:8]


def key_for(incoming: Incoming, letter: Letter) -> str:
    """`key_of` for what follows for one letter."""
    return f"{letter.id}-{key_of(incoming)}"


def fresh_key(dossier: Dossier, base: str) -> str:
    """`base`, or `base-2`, `base-3`, ... where the dossier already has a mail of that key."""
    taken = {m.key for m in dossier.mails} | {p.id for p in dossier.previews} | {q.id for q in dossier.questions}
    taken |= set(dossier.spent)
    taken |= {p.mail.key for p in dossier.previews} | {q.prepared.key for q in dossier.questions if q.prepared}
    if base not in taken:
        return base
    return next(f"{base}-{n}" for n in range(2, 10_000) if f"{base}-{n}" not in taken)
