"""The dossier: everything about one applicant; the unit of storage and of transaction.

Invariant: a dossier holds no secret, no token and no text of a letter. Attachments are named by their hash.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import Field

from lorbot.core.documents import Examined
from lorbot.core.erasure import Erasure
from lorbot.core.message import Address, Attachment, Forwarded, Incoming
from lorbot.core.open_command import OpenCommand
from lorbot.core.refusal import Refusal
from lorbot.core.value import Line, Moment, Text, value


class State(StrEnum):
    """Where a letter stands (one mentor for one application)."""

    PLANNED = "planned"
    PREVIEWED = "previewed"  # the ask waits for the applicant's word
    ASKED = "asked"
    HELD = "held"  # hedged, undecided or conditional: the applicant decides
    AGREED = "agreed"
    PACKET_SENT = "packet sent"
    REPORTED = "reported"  # the mentor says it is submitted
    RECEIVED = "received"  # the portal or the applicant says so
    ASSIGNED = "assigned"  # ERAS: assigned to programmes
    THANKED = "thanked"
    TOLD = "outcome told"
    DECLINED = "declined"
    SILENT = "silent"  # never answered; the applicant chooses
    BOUNCED = "bounced"
    WITHDRAWN = "withdrawn"  # by the mentor, after a yes
    CANCELLED = "cancelled"  # by the applicant


@value
class Applicant:
    name: Line
    email: Line
    pronouns: Line = ""
    stage: Line = ""  # "fourth-year medical student"
    goal: Text = ""
    specialty: Line = ""
    school: Line = ""
    identifiers: dict[Line, Line] = Field(default_factory=dict)  # "AAMC ID": "14789321"
    time_zone: Line = ""  # IANA name; "" means the configured one
    signature: Text = ""
    waiver: Line = ""  # as the applicant recorded it; lorbot never chooses it


@value
class Mentor:
    id: Line  # "m1"
    name: Line  # as the applicant writes it: "Dr. Elena Lopez"
    email: Line = ""
    title: Line = ""  # "Associate Professor of Medicine"
    role: Line = ""  # academic, clinical, research, community, professional
    specialty: Line = ""
    known_since: Line = ""
    worked_together: Text = ""
    highlights: Text = ""
    greeting: Line = ""  # how to address the mentor, when "Dr. Lopez" is not right
    time_zone: Line = ""
    assistant: Line = ""
    in_person: bool = False  # the two meet; the advice is to ask there first
    backup_for: Line = ""  # another mentor's id
    away_until: date | None = None  # from an out-of-office; mail waits until that day
    never: bool = False  # asked not to be written to; silence for good
    closeness: Line = ""  # as the applicant writes it: "knows me well"
    observed: Line = ""  # "yes, daily on the ward"
    last_worked: Line = ""  # "June 2027"
    load: Line = ""  # how many letters the mentor writes, as far as the applicant knows
    as_it_is: bool = False  # the applicant insists: the ask goes with what "worked together" says


@value
class Application:
    id: Line  # "a1"
    name: Line  # "ERAS 2028, internal medicine"
    service: Line = ""  # a name from lorbot/services
    cycle: Line = ""
    deadline: Moment | None = None  # the true deadline
    time_zone: Line = ""  # the zone the deadline was given in
    preferred: date | None = None  # labelled as preferred, never called the deadline
    opens: date | None = None
    instructions: Text = ""
    portal: Line = ""
    programmes: Text = ""
    letter_ids: dict[Line, Line] = Field(default_factory=dict)  # mentor id ("" for all) -> Letter ID
    outcome: Line = ""  # matched, accepted, not this time
    news: Text = ""


@value
class Letter:
    """One mentor for one application. Days and counts are what the clock is computed from."""

    id: Line  # "l1"
    mentor: Line
    application: Line
    state: State = State.PLANNED
    asked_at: Moment | None = None
    agreed_at: Moment | None = None
    packet_at: Moment | None = None
    received_at: Moment | None = None
    last_sent_at: Moment | None = None  # our last mail to the mentor about this letter
    last_heard_at: Moment | None = None  # the mentor's last human mail, or contact outside mail
    unanswered: int = 0  # our mails since the mentor was last heard
    done: tuple[Line, ...] = ()  # steps of the clock already taken: "nudge1", "reminder14", ...
    snooze_until: date | None = None  # the day the mentor named for being asked again
    waiting: bool = False  # the applicant has been asked; the clock stands still
    reason: Line = ""  # the telling sentence of the last change
    assigned_at: Moment | None = None
    assigned_to: Text = ""  # the programmes, as the applicant named them
    personal: Text = ""  # the applicant's own lines in the ask


@value
class Material:
    """One version of a document. The bytes are a file named by `sha256`."""

    kind: Line  # "cv", "statement", or the applicant's own word
    version: int
    name: Line  # the name people see: "Okafor_CV.pdf"
    media_type: Line
    sha256: Line
    size: int  # bytes
    added_at: Moment
    pages: int = 0  # 0 where that is not known
    changed: Text = ""  # what is new in it, in the applicant's words


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


@value
class ApplicantWrote:
    """A mail from the applicant: a command, or an answer to a mail of lorbot's (`answers` is its key)."""

    incoming: Incoming
    words: Text  # the applicant's own words, without quotes and signature
    typed: Text = ""  # all that stands above the quotation, a signature and what repeats the old mail included
    between_markers: Text | None = None  # the text between a preview's marker lines, where it came back
    answers: Line = ""
    genuine: bool
    doubt: Line = ""  # why it is not taken as genuine
    too_large: tuple[Attachment, ...] = ()  # attachments over the limit; their bytes were not kept
    limit_mb: int = 0
    forwarded: Forwarded | None = None  # somebody's mail that was passed on; never the applicant's own words
    examined: tuple[Examined, ...] = ()  # what was found in the attachments
    silent: tuple[Line, ...] = ()  # addresses named in it whose owners asked for no more mail, whoever writes


