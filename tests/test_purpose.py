"""What a letter is for: told by the service, else by what the application is called; never guessed."""

import pytest

from lorbot.core.application import Application
from lorbot.core.dossier import Applicant
from lorbot.core.purpose import Aim, aim_of, words


def somebody(stage: str = "", specialty: str = "") -> Applicant:
    return Applicant(name="Nadia Rahman", email="nadia@students.example", stage=stage, specialty=specialty)


@pytest.mark.parametrize(
    ("name", "service", "stage", "aim"),
    [
        ("AMCAS 2028", "amcas", "", Aim.PREMED),
        ("AMCAS 2028", "amcas", "PGY-2 resident", Aim.PREMED),  # the service knows best
        ("ERAS 2028", "eras-residency", "", Aim.RESIDENCY),
        ("ERAS 2028, cardiology fellowship", "eras-residency", "resident", Aim.RESIDENCY),
        ("Lakeside School of Medicine", "custom", "college senior", Aim.PREMED),
        ("Lakeside School of Medicine", "custom", "assistant professor", Aim.OTHER),
        ("MD program, Lakeside", "custom", "", Aim.PREMED),
        ("Cardiology fellowship", "custom", "PGY-3 resident", Aim.FELLOWSHIP),
        ("Fulbright fellowship", "custom", "fourth-year medical student", Aim.OTHER),
        ("Cardiology fellowship", "custom", "", Aim.OTHER),
        ("Neurology residency, Lakeside", "custom", "", Aim.RESIDENCY),
        ("Hospitalist, Harborview", "custom", "", Aim.JOB),
        ("Assistant Professor, Lakeside", "custom", "cardiology fellow", Aim.JOB),
        ("Associate Professor, Lakeside", "custom", "Assistant Professor of Medicine", Aim.PROMOTION),
        ("Associate Professor, Lakeside", "custom", "", Aim.OTHER),
        ("Promotion 2028", "custom", "", Aim.PROMOTION),
        ("Tenure", "custom", "", Aim.PROMOTION),
        ("Garden grant", "custom", "fourth-year medical student", Aim.OTHER),
        ("Garden grant", "", "", Aim.OTHER),
        ("Proposition", "custom", "", Aim.OTHER),
    ],
)
def test_what_a_letter_is_for(name: str, service: str, stage: str, aim: Aim) -> None:
    assert aim_of(somebody(stage), Application(id="a1", name=name, service=service)) is aim


@pytest.mark.parametrize(
    ("name", "service", "stage", "said"),
    [
        ("ERAS 2028", "eras-residency", "M4", "residency application in internal medicine"),
        ("AMCAS 2028", "amcas", "", "medical school application"),
        ("Garden grant", "custom", "", "application (Garden grant)"),
        ("Hospitalist, Harborview", "custom", "", "job application (Hospitalist, Harborview)"),
        ("Tenure", "custom", "", "promotion (Tenure)"),
    ],
)
def test_the_words_for_it(name: str, service: str, stage: str, said: str) -> None:
    assert words(somebody(stage, "internal medicine"), Application(id="a1", name=name, service=service)) == said
