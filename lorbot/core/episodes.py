"""Concrete episodes in what an applicant writes about the work with a mentor: what the mentor can see again.

What counts: a part of a sentence that says what was done, and where, when, with whom or what. "I was your sub-intern on
5 West in March" is the setting; "you watched me lead the family meeting of Mr. H." is an episode. Two that say the same
are one. The lists below are closed and English; what they miss the applicant settles by insisting. Linear in the text.
"""

import re
from enum import StrEnum

from lorbot.core.value import Line, value

ENOUGH = 2
"""One may be chance; with two a writer can show somebody."""

MOST = 12  # episodes counted; and parts of a sentence looked at, so that a long text takes no long time
_MOST_SENTENCES = 200

_BLANKS = re.compile(r"[^\S\n]+")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?;…])[\"”)]? (?=[\"“(]?[A-Z0-9])|\n| (?:[-*•–—]|\(?\d{1,2}[.)]) (?=\S)")
_TITLE_ENDS = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|St|vs|e\.g|i\.e|approx)|\b[A-Z])\.[\"”)]?$")
_STARTS = re.compile(
    r"(?:I|You|We|He|She|It|They|In|On|At|The|My|Our|Your|Then|Later|After|Before|Last|When|Since|During|For|This|That|One)\b"
)
"""What begins a sentence and is no family name: "I presented Mr. H. In May I ...", but "Mr. H. Ito"."""

