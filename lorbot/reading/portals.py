"""Recognises what an application portal tells the applicant of a letter: received, declined, rejected.

Invariants: only a mail whose From is of a portal's own domain, and whose words are those of one event, is a notice;
anything else stays what it was. From is a claim: a notice is noted, and nothing is done on its word alone. A request
to write a letter, which goes to the mentor, is no notice. Time is linear in the mail, of which the start is read.
"""

import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from pydantic import TypeAdapter

from lorbot.core.message import Incoming
from lorbot.core.reading import Evidence, Kind, Reading
from lorbot.core.value import Line, value
from lorbot.reading.sentences import sentences, straight

MOST_READ = 4_000  # characters: a notice says what it is at its start

_SPACES = re.compile(r"\s+")
_NOT_YET = re.compile(
    r"\b(?:not|never|once|when|if|until|unless|after|before|as soon as|please|will|has yet|have yet|should|must"
    r"|remind\w{0,5}|deadline|outstanding|pending|incomplete|invites?|asked you|requests? (?:that )?you)\b"
)


class Told(StrEnum):
    """What a portal says became of a letter or of the request for one."""

    RECEIVED = "received"
    ACCEPTED = "accepted"  # the writer took the request on; nothing is written yet
    DECLINED = "declined"
    REJECTED = "rejected"  # the portal refused the file: no signature, no letterhead
    UNDELIVERED = "undelivered"  # the portal's request did not reach the writer
    REQUESTED = "requested"
    DELIVERED = "delivered"  # a stored letter was passed on


@value
class Portal:
    """One portal: whose mail it is, and for each event the phrases that tell it."""

    name: Line
    title: Line
    domains: tuple[Line, ...]
    origin: tuple[Line, ...]  # where it is published that such mail is sent
    phrases: tuple[tuple[Told, str], ...]


@value
class Notice:
    """What a portal told, and its sentence."""

    portal: Line
    told: Told
    sentence: Line


@lru_cache(maxsize=1)
def all_portals() -> tuple[Portal, ...]:
    """Every known portal, as the data file lists them."""
    given = tomllib.loads(resources.files("lorbot.reading").joinpath("portals.toml").read_text("utf-8"))
    return tuple(_portal(each) for each in given["portal"])


def notice(incoming: Incoming) -> Notice | None:
    """The notice that `incoming` is; None for anything else, and where it says two things at once."""
    if incoming.senders != 1 or incoming.in_reply_to or incoming.references:
        return None  # a portal answers nobody; a mentor may work at one, and does
    portal = _portal_of(incoming.sender.email)
    if portal is None:
        return None
    found = {told: sentence for sentence in reversed(_read(incoming)) for told in _told(portal, sentence)}
    if len(found) != 1:
        return None
    told, sentence = next(iter(found.items()))
    return Notice(portal=portal.name, told=told, sentence=sentence)


def portal_reading(incoming: Incoming) -> Reading | None:
    """A portal's notice as a reading with its sentence as evidence; None for any other mail. It never acts."""
    found = notice(incoming)
    if found is None:
        return None
    evidence = Evidence(label=f"{found.portal}: {found.told}", sentence=found.sentence)
    return Reading(kind=Kind.PORTAL_NOTICE, evidence=(evidence,), confidence=0.9, words=incoming.text)


def _portal(given: dict[str, object]) -> Portal:
    events = {key: given.pop(key) for key in [told.value for told in Told] if key in given}
    phrases = [(told, phrase) for told, listed in events.items() for phrase in _listed(listed)]
    return TypeAdapter(Portal).validate_python({**given, "phrases": phrases})


def _listed(phrases: object) -> Iterator[object]:
    yield from phrases if isinstance(phrases, list) else [phrases]


def _portal_of(address: str) -> Portal | None:
    domain = address.rpartition("@")[2].lower().rstrip(".")
    for portal in all_portals():
        if any(domain == own or domain.endswith(f".{own}") for own in portal.domains):
            return portal
    return None


def _read(incoming: Incoming) -> list[str]:
    """The subject and the sentences of the text's start."""
    return [incoming.subject, *(each.words for each in sentences(incoming.text[:MOST_READ]))]


def _told(portal: Portal, sentence: str) -> Iterator[Told]:
    """The events a sentence tells, unless it speaks of what is still to come or asks for something."""
    plain = _SPACES.sub(" ", straight(sentence).lower())[:500]
    for told in dict.fromkeys(told for told, phrase in portal.phrases if re.search(phrase, plain)):
        if told in (Told.REJECTED, Told.UNDELIVERED) or not _NOT_YET.search(plain):
            yield told
