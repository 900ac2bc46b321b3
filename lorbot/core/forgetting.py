"""What goes when a mentor or the applicant is forgotten, field by field, and what silence outlives it.

Invariant: an id of a mail is never used twice, not even after it was erased: a mentor's answer to the old mail must
not be taken for an answer to a new one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Any

from lorbot.core import letters, names
from lorbot.core.correspondence import Enclosure, Mail, Progress
from lorbot.core.dossier import Applicant, Dossier, Mentor
from lorbot.core.erasure import Erasure
from lorbot.core.open_command import OpenCommand
from lorbot.core.value import Line, value

ERASED = "(erased)"
"""The subject of a mail whose words are gone."""


@value
class Gone:
    """Whom and what an erasure is about."""

    mentor: Mentor
    letters: frozenset[Line]
    keys: frozenset[Line]  # of the mails to him and about him
    keep: frozenset[Line] = frozenset()  # keys of mails that stay for now
    others: tuple[Line, ...] = field(default=())  # the names of the other mentors

    def names(self, text: str) -> bool:
        """Whether a text names the mentor. A family name counts where no other mentor has it."""
        addresses = (self.mentor.email, self.mentor.assistant, *self.mentor.addresses)
        if any(email and email.lower() in text.lower() for email in addresses):
            return True
        family = names.family_name(self.mentor.name)
        shared = any(names.family_name(other) == family for other in self.others)
        wanted = {self.mentor.name, *(() if shared else (family,))}
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in wanted if name)


def gone_with(dossier: Dossier, mentor_id: str, keep: tuple[str, ...] = ()) -> Gone:
    """What goes with this mentor. Raises KeyError where he is not there."""
    mentor = dossier.mentor(mentor_id)
    about = frozenset(x.id for x in dossier.letters_of(mentor_id))
    asked = {e.id for e in dossier.erasures if e.mentor == mentor_id}

    def is_about(mail: Mail) -> bool:
        return mail.mentor == mentor_id or bool(about & set(mail.letters)) or mail.key in asked

    keys = {m.key for m in dossier.mails if is_about(m)}
    keys |= {key for p in (*dossier.previews, *dossier.put_away) if is_about(p.mail) for key in (p.id, p.mail.key)}
    keys |= {
        key for q in dossier.questions if q.letter in about for key in (q.id, q.prepared.key if q.prepared else "")
    }
    return Gone(
        mentor=mentor, letters=about, keys=frozenset(keys - {"", *keep}), keep=frozenset(keep),
        others=tuple(m.name for m in dossier.mentors if m.id != mentor_id),
    )  # fmt: skip


def without_mentor(dossier: Dossier, mentor_id: str, keep: tuple[str, ...] = ()) -> Dossier:
    """The dossier without the mentor and all that is about him. Mails of the keys in `keep` stay as they are.

    What the applicant wrote of others and himself stays, also where it names the mentor: `still_named` tells.
    """
    if all(m.id != mentor_id for m in dossier.mentors):
        return dossier
    gone = gone_with(dossier, mentor_id, keep)
    return replace(dossier, **{name: rule(dossier, gone) for name, rule in RULES.items()})


def without_last(dossier: Dossier, erasure: Erasure) -> Dossier:
    """The dossier without the mail that said it is done."""
    return replace(
        dossier,
        mails=tuple(m for m in dossier.mails if m.key != erasure.last),
        spent=_added(dossier.spent, {erasure.last} - {""}),
    )


def finished(dossier: Dossier, erasure: Erasure) -> Dossier:
    """The dossier once all of an erasure is done: nothing tells that it was."""
    return replace(dossier, erasures=tuple(e for e in dossier.erasures if e.id != erasure.id))


def emptied(dossier: Dossier, erasure: Erasure) -> Dossier:
    """What is left of a dossier until the applicant has the last mail: whom it goes to, and the mail."""
    applicant = dossier.applicant
    return Dossier(
        id=dossier.id,
        applicant=Applicant(name=applicant.name, email=applicant.email),
        mails=tuple(m for m in dossier.mails if m.key == erasure.last),
        erasures=(erasure,),
    )


def is_pending(dossier: Dossier, erasure: Erasure) -> bool:
    """Whether the last mail is still on its way. One that was refused, or may have gone, is waited for no more."""
    last = dossier.mail(erasure.last)
    return last is not None and last.progress in {Progress.QUEUED, Progress.SENDING}


def still_named(dossier: Dossier, mentor_id: str) -> tuple[str, ...]:
    """Where the applicant's own words go on naming this mentor, in words for the applicant."""
    gone = gone_with(dossier, mentor_id)
    applicant = dossier.applicant
    places = [("your profile", f"{applicant.goal}\n{applicant.signature}")]
    places += [(f"what you wrote about {m.name}", f"{m.worked_together}\n{m.highlights}\n{m.known_since}\n{m.growth}")
               for m in dossier.mentors if m.id != mentor_id]  # fmt: skip
    places += [(f"the application {a.name}", f"{a.name}\n{a.instructions}\n{a.programmes}\n{a.news}")
               for a in dossier.applications]  # fmt: skip
    places += [("your table of programs", "\n".join((p.name, p.city, *p.wishes.values()))) for p in dossier.programmes]
    waiting = [p.mail for p in dossier.previews] + [m for m in dossier.mails if m.progress is Progress.QUEUED]
    places += [(f"the {m.purpose.value} to {m.to.name or m.to.email} that waits", m.text)
               for m in waiting if _is_to_another(m, gone)]  # fmt: skip
    return tuple(dict.fromkeys(where for where, text in places if gone.names(text)))


