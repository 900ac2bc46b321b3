"""A reading made plain: for a person in words, for a program as one JSON line.

Invariant: nothing here reads or decides; what lorbot would do is said from the reading alone.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from lorbot.core.reading import Kind, Reading, Signal, Stage, Stance
from lorbot.errors import LorbotError
from lorbot.reading.reader import Reader, Said

WRITTEN_ON = date(2026, 9, 1)  # the day a line without a date counts as written

_ON_KIND: Mapping[Kind, str] = {
    Kind.AUTO_REPLY: "This is no answer; lorbot would wait and not count it as one.",
    Kind.BOUNCE: "The mail did not arrive; lorbot would stop and ask the applicant for the address.",
    Kind.PORTAL_NOTICE: "This comes from a portal; lorbot would move the letter it surely means, or ask the applicant.",
    Kind.OTHER: "This is not from the mentor; lorbot would leave it alone.",
}
_ON_STANCE: Mapping[Stance, str] = {
    Stance.YES: "It seems to be a yes; lorbot would ask the applicant before it sends the packet.",
    Stance.LUKEWARM: "It is a yes with a reservation; lorbot would hold the packet and let the applicant decide.",
    Stance.UNDECIDED: "The mentor has not decided; lorbot would hold everything and let the applicant decide.",
    Stance.NO: "The mentor declines; lorbot would close the letter, with a thank-you for the applicant to approve.",
}
_ON_SIGNAL: Mapping[Signal, str] = {
    Signal.STOP: "The mentor wants no more of this mail; lorbot would write nothing more.",
    Signal.WRONG_PERSON: "The mail reached the wrong person; lorbot would ask the applicant for the address.",
    Signal.LETTER_ATTACHED: "The letter is attached; lorbot would not open it and would answer how to submit it.",
    Signal.DRAFT_REQUEST: "The mentor asks for a draft; lorbot would never write one and would tell the applicant.",
    Signal.SUBMITTED: "The letter is reported sent; lorbot would ask the applicant to check the portal.",
    Signal.PROBLEM: "Submitting failed; lorbot would give the help for that service and tell the applicant.",
    Signal.MEET: "The mentor wants to talk; lorbot would hand it to the applicant.",
    Signal.REDIRECT: "The mentor names somebody else; lorbot would put the name before the applicant.",
    Signal.NEEDS_MORE_TIME: "The mentor needs more time; lorbot would set it against the deadline for the applicant.",
    Signal.REMIND_LATER: "The mentor asks to be reminded later; lorbot would move the next reminder.",
    Signal.ASKS_OTHER: "There is a question only the applicant can answer; lorbot would pass it on.",
    Signal.WANTS_MATERIALS: "The mentor asks for materials; the packet holds them.",
    Signal.ASKS_DEADLINE: "The mentor asks for the deadline; the packet names it.",
    Signal.ASKS_HOW: "The mentor asks how to submit; the packet says it.",
    Signal.PROGRESS: "The letter is under way; lorbot would leave the mentor in peace until the next date.",
}


class LineUnreadableError(LorbotError):
    """A line of a JSONL file that holds no reply."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f'line {number}: {why}; each line must be like {{"id": "1", "stage": "asked", "body": "..."}}')


def explain(said: Said, reading: Reading, cut: str = "") -> str:
    """The reading for a person: the words used and cut, each label with its sentence, and what lorbot would do."""
    labels = [f"kind: {reading.kind}", f"stance: {_with_sentence(reading, reading.stance)}"]
    labels += [f"signal: {_with_sentence(reading, signal)}" for signal in sorted(reading.signals)]
    labels += [f"date: {found.on.isoformat()} ({found.words})" for found in reading.dates]
    labels += [f"named: {f'{each.name} <{each.email}>' if each.email else each.name}" for each in reading.colleagues]
    if reading.back_on is not None:
        labels.append(f"back on: {reading.back_on.isoformat()}")
    labels.append(f"confidence: {reading.confidence:.2f}")
    parts = [f"In answer to stage {said.stage}, written on {said.written_on.isoformat()}", _block("Read", said.words)]
    if cut:
        parts.append(_block("Cut as quoted or signature", cut))
    return "\n\n".join([*parts, "\n".join(labels), "\n".join(outcomes(said, reading))]) + "\n"


def outcomes(said: Said, reading: Reading) -> tuple[str, ...]:
    """What lorbot would do, one sentence for each outcome."""
    if reading.kind is Kind.AUTO_REPLY and reading.back_on is not None:
        return (f"This is no answer; lorbot would move its clock to {reading.back_on.isoformat()}.",)
    if reading.kind is not Kind.HUMAN:
        return (_ON_KIND[reading.kind],)
    if reading.acts and reading.stance is Stance.YES:
        return ("It is a plain yes; lorbot would send the packet at once and tell the applicant.",)
    told = [_ON_STANCE[reading.stance]] if reading.stance in _ON_STANCE else []
    told += [sentence for signal, sentence in _ON_SIGNAL.items() if signal in reading.signals]
    if not told and said.stage is Stage.ASKED:
        return ("It holds no answer; lorbot would show it to the applicant.",)
    return tuple(told) or ("It asks for nothing; lorbot would note it and go on as planned.",)


def row(id: str, reading: Reading) -> dict[str, Any]:  # noqa: A002 - the name of the key it becomes
    """The reading as one JSON object."""
    return {
        "id": id,
        "kind": reading.kind.value,
        "stance": reading.stance.value,
        "signals": sorted(signal.value for signal in reading.signals),
        "confidence": round(reading.confidence, 3),
        "acts": reading.acts,
    }


def read_lines(lines: Iterable[str], reader: Reader, written_on: date = WRITTEN_ON) -> Iterator[dict[str, Any]]:
    """The rows of JSON lines {"id", "stage", "body"}, with an optional "date"; blank lines are passed over.

    Raises LineUnreadableError at a line that is none.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            id_, said = _said(number, line, written_on)
            yield row(id_, reader.read(said))


def _said(number: int, line: str, written_on: date) -> tuple[str, Said]:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as wrong:
        raise LineUnreadableError(number, "it is no JSON") from wrong
    if not isinstance(given, dict):
        raise LineUnreadableError(number, "it is no JSON object")
    texts = {key: _text(number, given, key) for key in ("id", "stage", "body")}
    if texts["stage"] not in {stage.value for stage in Stage}:
        raise LineUnreadableError(number, f'stage must be one of {", ".join(Stage)}, not "{texts["stage"][:40]}"')
    on = _date(number, given["date"]) if "date" in given else written_on
    return texts["id"], Said(words=texts["body"], stage=Stage(texts["stage"]), written_on=on)


def _text(number: int, given: Mapping[str, Any], key: str) -> str:
    if not isinstance(given.get(key), str):
        raise LineUnreadableError(number, f'"{key}" is missing or no text')
    return str(given[key])


def _date(number: int, given: Any) -> date:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError) as wrong:
        raise LineUnreadableError(number, '"date" must be a day such as 2026-09-01') from wrong


def _with_sentence(reading: Reading, label: Stance | Signal) -> str:
    sentence = reading.sentence_for(label)
    return f'{label}, from "{sentence}"' if sentence else str(label)


def _block(title: str, text: str) -> str:
    return "\n".join([f"{title}:", *(f"  | {line}" for line in text.split("\n"))])
