"""What a mail was understood to say, with the words that led to it. The label guide is docs/reading.md."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from lorbot.core.value import Line, Text, value


class Kind(StrEnum):
    HUMAN = "human"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    PORTAL_NOTICE = "portal_notice"
    OTHER = "other"


class Stance(StrEnum):
    """What the reply says about writing a letter."""

    YES = "yes"
    LUKEWARM = "lukewarm"
    UNDECIDED = "undecided"
    NO = "no"
    NONE = "none"


class Signal(StrEnum):
    """What else the reply says; any number of them."""

    SUBMITTED = "submitted"
    WANTS_MATERIALS = "wants_materials"
    ASKS_DEADLINE = "asks_deadline"
    ASKS_HOW = "asks_how"
    ASKS_OTHER = "asks_other"
    MEET = "meet"
    DRAFT_REQUEST = "draft_request"
    REMIND_LATER = "remind_later"
    REDIRECT = "redirect"
    PROBLEM = "problem"
    NEEDS_MORE_TIME = "needs_more_time"
    PROGRESS = "progress"
    STOP = "stop"
    WRONG_PERSON = "wrong_person"
    LETTER_ATTACHED = "letter_attached"


class Stage(StrEnum):
    """What the mentor is answering."""

    ASKED = "asked"  # the first ask, no answer given yet
    AGREED = "agreed"  # the packet or a later note, after a yes
    REMINDED = "reminded"  # a reminder that the deadline is near
    UPDATED = "updated"  # a thank-you or a progress update


class Absence(StrEnum):
    """What an automatic answer says of where its writer is."""

    NONE = ""
    AWAY = "away"  # until `back_on`, or nobody knows until when
    GONE = "gone"  # for good: retired, or no longer there


@value
class Evidence:
    """The mentor's own words that led to a label."""

    label: Line  # a Stance, a Signal, or "absence"
    sentence: Line


@value
class FoundDate:
    """A date the mail names, resolved against the mail's own date."""

    on: date
    words: Line  # as the mail says it: "the 15th of June"


@value
class Colleague:
    """Somebody the mentor names in his place, or as the one who handles it."""

    name: Line
    email: Line = ""


@value
class Reading:
    """A mail as understood. `acts` is true only where lorbot may act without asking the applicant."""

    kind: Kind
    stance: Stance = Stance.NONE
    signals: frozenset[Signal] = frozenset()
    evidence: tuple[Evidence, ...] = ()
    dates: tuple[FoundDate, ...] = ()
    back_on: date | None = None  # the day of return that an out-of-office names
    away_from: date | None = None  # its first day away, where that is still to come
    absence: Absence = Absence.NONE
    colleagues: tuple[Colleague, ...] = ()
    confidence: float = Field(default=0.0, ge=0.0, le=1.0)
    acts: bool = False
    words: Text = ""  # the writer's own words, without quotes and signature

    def sentence_for(self, *labels: str) -> str:
        """The first evidence sentence for one of `labels`, or ""."""
        return next((e.sentence for e in self.evidence if e.label in labels), "")
