"""What is known of application services, laid out for a terminal of 80 columns: a table of all, or all about one.

Behind each fact stand the keys of its sources in brackets; the sources stand at the end, with kind and address.
"""

import textwrap
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from lorbot.core import service_words as words
from lorbot.core.service import Dates, Sender, Service, Source, StandardForm
from lorbot.core.service_season import opened, stale

WIDTH = 80
LABEL = 18  # columns before a value

_ASKS = {
    Sender.UNKNOWN: "?", Sender.SERVICE: "service", Sender.APPLICANT: "applicant", Sender.EITHER: "either",
    Sender.INSTITUTION: "institution",
}  # fmt: skip
_SERVICE = TypeAdapter(Service)


def table(services: Iterable[Service], today: date) -> str:
    """One line a service: its name, how many letters, who asks the writer, when it was checked."""
    services = tuple(services)
    rows = [("NAME", "LETTERS", "WHO ASKS", "CHECKED")]
    rows += [(s.name, _brief(s), _ASKS[s.sender], _checked(s, today)) for s in services]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    lines = ["  ".join(map(str.ljust, row, (*widths, 0))) for row in rows]
    old = [s.name for s in services if stale(s, today)]
    notes = ["WHO ASKS: who sends a writer the request.  ?: no source says.", "All about one: lorbot services NAME"]
    if old:
        notes.append(
            f"!: checked before the season opened ({', '.join(old)}). Please look at their sources; "
            "docs/services.md says how to enter what changed."
        )
    return "\n".join([*lines, "", *(_wrapped(note) for note in notes)])


def about(service: Service, today: date) -> str:
    """Everything that is known of one service, with its sources, and what is not."""
    head = [f"{service.title}  ({service.name})", "=" * (len(service.title) + len(service.name) + 4)]
    blocks = [
        "\n".join([*head, *_head(service, today)]),
        _block("Letters", _letters(service)),
        _block("How it is done", _procedure(service)),
        _block("Afterwards", _afterwards(service)),
        _block("Forms", (line for form in service.forms for line in _form(form))),
        _block("Seasons", (line for dates in service.dates for line in _season(dates))),
        _block("Not known", (_wrapped(f"- {gap}", indent=2) for gap in service.unknown)),
        _block("Remarks", [_wrapped(service.remark, keys=service.said_by.get("remark", ()))] if service.remark else []),
        _block("Sources", (line for key, source in service.sources.items() for line in _source(key, source, service))),
    ]
    return "\n\n".join(block for block in blocks if block)


def as_data(service: Service, today: date) -> dict[str, Any]:
    """The whole service as JSON has it, with how old it is."""
    begun = opened(service, today)
    known: dict[str, Any] = _SERVICE.dump_python(service, mode="json")
    return known | {
        "age_days": (today - service.checked_on).days,
        "season_opened": begun.isoformat() if begun else None,
        "stale": stale(service, today),
    }


def _head(service: Service, today: date) -> Iterator[str]:
    yield "“You” is the applicant; in what goes to the writer, “I” is."
    yield ""
    yield _line("for", f"{service.purpose}{f' (stage: {service.stage})' if service.stage else ''}")
    yield _line("also called", ", ".join((*service.aliases, *service.used_for)))
    yield _line("checked", _checked(service, today).removesuffix(" !") + _season_note(service, today))
    last, first = service.ask_weeks_before
    yield _line("ask writers", f"{first} to {last} weeks before (lorbot's advice)")


def _season_note(service: Service, today: date) -> str:
    if stale(service, today):
        return "; OLDER THAN THE SEASON, please look at the sources" if opened(service, today) else "; over a year ago"
    return ""


def _letters(service: Service) -> Iterator[str]:
    if service.letters:
        yield _line("in short", service.letters, service.said_by.get("letters", ()))
    yield from _facts(service, "counts", words.counted(service.counts), "how many")
    for number, wanted in enumerate(service.wanted):
        where = f" [{wanted.specialty}]" if wanted.specialty else ""
        yield _line("from whom" if not number else "", words.wanted_words(wanted) + where, wanted.said_by)
    yield from _fact(service, "roles", ", ".join(service.roles), "mostly about")


def _procedure(service: Service) -> Iterator[str]:
    asks = words.SENDER[service.sender].format(title=service.title)
    numbers = [f"{name}{_digits(service, name)}" for name in (*service.identifiers, service.letter_id) if name]
    yield from _fact(service, "sender", asks, "the request")
    yield from _fact(service, "reminds_writers", service.reminds_writers, "reminders")
    yield _line("numbers", ", ".join(numbers), _by(service, "identifiers", "letter_id", "digits"))
    yield from _fact(service, "rule", words.RULE[service.rule], "deadlines")
    yield from _fact(service, "assigned_to_programmes", "each letter, to programs, by the applicant", "to be assigned")
    yield from _listed(service, "steps", service.steps, "to the writer")
    yield from _listed(service, "must_carry", service.must_carry, "must carry")
    yield from _listed(service, "format", service.format, "its form")
    yield from _facts(service, "formats", [", ".join(words.formats_said(service.formats))], "files")
    yield from _fact(service, "salutation", service.salutation, "salutation")
    yield from _fact(service, "signature", service.signature, "signature")
    yield from _fact(service, "form_only", "a form alone, no letter", "a form")
    yield from _fact(service, "form_rule", service.form_rule, "form and letter")
    yield from _fact(service, "waiver", service.waiver, "a waiver is for")
    yield from _fact(service, "access", service.access, "who may see it")
    yield from _fact(service, "uploaders", service.uploaders, "who may upload")
    yield from _fact(service, "guideline_url", service.guideline_url, "for writers")


