"""What is wrong with a service file though each value is well formed: a fact without a source, counts that contradict.

Also what is wrong between files: a name that two services claim.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lorbot.core.service import ADVICE, DAYS, STAGES, Counts, Dates, Formats, Kind, Reuse, Service
from lorbot.core.service_mistakes import Problem, nearest

MOST_WEEKS = 104  # before a deadline; more is a slip
ENDLESS = 1_000_000

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ADDRESS = re.compile(r"https?://\S+")
_WORDS = re.compile(r"[^a-z0-9]+")
_WRITTEN_AFTER = re.compile(r"(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01]) of the year before")
_TABLES: Mapping[str, type] = {"counts": Counts, "formats": Formats, "reuse": Reuse}
_EMPTY: Mapping[str, Any] = {
    "sender": "", "rule": "", "assigned_to_programmes": False, "form_only": False,
}  # fmt: skip


def senseless(service: Service, where: str) -> Iterator[Problem]:
    """Everything that is wrong within one service."""
    for key, says in (
        *_names(service), *_numbers(service), *_dates(service.dates), *_sources(service), *_facts(service)
    ):  # fmt: skip
        yield Problem(where=where, key=key, says=says)


def clashes(services: Mapping[str, Service], where: Mapping[str, str]) -> Iterator[Problem]:
    """Names that two services have: nobody could tell which is meant."""
    taken: dict[frozenset[str], str] = {}
    for name, service in services.items():
        for key, words in (("aliases", service.aliases), ("used_for", service.used_for)):
            for alias in words:
                other = taken.setdefault(word_set(alias), name)
                if other != name:
                    says = f"has “{alias}”, which is also one of {where[other]}; keep it in one of the two"
                    yield Problem(where=where[name], key=key, says=says)


def word_set(text: str) -> frozenset[str]:
    """The words of a text, without their order: "MD/PhD" has md and phd."""
    return frozenset(_WORDS.sub(" ", text.lower()).split())


def facts(service: Service) -> Iterator[tuple[str, Any]]:
    """Every fact that is given, as `said_by` names it, with its value: ("counts.most", 10)."""
    for key, value in vars(service).items():
        if key in _TABLES:
            usual = _TABLES[key]()
            given = ((below, v) for below, v in vars(value).items() if v != getattr(usual, below))
            yield from ((f"{key}.{below}", v) for below, v in given)
        elif key not in ADVICE and value and value != _EMPTY.get(key):
            yield key, value


def _names(service: Service) -> Iterator[tuple[str, str]]:
    stages, after = ", ".join(STAGES), service.reuse.written_after
    aliases = {"aliases": service.aliases, "used_for": service.used_for}
    addresses = {"source": service.source, "guideline_url": service.guideline_url}
    rules = (
        ("", bool(_NAME.fullmatch(service.name)),
         "is no name for a service file; use small letters, digits and hyphens, such as my-school.toml"),
        ("title", bool(service.title), "is empty; write it"),
        ("purpose", bool(service.purpose), "is empty; write it"),
        ("stage", service.stage in {"", *STAGES}, f"is none of the words known here; write one of {stages}"),
        ("reuse.written_after", not after or bool(_WRITTEN_AFTER.fullmatch(after)),
         'is not what belongs here; write it as "05-01 of the year before"'),
        *((key, all(map(word_set, given)), "has a name without letters; remove it") for key, given in aliases.items()),
        *((key, not given or bool(_ADDRESS.fullmatch(given)), "is no web address; begin it with https://")
          for key, given in addresses.items()),
        *(("digits", name in {*service.identifiers, service.letter_id},
           f"has “{name}”, which is neither in identifiers nor letter_id; mend it") for name in service.digits),
    )  # fmt: skip
    yield from ((key, says) for key, holds, says in rules if not holds)


def _numbers(service: Service) -> Iterator[tuple[str, str]]:
    counts, (last, first) = service.counts, service.ask_weeks_before
    most = ENDLESS if counts.most is None else counts.most
    spans = {"counts.typical": counts.typical, **{f"forms.{f.name}.wanted": f.wanted for f in service.forms}}
    numbers = {f"counts.{key}": number for key, number in vars(counts).items() if type(number) is int}
    numbers |= {f"wanted.{number}.least": wanted.least for number, wanted in enumerate(service.wanted, 1)}
    too_many = "is more than counts.most; lower it, or raise counts.most"
    rules = (
        ("ask_weeks_before", 0 <= last <= first <= MOST_WEEKS,
         "is no span of weeks; write the smaller first, such as [6, 8]"),
        ("counts.least", (counts.least or 0) <= most, too_many),
        ("counts.complete_with", (counts.complete_with or 0) <= most, too_many),
        ("counts.typical", not counts.typical or counts.typical[1] <= most, too_many),
        ("counts.unlimited", counts.most is None or not counts.unlimited,
         "stands beside counts.most; keep one of them"),
        ("formats.most_mb", service.formats.most_mb >= 0, "is below 0; write megabytes, or leave it out"),
        *((key, number >= 0, "is below 0; write a number of letters") for key, number in numbers.items()),
        *((key, not span or 0 <= span[0] <= span[1], "is no span; write the smaller first, such as [2, 3]")
          for key, span in spans.items()),
    )  # fmt: skip
    yield from ((key, says) for key, holds, says in rules if not holds)


def _dates(cycles: tuple[Dates, ...]) -> Iterator[tuple[str, str]]:
    for number, dates in enumerate(cycles, 1):
        key = f"dates.{number}"
        if dates.cycle in {other.cycle for other in cycles[: number - 1]}:
            yield f"{key}.cycle", f"has “{dates.cycle}” twice; put both into one"
        given = {name: getattr(dates, name) for name in DAYS if getattr(dates, name)}
        wrong = [name for name, text in given.items() if _day(text) is None]
        yield from ((f"{key}.{name}", 'is no day; write it as "2027-05-01" or "2027-05-01T09:00"') for name in wrong)
        if dates.zone and not _is_zone(dates.zone):
            yield f"{key}.zone", 'names no time zone; write one such as "America/New_York"'
        if not dates.zone and any("T" in text for text in given.values()):
            yield f"{key}.zone", 'is missing beside a time of day; write one such as "America/New_York"'
        season = [name for name in ("opens", "submit_from", "visible_from", "ends") if name in given]
        for one, other in pairwise(season):
            first, second = _day(given[one]), _day(given[other])
            if first and second and first > second:
                yield f"{key}.{other}", f"is before {one}; write the later day"


def _sources(service: Service) -> Iterator[tuple[str, str]]:
    for key, source in service.sources.items():
        if not _ADDRESS.fullmatch(source.url) and (source.kind is not Kind.OPERATOR or source.url):
            yield f"sources.{key}.url", "is no web address; begin it with https://"
    entries = [
        (f"{name}.{number}", entry.said_by)
        for name in ("wanted", "forms", "dates")
        for number, entry in enumerate(getattr(service, name), 1)
    ]
    yield from ((f"{key}.said_by", "is missing; name the key of a source") for key, said in entries if not said)
    named = {f"said_by.{key}": said for key, said in service.said_by.items()}
    for key, said in (*((f"{key}.said_by", said) for key, said in entries), *named.items()):
        for source_key in said:
            if source_key not in service.sources:
                yield key, f"names “{source_key}”, which is not below [sources]; {nearest(source_key, service.sources)}"


def _facts(service: Service) -> Iterator[tuple[str, str]]:
    given = dict(facts(service))
    for key in given:
        if not service.said_by.get(key):
            yield key, f"has no source; below [said_by] write {key} = [...] with the key of a source"
    known = {*given, *(k for k in vars(service) if k not in ADVICE and k not in _TABLES), "remark"} | {
        f"{table}.{key}" for table, cls in _TABLES.items() for key in vars(cls())
    }
    for key in service.said_by:
        if key not in known:
            yield f"said_by.{key}", f"is no fact; {nearest(key, sorted(known))}"


def _day(text: str) -> date | None:
    """The day of a day or a moment; None for what is neither."""
    try:
        return datetime.fromisoformat(text).date() if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
