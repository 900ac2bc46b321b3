"""What an application service wants, from data files. Nothing is guessed: unknown is empty.

The files are those of `lorbot/services` and of the operator's folder; the schema is described in docs/services.md.
"""

import re
import tomllib
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from pydantic import Field, TypeAdapter

from lorbot.core.letter_types import LetterType
from lorbot.core.value import Line, value

CUSTOM = "custom"

_PUNCTUATION = re.compile(r"[^a-z0-9-]+")


class Sender(StrEnum):
    """Who sends the writer the request for a letter."""

    UNKNOWN = ""
    SERVICE = "service"  # by e-mail, once the applicant has entered the writer
    APPLICANT = "applicant"  # hands over a form or numbers
    EITHER = "either"
    INSTITUTION = "institution"  # which chooses and asks the writers; the applicant must not


class Kind(StrEnum):
    """How a source is known."""

    OFFICIAL = "official"
    STUDY = "peer-reviewed"
    REPOSITORY = "repository"
    SECONDARY = "secondary"  # an advising office or a consultancy
    MIRROR = "mirror"  # a copy of an official page
    EXPERIENCE = "experience"  # what people report


@value
class Source:
    url: Line
    kind: Kind
    said_of: Line = ""  # the cycle or year the page speaks of, where it is an older one


@value
class Counts:
    """How many letters. None: not known, or there is no such limit."""

    least: int | None = None
    most: int | None = None  # of one application
    unlimited: bool = False  # the service says that it sets no limit to `most`
    most_per_programme: int | None = None
    typical: tuple[int, int] | None = None  # what programmes usually want, from and to
    complete_with: int | None = None  # so many make an application complete or ready for verification
    committee_counts_as: int | None = None
    contributors_may_write: bool | None = None  # who contributed to a committee letter may also write one of their own


@value
class Wanted:
    """Letters of a type that are wanted. `required`: a rule of the service; else what its programmes usually want."""

    type: LetterType
    least: int = 1
    required: bool = False
    specialty: Line = ""  # it holds for this specialty alone
    instead_of: tuple[LetterType, ...] = ()  # one letter of this type satisfies these
    words: Line = ""  # the rule as a sentence


@value
class StandardForm:
    """A standardized letter of a specialty."""

    specialty: Line
    name: Line
    replaces_narrative: bool | None = None  # nothing else is written beside it
    required: bool | None = None
    built_in: bool = False  # filled in within the portal: no PDF of it may be uploaded
    wanted: tuple[int, int] | None = None  # how many of it are usual
    words: tuple[Line, ...] = ()  # what the writer or the applicant has to know
    url: Line = ""


@value
class Formats:
    type: Line = ""  # "PDF"
    most_mb: float = 0  # of one file; 0 where that is not known
    paper: Line = ""  # "US letter"
    encryption_allowed: bool | None = None
    digital_signature_allowed: bool | None = None
    file_name: Line = ""  # a rule about the name


class Rule(StrEnum):
    """What must have happened by a deadline of the service, and so when a letter must be there."""

    UNKNOWN = ""
    LETTERS = "letters"  # the deadline is that of the letters themselves
    SUBMIT = "submit"  # the application is sent; letters may follow
    COMPLETE = "complete"  # the application and its letters have arrived
    VERIFIED = "verified"  # all that, and the service has checked it: letters are needed earlier
    PROGRAMME = "programme"  # each programme sets its own
    VISIBLE = "visible"  # programmes begin to read on one day; letters should be there


@value
class Dates:
    """The dates of one cycle: a day, or a moment with its zone, as the source has it. "" where it says nothing."""

    cycle: Line  # "2027": the year of entry, or of the season's name
    zone: Line = ""  # IANA name of the zone in which moments are given
    opens: Line = ""  # "2026-06-03", "2026-09-24T09:00"
    submit_from: Line = ""
    visible_from: Line = ""
    letters_by: Line = ""  # a deadline of the service for letters
    advised_by: Line = ""  # the day that schools advise writers to keep; never called a deadline
    ends: Line = ""


@value
class Reuse:
    """What may be done with a letter that exists. None: not known."""

    stored_allowed: bool | None = None  # one written earlier and kept elsewhere
    tailored_allowed: bool | None = None  # different letters to different programmes
    removable: bool | None = None  # once it has arrived
    next_cycle: bool | None = None  # it can be used again in the next one
    written_after: Line = ""  # "05-01 of the year before": older ones are not wanted
    words: tuple[Line, ...] = ()


@value
class Service:
    """One application service. Every value comes from `sources`, as of `checked_on`."""

    name: Line
    title: Line
    purpose: Line  # "residency application": what the applicant calls it in a sentence
    aliases: tuple[Line, ...]
    stage: Line = ""  # whose it is: premed, residency, fellowship, job, promotion
    identifiers: tuple[Line, ...] = ()  # which the writer needs
    letter_id: Line = ""  # what the service calls the number of one letter; "" where it has none
    letters: Line = ""  # how many, in words
    counts: Counts = Field(default_factory=Counts)
    wanted: tuple[Wanted, ...] = ()
    sender: Sender = Sender.UNKNOWN
    reminds_writers: Line = ""  # what the service itself sends
    ask_weeks_before: tuple[int, int] = (8, 10)  # the ask window closes and opens so many weeks before
    rule: Rule = Rule.UNKNOWN
    dates: tuple[Dates, ...] = ()
    assigned_to_programmes: bool = False
    salutation: Line = ""
    signature: Line = ""
    steps: tuple[Line, ...] = ()
    must_carry: tuple[Line, ...] = ()
    format: tuple[Line, ...] = ()  # in words, for the writer
    formats: Formats = Field(default_factory=Formats)
    forms: tuple[StandardForm, ...] = ()
    waiver: Line = ""  # what a waiver holds for: "each letter", "each request", "the application"
    uploaders: Line = ""  # who may upload, in words
    reuse: Reuse = Field(default_factory=Reuse)
    roles: tuple[Line, ...] = ()  # of mentors whose letters it is mostly about; () where the source says nothing
    guideline_url: Line = ""
    source: Line = ""
    checked_on: date
    remark: Line = ""
    unknown: tuple[Line, ...] = ()  # what no source says and the applicant is asked for
    sources: dict[Line, Source] = Field(default_factory=dict)
    said_by: dict[Line, tuple[Line, ...]] = Field(default_factory=dict)  # a field -> keys of `sources`


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