_PARTS = re.compile(r",? (?:and|then|when|where|while|after which|until) |[;:] |, (?=(?:you|we|I)\b)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

_IRREGULAR = {
    "led", "ran", "wrote", "taught", "caught", "found", "gave", "took", "drew", "built", "made", "stood", "sat",
    "stayed", "read", "saw", "spoke", "told", "brought", "came", "went", "held", "kept", "lost", "broke", "heard",
    "began", "won", "sewed", "sewn", "drove", "fought", "chose", "set", "put", "cut", "lead", "leading", "run",
    "running", "present", "presenting", "written", "write", "writing", "teach", "teaching", "examine", "give",
    "giving",
}  # fmt: skip
_NO_DEED = {
    "based", "dedicated", "detailed", "talented", "experienced", "interested", "related", "united", "advanced",
    "limited", "involved", "needed", "wanted", "liked", "loved", "enjoyed", "learned", "learnt", "gained", "tried",
    "seemed", "impressed", "showed", "shown", "displayed", "demonstrated", "proved", "improved", "earned",
    "received", "admired", "appreciated", "inspired", "encouraged", "motivated", "worked", "rotated", "shadowed",
    "volunteered", "attended", "joined", "participated", "served", "trained", "studied", "collaborated",
    "interacted", "supervised", "mentored", "advised", "directed", "coached", "guided", "supported", "precepted",
    "assigned", "scheduled", "located", "named", "titled", "continued",
    "happened", "turned", "used", "lasted", "passed", "graduated", "hundred", "indeed", "speed", "need", "shared",
    "bonded", "connected", "grateful", "honored", "honoured", "blessed", "excited", "accepted", "matched",
    "applied", "decided", "hoped", "planned", "respected", "known", "required", "skilled", "combined",
    "complicated", "increased", "underserved",
}  # fmt: skip
"""Words in -ed that say how it was, or that the two were there together, and not what was done."""

_DEEDS = {
    "presentation", "talk", "lecture", "poster", "meeting", "report", "case", "paper", "manuscript", "abstract",
    "chapter", "project", "procedure", "delivery", "surgery", "operation", "resuscitation", "code", "exam",
    "examination", "biopsy", "puncture", "paracentesis", "thoracentesis", "intubation", "workshop", "lesson",
    "session", "visit", "visits", "handoff", "discharge", "admission", "write-up", "write-ups", "curriculum",
    "audit", "protocol", "analysis", "experiment", "experiments", "debate", "thesis", "exhibit", "campaign",
    "conversation", "diagnosis",
}  # fmt: skip
_TIMES = {
    "january", "february", "april", "june", "july", "august", "september", "october", "november", "december", "jan",
    "feb", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "spring", "summer", "fall", "autumn",
    "winter", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mondays", "tuesdays",
    "wednesdays", "thursdays", "fridays", "saturdays", "sundays", "week", "weeks", "month", "months", "year",
    "years", "day", "days", "night", "nights", "morning", "mornings", "evening", "evenings", "weekly", "daily",
    "overnight", "midnight",
}  # fmt: skip
_PLACES = {
    "ward", "wards", "unit", "clinic", "hospital", "lab", "laboratory", "service", "icu", "micu", "sicu", "picu",
    "nicu", "ccu", "ed", "er", "theatre", "floor", "bedside", "office", "course", "class", "classroom", "seminar",
    "conference", "rounds", "shelter", "center", "centre", "school", "department", "trauma", "bay", "campus",
    "library", "room", "journal", "tumor",
}  # fmt: skip
_PEOPLE = {
    "patient", "man", "woman", "boy", "girl", "child", "infant", "baby", "newborn", "family", "mother", "father",
    "son", "daughter", "wife", "husband", "parents", "veteran", "veterans", "refugee", "refugees", "interns",
    "students", "third-years", "first-years", "classmates", "team", "residents", "nurse", "nurses",
}  # fmt: skip
_COURSES = {"course", "courses", "class", "classes", "seminar", "clerkship", "elective", "rotation"}
"""What one takes, and does nothing else by that: "I took your course"."""

_ARTICLES = {"a", "an", "the", "my", "our", "their", "her", "his", "two", "three"}
_TITLES = {"mr", "mrs", "ms", "mx"}
_SEEING = {"watched", "saw", "see", "seen", "watch", "observed", "heard", "let", "had"}
_SMALL = {
    "a", "an", "the", "i", "you", "we", "he", "she", "it", "they", "my", "your", "our", "his", "her", "their", "me",
    "us", "and", "or", "of", "on", "in", "at", "to", "for", "with", "from", "by", "as", "was", "were", "is", "that",
    "this", "then",
}  # fmt: skip


class Lacks(StrEnum):
    """What kind of thing is missing, where there are not enough episodes."""

    EVERYTHING = "everything"  # nothing is written
    DEED = "deed"  # the setting alone: what was done there
    SETTING = "setting"  # something was done: where, when, with whom or what
    ANOTHER = "another"  # one is there


@value
class Account:
    """What there is to remember in a text."""

    episodes: tuple[Line, ...]  # in the applicant's own words
    lacks: Lacks | None = None  # None where there is enough


@value
class _Part:
    text: Line
    deed: bool  # says what was done
    setting: bool  # names a time or a place
    pinned: bool  # says where, when, with whom or what
    words: frozenset[str]


def account_of(text: str) -> Account:
    """The concrete episodes in `text`, and what kind of thing is missing."""
    parts: list[_Part] = []
    for sentence in _sentences(text):
        parts += _parts(sentence, before=any(part.setting for part in parts[-MOST:]))
    found: list[_Part] = []
    for part in parts:
        if part.deed and part.pinned and not any(part.words <= other.words for other in found):
            found = [*(other for other in found if not other.words <= part.words), part]
        if len(found) == MOST:
            break
    return Account(episodes=tuple(part.text for part in found), lacks=_lacking(parts, len(found)))


def _lacking(parts: list[_Part], episodes: int) -> Lacks | None:
    if episodes >= ENOUGH:
        return None
    if episodes:
        return Lacks.ANOTHER
    if not parts:
        return Lacks.EVERYTHING
    return Lacks.SETTING if any(part.deed for part in parts) else Lacks.DEED


def _sentences(text: str) -> list[str]:
    """The sentences and the items of lists; "Mr. H. Ito" is no end of one."""
    text = _BLANKS.sub(" ", text)
    sentences: list[str] = []
    begin = 0
    for end in _SENTENCE_ENDS.finditer(text):
        ends_as_name = _TITLE_ENDS.search(text[max(begin, end.start() - 12) : end.start()])
        if ends_as_name and not _STARTS.match(text, end.end()):
            continue
        sentences.append(text[begin : end.start()])
        begin = end.end()
        if len(sentences) == _MOST_SENTENCES:
            break
    else:
        sentences.append(text[begin:])
    return [s.strip(" -*•–—") for s in sentences if _WORD.search(s)]


def _parts(sentence: str, *, before: bool) -> list[_Part]:
    """The clauses. A sentence that says where or when says it for each of them; one `before` it, for what has an
    object: "I drew the timeline".
    """
    clauses = [_bare(c) for part in _PARTS.split(sentence, maxsplit=MOST) for c in _listed(part) if _WORD.search(c)]
    around = any(_setting(_WORD.findall(clause)) for clause in clauses)
    return [_part(clause, around=around, before=before) for clause in clauses]


def _bare(piece: str) -> str:
    """Without the marks around it; the full stop of "Mr. H." stays."""
    piece = piece.strip(" ,")
    return piece if _TITLE_ENDS.search(piece[-12:]) else piece.strip(".")


def _listed(part: str) -> list[str]:
    """The deeds of "wrote the code, cleaned the data": what a verb begins after a comma stands for itself."""
    listed: list[str] = []
    for piece in part.split(", ", maxsplit=MOST):
        words = [word.lower() for word in _WORD.findall(piece[:200])]
        if listed and not (words and _is_verb(words, 0)):
            listed[-1] = f"{listed[-1]}, {piece}"
        else:
            listed.append(piece)
    return listed


def _part(clause: str, *, around: bool, before: bool) -> _Part:
    words = _WORD.findall(clause)
    low = [word.lower().replace("’", "'") for word in words]
    verb = next((n for n in range(len(low)) if _is_verb(low, n)), None)
    noun = any(word in _DEEDS for word in low)
    setting = _setting(words)
    pinned = setting or _particular(words)
    about = before and verb is not None and not _ARTICLES.isdisjoint(low[verb + 1 : verb + 3])
    return _Part(
        text=clause,
        deed=verb is not None or (noun and pinned),
        setting=setting,
        pinned=(pinned or noun or around or about) and len(words) > 2,
        words=frozenset(low) - _SMALL,
    )


def _is_verb(low: list[str], n: int) -> bool:
    word = low[n]
    if n >= 2 and low[n - 1] in {"me", "us"} and low[n - 2] in _SEEING:
        return True  # "you saw me run the code"
    if word in _NO_DEED or (word == "took" and not _COURSES.isdisjoint(low[n : n + 6])):
        return False
    if word in {"cared", "looked"}:
        return n + 1 < len(low) and low[n + 1] in {"for", "after"}
    return word in _IRREGULAR or (len(word) > 4 and word.endswith("ed") and not word.endswith("eed"))


def _setting(words: list[str]) -> bool:
    """Whether the words name a time or a place."""
    return any(
        word.lower() in _TIMES
        or word.lower() in _PLACES
        or (word.isdigit() and len(word) == 4 and word[:2] in {"19", "20"})
        or (word in {"March", "May"})
        for word in words
    )


def _particular(words: list[str]) -> bool:
    """Whether the words name somebody or something: a patient, a number, a name, an abbreviation."""
    return any(
        word.lower() in _PEOPLE
        or word.lower() in _TITLES
        or word[0].isdigit()
        or (n > 0 and word[0].isupper() and word not in {"I", "I'm", "I’m"})
        for n, word in enumerate(words)
    )
