"""The thread that a mail to a mentor continues: what it answers, what it refers to, and under which subject.

Where the mentor has begun a thread of his own, ours goes on there (RFC 5322 section 3.6.4). Nothing is quoted.
"""

import re
from collections.abc import Iterable, Sequence

from lorbot.core.correspondence import Contact, Direction
from lorbot.core.dossier import Dossier
from lorbot.core.value import Line, value

_PREFIX = re.compile(
    r"\s*(?:re|aw|antw|antwort|sv|vs|vá|rv|res|rif|odp|ynt|ref|回复|答复|回覆|fwd?|wg|tr|enc|doorst|vb)"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s*[:：]",
    re.IGNORECASE,
)
"""What mail programs put before a subject, for an answer or for mail passed on, in the languages people use."""

_TAG = re.compile(r"\s*(?:\[[^\]]{1,30}\]|\*{1,5}[^*]{1,30}\*{1,5}|\(external\)|external:)", re.IGNORECASE)
"""What a mail system puts before the subject of a mail from outside."""


@value
class Continued:
    """The headers of a mail that goes on with a thread; all empty where it begins one."""

    in_reply_to: Line = ""
    references: tuple[Line, ...] = ()
    subject: Line = ""
    answers_a_mail: bool = False


def thread_of(dossier: Dossier, mentor: str, letters: Iterable[str]) -> tuple[Contact, ...]:
    """The correspondence with a mentor about these letters, oldest first."""
    wanted = set(letters)
    return tuple(c for c in dossier.contacts if c.mentor == mentor and wanted & set(c.letters))


def continued(contacts: Sequence[Contact]) -> Continued:
    """The thread of the latest mail. A mail that had no Message-ID gives its subject and cannot be referred to."""
    if not contacts:
        return Continued()
    last = contacts[-1]
    same = [c for c in contacts if _key(c) == _key(last)]
    ours = [c for c in same if c.direction is Direction.OUT]
    ids = tuple(dict.fromkeys(c.message_id for c in same if "@" in c.message_id))
    return Continued(
        in_reply_to=ids[-1] if ids else "",
        references=ids,
        subject=bare_subject((ours or same)[-1].subject),
        answers_a_mail=last.direction is Direction.IN,
    )


def bare_subject(subject: str) -> str:
    """A subject without "Re:" and its kin (RFC 5322 section 3.6.5, and what mail programs write instead)."""
    subject = subject.strip()
    while found := _PREFIX.match(subject):
        subject = subject[found.end() :].strip()
    return subject


def _key(contact: Contact) -> str:
    subject, before = bare_subject(contact.subject), ""
    while subject != before:
        before, subject = subject, bare_subject(_TAG.sub("", subject, count=1) if _TAG.match(subject) else subject)
    return subject.casefold()
