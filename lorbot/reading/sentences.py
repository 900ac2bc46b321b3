"""Cuts a reply into sentences, and each sentence into a plain form that the rules are written for.

Invariants: every function is linear in its input; a sentence keeps the writer's own words beside the plain form;
the plain form is lower case, has straight quotes and no contractions, and holds no line break.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

INPUT_LIMIT = 20_000  # characters of a reply that are read; the rest is ignored

_TITLES = frozenset(
    {
        *("dr", "dra", "prof", "professor", "mr", "mrs", "ms", "st", "sr", "jr", "lt", "maj", "capt", "sgt", "rev"),
        *("fr", "e.g", "i.e", "vs", "approx", "dept", "p.s"),
    }
)
_STOP = re.compile(r"(?<![.!?])[.!?]++[\"')\]]*+(?=\s|$)")
_BOILERPLATE = re.compile(
    r"(?i)^\W*(?:sent (?:from|via) |get outlook for |typed on |typos courtesy"
    r"|please (?:excuse|consider the environment)"
    r"|(?:this|the) (?:e-?mail|message|information|communication)\b.{0,80}?(?:confidential|privileged|intended|health)"
    r"|confidential|important: the contents|if you (?:have received|are not the intended))"
)
_GREETING = re.compile(
    r"(?i)^(?:hi+|hello|hey+|dear|good (?:morning|afternoon|evening)|morning|evening)\b"
    r"[^,.!?:\n]{0,30}?(?:[,!:]+| -+)\s*"
)
_SIGN_OFF = re.compile(
    r"(?i)^(?:with )?(?:(?:all |every |my |kind(?:est)?|warm(?:est)?|best|many|good) ?){0,4}"
    r"(?:best|regards|wishes|thanks|cheers|warmly|sincerely|love|yours(?: \w+)?|respectfully|hugs|peace|wish)[,!.]?$"
)
_WRAPPED_AT = 50  # characters: a shorter line that ends without a stop was broken on purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """One sentence: the writer's words, and their plain form."""

    words: str
    plain: str


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of `text`, without greeting, sign-off words and the boilerplate of mail programs."""
    found: list[Sentence] = []
    for block in _blocks(text[:INPUT_LIMIT]):
        for words in _split(block):
            plain = _plain(_GREETING.sub("", words))
            if plain:
                found.append(Sentence(words=words, plain=plain))
    return tuple(found)


def straight(text: str) -> str:
    """`text` with typographic quotes, dashes and spaces as their keyboard forms."""
    return text.translate(_STRAIGHT)


def _blocks(text: str) -> list[str]:
    """Lines joined where a mail program wrapped them, kept apart where the writer broke them."""
    blocks: list[str] = []
    joins = False
    for raw in straight(text).split("\n"):
        line = raw.strip()
        if raw.rstrip() == "--":  # the signature separator of RFC 3676 section 4.3
            break
        if not line or _BOILERPLATE.match(line) or _SIGN_OFF.match(line):
            joins = False
            continue
        if joins:
            blocks[-1] = f"{blocks[-1]} {line}"
        else:
            blocks.append(line)
        joins = len(line) >= _WRAPPED_AT and line[-1] not in ".!?:"
    return blocks


def _split(block: str) -> list[str]:
    cuts = [0]
    for stop in _STOP.finditer(block):
        before = block[max(0, stop.start() - 8) : stop.start()].split()
        word = before[-1].lower().strip("(") if before else ""
        if stop.group().startswith(".") and (word in _TITLES or (len(word) == 1 and word.isalpha() and word != "i")):
            continue
        cuts.append(stop.end())
    cuts.append(len(block))
    return [piece for a, b in pairwise(cuts) if (piece := block[a:b].strip())]


def _plain(words: str) -> str:
    text = _SPACES.sub(" ", words.lower())
    text = _SHORT.sub(lambda found: _LONG[found.group()], text)
    text = _NOT.sub(" not", text)
    return _ENDINGS.sub(lambda found: _ENDING[found.group(1)], text).strip()


_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "…": "..."})
_SPACES = re.compile(r"\s+")
_NOT = re.compile(r"n't\b")
_ENDING = {"ll": " will", "ve": " have", "re": " are", "m": " am", "d": " would"}
_ENDINGS = re.compile(r"'(ll|ve|re|m|d)\b")
_LONG = {
    "can't": "can not", "cant": "can not", "cannot": "can not", "won't": "will not", "wont": "will not",
    "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not", "wasnt": "was not",
    "wouldnt": "would not", "couldnt": "could not", "havent": "have not", "hasnt": "has not", "arent": "are not",
    "shan't": "shall not", "im": "i am", "ive": "i have", "youre": "you are", "ill": "i will", "ull": "you will",
    "it's": "it is", "that's": "that is", "thats": "that is", "there's": "there is", "theres": "there is",
    "what's": "what is", "whats": "what is", "when's": "when is", "whens": "when is", "where's": "where is",
    "who's": "who is", "here's": "here is", "let's": "let us", "lets": "let us", "he's": "he is", "she's": "she is",
    "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please", "thx": "thanks", "til": "until",
    "till": "until", "'til": "until", "gonna": "going to", "wanna": "want to", "gotta": "have to", "wk": "week",
    "tmrw": "tomorrow", "prob": "problem", "somebody": "someone", "nobody": "no one", "anybody": "anyone",
    "w": "with", "yr": "year", "resume": "cv", "résumé": "cv", "resumé": "cv",
}  # fmt: skip
_SHORT = re.compile(
    r"(?<![\w'.@])(?:" + "|".join(sorted(map(re.escape, _LONG), key=len, reverse=True)) + r")(?![\w'@])"
)
