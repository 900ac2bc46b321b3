"""The waiver of the right to see a letter (FERPA, 34 CFR 99.12), as the applicant words it. Never chosen for anybody.

Only what is unmistakable is taken: "I waive my right to see the letters", "do not waive", yes. Doubt is no choice.
"""

import re

from lorbot.core.courtesy import bluntly

WAIVED = "waived"
NOT_WAIVED = "not waived"

_RIGHT = (
    r"(?: (?:my|the|all|any|this|that|all my|it|them))?(?: ferpa)?(?: rights?)?(?: of access)?(?: of)?"
    r"(?: (?:to|of) (?:see|seeing|view|viewing|access|read|reading|inspect|review|look at))?"
    r"(?: (?:it|them|(?:(?:the|my|this|these|those|any|all|all my|all the|your) )?letters?(?: of recommendation)?))?"
    r"(?: under ferpa)?"
)
_RIGHT_IS = _RIGHT.replace("(?: ", "(?:", 1) + r"(?: (?:is|are|was|were))?"
_GIVES_UP = r"(?:waive[ds]?|waiving|give up|gave up|given up)"
_I = r"(?:(?:i|we) )?"
_YES = re.compile(
    rf"(?:yes )?(?:{_I}(?:(?:do|will|hereby|have|am|would like to|want to|choose to|agree to) )?(?:hereby )?"
    rf"{_GIVES_UP}{_RIGHT}|{_RIGHT_IS} waived)"
)
_NO = re.compile(
    rf"(?:no )?(?:{_I}(?:(?:do|will|did|have|am|would|choose|want) )?(?:not|don't|won't|didn't|haven't|never|wouldn't)"
    rf"(?: (?:to|like to|want to|wish to|choose to|hereby))?(?: {_GIVES_UP}{_RIGHT})?"
    rf"|{_I}(?:(?:will|want to|would like to|choose to) )?(?:keep|kept|retain|retained|reserve){_RIGHT}"
    rf"|{_RIGHT_IS} not waived)"
)
_ALONE = {"yes": WAIVED, "y": WAIVED, "no": NOT_WAIVED, "n": NOT_WAIVED}
_LINE = re.compile(r"^\s*[*_]{0,2}(?:ferpa waiver|waiver|ferpa|waive)[*_]{0,2}\s*[:=]\s*(.{0,300})$", re.IGNORECASE)


def stated_in(given: str) -> str:
    """WAIVED or NOT_WAIVED, as the words say; "" where they do not say it for certain."""
    said = re.sub(r" (?:at all|for all(?: of them)?)$", "", bluntly(given[:300]))
    if said in _ALONE:
        return _ALONE[said]
    yes, no = bool(_YES.fullmatch(said)), bool(_NO.fullmatch(said))
    if yes == no or not said:
        return ""
    return WAIVED if yes else NOT_WAIVED


def taken_out(words: str) -> tuple[str, str]:
    """What a line "waiver: ..." in an answer states, and the words without that line. "" where none is clear."""
    lines = words.split("\n")
    for number, line in enumerate(lines[:40]):
        if line.strip().lower().startswith("edit"):
            break  # what follows is the text of a mail
        found = _LINE.match(line)
        if found and (stated := stated_in(found[1])):
            return stated, "\n".join(lines[:number] + lines[number + 1 :])
    return "", words
