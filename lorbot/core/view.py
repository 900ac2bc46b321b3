"""People, letters and applications as a template sees them: plain values, ready to be put in a sentence.

Every key is always there; what is unknown is an empty string or an empty list, and a template asks before it speaks.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from lorbot.core import dates, deadlines, grammar, names, service_words, services, when_due
from lorbot.core import purpose as purposes
from lorbot.core.application import Application
from lorbot.core.dossier import Applicant, Dossier, Letter, Mentor
from lorbot.core.policy import Policy

View = dict[str, Any]

_SENTENCE = re.compile(r"^[A-Z\"“].*[.!?][\"”)]?$", re.DOTALL)
_DATED = re.compile(r"^(?:[A-Za-z]{3,9}\.?,? (?:of )?){0,2}(?:19|20)\d\d$")  # "March 2027", "the fall of 2024"
_PRONOUN = re.compile(r"\b(?:I|we|you|your|our|my)\b", re.IGNORECASE)


def mentor_mail(dossier: Dossier, letters: Iterable[Letter], policy: Policy, now: datetime) -> View:
    """What every mail to a mentor may speak of."""
    letters = tuple(letters)
    mentor = dossier.mentor(letters[0].mentor)
    return {
        "applicant": of_applicant(dossier.applicant),
        "mentor": of_mentor(mentor),
        "letters": [of_letter(dossier, letter, policy, now) for letter in letters],
    }


def of_applicant(applicant: Applicant) -> View:
    return {
        "name": applicant.name,
        "given": names.given_name(applicant.name),
        "email": applicant.email,
        "pronouns": applicant.pronouns,
        "stage": applicant.stage,
        "standing": standing(applicant),
        "goal": phrase(applicant.goal),
        "specialty": applicant.specialty,
        "school": applicant.school,
        "signature": applicant.signature or applicant.name,
        "waiver": applicant.waiver,
        "identifiers": [{"name": k, "value": v} for k, v in applicant.identifiers.items()],
    }


def of_mentor(mentor: Mentor) -> View:
    return {
        "id": mentor.id,
        "name": mentor.name,
        "greeting": mentor.greeting or names.formal(mentor.name, mentor.title),
        "email": mentor.email,
        "title": mentor.title,
        "role": mentor.role,
        "known_since": mentor.known_since,
        "since": mentor.known_since if _DATED.match(mentor.known_since) else "",
        "worked_together": phrase(mentor.worked_together),
        "highlights": phrase(mentor.highlights),
        "closeness": mentor.closeness,
        "observed": mentor.observed,
        "last_worked": mentor.last_worked,
        "load": mentor.load,
        "counts_as": mentor.counts_as,
        "growth": mentor.growth,
        "renown": mentor.renown,
        "stored_letter": mentor.stored_letter,
        "away_until": dates.say(mentor.away_until) if mentor.away_until else "",
        "never": mentor.never,
        "assistant": mentor.assistant,
    }


def of_application(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> View:
    """What is known of an application, and of its service as far as it matters in the applicant's specialty."""
    known = services.service(application.service)
    return {
        **service_words.rules(known, dossier.applicant.specialty, application.name),
        "name": application.name,
        "service": known.title if known.platform else "",
        "purpose": known.purpose,
        **when_due.seen(dossier, application, policy, now),
        "portal": application.portal,
        "instructions": application.instructions,
        "programmes": application.programmes,
        "steps": list(known.steps),
        "must_carry": list(known.must_carry or service_words.GOOD_FORM),
        "format": list(known.format),
        "guideline_url": known.guideline_url,
        "letters_wanted": known.letters,
        "identifiers_wanted": list(known.identifiers),
        "letter_id_name": known.letter_id,
        "assigned": known.assigned_to_programmes,
        "source": known.source,
        "checked_on": dates.say(known.checked_on),
        "outcome": application.outcome,
        "news": phrase(application.news),
    }


def of_letter(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> View:
    application = dossier.application(letter.application)
    letter_id = application.letter_ids.get(letter.mentor) or application.letter_ids.get("", "")
    return {
        **of_application(dossier, application, policy, now),
        **when_due.seen_there(dossier, letter, policy, now),
        "id": letter.id,
        "state": letter.state.value,
        "letter_id": letter_id,
        "purpose": purpose(dossier.applicant, application),
        "aim": purposes.aim_of(dossier.applicant, application).value,
    }


def purpose(applicant: Applicant, application: Application) -> str:
    """What the letter is for, after "my": "residency application in internal medicine"."""
    return purposes.words(applicant, application)


def standing(applicant: Applicant) -> str:
    """What the applicant is, behind the name: "a fourth-year medical student at Lakeside College of Medicine"."""
    what = grammar.with_article(applicant.stage)
    if not applicant.school or applicant.school in applicant.stage:
        return what
    return f"{what} at {grammar.place(applicant.school)}" if what else f"from {grammar.place(applicant.school)}"


def days_left(dossier: Dossier, application: Application, policy: Policy, now: datetime) -> int:
    """Whole days from today to the day the letters must be there, in its zone; 0 where nobody knows it."""
    due = deadlines.due_of(dossier, application, policy, now=now)
    return deadlines.days_left(due, now) if due else 0


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of `moment` in `zone`."""
    return dates.local_day(moment, zone)


def zone_of(applicant: Applicant, policy: Policy) -> str:
    """The time zone in which the applicant is spoken to."""
    return applicant.time_zone or policy.time_zone


def today(applicant: Applicant, policy: Policy, now: datetime) -> date:
    """The applicant's calendar day."""
    return local_day(now, zone_of(applicant, policy))


def sender(applicant: Applicant) -> str:
    """What the applicant may sign a mail with: the name, and the lines of the signature below it."""
    return "\n".join(x for x in (applicant.name, applicant.signature, applicant.stage, applicant.school) if x)


def phrase(text: str) -> View:
    """A text of the applicant's with what a template must know to use it: whole sentences, or a fragment to be put
    after a colon.
    """
    text = text.strip()
    whole = bool(_SENTENCE.match(text)) and bool(_PRONOUN.search(text))
    fragment = "" if whole else grammar.inside(text.rstrip(". ,;:"))
    return {"text": text, "is_sentence": whole, "fragment": fragment}