@value
class HeldCommand:
    """A command that could not be proved to be the applicant's; done only once it is confirmed."""

    id: Line  # equals the key of the mail that asks
    event: ApplicantWrote
    held_at: Moment


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


@value
class Entry:
    """A line of the journal: what happened and why, in words."""

    at: Moment
    what: Line
    letter: Line = ""


@value
class Dossier:
    id: Line  # "d" and hex digits; a file name
    applicant: Applicant
    mentors: tuple[Mentor, ...] = ()
    applications: tuple[Application, ...] = ()
    letters: tuple[Letter, ...] = ()
    materials: tuple[Material, ...] = ()
    mails: tuple[Mail, ...] = ()  # the outbox, and what it has sent
    previews: tuple[Preview, ...] = ()
    questions: tuple[Question, ...] = ()
    held: tuple[HeldCommand, ...] = ()
    open_commands: tuple[OpenCommand, ...] = ()
    contacts: tuple[Contact, ...] = ()
    handled: tuple[Line, ...] = ()  # keys of mails already handled
    journal: tuple[Entry, ...] = ()
    paused: bool = False
    refusals: tuple[Refusal, ...] = ()
    created_at: Moment | None = None
    put_away: tuple[Preview, ...] = ()  # previews that nobody answered, for an answer that comes late
    erasures: tuple[Erasure, ...] = ()
    spent: tuple[Line, ...] = ()  # keys of erased mails, never used again: a key is a Message-ID
    restored_at: Moment | None = None  # read back from an export: what it holds may be older than what was sent

    @property
    def is_leaving(self) -> bool:
        """Whether the applicant has confirmed that everything is to be forgotten."""
        return any(e.confirmed_at and not e.mentor for e in self.erasures)

    def mentor(self, mentor_id: str) -> Mentor:
        return _one(self.mentors, mentor_id)

    def application(self, application_id: str) -> Application:
        return _one(self.applications, application_id)

    def letter(self, letter_id: str) -> Letter:
        return _one(self.letters, letter_id)

    def letters_of(self, mentor_id: str) -> tuple[Letter, ...]:
        return tuple(x for x in self.letters if x.mentor == mentor_id)

    def mail(self, key: str) -> Mail | None:
        return next((m for m in self.mails if m.key == key), None)

    def preview(self, key: str) -> Preview | None:
        """The preview that the mail of this key shows, first or again."""
        return next((p for p in self.previews if key == p.id or key.startswith(f"{p.id}-again")), None)

    def expired(self, key: str) -> Preview | None:
        """The preview that was put away unanswered, shown or given up by the mail of this key."""
        ends = ("-again", "-expired")
        return next((p for p in self.put_away if key == p.id or key.startswith(tuple(p.id + e for e in ends))), None)

    def question(self, key: str) -> Question | None:
        """The question that the mail of this key asks, first or again."""
        return next((q for q in self.questions if key == q.id or key.startswith(f"{q.id}-again")), None)

    def latest(self, kind: str) -> Material | None:
        """The newest version of a material, or None."""
        return max((m for m in self.materials if m.kind == kind), key=lambda m: m.version, default=None)

    def with_letter(self, letter: Letter) -> "Dossier":
        return replace(self, letters=_put(self.letters, letter))

    def with_mentor(self, mentor: Mentor) -> "Dossier":
        return replace(self, mentors=_put(self.mentors, mentor))

    def with_application(self, application: Application) -> "Dossier":
        return replace(self, applications=_put(self.applications, application))

    def with_mail(self, mail: Mail) -> "Dossier":
        kept = tuple(m for m in self.mails if m.key != mail.key)
        return replace(self, mails=(*kept, mail))

    def noting(self, at: Moment, what: str, letter: str = "") -> "Dossier":
        return replace(self, journal=(*self.journal, Entry(at=at, what=what, letter=letter)))


Item = TypeVar("Item", Mentor, Application, Letter)


def next_id(prefix: str, taken: Iterable[str]) -> str:
    """The first unused id: m1, m2, ..."""
    numbers = [int(t[len(prefix) :]) for t in taken if t[len(prefix) :].isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1}"


def _one(items: tuple[Item, ...], wanted: str) -> Item:
    for item in items:
        if item.id == wanted:
            return item
    raise KeyError(wanted)


def _put(items: tuple[Item, ...], new: Item) -> tuple[Item, ...]:
    kept = [new if item.id == new.id else item for item in items]
    if new not in kept:
        kept.append(new)
    return tuple(kept)