def kept_silent(dossier: Dossier, wants_silence: Callable[[str], bool]) -> Dossier:
    """The dossier with silence towards every mentor to whose address it was promised, here or elsewhere."""
    for mentor in dossier.mentors:
        if mentor.email and not mentor.never and wants_silence(mentor.email):
            dossier = dossier.with_mentor(replace(mentor, never=True))
            dossier = letters.quiet(dossier, [x.id for x in dossier.letters_of(mentor.id)])
    return dossier


def _mails(dossier: Dossier, gone: Gone) -> tuple[Mail, ...]:
    kept = (m for m in dossier.mails if m.key not in gone.keys and not _is_answer_naming(m, gone))
    return tuple(_worded(m, gone) for m in kept)


def _is_answer_naming(mail: Mail, gone: Gone) -> bool:
    """A mail to the applicant that has not left and names the mentor: it would only bring him back."""
    waits = mail.progress is Progress.QUEUED and mail.key not in gone.keep
    return waits and mail.purpose in letters.TO_APPLICANT and gone.names(_text(mail))


def _worded(mail: Mail, gone: Gone) -> Mail:
    """A mail about others. Where it names the mentor its words go; that it was sent, and its id, stay."""
    if mail.key in gone.keep or mail.progress is Progress.QUEUED or not gone.names(_text(mail)):
        return mail
    return replace(
        mail, subject=ERASED, text="", html="", rendered="", more={}, commands=(),
        enclosures=tuple(e for e in mail.enclosures if not is_calendar(e)),
    )  # fmt: skip


def is_calendar(enclosure: Enclosure) -> bool:
    """A calendar names the mentors that the mail it came with names."""
    return enclosure.media_type.startswith("text/calendar")


def calendars(dossier: Dossier) -> frozenset[str]:
    """The calendar files that mails of this dossier have, by SHA-256."""
    mails = (*dossier.mails, *(p.mail for p in (*dossier.previews, *dossier.put_away)))
    return frozenset(e.sha256 for m in mails for e in m.enclosures if is_calendar(e))


def _text(mail: Mail) -> str:
    return "\n".join([mail.subject, mail.text, mail.html, mail.remark, mail.rendered, str(mail.more), *mail.commands])


def _is_to_another(mail: Mail, gone: Gone) -> bool:
    return bool(mail.mentor) and mail.key not in gone.keys and mail.purpose not in letters.TO_APPLICANT


def _spent(dossier: Dossier, gone: Gone) -> tuple[str, ...]:
    answers = {m.key for m in dossier.mails if _is_answer_naming(m, gone)}
    return _added(dossier.spent, gone.keys | answers)


def _added(spent: tuple[str, ...], keys: set[str] | frozenset[str]) -> tuple[str, ...]:
    return (*spent, *sorted(keys - set(spent)))


def _of_open(waiting: OpenCommand) -> str:
    meanings = (f"{m.label} {m.detail} {m.line}" for m in waiting.meanings)
    return "\n".join([waiting.said, waiting.incoming.subject, waiting.body, *meanings])


def _handled(dossier: Dossier, gone: Gone) -> tuple[str, ...]:
    """His mails need not be known again: from a stranger they are left alone."""
    ids = {c.message_id for c in dossier.contacts if c.mentor == gone.mentor.id}
    return tuple(key for key in dossier.handled if key.partition("|")[0] not in ids)


RULES: Mapping[str, Callable[[Dossier, Gone], Any]] = {
    "mentors": lambda d, gone: tuple(
        replace(m, backup_for="" if m.backup_for == gone.mentor.id else m.backup_for)
        for m in d.mentors
        if m.id != gone.mentor.id
    ),
    "applications": lambda d, gone: tuple(
        replace(
            a,
            letter_ids={k: v for k, v in a.letter_ids.items() if k != gone.mentor.id},
            pins=tuple(pin for pin in a.pins if pin.mentor != gone.mentor.id),
        )
        for a in d.applications
    ),
    "letters": lambda d, gone: tuple(
        replace(x, reason="" if gone.names(x.reason) else x.reason) for x in d.letters if x.id not in gone.letters
    ),
    "mails": _mails,
    "previews": lambda d, gone: tuple(p for p in d.previews if p.id not in gone.keys),
    "put_away": lambda d, gone: tuple(p for p in d.put_away if p.id not in gone.keys),
    "questions": lambda d, gone: tuple(q for q in d.questions if q.id not in gone.keys),
    "held": lambda d, gone: tuple(h for h in d.held if not gone.names(f"{h.event.incoming.subject}\n{h.event.words}")),
    "open_commands": lambda d, gone: tuple(o for o in d.open_commands if not gone.names(_of_open(o))),
    "contacts": lambda d, gone: tuple(
        replace(c, telling="" if gone.names(c.telling) else c.telling) for c in d.contacts if c.mentor != gone.mentor.id
    ),
    "handled": _handled,
    "journal": lambda d, gone: tuple(e for e in d.journal if e.letter not in gone.letters and not gone.names(e.what)),
    "spent": _spent,
    "published": lambda d, gone: tuple(replace(p, title="") if gone.names(p.title) else p for p in d.published),
}
"""What is left of each field of a dossier. A test asks this of every field there is."""

KEPT = frozenset(
    {"id", "applicant", "programmes", "materials", "paused", "created_at", "erasures", "restored_at", "refusals"}
)
"""The fields that have nothing of a mentor's in them, or what outlives him: a no is kept, by a hash of the address."""
