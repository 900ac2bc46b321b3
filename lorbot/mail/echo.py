"""Recognising a known text when it comes back: our own letter, quoted without marks or wrapped anew.

Runs of words are compared, not lines, because programs break lines where they like.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_RUN = 5  # words in a row that are looked up
_ENOUGH = 8  # words that make a line a quotation by itself; fewer are something anybody may write
_MARKS = frozenset(("-", "–", "•", "·", "|", "#", "##", "###"))  # a HTML part shows them in its own way
_MOST_WORDS = 40_000
_LIST = re.compile(r"[-*•·–] +")  # Outlook turns our "- " into "* "


@dataclass(frozen=True, slots=True)
class Echo:
    """What is known of a text: its lines, and every run of five words."""

    lines: frozenset[str]
    runs: frozenset[tuple[str, ...]]
    opening: str

    def marks(self, lines: Sequence[str], quoted: Sequence[bool]) -> list[bool]:
        """`quoted`, and also true for each line that repeats the known text."""
        marked = list(quoted)
        follows = False  # whether the last line with words repeats it
        tail: tuple[str, ...] = ()  # the last words of the line before, when that was a quotation
        for at, line in enumerate(lines):
            words = fold(line)
            if not words:
                tail = ()
                continue
            marked[at] = (
                quoted[at] or self._repeats(words, follows) or (len(words) <= 4 and self._continues(tail, words))
            )
            follows = marked[at]
            tail = words[-_RUN:] if follows else ()
        return marked

    def _repeats(self, words: tuple[str, ...], follows: bool) -> bool:
        line = " ".join(words)
        if line in self.lines and (follows or len(words) >= _RUN or line == self.opening):
            return True
        return len(words) >= (_RUN if follows else _ENOUGH) and all(run in self.runs for run in _runs(words))

    def _continues(self, tail: tuple[str, ...], words: tuple[str, ...]) -> bool:
        """Whether these few words are the end of a quoted line that was broken without a mark."""
        joined = (*tail, *words)
        return (
            bool(tail)
            and len(joined) > len(words)
            and len(joined) >= _RUN
            and all(r in self.runs for r in _runs(joined))
        )


def echo_of(*texts: str) -> Echo:
    """What to recognise the texts by. Quotation marks in them count for nothing."""
    lines = [fold(line) for text in texts for line in text.splitlines()]
    words = [word for line in lines for word in line][:_MOST_WORDS]
    opening = next((" ".join(line) for line in lines if line), "")
    return Echo(
        lines=frozenset(" ".join(line) for line in lines if line),
        runs=frozenset(_runs(tuple(words))),
        opening=opening if len(opening.split()) > 1 else "",
    )


def fold(line: str) -> tuple[str, ...]:
    """The words of a line without the marks of quoting, of lists and of tables, and in one case."""
    words = line.lstrip("> \t|").casefold().replace("*", "").split()
    return tuple(word for word in words if word not in _MARKS)


def _runs(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (words[i : i + _RUN] for i in range(len(words) - _RUN + 1))
