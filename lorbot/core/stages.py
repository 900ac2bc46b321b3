"""Where an applicant stands on the way, read from the line `stage`, and the steps ahead, each with its letters.

Invariant: a date that no source gives is not here, and a year that the applicant did not tell is only a condition.
"""

import re
from datetime import date
from enum import IntEnum

from lorbot.core.value import Line, value


class Stage(IntEnum):
    """In the order of the way."""

    PREMED = 1
    STUDENT = 2
    RESIDENT = 3
    FELLOW = 4
    FACULTY = 5


@value
class Standing:
    """What the line `stage` says. `ends`: the year in which the stage ends; `assumed` where it was counted here."""

    stage: Stage
    year: int = 0  # of the stage: 4 for a fourth-year student, 2 for PGY-2; 0 where that is not said
    ends: int = 0
    assumed: bool = False


@value
class Usual:
    """When letters for a step are usually wanted, and who says so."""

    month: int
    day: int
    years_before: int  # the year is that of the end of the stage before, less so many
    lead: Line  # "by" or "around": what the source says is not always a deadline
    words: Line  # what it says
    source: Line


@value
class Step:
    """One step of the way, and what its letters are."""

    name: Line
    after: Stage  # the stage that it ends
    purpose: Line  # in what a service calls an application of this kind
    service_stage: Line  # the same in `Service.stage`
    service: Line = ""  # the one whose words about its letters are shown
    usual: Usual | None = None
    note: Line = ""  # what is to be known where no letter is wanted
    note_source: Line = ""
    last_year: int = 0  # of the stage, in which the step is still ahead; 0 for all
    ask: Line = ""  # what is asked of the applicant where no date is known
    optional: bool = False  # not everybody takes it


STEPS: tuple[Step, ...] = (
    Step(
        name="medical school", after=Stage.PREMED, purpose="medical school", service_stage="premed", service="amcas",
        usual=Usual(
            month=5, day=27, years_before=1, lead="around",
            words="AMCAS took applications from May 27 on in 2026",
            source="https://mededits.com/mededits-blog/when-do-medical-school-applications-open",
        ),
        ask="the year in which you want to begin (write: profile, with the line “stage: premed, entering 2029”)",
    ),
    Step(
        name="clerkships", after=Stage.STUDENT, purpose="clerkship", service_stage="clerkship", last_year=3,
        note="the letters for residency begin here: ask soon after a rotation ends, while it is fresh in memory",
        note_source="https://greaterinfluence.org/2020/04/12/how-to-get-strong-letters-of-recommendation/",
    ),
    Step(
        name="residency", after=Stage.STUDENT, purpose="residency", service_stage="residency", service="eras-residency",
        usual=Usual(
            month=9, day=1, years_before=1, lead="by",
            words="one medical school asks its writers for ERAS letters by September 1",
            source="https://www.medschool.umaryland.edu/osa-dev/advising/residency-application-manual/"
            "application-parts/lors",
        ),
        ask="the year in which you graduate (write: profile, with the line “stage: third-year medical student, "
        "class of 2029”)",
    ),
    Step(
        name="a fellowship", after=Stage.RESIDENT, purpose="fellowship", service_stage="fellowship",
        service="eras-fellowship",
        usual=Usual(
            month=6, day=30, years_before=1, lead="by",
            words="one guide for residents names the end of June for programs of the July cycle",
            source="http://imrespdx.com/fellowship-application-and-interview-guides",
        ),
        ask="the year in which your residency ends (write: profile, with the line “stage: PGY-2, finishing 2029”)",
        optional=True,
    ),
    Step(
        name="a first job", after=Stage.FELLOW, purpose="job", service_stage="job",
    ),
    Step(
        name="promotion", after=Stage.FACULTY, purpose="promotion", service_stage="promotion",
    ),
)  # fmt: skip
"""The way. A fellowship is one of two ways out of a residency, and the first job follows either."""

_WORDS: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (Stage.FACULTY, re.compile(
        r"\b(?:faculty|professor|hospitalist|clinical instructor|attending (?:physician|surgeon)|attending$)"
    )),
    (Stage.FELLOW, re.compile(r"(?<!postdoctoral )(?<!research )(?<!postdoc )\bfellow\b")),
    (Stage.RESIDENT, re.compile(r"\b(?:residents?|intern|house officer)\b|\bpgy[ -]?\d?")),
    (Stage.STUDENT, re.compile(r"\bmed(?:ical)? student\b|\bms?[ -]?[1-4]\b|\bmd[ /-]+ph\.?d\b")),
    (Stage.PREMED, re.compile(
        r"\bpre-?(?:med(?:ical)?|health)\b|\bundergrad(?:uate)?\b|\bpost-?bac\w*"
        r"|\bcollege (?:freshman|sophomore|junior|senior|student|graduate)\b"
    )),
)  # fmt: skip
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "final": 4}
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})[ -]year\b")
_NUMBER = re.compile(r"\b(?:ms|m|pgy)[ -]?([1-9])\b")
_A_YEAR = re.compile(r"\b(20\d\d)\b")
_OF_A_SCHOOL = 4  # years to the degree of MD or DO; said as a condition
_NEW_YEAR = 6  # the month from which on a student counts the year that begins in summer


def standing_in(stage: str, today: date) -> Standing | None:
    """Where the words say that somebody stands; None where they say nothing, or two things."""
    low = " ".join(stage.lower().replace("’", "'").split())
    found = [place for place, pattern in _WORDS if pattern.search(low)]
    if len(found) != 1:
        return None
    number, ordinal = _NUMBER.search(low), _ORDINAL.search(low)
    year = int(number[1]) if number else _ORDINALS[ordinal[1]] if ordinal else 0
    years = {int(y) for y in _A_YEAR.findall(low)}
    if len(years) == 1:
        return Standing(stage=found[0], year=year, ends=years.pop())
    if found[0] is Stage.STUDENT and 1 <= year <= _OF_A_SCHOOL:
        begun = today.year if today.month >= _NEW_YEAR else today.year - 1
        return Standing(stage=found[0], year=year, ends=begun + _OF_A_SCHOOL - year + 1, assumed=True)
    return Standing(stage=found[0], year=year)


def steps_ahead(standing: Standing | None) -> tuple[Step, ...]:
    """The steps from here on; all of them where nobody knows where here is."""
    if standing is None:
        return STEPS
    ahead = (step for step in STEPS if step.after >= standing.stage)
    return tuple(s for s in ahead if s.after > standing.stage or not s.last_year or standing.year <= s.last_year)


def usual_day(step: Step, standing: Standing | None) -> date | None:
    """The day on which letters for this step are usually wanted; None where its year or its date is not known."""
    if step.usual is None or standing is None or standing.stage is not step.after or not standing.ends:
        return None
    return date(standing.ends - step.usual.years_before, step.usual.month, step.usual.day)