def _afterwards(service: Service) -> Iterator[str]:
    said = words.reuse_said(service.reuse)
    keys = _by(service, *(path for path in service.said_by if path.startswith("reuse.")))
    for number, text in enumerate(said, 1):
        yield _wrapped(f"- {text}", indent=2, keys=keys if number == len(said) else ())


def _form(form: StandardForm) -> Iterator[str]:
    traits = [
        "required" if form.required else "",
        "built into the portal" if form.built_in else "",
        "in place of a letter" if form.replaces_narrative else "",
        f"{words.span(form.wanted)} are usual" if form.wanted else "",
    ]
    said = ", ".join([form.name, *(trait for trait in traits if trait)])
    yield _line(form.specialty or "everybody", said, form.said_by)
    yield from (_line("", f"- {text}") for text in form.words)
    if form.url:
        yield _line("", form.url)


def _season(dates: Dates) -> Iterator[str]:
    said = words.season(dates)
    zone = f"times in {dates.zone}" if dates.zone and any("T" in str(value) for value in vars(dates).values()) else ""
    yield _line(dates.cycle or "no year named", "; ".join([*said, *([zone] if zone else [])]), dates.said_by)


def _source(key: str, source: Source, service: Service) -> Iterator[str]:
    used = {k for by in service.said_by.values() for k in by}
    for entries in (service.wanted, service.forms, service.dates):
        used |= {k for entry in entries for k in entry.said_by}
    if key in used:
        of = f", of {source.said_of}" if source.said_of else ""
        yield _line(key, f"{source.kind.value}{of}")
        yield f"{'':{LABEL + 2}}{source.url}" if source.url else _line("", "in the operator's folder")


def _facts(service: Service, table_name: str, said: list[str], label: str = "") -> Iterator[str]:
    """The statements of a table, with the sources of all its keys."""
    keys = [path for path in service.said_by if path.startswith(f"{table_name}.")]
    said = [text for text in said if text]
    if said:
        yield _line(label, "; ".join(said), _by(service, *keys))


def _fact(service: Service, key: str, said: str, label: str) -> Iterator[str]:
    if getattr(service, key):
        yield _line(label, said, service.said_by.get(key, ()))


def _listed(service: Service, key: str, said: tuple[str, ...], label: str) -> Iterator[str]:
    for number, text in enumerate(said, 1):
        keys = service.said_by.get(key, ()) if number == len(said) else ()
        yield _line(label if number == 1 else "", f"- {text}", keys)


def _by(service: Service, *paths: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for path in paths for key in service.said_by.get(path, ())))


def _digits(service: Service, name: str) -> str:
    return f" ({service.digits[name]} digits)" if name in service.digits else ""


def _brief(service: Service) -> str:
    counts = service.counts
    least, most = counts.least, counts.most
    total = "" if most is None else str(most) if least == most else f"{least}-{most}" if least else f"up to {most}"
    if most is None and counts.most_per_programme:
        total = f"{counts.most_per_programme} a program"
    elif most is None and least == 0:
        total = "none needed"
    typical = counts.typical if counts.typical != (least, most) else None
    usual = f"usually {'-'.join(dict.fromkeys(map(str, typical)))}" if typical else ""
    return ", ".join(part for part in (usual, total) if part) or "?"


def _checked(service: Service, today: date) -> str:
    days = (today - service.checked_on).days
    if not service.sources:
        return "nothing to check"
    age = f"{days} d" if days < 60 else f"{days // 30} mo"
    return f"{service.checked_on} ({age}){' !' if stale(service, today) else ''}"


def _block(title: str, lines: Iterable[str]) -> str:
    found = [line for line in lines if line]
    return "\n".join([title, *found]) if found else ""


def _line(label: str, said: str, keys: Iterable[str] = ()) -> str:
    """A label and what belongs to it, wrapped; a long label has a line of its own. "" where there is nothing."""
    if not said:
        return ""
    body = textwrap.wrap(
        _with_keys(said, keys), WIDTH, initial_indent=" " * (LABEL + 2), subsequent_indent=" " * (LABEL + 2),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    if len(label) >= LABEL:
        return "\n".join([f"  {label}", *body])
    return "\n".join([f"  {label:<{LABEL}}{body[0].lstrip()}", *body[1:]])


def _wrapped(said: str, indent: int = 0, keys: Iterable[str] = ()) -> str:
    return textwrap.fill(
        _with_keys(said, keys), WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2 * bool(indent)),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _with_keys(said: str, keys: Iterable[str]) -> str:
    named = ", ".join(keys)
    return f"{said} [{named}]" if named else said
