"""How well two people know each other, as an applicant writes it: "knows me a little", "yes, daily".

Closed lists of what people write. What is not understood is UNSAID: no finding is built on a guess.
"""

import re
from enum import StrEnum

from lorbot.core.courtesy import plain


class Closeness(StrEnum):
    UNSAID = ""
    WELL = "well"
    LITTLE = "a little"
    HARDLY = "hardly"


class Observed(StrEnum):
    """Whether the mentor saw the applicant at work."""

    UNSAID = ""
    YES = "yes"
    SELDOM = "seldom"
    NO = "no"


_HARDLY = re.compile(
    r"\b(?:hardly|barely|scarcely|not (?:really|much|well|very well|at all|so well|too well|that well|close)|slightly"
    r"|doesn't (?:really )?know|does not (?:really )?know|by name|never met|distant)\b"
)
_LITTLE = re.compile(
    r"\b(?:a (?:little|bit)|little|some|somewhat|fairly|moderately|so so|ok|okay|reasonably|medium|average)\b"
)
_WELL = re.compile(r"\b(?:well|close|closely|best|very|strong(?:ly)?|good|great|years|a lot)\b")
_NOT_SEEN = re.compile(
    r"^(?:no|never|not)\b|\b(?:indirect(?:ly)?|second ?-?hand|heard (?:of|about|from)"
    r"|(?:through|from) (?:others|residents|the residents)|only (?:by|through|from) |on paper|never"
    r"|not directly|by reputation)\b"
)
_SELDOM = re.compile(r"\b(?:once|twice|seldom|rarely|occasionally|sometimes|a (?:little|bit|few)|briefly|partly)\b")
_SEEN = re.compile(
    r"^(?:yes|y|true|direct)\b|\b(?:directly|daily|every|weekly|often|always|bedside|ward|clinic|lab|rounds|or|watched|saw|seen"
    r"|supervised|in person|class|times a)\b"
)
_WATCHED = re.compile(
    r"\byou (?:often |also |then |once )?(?:watched|saw|observed|heard) me\b|\b(?:watched|saw|observed) me\b"
    r"|\byou (?:had|let) me\b|\bin front of you\b|\bwith you watching\b",
    re.IGNORECASE,
)
_KIN = re.compile(
    r"\b(?:aunt|uncle|mother|father|mom|dad|parent|sister|brother|cousin|grandmother|grandfather|wife|husband|spouse|partner"
    r"|fianc[eé]e?|godmother|godfather|relative|in-law|family friend|friend of (?:the|my|our) family|neighbou?r)\b"
)
_MANY = re.compile(r"\b(?:many|a lot|lots|too many|busy|overloaded|swamped|full|dozens?|heavy)\b")
_NUMBER = re.compile(r"\b(\d{1,3})\b")
_PHYSICIAN = re.compile(r"\b(?:M\.?D|D\.?O|MBBS|MBCh?B)\b|\b(?i:physician|attending|surgeon|hospitalist|internist)\b")
_OTHER_DEGREE = re.compile(
    r"\b(?:Ph\.?D|RN|NP|PA(?:-C)?|Pharm\.?D|Psy\.?D|DNP|LCSW|MSW|M\.?Sc|Ed\.?D)\b|\b(?i:nurse|pharmacist|postdoc\w*)\b"
)
_HEAVY = 10  # letters a year that one person writes, from which on an early ask matters most


def closeness_in(given: str) -> Closeness:
    """How well the mentor knows the applicant: the most careful word counts."""
    said = plain(given)
    for level, pattern in ((Closeness.HARDLY, _HARDLY), (Closeness.LITTLE, _LITTLE), (Closeness.WELL, _WELL)):
        if pattern.search(said):
            return level
    return Closeness.UNSAID


def observed_in(given: str) -> Observed:
    """Whether the mentor saw the work; "not daily, but twice a week" is left alone."""
    said = plain(given)
    if re.match(r"not (?:daily|always|every|often)\b", said):
        return Observed.UNSAID
    for level, pattern in ((Observed.NO, _NOT_SEEN), (Observed.SELDOM, _SELDOM), (Observed.YES, _SEEN)):
        if pattern.search(said):
            return level
    return Observed.UNSAID


def watched_in(worked_together: str) -> bool:
    """Whether an account says that the mentor saw something: "you watched me lead the meeting"."""
    return bool(_WATCHED.search(worked_together))


def kin_in(*given: str) -> str:
    """The word by which one of the lines calls the mentor family, or ""."""
    found = next((m for m in (_KIN.search(plain(line)) for line in given) if m), None)
    return found[0] if found else ""


def is_physician(name_and_title: str) -> bool | None:
    """Whether the degrees and the title say so: "Sam Kim, MD" does, "PhD" alone says no, "Dr. Kim" nothing (None)."""
    if _PHYSICIAN.search(name_and_title):
        return True
    return False if _OTHER_DEGREE.search(name_and_title) else None


def has_many(given: str) -> bool:
    """Whether the mentor is said to write many letters: "12 this year", "a lot"."""
    said = plain(given)
    if re.match(r"(?:not|no)\b", said):
        return False
    number = _NUMBER.search(said)
    return int(number[1]) >= _HEAVY if number else bool(_MANY.search(said))
