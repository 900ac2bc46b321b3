"""The portals that write about letters, from the data in `lorbot.notices`: whose mail is whose, and what to open.

Invariant: a mail is opened for a notice only where its header alone says so: a sender of a portal's own domain, and a
subject about letters or about the state of an application.
"""

import re
import tomllib
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from pydantic import Field, TypeAdapter

from lorbot.core.message import Incoming, Origin
from lorbot.core.notice import Told, is_below
from lorbot.core.value import Line, Text, value

_COMMON = "common.toml"
_CAPITAL = r"[A-Z\u00c0-\u00de]"
_WORD = rf"(?:(?:{_CAPITAL}\.){{1,4}}{_CAPITAL}?|{_CAPITAL}[\w'-]+|{_CAPITAL})"
_NAME = rf"(?:(?:de la|de|del|der|den|van|von|da|di|du|la|le|el|al|bin) )?{_WORD}"
_WRITER = (
    r"(?-i:(?P<writer>(?:(?:Dr|Prof|Professor|Doctor|Mr|Mrs|Ms|Mx)\.? )?"
    rf"{_NAME}(?:,? {_NAME}){{0,5}}))"
)


@value
class Sample:
    """A notice as the portal may send it, and what it is read as. `origin` and `address` say where it comes from."""

    subject: Line
    text: Text
    told: Told
    writers: tuple[Line, ...] = ()
    letter_ids: tuple[Line, ...] = ()
    called: Line = ""
    origin: Line
    address: Line
    year: int


@value
class Portal:
    """One sender of notices."""

    name: Line
    domains: tuple[Line, ...]
    services: tuple[Line, ...]
    origin: tuple[Line, ...]  # where it is published that such mail is sent
    checked_on: date
    remark: Line = ""
    called: dict[Line, tuple[str, Line]] = Field(default_factory=dict)  # name -> (its words, the service)
    events: dict[Told, tuple[str, ...]]
    sample: tuple[Sample, ...]


@value
class Headers:
    """Subjects: of a letter, of something that may be one, and of what is never opened."""

    subjects: tuple[str, ...]
    general: tuple[str, ...]
    never: tuple[str, ...]


@value
class Common:
    fragments: dict[str, str]
    headers: Headers
    fields: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def common() -> Common:
    return TypeAdapter(Common).validate_python(_read(_COMMON))


@lru_cache(maxsize=1)
def all_portals() -> tuple[Portal, ...]:
    """Every known portal, in the order of the files' names."""
    files = sorted(f.name for f in resources.files("lorbot.notices").iterdir() if f.name.endswith(".toml"))
    return tuple(TypeAdapter(Portal).validate_python(_read(name)) for name in files if name != _COMMON)


def portal_of(address: str) -> Portal | None:
    """The portal whose domain a sender's address has."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return next((p for p in all_portals() if any(is_below(domain, own) for own in p.domains)), None)


def may_tell(header: Incoming) -> Portal | None:
    """The portal whose notice this mail may be, by its header alone; None for all other mail.

    A portal answers nobody, so that an answer is a person's, who may work there; what goes to many is no notice.
    """
    if header.senders != 1 or header.in_reply_to or header.references:
        return None
    if header.origin not in {Origin.PERSON, Origin.AUTO_REPLY} or not (
        is_about_letters(header.subject) or _fits(common().headers.general, header.subject)
    ):
        return None
    return None if _fits(common().headers.never, header.subject) else portal_of(header.sender.email)


def is_about_letters(subject: str) -> bool:
    """Whether a subject speaks of a letter and of what became of it."""
    return _fits(common().headers.subjects, subject) and not _fits(common().headers.never, subject)


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the data files with its fragments filled in. It matches whatever the case; names keep theirs."""
    for name, fragment in common().fragments.items():
        pattern = pattern.replace(f"{{{name}}}", fragment)
    return re.compile(pattern.replace("{writer}", _WRITER), re.IGNORECASE)


def _fits(patterns: tuple[str, ...], subject: str) -> bool:
    return any(compiled(pattern).search(subject[:300]) for pattern in patterns)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("lorbot.notices").joinpath(name).read_text("utf-8"))
