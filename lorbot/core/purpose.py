"""What a letter is for: the step of a career it serves, and the words for it after "my".

The service knows best: the `stage` of its file, or what it calls its applications. Where lorbot does not know the
service, the name of the application decides by the table `_NAMED`, and the applicant's own stage where the name alone
can mean two things. What nothing tells is `Aim.OTHER`, for which each mail has words that fit anything.
"""

import re
from enum import StrEnum

from lorbot.core import services
from lorbot.core.application import Application
from lorbot.core.dossier import Applicant
from lorbot.core.service import OF_A_SPECIALTY, Service


class Aim(StrEnum):
    """The step that a letter is to help with."""

    PREMED = "premed"
    RESIDENCY = "residency"
    FELLOWSHIP = "fellowship"
    JOB = "job"
    PROMOTION = "promotion"
    OTHER = ""


UNNAMED = "application"
"""The purpose of a service that can be used for anything; the application's own name says what for."""

_RANK = r"(?:associate |assistant |full |clinical )*professor(?:ship)?|senior lecturer"
_ANYBODY = r""
_KNOWN = r"\S"
_IN_FACULTY = r"\b(?:professor|faculty|lecturer|instructor)\b"
_IN_TRAINING = r"\b(?:resident|residency|pgy-?\d|fellow|fellowship|intern)\b"
_IN_COLLEGE = r"\b(?:pre-?med\w*|undergraduate|college|post-?bac\w*|gap year)\b"

_NAMED: tuple[tuple[Aim, str, str], ...] = (
    (Aim.PROMOTION, r"promotion|promoted|tenure|endorsement", _ANYBODY),
    (Aim.PROMOTION, _RANK, _IN_FACULTY),
    (Aim.JOB, _RANK, _KNOWN),
    (Aim.JOB, r"jobs?|positions?|employment|hospitalist|staff physician|attending physician", _ANYBODY),
    (Aim.FELLOWSHIP, r"fellowships?", _IN_TRAINING),  # of a student it may be a scholarship
    (Aim.RESIDENCY, r"residency|residencies", _ANYBODY),
    (Aim.PREMED, r"medical schools?|pre-?med|m\.?d\.? programs?|m\.?d\.?[-/]ph\.?d\.?", _ANYBODY),
    (Aim.PREMED, r"(?:school|college) of (?:osteopathic )?medicine", _IN_COLLEGE),
)
"""What an application is called, and by whom, for each aim; the first row that fits."""

_WORDS: dict[Aim, str] = {
    Aim.PREMED: "medical school application",
    Aim.RESIDENCY: "residency application",
    Aim.FELLOWSHIP: "fellowship application",
    Aim.JOB: "job application",
    Aim.PROMOTION: "promotion",
    Aim.OTHER: "application",
}


def aim_of(applicant: Applicant, application: Application) -> Aim:
    """What the letters of this application are for."""
    known = services.service(application.service)
    called = application.name if known.purpose == UNNAMED else f"{known.purpose}, {known.title}"
    return next((aim for aim in Aim if aim and aim.value == known.stage), None) or _named(called, applicant.stage)


def words(applicant: Applicant, application: Application) -> str:
    """What the letter is for, after "my": "residency application in neurology", "application (Garden grant)"."""
    known, aim = services.service(application.service), aim_of(applicant, application)
    if known.purpose == UNNAMED:
        return f"{_WORDS[aim]} ({application.name})"
    specialty = applicant.specialty if aim in OF_A_SPECIALTY and not _names_specialty(known) else ""
    return f"{known.purpose} in {specialty}" if specialty else known.purpose


def _named(called: str, stage: str) -> Aim:
    for aim, pattern, whose in _NAMED:
        if re.search(rf"\b(?:{pattern})\b", called, re.IGNORECASE) and re.search(whose, stage, re.IGNORECASE):
            return aim
    return Aim.OTHER


def _names_specialty(service: Service) -> bool:
    return " in " in service.purpose
