"""The mails of a dossier: on their way, waiting for the applicant, and what is remembered of those exchanged."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from lorbot.core.message import Address
from lorbot.core.value import Line, Moment, Text, value


class Progress(StrEnum):
    """How far a mail has come on its way out."""

    QUEUED = "queued"
    SENDING = "sending"  # saved before the final dot: after a crash, nobody knows
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # never sent again by itself
    DROPPED = "dropped"  # decided otherwise before it left


class Purpose(StrEnum):
    """What a mail of lorbot's is for."""

    ASK = "ask"
    NUDGE = "nudge"
    PACKET = "packet"
    REMINDER = "reminder"
    LAST_CALL = "last call"
    THANKS = "thanks"
    GRACEFUL = "graceful"  # thanks for an honest answer; the letter is closed
    STRAY_LETTER = "stray letter"
    APOLOGY = "apology"
    OUTCOME = "outcome"
    NEW_VERSION = "new version"  # of a document that the mentor has an older one of
    UPDATE = "update"  # news during the year
    ANSWER = "answer"  # to what the mentor asked, from the dossier
    OWN_WORDS = "own words"  # the applicant's own text, as it is
    PREVIEW = "preview"  # to the applicant: a mail waiting for a word
    QUESTION = "question"  # to the applicant: lorbot needs a decision
    NOTICE = "notice"  # to the applicant: what happened
    REPLY = "reply"  # to the applicant: the answer to a command


@value
class Enclosure:
    """A material that goes with a mail, or an export, which is made as the mail leaves."""

    name: Line
    media_type: Line
    sha256: Line  # or one of `lorbot.core.portable.Scope`


@value
class Mail:
    """A mail of lorbot's own, rendered once, with its way through the world.

    The same decision gives the same `key`, and the same key the same Message-ID.
    """

    key: Line  # unique in the dossier; only [a-z0-9-]
    purpose: Purpose
    to: Address
    subject: Line
    text: Text
    html: str = ""
    cc: tuple[Address, ...] = ()
    letters: tuple[Line, ...] = ()
    mentor: Line = ""  # the mentor this goes to, or is about
    enclosures: tuple[Enclosure, ...] = ()
    in_reply_to: Line = ""
    references: tuple[Line, ...] = ()
    automatic: bool = True  # nobody approved or wrote it: it says so in Auto-Submitted (RFC 3834)
    answers_a_mail: bool = False
    decided_at: Moment
    not_before: Moment | None = None
    progress: Progress = Progress.QUEUED
    attempts: int = 0
    next_try_at: Moment | None = None
    sent_at: Moment | None = None
    message_id: Line = ""  # without angle brackets; given when rendered
    remark: Line = ""  # the server's last answer
    commands: tuple[Line, ...] = ()  # those it answers: fields that come back belong to one of them
    template: Line = ""  # with `more`, what it was made of: it can be made again from the facts of another day
    more: dict[str, Any] = Field(default_factory=dict)  # plain values that are not in the rest of the dossier
    rendered: Text = ""  # what the template made, where `text` is the applicant's own
    outdated: bool = False  # today's facts would make another mail


@value
class Preview:
    """A mail to a mentor that waits for the applicant's `send`. The mail is byte for byte what will go out."""

    id: Line  # equals the key of the mail that asks
    mail: Mail
    step: Line  # what it means for the letter when it goes: a Purpose, or a step of the clock
    shown_at: Moment
    later_until: Moment | None = None
    repeated: bool = False  # nobody answered, and it was brought up once more
    batch: Line = ""  # the key of the answer to the command that made several at once


@value
class Question:
    """Something only the applicant can decide, with the words that answer it."""

    id: Line  # equals the key of the mail that asks
    topic: Line
    letter: Line
    choices: tuple[Line, ...]
    asked_at: Moment
    prepared: Mail | None = None  # the ready text that `thank` would send
    about: Line = ""  # the key of the mail, or the address, that the question is about
    repeated: bool = False  # nobody answered, and it was brought up once more
    kept: Text = ""  # what the applicant wrote for the mail that waits for the answer


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


@value
class Contact:
    """One mail of the correspondence with a mentor: what threads and history are made of. No mail text."""

    direction: Direction
    message_id: Line
    mentor: Line
    letters: tuple[Line, ...]
    purpose: Line
    subject: Line
    at: Moment
    telling: Line = ""  # the one sentence that mattered
    text_hash: Line = ""
