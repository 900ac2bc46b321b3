"""Where the applicant applies, and what each programme there wants: as the applicant wrote it, nothing added."""

from datetime import date

from pydantic import Field

from lorbot.core.value import Line, Moment, Text, value


@value
class Pin:
    """The applicant's own decision about a mentor for an application; no plan changes it."""

    mentor: Line
    writes: bool  # False: not this one
    as_type: Line = ""  # the letter type this mentor is to write: "science"; "" leaves it to the plan


@value
class Programme:
    """One programme of an application, as the applicant's table has it. Nothing in it is lorbot's own."""

    id: Line  # "p1"
    application: Line
    name: Line
    city: Line = ""
    specialty: Line = ""
    deadline: Moment | None = None  # of its letters, or of the application where it says no more
    time_zone: Line = ""  # the zone the deadline was given in
    rule: Line = ""  # what must have happened by the deadline, in the service's words: "complete", "verified"
    letters: int | None = None  # how many it wants
    types: tuple[Line, ...] = ()  # of letters it must have: "chair", "chair", "specialty"
    portal: Line = ""
    wishes: dict[Line, Line] = Field(default_factory=dict)  # any other column: "Distance": "40 miles"


@value
class Application:
    id: Line  # "a1"
    name: Line  # "ERAS 2028, internal medicine"
    service: Line = ""  # a name from lorbot/services
    cycle: Line = ""
    deadline: Moment | None = None  # the true deadline
    time_zone: Line = ""  # the zone the deadline was given in
    rule: Line = ""  # what must have happened by the deadline: "complete", "verified"; "" as the service has it
    letters_by: Moment | None = None  # when the letters must be there, where the deadline does not say it
    letters_zone: Line = ""
    preferred: date | None = None  # labelled as preferred, never called the deadline
    opens: date | None = None
    instructions: Text = ""
    portal: Line = ""
    programmes: Text = ""  # in the applicant's words; the table of programmes is Dossier.programmes
    letter_ids: dict[Line, Line] = Field(default_factory=dict)  # mentor id ("" for all) -> Letter ID
    outcome: Line = ""  # matched, accepted, not this time
    news: Text = ""
    pins: tuple[Pin, ...] = ()
    weights: dict[Line, float] = Field(default_factory=dict)  # what the applicant cares about in a programme
    preferences: dict[Line, Line] = Field(default_factory=dict)  # what is liked best there: "city": "Boston, Chicago"
    own: dict[Line, Line] = Field(default_factory=dict)  # the applicant's own numbers: "step 2": "245"
    window_told: tuple[Line, ...] = ()  # moments of the ask window that the applicant knows of: "opens", "half", "late"
