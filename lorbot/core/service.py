"""What an application service wants, as a value. What no source says is empty, and the applicant is asked for it.

The schema of the files in `lorbot/services` and in the operator's folder is these classes; docs/services.md describes
every field. `lorbot.core.service_files` reads and checks the files, `lorbot.core.services` has what is known.
"""

from datetime import date
from enum import StrEnum

from pydantic import Field

from lorbot.core.letter_types import LetterType
from lorbot.core.value import Line, value

STAGES = ("premed", "medical student", "residency", "fellowship", "job", "promotion")
"""Whose a service is; "" where it is for several."""

OF_A_SPECIALTY = ("residency", "fellowship")
"""The stages at which one applies in a specialty."""


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
    OPERATOR = "operator"  # who runs lorbot says so


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
class Source:
    url: Line = ""  # "" only where the operator says so
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
    least: int = 1  # 0: never needed by itself, only in place of others or where a programme says so
    required: bool = False
    specialty: Line = ""  # it holds for this specialty alone
    instead_of: tuple[LetterType, ...] = ()  # one letter of this type satisfies these
    words: Line = ""  # the rule as a sentence
    said_by: tuple[Line, ...] = ()


@value
class StandardForm:
    """A standardized letter of a specialty."""

    specialty: Line  # "" for every specialty
    also: tuple[Line, ...] = ()  # other names of the specialty: "em"
    name: Line
    replaces_narrative: bool | None = None  # nothing else is written beside it
    required: bool | None = None
    built_in: bool = False  # filled in within the portal: no PDF of it may be uploaded
    wanted: tuple[int, int] | None = None  # how many of it are usual
    words: tuple[Line, ...] = ()  # what the writer or the applicant has to know
    url: Line = ""
    said_by: tuple[Line, ...] = ()


@value
class Formats:
    type: Line = ""  # "PDF"
    most_mb: float = 0  # of one file; 0 where that is not known
    paper: Line = ""  # "US letter"
    encryption_allowed: bool | None = None
    digital_signature_allowed: bool | None = None
    file_name: Line = ""  # a rule about the name


@value
class Dates:
    """The dates of one cycle: a day, or a moment with its zone, as the source has it. "" where it says nothing."""

    cycle: Line  # "2027": the year of entry, or of the season's name; "" where the source names no year
    zone: Line = ""  # IANA name of the zone in which moments are given
    opens: Line = ""  # "2026-06-03", "2026-09-24T09:00"
    submit_from: Line = ""
    visible_from: Line = ""
    letters_by: Line = ""  # a deadline of the service for letters
    advised_by: Line = ""  # the day that schools advise writers to keep; never called a deadline
    ends: Line = ""
    words: Line = ""  # what the source says without a day
    said_by: tuple[Line, ...] = ()


DAYS = ("opens", "submit_from", "visible_from", "advised_by", "letters_by", "ends")
"""The fields of `Dates` that are days or moments, in the order of a season."""


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
    """One application service. Every fact comes from `sources`, as of `checked_on`."""

    name: Line  # of its file
    title: Line
    purpose: Line  # "residency application": what the applicant calls it in a sentence, after "my"
    aliases: tuple[Line, ...] = ()  # what people call the service itself; words in any order
    used_for: tuple[Line, ...] = ()  # what people call what it is for; counts only where no service is named
    platform: bool = True  # letters go through it; False for what has no portal of its own: a job, a promotion
    stage: Line = ""  # whose it is: one of STAGES
    identifiers: tuple[Line, ...] = ()  # which the writer needs
    letter_id: Line = ""  # what the service calls the number of one letter; "" where it has none
    digits: dict[Line, int] = Field(default_factory=dict)  # an identifier -> how many digits it has
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
    steps: tuple[Line, ...] = ()  # how to submit, to the writer, in the applicant's voice
    must_carry: tuple[Line, ...] = ()
    format: tuple[Line, ...] = ()  # in words, for the writer
    formats: Formats = Field(default_factory=Formats)
    form_only: bool = False  # a form is filled in, and there is no letter
    form_rule: Line = ""  # how a form and a letter go together
    forms: tuple[StandardForm, ...] = ()
    waiver: Line = ""  # what a waiver holds for: "each letter", "each request", "the application"
    access: Line = ""  # who may see a letter that has arrived
    uploaders: Line = ""  # who may upload, in words
    reuse: Reuse = Field(default_factory=Reuse)
    roles: tuple[Line, ...] = ()  # of mentors whose letters it is mostly about; () where the source says nothing
    guideline_url: Line = ""
    source: Line = ""  # the address that says most
    checked_on: date
    remark: Line = ""  # what is old, contradicts itself or is worth knowing
    unknown: tuple[Line, ...] = ()  # what no source says and the applicant is asked for; after "I do not know"
    sources: dict[Line, Source] = Field(default_factory=dict)
    said_by: dict[Line, tuple[Line, ...]] = Field(default_factory=dict)  # "counts.most" -> keys of `sources`


ADVICE = frozenset(
    {"name", "title", "purpose", "aliases", "used_for", "platform", "stage", "ask_weeks_before", "source",
     "checked_on", "remark", "unknown", "sources", "said_by", "wanted", "forms", "dates"}
)  # fmt: skip
"""Fields that need no source: what lorbot calls things and when it advises to ask. Of the lists, each entry has its own
sources."""
