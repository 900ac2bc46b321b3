"""An example of everything a mail may speak of, for `lorbot preview`: what a template looks like filled in.

The values are made as for real mail, from a dossier, wherever a mail's context is made from one.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from lorbot import example_given as given
from lorbot.core import agenda, commands, dates, season, view, writing
from lorbot.core.application import Application, Programme
from lorbot.core.commands.help import seen
from lorbot.core.dossier import Applicant, Dossier, Letter, Material, Mentor, State
from lorbot.core.path import path
from lorbot.core.planning import told
from lorbot.core.planning.plan import plan_of
from lorbot.core.policy import Policy
from lorbot.core.programmes import shown
from lorbot.core.programmes.fits import Present
from lorbot.core.programmes.ranking import ranked
from lorbot.errors import TemplateError

NOW = datetime(2027, 7, 6, 14, 0, tzinfo=UTC)


def find(names: Sequence[str], wanted: str) -> str:
    """The template that "ask", "mentor/ask" or a path to its file means. Raises TemplateError for none or several."""
    bare = wanted.removesuffix(".txt").strip("/")
    found = [n for n in names if n == bare or bare.endswith(f"/{n}") or n.endswith(f"/{bare}")]
    if len(found) == 1:
        return found[0]
    if found:
        raise TemplateError(f"{wanted} can be {' or '.join(found)}; write it with its folder")
    raise TemplateError(f"there is no template {wanted}; `lorbot preview` lists them")


def context(template: str, policy: Policy) -> dict[str, Any]:
    """The values for `template`, "mentor/ask" for example; all that any template needs are there."""
    dossier = _dossier()
    letters = dossier.letters
    return {
        **view.mentor_mail(dossier, letters[:1], policy, NOW),
        **writing.about_letter(dossier, letters[0], policy, NOW),
        "application": view.of_application(dossier, dossier.applications[0], policy, NOW),
        "profile": view.of_applicant(dossier.applicant)
        | {"goal_text": dossier.applicant.goal, "time_zone": dossier.applicant.time_zone, "calendar_holds": False},
        "season": season.overview(dossier, policy, NOW),
        "coming": [{"title": o.title, "on": dates.say(o.day)} for o in agenda.agenda(dossier, policy, NOW)],
        "path": path(dossier, policy, NOW),
        "received": [view.of_letter(dossier, letters[0], policy, NOW) | {"mentor_name": "Dr. Elena Lopez"}],
        "commands": [seen(c) for c in commands.COMMANDS],
        **(_plan(dossier, policy) if template == "applicant/plan" else {}),
        **given.LITERALS,
        **(_outside(dossier, policy) if template in given.OUTSIDE else {}),
        **(_programmes(dossier, policy) if template == "applicant/programmes" else {}),
        **given.OF_ONE_TEMPLATE.get(template, {}),
    }


def _plan(dossier: Dossier, policy: Policy) -> dict[str, Any]:
    plan = told.of_plan(dossier, plan_of(dossier, policy, NOW), policy, NOW)
    return {"plan": plan, "pinned": [], "file": "lorbot-calendar.ics"}


def _outside(dossier: Dossier, policy: Policy) -> dict[str, Any]:
    """The answer to a command that tells what happened to a letter."""
    letter = view.of_letter(dossier, dossier.letters[0], policy, NOW) | {
        "mentor_name": "Dr. Elena Lopez", "reachable": True, "never": False, "backup": "Dr. Harold Kim", "asks": False,
        "noted": True, "was_asked": True, "assigned_to": "24 programs", "next": "a reminder",
        "next_on": "Wednesday, August 18, 2027",
    }  # fmt: skip
    return {"letters": [letter], "note": "after rounds", "waited": [], "without": [], "until": "", "left": []}


def _programmes(dossier: Dossier, policy: Policy) -> dict[str, Any]:
    """The answer to a table of programs."""
    application = replace(dossier.applications[0], weights={"research": 3.0, "distance": -1.0})
    rows = (("Lakeside Hospital", "Boston", "strong", "12 miles", ("department chair",)),
            ("Northern Medical Center", "Chicago", "medium", "900 miles", ()))  # fmt: skip
    programmes = tuple(
        Programme(id=f"p{n}", application=application.id, name=name, city=city, types=types, letters=3,
                  wishes={"Research": research, "Distance": distance})
        for n, (name, city, research, distance, types) in enumerate(rows, 1)
    )  # fmt: skip
    dossier = replace(dossier, programmes=programmes).with_application(application)
    ranking = shown.of_ranking(ranked(dossier, application, policy, NOW), Present(dossier, application))
    return {
        "application": application.name, "ranking": ranking, "table_came": True, "rows": 2, "new": 1, "removed": [],
        "changed": [{"number": 3, "name": "Northern Medical Center", "says": "Distance: “90 miles” → “900 miles”"}],
        "wrong": [], "problems": [], "shown": 40,
    }  # fmt: skip


def _dossier() -> Dossier:
    return Dossier(
        id="d0",
        applicant=Applicant(
            name="Nadia Rahman", email="nadia@students.example", pronouns="she/her",
            stage="fourth-year medical student",
            goal="I want to become a general internist at a safety-net hospital.", specialty="internal medicine",
            school="Lakeside College of Medicine", identifiers={"AAMC ID": "14789321"}, waiver="waived",
            time_zone="America/New_York",
        ),
        mentors=(
            Mentor(
                id="m1", name="Dr. Elena Lopez", email="elena.lopez@hospital.example", role="clinical",
                title="Associate Professor of Medicine", known_since="March 2027",
                worked_together="I was your sub-intern on 5 West for four weeks in March. I presented Mr. H. at "
                "morning report, and you watched me lead the meeting with his family.",
                highlights="the meeting with the family of Mr. H.",
            ),
            Mentor(id="m2", name="Dr. Harold Kim", email="kim@hospital.example", backup_for="m1"),
        ),
        applications=(
            Application(
                id="a1", name="ERAS 2028, internal medicine", service="eras-residency", time_zone="America/New_York",
                deadline=datetime(2027, 9, 2, 3, 59, tzinfo=UTC), preferred=date(2027, 8, 20),
                letter_ids={"m1": "1234567"}, programmes="24 programs", outcome="matched",
                news="I matched at Lakeside University Hospital.",
            ),
        ),
        letters=(
            Letter(id="l1", mentor="m1", application="a1", state=State.ASKED, asked_at=NOW),
            Letter(id="l2", mentor="m2", application="a1"),
        ),
        materials=(
            Material(
                kind="cv", version=1, name="Rahman_CV.pdf", media_type="application/pdf", sha256="0" * 64, size=81_000,
                added_at=NOW,
            ),
        ),
    )  # fmt: skip
