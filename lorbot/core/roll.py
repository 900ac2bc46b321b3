"""Many mentors entered one after another, fast: each row sees the mentors that it could mean, and no others.

The checks of one mentor look through all mentors; over thousands of rows that would be millions of comparisons.
"""

import re
from collections import defaultdict
from dataclasses import replace

from lorbot.core import names
from lorbot.core.dossier import Dossier, Letter, Mentor

_ADDRESS = re.compile(r"[^\s<>,;\"']+@[^\s<>,;\"']+")


class Roll:
    """A dossier while rows are entered: for each, a small one is cut out, changed, and put back."""

    def __init__(self, dossier: Dossier) -> None:
        self._rest = replace(dossier, mentors=(), letters=())
        self._mentors: dict[str, Mentor] = {}
        self._letters: dict[str, Letter] = {}
        self._by_word: dict[str, set[str]] = defaultdict(set)  # a word of a name, a whole name or an address: mentors
        self._letters_of: dict[str, set[str]] = defaultdict(set)
        self._last_mentor = self._last_letter = ""  # those with the highest number: the next id follows them
        self._take(dossier)

    def cut_out(self, *said: str) -> Dossier:
        """A dossier with every mentor whom one of these names or addresses can mean, and with the newest ids."""
        wanted = {self._last_mentor} if self._last_mentor else set()
        wanted = wanted.union(*(self._meant(text) for text in said))
        letters = {x for mentor in wanted for x in self._letters_of[mentor]}
        letters |= {self._last_letter} if self._last_letter else set()
        return replace(
            self._rest,
            mentors=tuple(self._mentors[m] for m in sorted(wanted, key=_number)),
            letters=tuple(self._letters[x] for x in sorted(letters, key=_number)),
        )

    def put_back(self, dossier: Dossier) -> None:
        """Take over what a row has changed in a dossier that was cut out."""
        self._take(dossier)
        self._rest = replace(dossier, mentors=(), letters=())

    def whole(self) -> Dossier:
        return replace(self._rest, mentors=tuple(self._mentors.values()), letters=tuple(self._letters.values()))

    def _take(self, dossier: Dossier) -> None:
        for mentor in dossier.mentors:
            if self._mentors.get(mentor.id) is mentor:
                continue
            self._mentors[mentor.id] = mentor
            self._last_mentor = max(self._last_mentor, mentor.id, key=_number)
            for word in (*names.search_words(mentor.name), mentor.name.lower(), mentor.email):
                self._by_word[word].add(mentor.id)
        for letter in dossier.letters:
            self._letters[letter.id] = letter
            self._letters_of[letter.mentor].add(letter.id)
            self._last_letter = max(self._last_letter, letter.id, key=_number)

    def _meant(self, text: str) -> set[str]:
        whole = [found.lower() for found in _ADDRESS.findall(text)] + [text.lower()]
        parts = [self._by_word.get(part, set()) for part in names.plain_parts(text)]
        found = set.intersection(*parts) if parts else set()
        return found.union(*(self._by_word.get(word, set()) for word in whole))


def _number(id_: str) -> int:
    return int(id_[1:]) if id_[1:].isdigit() else 0
