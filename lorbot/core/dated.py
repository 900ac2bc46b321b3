"""The deadlines of an application as they were given, and what each of them says of its letters.

A date counts where it is the letters' own, or where they must have arrived by it. A date by which a service has
checked an application, or by which the application alone is sent, says nothing of the letters: how much earlier or
later they are wanted is asked of the applicant, never guessed.
"""

import re
from collections.abc import Mapping

from lorbot.core import services
from lorbot.core.application import Application, Programme
from lorbot.core.dossier import Dossier
from lorbot.core.services import Rule
from lorbot.core.value import Line, Moment, value

OF_OTHER_THINGS = frozenset({Rule.SUBMIT, Rule.VERIFIED})
"""What a deadline may be about that does not say when the letters must be there."""

SAYING: Mapping[Rule, str] = {
    Rule.LETTERS: "the letters must be there",
    Rule.COMPLETE: "the application must be complete, with its letters",
    Rule.VERIFIED: "the service must have verified the application",
    Rule.SUBMIT: "the application must be sent; letters may follow",
    Rule.PROGRAMME: "what the program asks for must be there",
    Rule.VISIBLE: "programs begin to read",
}
"""What must have happened by a deadline, in words, after "by then"."""

_WORDS: Mapping[Rule, str] = {
    Rule.LETTERS: r"letters?",
    Rule.COMPLETE: r"complet(?:e|ed|ion)",
    Rule.VERIFIED: r"verif(?:y|ied|ication)",
    Rule.SUBMIT: r"submit|submitted|submission|sent|transmitted|transmission",
    Rule.PROGRAMME: r"program(?:me)?s?",
    Rule.VISIBLE: r"visible|review|reading",
}
_MAY_FOLLOW = re.compile(r"\bletters? (?:may|can|might) (?:follow|come later|be late)\b")


@value
class Dated:
    """A deadline, and what must have happened by it."""

    at: Moment
    zone: Line = ""  # "" where nobody said
    programme: Line = ""  # whose it is; "" for the application as a whole
    rule: Rule

    @property
    def counts(self) -> bool:
        """Whether the letters must be there by then."""
        return self.rule not in OF_OTHER_THINGS


def given(dossier: Dossier, application: Application) -> tuple[Dated, ...]:
    """Every deadline that is known, earliest first. The day the letters must be there, once the applicant has said it,
    takes the place of what the application's own deadline says of them.
    """
    found = [
        Dated(at=p.deadline, zone=p.time_zone, programme=p.name, rule=rule_of(application, p))
        for p in dossier.programmes_of(application.id)
        if p.deadline is not None
    ]
    if application.deadline is not None:
        own = Dated(at=application.deadline, zone=application.time_zone, rule=rule_of(application))
        found += [own] if application.letters_by is None or not own.counts else []
    if application.letters_by is not None:
        found.append(Dated(at=application.letters_by, zone=application.letters_zone, rule=Rule.LETTERS))
    return tuple(sorted(found, key=lambda d: (d.at, d.programme)))


def unsettled(dossier: Dossier, application: Application) -> tuple[Dated, ...]:
    """The deadlines that leave open when the letters must be there, as long as the applicant has not said it."""
    return () if application.letters_by else tuple(d for d in given(dossier, application) if not d.counts)


def rule_of(application: Application, programme: Programme | None = None) -> Rule:
    """What must have happened by a deadline: as the applicant said of it, else as the service has it."""
    said = (programme.rule if programme else "", application.rule)
    return next((rule for words in said if (rule := rule_in(words))), services.service(application.service).rule)


def rule_in(words: str) -> Rule:
    """The rule that `words` name: "verified", "1 Oct, complete"; UNKNOWN for none and where several could be meant."""
    low = " ".join(words.lower().split())
    if _MAY_FOLLOW.search(low):
        return Rule.SUBMIT
    found = [rule for rule, pattern in _WORDS.items() if re.search(rf"\b(?:{pattern})\b", low)]
    return found[0] if len(found) == 1 else Rule.UNKNOWN
