"""The dossier: everything about one applicant; the unit of storage and of transaction.

Invariant: a dossier holds no secret, no token and no text of a letter. Attachments are named by their hash.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from pydantic import Field

from lorbot.core.application import Application, Programme
from lorbot.core.correspondence import Contact, Mail, Preview, Question
from lorbot.core.documents import Examined
from lorbot.core.erasure import Erasure
from lorbot.core.message import Attachment, Forwarded, Incoming
from lorbot.core.occasion import Published
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
    calendar_holds: bool = False  # packets bring the mentor a calendar entry for the due date


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
    assistant: Line = ""  # the address of whoever gets a copy of the packet and of reminders
    in_person: bool = False  # the two meet; the advice is to ask there first
    backup_for: Line = ""  # another mentor's id
    away_until: date | None = None  # from an out-of-office; mail waits until that day
    away_from: date | None = None  # the first day of that absence, where it was still to come
    absence_told: Line = ""  # the return, or "open" or "gone", that the applicant was told of last
    never: bool = False  # asked not to be written to; silence for good
    closeness: Line = ""  # as the applicant writes it: "knows me well"
    observed: Line = ""  # "yes, daily on the ward"
    last_worked: Line = ""  # "June 2027"
    load: Line = ""  # how many letters the mentor writes, as far as the applicant knows
    as_it_is: bool = False  # the applicant insists: the ask goes with what "worked together" says
    counts_as: Line = ""  # "science, physician": what the letter would count as, where role and title do not say
    growth: Text = ""  # what the mentor saw getting better over time
    renown: Line = ""  # standing in the field, as the applicant sees it: "leads the national society"
    addresses: tuple[Line, ...] = ()  # others that are the mentor's too: mail from there is known, none goes there
    stored_letter: Line = ""  # a letter already written and kept: "Interfolio, 3 May 2026"


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
    missed_at: Moment | None = None  # the applicant knows of the deadlines missed until then; a later one counts on


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
    programmes: tuple[Programme, ...] = ()
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
    published: tuple[Published, ...] = ()  # the dates that a calendar file has brought, as they were last

    @property
    def is_leaving(self) -> bool:
        """Whether the applicant has confirmed that everything is to be forgotten."""
        return any(e.confirmed_at and not e.mentor for e in self.erasures)

    def mentor(self, mentor_id: str) -> Mentor:
        return _one(self.mentors, mentor_id)

    def application(self, application_id: str) -> Application:
        return _one(self.applications, application_id)

    def programmes_of(self, application_id: str) -> tuple[Programme, ...]:
        return tuple(p for p in self.programmes if p.application == application_id)

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
