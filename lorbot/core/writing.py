"""The mails lorbot decides to write: which template, to whom, in which thread, with which key.

Keys are names for decisions: the same decision on the same dossier gives the same key, and so the same Message-ID.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from lorbot.core import before, names, view
from lorbot.core.decision import Draft, PreviewDraft, QuestionDraft
from lorbot.core.dossier import Contact, Direction, Dossier, Enclosure, Letter, Mail, Material, Mentor, Purpose
from lorbot.core.manners import next_allowed
from lorbot.core.message import Address, Incoming
from lorbot.core.policy import Policy

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
    """A mail to the mentor of `letters`, in their thread, at the next hour that manners allow. An ask begins a thread:
    what went before went to a wrong address.
    """
    mentor = dossier.mentor(letters[0].mentor)
    thread = () if purpose is Purpose.ASK else thread_of(dossier, mentor.id, [letter.id for letter in letters])
    enclosures = packet_enclosures(dossier) if purpose is Purpose.PACKET else ()
    documents = [human_name(m) for m in packet_materials(dossier)]
    context = {
        **view.mentor_mail(dossier, letters, policy, now),
        "enclosures": documents if enclosures else [],
        "documents": documents,
        **(more or {}),
    }
    return Draft(
        key=fresh_key(dossier, f"{letters[0].id}-{step or purpose.value.replace(' ', '-')}"),
        purpose=purpose,
        to=Address(email=mentor.email, name=mentor.name),
        template=template or f"mentor/{purpose.value.replace(' ', '_')}",
        context=context,
        letters=tuple(letter.id for letter in letters),
        mentor=mentor.id,
        enclosures=enclosures,
        in_reply_to=thread[-1].message_id if thread else "",
        references=tuple(c.message_id for c in thread if c.message_id),
        thread_subject=bare_subject(thread[-1].subject) if thread else "",
        answers_a_mail=bool(thread) and thread[-1].direction is Direction.IN,
        not_before=when_to_mail(mentor, policy, now),
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


def ask_preview(
    dossier: Dossier, letter: Letter, *, policy: Policy, now: datetime, personal: str = "", because: str = ""
) -> PreviewDraft:
    """The ask, shown to the applicant first."""
    mail = to_mentor(dossier, Purpose.ASK, [letter], policy=policy, now=now, more={"personal": personal})
    return previewed(dossier, mail, [letter], policy=policy, now=now, because=because)


def previewed(
    dossier: Dossier, mail: Draft, letters: Sequence[Letter], *, policy: Policy, now: datetime, because: str = ""
) -> PreviewDraft:
    """`mail`, waiting for the applicant's word."""
    shown = to_applicant(
        dossier,
        Purpose.PREVIEW,
        "applicant/preview",
        key=f"p-{mail.key}",
        letters=letters,
        more=about_letter(dossier, letters[0], policy, now, purpose=mail.purpose.value, because=because),
    )
    return PreviewDraft(mail=mail, step=mail.purpose.value, shown_as=shown)


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
    return QuestionDraft(
        mail=mail, topic=topic, letter=letter.id, choices=tuple(choices), prepared=prepared, about=about, kept=kept
    )


def thread_of(dossier: Dossier, mentor: str, letters: Iterable[str]) -> tuple[Contact, ...]:
    """The correspondence with a mentor about these letters, oldest first."""
    wanted = set(letters)
    return tuple(c for c in dossier.contacts if c.mentor == mentor and wanted & set(c.letters))


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
    ending = "".join(c for c in ending if c.isalnum())[:5] or "pdf"
    what = {"cv": "CV", "statement": "Personal_Statement"}.get(kind, kind.title())
    words = f"{names.family_name(applicant_name)} {what}".replace("_", " ").split()
    return "_".join("".join(c for c in word if c.isalnum() or c == "-") for word in words) + f".{ending}"


def when_to_mail(mentor: Mentor, policy: Policy, now: datetime) -> datetime:
    return next_allowed(now, mentor.time_zone or policy.time_zone, policy, mentor.away_until)


def bare_subject(subject: str) -> str:
    """A subject without "Re:" and its kin (RFC 5322 section 3.6.5, and what mail programs write instead)."""
    prefixes = ("re:", "aw:", "sv:", "antw:", "rv:", "fwd:", "fw:", "wg:", "tr:")
    subject = subject.strip()
    while subject.lower().startswith(prefixes):
        subject = subject.split(":", 1)[1].strip()
    return subject


def shown_mail(mail: Mail) -> dict[str, Any]:
    """A rendered mail as a preview shows it."""
    return {
        "to": f"{mail.to.name} <{mail.to.email}>" if mail.to.name else mail.to.email,
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
    taken |= {p.mail.key for p in dossier.previews} | {q.prepared.key for q in dossier.questions if q.prepared}
    if base not in taken:
        return base
    return next(f"{base}-{n}" for n in range(2, 10_000) if f"{base}-{n}" not in taken)
