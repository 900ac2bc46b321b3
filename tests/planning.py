"""Services, mentors and dossiers for the tests of planning. The services are small tables of their own: what the real
ones want is data, and changes each season.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from lorbot.core.application import Application, Programme
from lorbot.core.dossier import Applicant, Dossier, Letter, Mentor, State
from lorbot.core.letter_types import LetterType as T
from lorbot.core.planning.plan import Plan, plan_of
from lorbot.core.policy import Policy
from lorbot.core.service import Counts, Reuse, Sender, Service, StandardForm, Wanted

NOW = datetime(2027, 6, 15, 15, 0, tzinfo=UTC)
DEADLINE = datetime(2027, 9, 2, 3, 59, tzinfo=UTC)
POLICY = Policy()


def service(name: str, **more: Any) -> Service:
    plain = {"title": name.upper(), "purpose": "application", "aliases": (name,), "checked_on": date(2027, 5, 1)}
    return Service(**{"name": name, **plain, **more})


SERVICES: dict[str, Service] = {
    s.name: s
    for s in (
        service("amcas", purpose="medical school application", counts=Counts(most=10, typical=(3, 3)),
                wanted=(Wanted(type=T.SCIENCE, least=2), Wanted(type=T.NON_SCIENCE),
                        Wanted(type=T.COMMITTEE, instead_of=(T.SCIENCE, T.NON_SCIENCE, T.ANY)))),
        service("aacomas", purpose="medical school application",
                counts=Counts(most=6, committee_counts_as=1, contributors_may_write=False),
                wanted=(Wanted(type=T.SCIENCE, least=2), Wanted(type=T.OSTEOPATHIC),
                        Wanted(type=T.COMMITTEE, instead_of=(T.SCIENCE,)))),
        service("tmdsas", purpose="medical school application", counts=Counts(least=3, most=4),
                reuse=Reuse(stored_allowed=True, written_after="05-01 of the year before"),
                wanted=(Wanted(type=T.COMMITTEE, instead_of=(T.ANY,)),)),
        service("caspa", counts=Counts(least=3, most=5, complete_with=2), reuse=Reuse(stored_allowed=False),
                wanted=(Wanted(type=T.PA, required=True), Wanted(type=T.SCIENCE))),
        service("eras", title="ERAS (residency)", purpose="residency application", assigned_to_programmes=True,
                counts=Counts(unlimited=True, most_per_programme=4, typical=(3, 4)), roles=("clinical", "academic"),
                wanted=(Wanted(type=T.SPECIALTY, least=2),),
                forms=(StandardForm(specialty="emergency medicine", name="SLOE", wanted=(2, 3),
                                    replaces_narrative=True),)),
        service("promotion", sender=Sender.INSTITUTION, counts=Counts(least=5),
                wanted=(Wanted(type=T.ARMS_LENGTH, least=5, required=True),)),
        service("custom"),
    )
}  # fmt: skip

GOOD: dict[str, Any] = {
    "closeness": "knows me well", "observed": "yes, every week", "known_since": "2024", "last_worked": "May 2027",
    "worked_together": "In your lab I built the cohort of 300 patients. In May I presented the poster in Boston.",
}  # fmt: skip


def mentor(number: int, **more: Any) -> Mentor:
    return Mentor(**{"id": f"m{number}", "name": f"Dr. Ada Name{number}", "email": f"m{number}@x.example", **more})


def application(number: int, service: str, **more: Any) -> Application:
    name = f"{SERVICES[service].title} 2028"
    return Application(**{"id": f"a{number}", "name": name, "service": service, "deadline": DEADLINE, **more})


def programme(number: int, application: str, letters: int | None = None, *types: str, **more: Any) -> Programme:
    name = f"Program {number:02}"
    return Programme(id=f"p{number}", application=application, name=name, letters=letters, types=types, **more)


def dossier(
    mentors: Iterable[Mentor], applications: Iterable[Application], letters: Iterable[Letter] = (), **more: Any
) -> Dossier:
    applicant = Applicant(name="Nadia Rahman", email="nadia@students.example", specialty=more.pop("specialty", ""))
    return Dossier(id="d1", applicant=applicant, mentors=tuple(mentors), applications=tuple(applications),
                   letters=tuple(letters), **more)  # fmt: skip


def letter(number: int, mentor: str, application: str, state: State = State.PLANNED) -> Letter:
    return Letter(id=f"l{number}", mentor=mentor, application=application, state=state)


def planned(made: Dossier) -> Plan:
    return plan_of(made, POLICY, NOW, SERVICES.__getitem__)


def writers(plan: Plan) -> dict[str, set[str]]:
    """The mentors of the plan, by application."""
    return {a.application: {p.candidate.mentor.id for p in a.picks} for a in plan.applications}


def gaps(plan: Plan) -> dict[str, list[tuple[T, int]]]:
    return {a.application: [(g.type, g.many) for g in a.gaps] for a in plan.applications if a.gaps}


def noticed(plan: Plan) -> set[tuple[str, str]]:
    """Every notice, with whom it is about."""
    return {(n.name, n.mentor) for a in plan.applications for n in a.notices} | {
        (n.name, n.mentor) for n in plan.notices
    }


COUNTS = ("science", "non-science", "physician", "chair", "do letter, science", "", "", "research", "pd", "specialty",
          "pa", "science")  # fmt: skip
WISHES = ((), ("chair",), ("specialty", "specialty"), ("pd", "chair"), ("research",), ("chair", "specialty"),
          ("physician",), ("sloe",))  # fmt: skip


def season(programmes: int = 40, mentors: int = 12) -> Dossier:
    """A large season: programmes that want different things, mentors of whom different things are known."""
    people = [
        mentor(n, **GOOD | {
            "counts_as": COUNTS[n % len(COUNTS)], "role": ("clinical", "research", "academic")[n % 3],
            "closeness": ("knows me well", "a little", "", "well")[n % 4],
            "specialty": "internal medicine" if n % 2 else "surgery",
            "known_since": str(2020 + n % 7),
        })
        for n in range(1, mentors + 1)
    ]  # fmt: skip
    names = ("eras", "amcas", "aacomas", "caspa")
    table = [
        programme(n, f"a{1 + n % 2}", (3, 4, None, 2)[n % 4], *WISHES[n % len(WISHES)],
                  specialty=("internal medicine", "surgery", "")[n % 3])
        for n in range(1, programmes + 1)
    ]  # fmt: skip
    letters = [letter(1, "m1", "a1", State.AGREED), letter(2, "m2", "a2", State.RECEIVED), letter(3, "m5", "a3")]
    return dossier(people, [application(n, s) for n, s in enumerate(names, 1)], letters, programmes=tuple(table),
                   specialty="internal medicine")  # fmt: skip


def shuffled(made: Dossier, order: Any) -> Dossier:
    """The same dossier with its tables in another order."""

    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(sorted(items, key=lambda item: order(item.id)))

    return replace(made, mentors=mixed(made.mentors), applications=mixed(made.applications),
                   letters=mixed(made.letters), programmes=mixed(made.programmes))  # fmt: skip
