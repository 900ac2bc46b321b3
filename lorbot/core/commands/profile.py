"""`profile`: who the applicant is, in the applicant's words."""

from collections.abc import Iterable
from dataclasses import replace

from lorbot.core import dates, view, waiver
from lorbot.core.commands.base import Command, Field, Request, answered, mistaken
from lorbot.core.courtesy import plain, says_yes
from lorbot.core.decision import Decision
from lorbot.core.dossier import Applicant, Dossier

_WANTED = (
    ("stage", "stage (for example: fourth-year medical student)"),
    ("goal", "goal (what you are heading for, in a sentence or two; mentors read it)"),
    ("specialty", "specialty"),
    ("school", "school"),
    ("waiver", "waiver (“I waive my right to see the letters” or “I do not waive it”; it is your choice alone)"),
)


def handle(request: Request, dossier: Dossier) -> Decision:
    """Take over what was given; ask for what is missing."""
    form, applicant = request.form, dossier.applicant
    problems = []
    zone = form.get("time_zone") and dates.zone_in(form.get("time_zone"))
    if form.get("time_zone") and not zone:
        problems.append(f"time zone “{form.get('time_zone')}” is not known; write for example America/Chicago or CT")
    stated = waiver.stated_in(form.get("waiver"))
    if form.get("waiver") and not stated:
        problems.append(
            f"waiver “{form.get('waiver')}” is not clear to me; write: waiver: I waive my right to see the letters, "
            "or: waiver: I do not waive my right"
        )
    wish = form.get("calendar_holds")
    if wish and _wished(wish) is None:
        problems.append(
            f"calendar holds “{wish}” is not clear to me; write: calendar holds: yes, or: calendar holds: no"
        )
    applicant = _merged(applicant, request, zone, stated)
    dossier = replace(dossier, applicant=applicant)
    if problems:
        return mistaken(dossier, request, COMMAND, problems)
    missing = [words for name, words in _WANTED if not getattr(applicant, name)]
    missing += [] if applicant.identifiers else ["AAMC ID (or the number your service gives you)"]
    understood = set(_other_identifiers(form.unknown))
    unknown = tuple(line for line in form.unknown if line.split(":", 1)[0].strip() not in understood)
    request = replace(request, form=replace(form, unknown=unknown))
    seen = view.of_applicant(applicant) | {
        "goal_text": applicant.goal, "time_zone": applicant.time_zone, "calendar_holds": applicant.calendar_holds,
    }  # fmt: skip
    return answered(dossier, request, "profile", why="the profile was updated", profile=seen, missing=missing)


def _merged(applicant: Applicant, request: Request, zone: str, stated: str) -> Applicant:
    form = request.form
    given = {
        name: form.get(name)
        for name in ("name", "pronouns", "stage", "goal", "specialty", "school", "signature")
        if form.get(name)
    }
    if "signature" in given:
        given["signature"] = given["signature"].replace(" | ", "\n")
    identifiers = dict(applicant.identifiers)
    if form.get("identifier"):
        identifiers["AAMC ID"] = form.get("identifier")
    identifiers.update(_other_identifiers(form.unknown))
    wished = _wished(form.get("calendar_holds"))
    return replace(
        applicant,
        **given,
        time_zone=zone or applicant.time_zone,
        waiver=stated or applicant.waiver,
        identifiers=identifiers,
        calendar_holds=applicant.calendar_holds if wished is None else wished,
    )


def _wished(words: str) -> bool | None:
    """Yes or no; None where it was not said, or is not clear."""
    if says_yes(words):
        return True
    return False if plain(words).split(" ", 1)[0] in {"no", "n", "not", "none", "never", "off"} else None


def _other_identifiers(lines: Iterable[str]) -> dict[str, str]:
    """Lines such as "NRMP ID: N0123456" name an identifier of their own."""
    keyed = [line.split(":", 1) for line in lines if ":" in line]
    return {
        key.strip(): number.strip() for key, number in keyed if key.strip().lower().endswith(" id") and number.strip()
    }


COMMAND = Command(
    name="profile",
    words=("profile", "my profile", "about me"),
    does="tells me who you are; mentors read name, stage, goal and specialty",
    example="""Subject: profile

name: Nadia Rahman
stage: fourth-year medical student
school: Lakeside College of Medicine
specialty: internal medicine
goal: I want to become a general internist at a safety-net hospital.
AAMC ID: 14789321
time zone: America/New_York
waiver: yes""",
    handle=handle,
    alone=True,
    fields=(
        Field(name="name", words=("name", "full name", "my name")),
        Field(name="pronouns", words=("pronouns",), example="she/her"),
        Field(name="stage", words=("stage", "year", "position"), example="fourth-year medical student"),
        Field(name="goal", words=("goal", "goals", "career goal", "aim")),
        Field(name="specialty", words=("specialty", "speciality", "field"), example="internal medicine"),
        Field(name="school", words=("school", "university", "medical school", "institution", "hospital")),
        Field(name="identifier", words=("AAMC ID", "aamc", "aamc number"), example="14789321"),
        Field(name="time_zone", words=("time zone", "timezone", "zone"), example="America/New_York"),
        Field(name="signature", words=("signature", "sign as")),
        Field(name="calendar_holds", words=("calendar holds", "calendar hold", "holds"), example="yes"),
        Field(name="waiver", words=("waiver", "ferpa", "ferpa waiver", "waive"), example="yes"),
    ),
)
