"""Small grammar for what people typed: which article a word takes, and how words begin inside a sentence."""

import re

_OWN_ARTICLE = ("a ", "an ", "the ", "A ", "An ", "The ")
_SOUNDS_LIKE_A_CONSONANT = re.compile(r"u(?:ni|s[ae]|k|ro)|eu|one\b|once\b", re.IGNORECASE)
_SILENT_H = re.compile(r"hon(?:ou?r|est)|hour|heir", re.IGNORECASE)
_EIGHT = re.compile(r"8|11\b|11th|18(?:th|\b)")
_VOWEL_LETTERS = "AEFHILMNORSX"  # whose names begin with a vowel: an M4, an MD
_ABBREVIATION = re.compile(r"[A-Z]{2,}\b|[A-Z]+\d|[A-Z]\b")
_LONGEST_OF_SENTENCES = 4  # letters of an article or a preposition
_BEGINNERS = frozenset({
    "a", "an", "the", "my", "your", "our", "his", "her", "one", "two", "three", "four", "five", "six", "seven",
    "eight", "nine", "ten", "first", "second", "third", "fourth", "fifth", "sixth", "final", "last", "several", "many",
    "some", "most", "working", "helping", "teaching", "volunteering", "shadowing", "rotating", "writing", "taking",
    "doing", "being", "in", "on", "at", "for", "as", "during", "since", "when", "where", "while", "after", "before",
    "with", "from", "through", "both", "medical", "undergraduate", "resident", "fellow", "student", "junior", "senior",
    "premed", "pre-med", "premedical", "assistant", "associate", "attending", "chief", "postdoctoral", "graduate",
    "research", "clinical", "weekly", "daily", "summer", "spring", "fall", "autumn", "winter", "to", "becoming",
    "caring", "general", "rural",
})  # fmt: skip
"""Words that begin with a capital only where a sentence does."""


def with_article(words: str) -> str:
    """ "fourth-year medical student" as "a fourth-year medical student"; "M4" as "an M4"."""
    words = inside(words.strip())
    if not words or words.startswith(_OWN_ARTICLE):
        return words
    return f"{'an' if _begins_with_a_vowel(words) else 'a'} {words}"


def inside(words: str) -> str:
    """Words as they stand inside a sentence: "Two years in your lab" as "two years in your lab"; names keep theirs."""
    first = re.split(r"[\s,]", words, maxsplit=1)[0]
    plain = first.lower().rstrip(".:;")
    if plain == "i":
        return f"I{words[1:]}"
    known = plain in _BEGINNERS or plain.split("-")[0] in _BEGINNERS
    if not known or first[1:] != first[1:].lower() or _is_a_title(first, words):
        return words
    return f"{words[0].lower()}{words[1:]}"


def place(name: str) -> str:
    """A school after "at": "the University of Michigan", "Lakeside College of Medicine"."""
    if name.startswith(_OWN_ARTICLE):
        return name
    named_by_what_it_is = re.match(r"(?:\w+ )?(?:University|College|School|Institute|Hospital) (?:of|for)\b", name)
    own_name = re.match(r"[A-Z][\w'’.-]+ (?:College|School|Institute|Hospital|University) (?:of|for)\b", name)
    general = re.match(r"(?:Medical|State|National) ", name)
    return f"the {name}" if named_by_what_it_is and (not own_name or general) else name


def _is_a_title(first: str, words: str) -> bool:
    """ "Assistant Professor" keeps its capitals, "A Monday clinic" only the second."""
    return len(first) > _LONGEST_OF_SENTENCES and words[len(first) :].lstrip()[:1].isupper()


def _begins_with_a_vowel(words: str) -> bool:
    if words[0].isdigit():
        return bool(_EIGHT.match(words))
    if _ABBREVIATION.match(words):
        return words[0] in _VOWEL_LETTERS
    if words[0].lower() == "h":
        return bool(_SILENT_H.match(words))
    silent = words[:2].lower() == "un" and not words.lower().startswith("uni")
    return words[0].lower() in "aeiou" and (silent or not _SOUNDS_LIKE_A_CONSONANT.match(words))
