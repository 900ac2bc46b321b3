"""People a mentor names: who should write instead, or who handles the letter for him.

Invariant: a name is only what the mail writes with a capital letter, beside a title, a word that sends one to
somebody, or a word that says what somebody does.
"""

import re

from lorbot.core.reading import Colleague
from lorbot.reading.sentences import INPUT_LIMIT, straight

COLLEAGUES_LIMIT = 10  # people named in one mail

_NAME = r"(?P<name>[A-Z][\w'-]{1,30}(?: (?:[A-Z]\. )?[A-Z][\w'-]{1,30}){0,2})"
_NAMED = (
    re.compile(rf"\b(?:Dr|Dra|Prof|Professor|Mr|Mrs|Ms|Miss|Dean|Sister|Father|Nurse)\b\.? {_NAME}"),
    re.compile(
        r"\b(?i:ask|asking|try|tried|contact|e-?mail|copy|cc|see|approach|reach|write to|go to|talk to|speak to"
        r"|spoken to|get|tell|page|call|give it to|send it to|go with|is|to|wants?|wanted|that's|our"
        rf"|my(?: brother| daughter)?|option is) {_NAME}"
    ),
    re.compile(
        rf"{_NAME}(?: (?:in|at|from) [\w' ]{{1,30}}?|,? (?:my|our) \w{{1,20}}| \([^)]{{0,30}}\))?,? "
        r"(?:who |can |will )?(?:does|handles|runs|keeps|looks after|would|has (?:offered|the)|uploads?|knows|said s?he"
        r"|is willing|is the one|saw|sends?|prints|pulls?|had you)\b"
    ),
)
_TITLES = frozenset({"Dr", "Dra", "Prof", "Professor", "Mr", "Mrs", "Ms", "Miss", "Dean"})
_EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NOT_NAMES = frozenset(
    {
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march"),
        *("april", "may", "june", "july", "august", "september", "october", "november", "december", "eras", "amcas"),
        *("aacomas", "caspa", "tmdsas", "interfolio", "cv", "i", "i'm", "i'll", "i've", "i'd", "the", "you", "your"),
        *("it", "he", "she", "we", "they", "this", "that", "here", "there", "who", "what", "when", "where", "if"),
        *("but", "and", "so", "yes", "no", "my", "our", "his", "her", "step", "thanks", "thank", "dear", "hi", "hello"),
        *("please", "nobody", "somebody", "someone", "everyone", "anyone", "one", "me", "best", "let", "as", "is"),
    }
)


def find_colleagues(words: str) -> tuple[Colleague, ...]:
    """The people `words` name, in the order of the text, each with the first address before the next name."""
    text = straight(words[:INPUT_LIMIT])
    named = sorted(_names(text).items())[:COLLEAGUES_LIMIT]
    ends = [start for start, _ in named[1:]] + [len(text)]
    people: dict[str, Colleague] = {}
    for (start, name), end in zip(named, ends, strict=False):
        address = _EMAIL.search(text, start, end)
        email = address.group().lower() if address else ""
        people.setdefault(name, Colleague(name=name, email=email))
    return tuple(people.values())


def _names(text: str) -> dict[int, str]:
    """Where a name stands, and the name."""
    found: dict[int, str] = {}
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            first = match["name"].split()[0]
            if first not in _TITLES and first.lower() not in _NOT_NAMES:
                found.setdefault(match.start("name"), match["name"].removesuffix("'s").removesuffix("'"))
    return found
