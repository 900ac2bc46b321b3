"""When lorbot may act on a reading without asking: a plain yes, or a plain report that the letter is in.

Invariant: a wrong act costs an applicant a letter, so any word that may carry a reservation, a condition or another
matter leaves the reply to the applicant.
"""

from collections.abc import Mapping, Sequence

from lorbot.core.reading import Signal, Stage, Stance
from lorbot.reading.agreeing import FIRM, IDIOMS
from lorbot.reading.rules import Hit, any_of, clause_starts
from lorbot.reading.sentences import Sentence

YES_LIMIT = 60  # words: in a longer answer a reservation may hide that no rule knows
REPORT_LIMIT = 40  # words

ANSWERED_FROM_DOSSIER = frozenset({Signal.ASKS_DEADLINE, Signal.ASKS_HOW, Signal.WANTS_MATERIALS, Signal.PROGRESS})

_RESERVED = any_of(
    r"(?:but|though|although|however|unless|except|if|provided|as long as|condition|caveat|snag|only|not|never)\b",
    r"(?:nothing|no|none|nor|honest\w*|little|limited|average|fair|depends|instead|rather|else|someone|short)\b",
    r"(?:brief|maybe|perhaps|might|could(?! (?:i|you) (?:get|have|send|you))|may|guess|suppose|probably|hope)\b",
    r"(?:try|unfortunately|afraid|concern\w*|problem\w*|worr\w+|careful|weak\w*|mixed|barely|hardly|mostly)\b",
    r"(?:scarcely|basically|technically|policy|permission|allowed|approval|ask me|reluctant\w*|begrudging\w*)\b",
    r"(?:obliged|have to|transparency|growth|strengths|overlap\w*|afternoons?|met you|briefly|a (?:week|day))\b",
    r"(?:(?:two|three) (?:days|shifts|weeks)|equal|balanced|both sides|neutral|factual|solid)\b",
    r"(?:reservations?|reach\w*|pushing|stretch\w*|padd\w*|against|attend(?:ed|ance)|punctual\w*|supervision)\b",
    r"(?:eventually|get there|everyone|everybody|anyone|all of (?:our|my)|form of words|calendar)\b",
)
_OTHER_MATTERS = any_of(
    r"(?:but|except|one of|half|first of|only|others?|not|never|will|going to|tomorrow|tonight|still|if|once)\b",
    r"(?:hope|think|try|tried|someone|last year|bounced|came (?:straight )?back|returned|unavailable|rejected)\b",
    r"(?:error|failed|wrong|draft|unsigned|should|would|next|second|third|line|queue|wait\w*|all in)\b",
    r"(?:classmates?|lab ?mates?|room ?mates?|friends?|letters? for|one for)\b",
    r"(?<!that)(?<!there)(?<!here)(?<!what)'s\b",  # somebody's letter
    r"\?",
)


def plain_yes(views: Sequence[Hit], spoken: Mapping[Signal, str], cut: Sequence[Sentence], stage: Stage) -> bool:
    """A firm yes to the first ask, nothing that points elsewhere, and no signal that needs the applicant."""
    if stage is not Stage.ASKED or not ANSWERED_FROM_DOSSIER.issuperset(spoken):
        return False
    if not any(hit.rule.strength == FIRM for hit in views) or any(hit.rule.label is not Stance.YES for hit in views):
        return False
    return not may_be_reserved(cut)


def plain_report(stance: Stance, spoken: Mapping[Signal, str], cut: Sequence[Sentence], stage: Stage) -> bool:
    """A report that the letter is in, and nothing else that anybody must see to."""
    if stage is Stage.ASKED or stance is not Stance.NONE or set(spoken) != {Signal.SUBMITTED}:
        return False
    return not may_be_about_more(cut)


def may_be_reserved(cut: Sequence[Sentence]) -> bool:
    """Whether a word of a yes may carry a reservation or a condition, or the yes is so long that one may hide in it."""
    return _words(cut) > YES_LIMIT or any(_RESERVED.search(_without_idioms(each.plain)) for each in cut)


def may_be_about_more(cut: Sequence[Sentence]) -> bool:
    """Whether a word of a report may speak of something that is not done, or of somebody else's letter."""
    return _words(cut) > REPORT_LIMIT or any(_OTHER_MATTERS.search(each.plain) for each in cut)


def _words(cut: Sequence[Sentence]) -> int:
    return sum(len(sentence.plain.split()) for sentence in cut)


def _without_idioms(plain: str) -> str:
    for idiom in IDIOMS:
        while (found := idiom.find(plain, clause_starts(plain))) is not None:
            plain = f"{plain[: found.start()]} {plain[found.end() :]}"
    return plain
