"""Reads a mentor's own words: what was said about writing, what else was said, and whether lorbot may act on it alone.

Invariants: reading never raises on any text and takes time linear in it; `acts` is true only for a plain yes to the
first ask, a plain report of submission and an absence with a return date; anything else is a best guess for a person.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from lorbot.core.message import Attachment, Origin
from lorbot.core.reading import Evidence, Kind, Reading, Signal, Stage, Stance
from lorbot.core.value import Line, Text, value
from lorbot.reading.absence import absence_in, days_away, is_absence_note, telling
from lorbot.reading.acting import plain_report, plain_yes
from lorbot.reading.agreeing import AGREEING, IDIOMS
from lorbot.reading.asking import NOT_REDIRECTS, REDIRECTS, REQUESTS, RHETORICAL
from lorbot.reading.colleagues import find_colleagues
from lorbot.reading.dates import find_dates
from lorbot.reading.doubting import DOUBTING, LAST_RESORTS, REFUSING, RESERVING
from lorbot.reading.later import CHANGED_MINDS
from lorbot.reading.reporting import REPORTS
from lorbot.reading.rules import DUE, Hit, hits
from lorbot.reading.sentences import Sentence, sentences

SURE = 0.95  # the confidence of a reading that may be acted on


@value
class Said:
    """What a mentor wrote, and in answer to what."""

    words: Text  # the writer's own words, without quotes
    stage: Stage
    written_on: date
    origin: Origin = Origin.PERSON
    subject: Line = ""
    attachments: tuple[Attachment, ...] = ()
    whole: Text = ""  # the mail before anything was cut


class Reader(Protocol):
    """Whatever can read a mentor's reply."""

    def read(self, said: Said) -> Reading:
        """What `said` says; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Examined:
    """A reading, and what it was made from: the sentences, and the rules found in them."""

    reading: Reading
    cut: tuple[Sentence, ...] = ()
    found: tuple[Hit, ...] = ()


class RuleReader:
    """The reader by tables of phrases: it needs no training and nothing but this package."""

    def read(self, said: Said) -> Reading:
        return self.examine(said).reading

    def examine(self, said: Said) -> Examined:
        """The reading of `said` with its grounds, for a reader that builds on it; never raises."""
        kind = _KIND.get(said.origin, Kind.HUMAN)
        if kind in (Kind.BOUNCE, Kind.OTHER):
            return Examined(Reading(kind=kind, words=said.words, confidence=1.0))
        cut = sentences(said.words)
        if kind is Kind.AUTO_REPLY or _only_absent(said, cut):
            return Examined(_absence(said, cut), cut)
        return _human(said, cut)


_KIND: Mapping[Origin, Kind] = {
    Origin.AUTO_REPLY: Kind.AUTO_REPLY,
    Origin.BOUNCE: Kind.BOUNCE,
    Origin.BULK: Kind.OTHER,
    Origin.SELF: Kind.OTHER,
}
_STANCES = (*IDIOMS, *LAST_RESORTS, *REFUSING, *DOUBTING, *RESERVING, *AGREEING, *CHANGED_MINDS)
_SIGNALS = (*REQUESTS, *REPORTS)
_QUESTIONS = frozenset(rule.label for rule in REQUESTS) | {Signal.PROBLEM, Signal.NEEDS_MORE_TIME}
_LETTER_FILE = re.compile(r"(?:letter|lor\b|recommend|reference)[^/]{0,80}\.(?:pdf|docx?|odt|rtf|pages)$")
_ENCLOSED = re.compile(r"\b(?:attach\w*|enclos\w+|herewith|appended|here (?:it is|you go))\b")
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|odt|rtf|pages)$")
_WRITERS_HAND = frozenset({Signal.SUBMITTED, Signal.PROGRESS, Signal.WANTS_MATERIALS, Signal.DRAFT_REQUEST})


def _only_absent(said: Said, cut: Sequence[Sentence]) -> bool:
    """An out-of-office note whose headers were silent: a note, and nothing in it that only a person says."""
    if not is_absence_note(said.words, said.subject):
        return False
    if any(hits((*IDIOMS, *AGREEING, *CHANGED_MINDS), cut, said.stage)):
        return False
    if any(not is_absence_note(hit.sentence.words, "") for hit in hits(REFUSING, cut, said.stage)):
        return False  # "Can't, sorry. On leave until February": a person says no
    return all(hit.rule.label not in _WRITERS_HAND for hit in hits(_SIGNALS, cut, said.stage))


def _absence(said: Said, cut: Sequence[Sentence]) -> Reading:
    begins, day = days_away(said.words, said.written_on)
    first = cut[0].words if cut else said.subject
    note = telling([each.words for each in cut], said.written_on, day) or first
    colleagues = find_colleagues(said.words)
    return Reading(
        kind=Kind.AUTO_REPLY,
        signals=frozenset({Signal.REDIRECT}) if colleagues else frozenset(),
        evidence=(Evidence(label="absence", sentence=note),) if note else (),
        dates=find_dates(said.words, said.written_on),
        back_on=day,
        away_from=begins,
        absence=absence_in(said.words, said.subject, day),
        colleagues=colleagues,
        confidence=SURE if day else 0.8,
        acts=day is not None,
        words=said.words,
    )


def _human(said: Said, cut: tuple[Sentence, ...]) -> Examined:
    reports = list(hits(_SIGNALS, cut, said.stage))
    spoken = _signals(said, cut, reports)
    views = [] if Signal.WRONG_PERSON in spoken else list(hits(_STANCES, cut, said.stage))
    stance = _strongest(views)
    sure = plain_yes(views, spoken, cut, said.stage) or plain_report(stance, spoken, cut, said.stage)
    reading = Reading(
        kind=Kind.HUMAN,
        stance=stance,
        signals=frozenset(spoken),
        evidence=_evidence(stance, views, spoken),
        dates=find_dates(said.words, said.written_on),
        colleagues=find_colleagues(said.words) if Signal.REDIRECT in spoken else (),
        confidence=SURE if sure else _confidence(stance, views, cut),
        acts=sure,
        words=said.words,
    )
    return Examined(reading, cut, (*views, *reports))


def _strongest(views: Sequence[Hit]) -> Stance:
    strongest = max(views, key=lambda hit: hit.rule.strength, default=None)
    if strongest is None or not isinstance(strongest.rule.label, Stance):
        return Stance.NONE
    return strongest.rule.label


def _signals(said: Said, cut: Sequence[Sentence], reports: Sequence[Hit]) -> dict[Signal, str]:
    """Each signal with the sentence that gave it; a question that another signal covers is no other question."""
    spoken: dict[Signal, str] = {}
    covered: set[Sentence] = set()
    for hit in reports:
        if isinstance(hit.rule.label, Signal):
            spoken.setdefault(hit.rule.label, hit.sentence.words)
            if hit.rule.label in _QUESTIONS:
                covered.add(hit.sentence)
    for each in cut:
        if _sends_elsewhere(each):
            spoken.setdefault(Signal.REDIRECT, each.words)
        elif each.plain.endswith("?") and each not in covered and RHETORICAL.search(each.plain) is None:
            spoken.setdefault(Signal.ASKS_OTHER, each.words)
    if _letter_came_along(said, cut):
        spoken.setdefault(Signal.LETTER_ATTACHED, said.attachments[0].name)
    return spoken


def _sends_elsewhere(sentence: Sentence) -> bool:
    if REDIRECTS.search(sentence.plain) is None or NOT_REDIRECTS.search(sentence.plain) is not None:
        return False
    return bool(find_colleagues(sentence.words))


def _letter_came_along(said: Said, cut: Sequence[Sentence]) -> bool:
    """A document whose name or whose mail says that it is the letter, once a letter is due."""
    if said.stage not in DUE:
        return False
    names = [attachment.name.lower() for attachment in said.attachments]
    if any(_LETTER_FILE.search(name) for name in names):
        return True
    return any(_DOCUMENT.search(name) for name in names) and any(_ENCLOSED.search(each.plain) for each in cut)


def _evidence(stance: Stance, views: Sequence[Hit], spoken: Mapping[Signal, str]) -> tuple[Evidence, ...]:
    """The strongest sentence for the stance first, then one for each signal."""
    ranked = sorted((hit for hit in views if hit.rule.label is stance), key=lambda hit: -hit.rule.strength)
    first = [Evidence(label=stance, sentence=hit.sentence.words) for hit in ranked[:1]]
    return (*first, *(Evidence(label=label, sentence=words) for label, words in spoken.items()))


def _confidence(stance: Stance, views: Sequence[Hit], cut: Sequence[Sentence]) -> float:
    """How far to trust the stance: most where rules agree on a short answer, least where they quarrel or are silent."""
    if not cut:
        return 0.0
    if not views:
        return 0.5
    agreeing = sum(hit.rule.label is stance for hit in views) / len(views)
    return round((0.4 + 0.4 * agreeing) * (0.75 if len(cut) > 8 else 1.0), 3)
