"""An answer that says more than its word: "send. And please ask Dr. Kim too". Both are done where both are clear.

Invariant: where any of it is not clear, all of it is taken for the answer, which is then asked about.
"""

from collections.abc import Callable, Iterator

from lorbot.core import meanings, orders, wishes
from lorbot.core.courtesy import ungreeted
from lorbot.core.dossier import Dossier
from lorbot.core.order import Item, Order
from lorbot.core.value import Text, value

_LONGEST_ANSWER = 120  # characters of the line on which answer and wish stand together


@value
class Split:
    """An answer, and what is wished beside it. Without wishes the answer is all that was written."""

    answer: Text = ""
    wishes: tuple[Item, ...] = ()


def divided(dossier: Dossier, words: str, sender: str, is_answer: Callable[[str], bool]) -> Split:
    """The answer and the wishes in a text; what follows `edit` and `write` belongs to the answer."""
    if is_answer(words):
        return Split(answer=words)
    for answer, rest in _ways(words):
        if answer and not is_answer(answer):
            continue
        wished = _clear(dossier, rest, sender)
        if wished:
            return Split(answer=answer, wishes=wished)
    return Split(answer=words)


def _ways(words: str) -> Iterator[tuple[str, str]]:
    """How a text may be an answer and a rest: all of it rest, or from its second sentence, line or clause on."""
    text = "\n".join(ungreeted(words)).strip()
    yield "", text
    line, _, below = text.partition("\n")
    if below.strip():
        yield line, below
    sentence = next(wishes.sentences(text), "")
    if sentence and len(sentence) < len(text):
        yield sentence, text[len(sentence) :]
    if len(line) <= _LONGEST_ANSWER:
        for joint in wishes.JOINT.finditer(line):
            yield line[: joint.start()], f"{line[joint.end() :]}\n{below}"


def _clear(dossier: Dossier, text: str, sender: str) -> tuple[Item, ...]:
    """The commands of a text in which everything is one, and each is clear; else ()."""
    found = orders.in_text(dossier, text, sender)
    sure = all(isinstance(item, Order) and meanings.settled(dossier, item) == (item,) for item in found.items)
    return found.items if sure and not found.left else ()
