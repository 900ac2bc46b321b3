"""What a trained reader looks at in a reply, as strings: words and their neighbours, what a negation governs, what
follows a "but", what is asked, what opens and closes the reply, and which rules were found.

Invariants: the same sentences and stage give the same features; their number is linear in the length
of the reply; a feature holds no line break; the kind of a feature is in capitals, so that no words of a mail can pass
for it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lorbot.core.reading import Reading, Stage
from lorbot.reading.reader import Examined
from lorbot.reading.rules import Hit
from lorbot.reading.sentences import Sentence

SENTENCES_LIMIT = 60  # sentences of one reply that are looked at; a longer mail is no short answer
WORDS_LIMIT = 120  # words of one sentence
LETTERS_LIMIT = 600  # characters of one sentence

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[?!,;:]")
_NEGATIONS = frozenset(
    {"not", "no", "never", "nothing", "without", "hardly", "barely", "none", "neither", "nor", "unable"}
)
_SCOPE = 5  # words that a negation governs, unless the clause ends before
_SCOPE_ENDS = frozenset({",", ";", ":", "?", "!", "but", "and", "though", "although", "however", "so", "because", "if"})
_TURNS = frozenset({"but", "though", "although", "however", "except", "unless", "yet", "still"})
_STEM = 5  # letters that stand for a word and its other forms
_RUN = 4  # characters
_OPENING = 3  # first words of a reply that count apart


@dataclass(frozen=True, slots=True)
class Look:
    """The features of a reply as a whole, and of each of its sentences."""

    whole: frozenset[str]
    parts: tuple[frozenset[str], ...]


def look(examined: Examined, stage: Stage) -> Look:
    """The features of a reply; `examined` is what the rules made of it."""
    shown = examined.cut[:SENTENCES_LIMIT]
    found = {f"STAGE {stage}", f"SENTENCES {min(len(shown), 6)}", *_of_rules(examined.reading)}
    ruled = _rules_found(shown, examined.found)
    parts = [frozenset(ruled[sentence].union(_of_sentence(sentence, stage))) for sentence in shown]
    found.update(*parts)
    if shown:
        found.update(f"FIRST {word}" for word in words(shown[0].plain)[:_OPENING])
    if len(shown) > 1:
        found.update(f"LAST {each}" for each in _pairs(words(shown[-1].plain)))
    for sentence in shown:
        found.update(_letters(sentence.plain[:LETTERS_LIMIT]))
    return Look(frozenset(found), tuple(parts))


def words(plain: str) -> list[str]:
    """The words and marks of a plain sentence; a number stands for its length."""
    found = _TOKEN.findall(plain)[:WORDS_LIMIT]
    return ["#" * min(len(each), 4) if each.isdigit() else each for each in found]


def _of_sentence(sentence: Sentence, stage: Stage) -> Iterator[str]:
    said = words(sentence.plain)
    asked = "ASKED" if stage is Stage.ASKED else "LATER"
    yield f"LENGTH {asked} {min(len(said) // 3, 8)}"
    yield f"SENTENCE {stage}"
    for word in said:
        yield f"{asked} {word}"
        if len(word) > _STEM:
            yield f"STEM {word[:_STEM]}"
    yield from _pairs(said)
    yield from _triples(said)
    yield from _negated(said)
    yield from _turned(said)
    if sentence.plain.endswith("?"):
        yield from (f"QUESTION {each}" for each in _pairs(said))


def _rules_found(shown: Sequence[Sentence], hits: Sequence[Hit]) -> Mapping[Sentence, set[str]]:
    """The rules found in each sentence."""
    found: dict[Sentence, set[str]] = {sentence: set() for sentence in shown}
    for hit in hits:
        if hit.sentence in found:
            found[hit.sentence].add(f"RULE {hit.rule.label} {hit.rule.strength}")
    return found


def _pairs(said: Sequence[str]) -> Iterator[str]:
    yield from said
    yield from (f"{a} {b}" for a, b in pairwise(["<", *said, ">"]))


def _triples(said: Sequence[str]) -> Iterator[str]:
    bound = ["<", *said, ">"]
    yield from (f"{a} {b} {c}" for a, b, c in zip(bound, bound[1:], bound[2:], strict=False))


def _letters(plain: str) -> Iterator[str]:
    """Runs of four characters, which words of one root share and misspellings keep."""
    bound = f" {plain} "
    yield from (f"LETTERS {bound[at : at + _RUN]}" for at in range(len(bound) - _RUN + 1))


def _negated(said: Sequence[str]) -> Iterator[str]:
    left = 0
    for word in said:
        if word in _SCOPE_ENDS:
            left = 0
        elif left:
            yield f"NOT {word}"
            left -= 1
        if word in _NEGATIONS:
            left = _SCOPE


def _turned(said: Sequence[str]) -> Iterator[str]:
    turn = next((at for at, word in enumerate(said) if word in _TURNS), len(said))
    yield from (f"BUT {word}" for word in said[turn + 1 :])


def _of_rules(first: Reading) -> Iterator[str]:
    yield f"RULES {first.stance}"
    yield from (f"RULES {signal}" for signal in first.signals)
    if first.acts:
        yield "RULES ACT"
