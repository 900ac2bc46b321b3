"""Reads a portal's notice: what it tells, and of whose letter. Pure; nothing in a notice is ever a command.

Invariants: what is said two ways, or under a condition, or of what is still to come, tells nothing; bad news in a mail
counts before good; only the start of a mail is read, in time linear in it.
"""

import re
from collections.abc import Iterator

from lorbot.core.message import Forwarded, Incoming
from lorbot.core.notice import Notice, Told
from lorbot.core.reading import Evidence, Kind, Reading
from lorbot.reading.portals import Portal, common, compiled, is_about_letters, may_tell, portal_of
from lorbot.reading.sentences import sentences, straight

MOST_READ = 4_000  # characters: a notice says what it is at its start
_LONGEST = 400  # characters of a sentence
_SPACES = re.compile(r"\s+")
_NOT_YET = re.compile(
    r"\b(?:not|never|once|when|whenever|if|until|unless|after|before|as soon as|please|will|would|(?-i:may)|can|cannot"
    r"|has yet|have yet|should|must|remind\w{0,5}|deadline|outstanding|pending|incomplete|invites?|asked you"
    r"|requests? (?:that )?you)\b",
    re.IGNORECASE,
)
_SAID_WITH_NOT = frozenset({Told.REJECTED, Told.UNDELIVERED, Told.UNMATCHED, Told.EXPIRED})
_FIRST = (Told.REJECTED, Told.WITHDRAWN, Told.UNMATCHED, Told.UNDELIVERED, Told.EXPIRED)
"""What counts where a mail also says that the letter came: it is no letter yet."""


def notice(incoming: Incoming) -> Notice | None:
    """The notice that a portal's own mail is; None for any other mail, and for one that speaks of no letter."""
    portal = may_tell(incoming)
    if portal is None:
        return None
    found = _notice(portal, incoming.sender.email, incoming.subject, incoming.text)
    return None if found.told is Told.UNCLEAR and not is_about_letters(incoming.subject) else found


def notice_passed_on(mail: Forwarded) -> Notice | None:
    """The notice that a forwarded mail shows, by the address in its copied head; None where that is no portal's."""
    portal = portal_of(mail.sender.email)
    return _notice(portal, mail.sender.email, mail.subject, mail.text) if portal else None


def portal_reading(incoming: Incoming) -> Reading | None:
    """A notice as a reading with its sentence as evidence; None for any other mail, and for what is not clear."""
    found = notice(incoming)
    if found is None or found.told is Told.UNCLEAR:
        return None
    evidence = Evidence(label=f"{found.portal}: {found.told}", sentence=found.sentence)
    return Reading(kind=Kind.PORTAL_NOTICE, evidence=(evidence,), confidence=0.9, words=incoming.text)


def _notice(portal: Portal, sender: str, subject: str, text: str) -> Notice:
    start = straight(text[:MOST_READ])
    said = [_plain(each) for each in (subject, *(s.words for s in sentences(start)))]
    found = list(_events(portal, said))
    told = _one({event for event, _, _ in found})
    lines = [_plain(line) for line in start.split("\n")]
    name, services = _called(portal, f"{sender} {subject} {start}")
    writers = [writer for event, _, writer in found if writer and event is told]
    return Notice(
        portal=name,
        services=services,
        domains=portal.domains,
        told=told,
        sentence=_telling(found, told) or _plain(subject),
        writers=_each([*writers, *_fields("writer", lines)]),
        letter_ids=_each(_fields("letter_id", lines)),
        applicant_ids=_each(_fields("applicant_id", lines)),
    )


def _one(told: set[Told]) -> Told:
    """The one thing a mail tells: of several the bad news, and else nothing sure."""
    if len(told) == 1:
        return next(iter(told))
    return next((first for first in _FIRST if told == {first, Told.RECEIVED}), Told.UNCLEAR)


def _events(portal: Portal, said: list[str]) -> Iterator[tuple[Told, str, str]]:
    """Each event with its sentence and the writer it names, "" for none. A request is not the letter."""
    for sentence in said:
        found: dict[Told, str] = {}
        for told, patterns in portal.events.items():
            hits = [hit for pattern in patterns if (hit := compiled(pattern).search(sentence))]
            if hits and (told in _SAID_WITH_NOT or not _NOT_YET.search(sentence)):
                found[told] = next((w for hit in hits if (w := hit.groupdict().get("writer"))), "")
        if Told.RECEIVED in found and len(found) > 1:
            del found[Told.RECEIVED]  # "your letter request has been sent and received"
        yield from ((told, sentence, writer) for told, writer in found.items())


def _telling(found: list[tuple[Told, str, str]], told: Told) -> str:
    """The sentence that told it: one of the text before the subject, for it says more."""
    telling = [sentence for event, sentence, _ in found if event is told]
    return telling[-1] if telling else ""


def _fields(name: str, lines: list[str]) -> Iterator[str]:
    for pattern in common().fields[name]:
        for line in lines:
            yield from (hit[name] for hit in compiled(pattern).finditer(line))


def _called(portal: Portal, mail: str) -> tuple[str, tuple[str, ...]]:
    """The name of the one service that a mail speaks of, and that service; the portal's own where it is not clear."""
    named = [(name, service) for name, (words, service) in portal.called.items() if compiled(words).search(mail)]
    return (named[0][0], (named[0][1],)) if len(named) == 1 else (portal.name, portal.services)


def _each(found: object) -> tuple[str, ...]:
    assert isinstance(found, list | Iterator)
    return tuple(dict.fromkeys(found))


def _plain(words: str) -> str:
    return _SPACES.sub(" ", straight(words)).strip()[:_LONGEST]
