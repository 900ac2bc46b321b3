"""What an application service wants, from the data files in `lorbot/services`. Nothing is guessed: unknown is empty."""

import re
import tomllib
from datetime import date
from functools import lru_cache
from importlib import resources

from pydantic import TypeAdapter

from lorbot.core.value import Line, value

CUSTOM = "custom"

_PUNCTUATION = re.compile(r"[^a-z0-9-]+")


@value
class Service:
    """One application service. Every value comes from `source`, as of `checked_on`."""

    name: Line
    title: Line
    purpose: Line  # "residency application": what the applicant calls it in a sentence
    aliases: tuple[Line, ...]
    identifiers: tuple[Line, ...]  # which the writer needs
    letter_id: Line  # what the service calls the number of one letter; "" where it has none
    letters: Line  # how many, in words
    ask_weeks_before: tuple[int, int]  # the ask window closes and opens so many weeks before the deadline
    assigned_to_programmes: bool
    salutation: Line
    steps: tuple[Line, ...]
    must_carry: tuple[Line, ...]
    format: tuple[Line, ...]
    guideline_url: Line
    source: Line
    checked_on: date
    remark: Line
    most_mb: float = 0  # of one file that is uploaded; 0 where that is not known
    paper: Line = ""  # "US letter"; "" where the service does not say
    roles: tuple[Line, ...] = ()  # of mentors whose letters it is mostly about; () where the source says nothing


@lru_cache(maxsize=1)
def all_services() -> dict[str, Service]:
    """Every known service by name."""
    folder = resources.files("lorbot.services")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {s.name: s for s in (_read(f.name.removesuffix(".toml"), f.read_text("utf-8")) for f in files)}


def service(name: str) -> Service:
    """The service of that name, or the custom one, which knows nothing."""
    return all_services().get(name) or all_services()[CUSTOM]


def find(words: str) -> str:
    """The name of the service that `words` ("ERAS 2028") mean, or "" when none or several could be meant."""
    low = f" {_PUNCTUATION.sub(' ', words.lower())} "
    found = {s.name: max((len(a) for a in s.aliases if f" {a} " in low), default=0) for s in all_services().values()}
    best = max(found.values())
    names = [name for name, length in found.items() if length == best > 0]
    return names[0] if len(names) == 1 else ""


def _read(name: str, text: str) -> Service:
    return TypeAdapter(Service).validate_python({"name": name, **tomllib.loads(text)})
