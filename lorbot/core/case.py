"""A mentor's mail and the letter it is about: what is known before anything follows.

Invariant: a mail that may be about several letters, or about something else, or not the mentor's, is never sure.
"""

from datetime import date, datetime

from lorbot.core import deadlines, letters, threads, view
from lorbot.core.correspondence import Direction
from lorbot.core.deadlines import Due
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.events import MentorWrote
from lorbot.core.policy import Policy
from lorbot.core.reading import Reading, Signal
from lorbot.core.value import Line, value

_TELLING = 300  # characters of a mail that the dossier remembers
_OF_ONE_UNDER_WAY = frozenset({Signal.SUBMITTED, Signal.PROGRESS, Signal.PROBLEM, Signal.NEEDS_MORE_TIME})


@value
class Case:
    """A mentor's mail, and the one letter it is about."""

    dossier: Dossier
    event: MentorWrote
    letter: Letter
    about: tuple[Line, ...]  # every letter that may be meant
    policy: Policy
    now: datetime

    @property
    def reading(self) -> Reading:
        return self.event.reading

    @property
    def is_ours(self) -> bool:
        """Whether the mail is the mentor's and belongs to this correspondence: a "no" elsewhere is no answer."""
        return self.event.genuine and _is_in_our_thread(self.dossier, self.event)

    @property
    def proved(self) -> bool:
        """Whether the mail can only be the mentor's words about this one letter."""
        return self.is_ours and len(self.about) == 1

    @property
    def sure(self) -> bool:
        """Whether lorbot may act on this mail without asking."""
        return self.event.reading.acts and self.proved

    @property
    def is_open(self) -> bool:
        return self.letter.state not in letters.WROTE | letters.CLOSED

    @property
    def due(self) -> Due | None:
        """By when the letter must be there; None where nobody knows."""
        application = self.dossier.application(self.letter.application)
        return deadlines.due_of(self.dossier, application, self.policy, now=self.now)

    @property
    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return self.due is not None and self.due.at <= self.now

    def is_late(self, day: date) -> bool:
        """Whether a day lies behind the day of the deadline, in the deadline's zone."""
        return self.due is not None and day > self.due.day

    @property
    def named(self) -> date | None:
        """The one day ahead that the mail names; None where it names none, or several."""
        today = view.today(self.dossier.applicant, self.policy, self.now)
        ahead = {d.on for d in self.reading.dates if d.on > today}
        return ahead.pop() if len(ahead) == 1 else None

    def has(self, *signals: Signal) -> bool:
        return bool(self.event.reading.signals & set(signals))

    @property
    def telling(self) -> str:
        return telling(self.event.reading)


def telling(reading: Reading) -> str:
    """The sentence that mattered, or the beginning of what was said: never a whole mail."""
    labels = (reading.stance.value, *sorted(s.value for s in reading.signals))
    sentence = reading.sentence_for(*labels)
    return shortened(sentence, _TELLING) if sentence else shortened(reading.words)


def shortened(text: str, most: int = 160) -> str:
    """The first sentence or so of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"


def letters_meant(dossier: Dossier, event: MentorWrote) -> tuple[str, ...]:
    """The letters of the answered mail, else of the mentor: those still open, else those asked for, else all."""
    if event.letters:
        meant = event.letters
    else:
        every = tuple(x.id for x in dossier.letters_of(event.mentor))
        asked = tuple(x for x in every if dossier.letter(x).state not in {State.PLANNED, State.PREVIEWED})
        meant = asked or every
    still_open = tuple(x for x in meant if dossier.letter(x).state not in letters.CLOSED | letters.IN)
    return still_open or meant


def most_open(dossier: Dossier, about: tuple[str, ...], reading: Reading) -> str | None:
    """The letter a mail is most likely about: one that waits for an answer, else one under way, else the last; who
    speaks of work on the letter means one under way.
    """
    waiting = letters.UNANSWERED | {State.HELD, State.SILENT}
    first = (letters.UNDER_WAY, waiting) if reading.signals & _OF_ONE_UNDER_WAY else (waiting, letters.UNDER_WAY)
    for rank in (*first, frozenset(State)):
        found = [x for x in about if dossier.letter(x).state in rank]
        if found:
            return found[-1]
    return None


def _is_in_our_thread(dossier: Dossier, event: MentorWrote) -> bool:
    """By the ids of RFC 5322, or, for a mail program that loses them, by the subject of a mail the mentor got."""
    if event.letters:
        return True
    subject = threads.bare_subject(event.incoming.subject).lower()
    sent = (c for c in dossier.contacts if c.mentor == event.mentor and c.direction is Direction.OUT)
    return bool(subject) and any(threads.bare_subject(c.subject).lower() == subject for c in sent)
