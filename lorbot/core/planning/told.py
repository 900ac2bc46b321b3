"""The plan as the templates see it: plain values. The sentences are in templates/applicant/_plan.txt."""

from datetime import datetime

from lorbot.core import dates, deadlines, fit, season, services, spans, view
from lorbot.core.commands import people
from lorbot.core.dossier import Dossier, State
from lorbot.core.fit import Weight
from lorbot.core.planning.cases import Candidate, Stands
from lorbot.core.planning.mix import Mix, Place
from lorbot.core.planning.notices import Notice
from lorbot.core.planning.plan import ApplicationPlan, Gap, Pick, Plan
from lorbot.core.policy import Policy
from lorbot.core.view import View

MOST_REASONS = 3
MOST_QUESTIONS = 5
_QUOTABLE = 60  # characters of the applicant's own words that a sentence can take in
_LEADING_YES = ("yes, ", "yes; ", "yes - ", "yes ")


def of_plan(dossier: Dossier, plan: Plan, policy: Policy, now: datetime, only: str = "") -> View:
    """All of the plan, or the one application `only`, with the next step first."""
    shown = [a for a in plan.applications if not only or a.application == only]
    applications = [_application(dossier, planned, policy, now) for planned in shown]
    asked = {m for a in shown for m in (c.mentor.id for c in (*(p.candidate for p in a.picks), *a.left, *a.dropped))}
    questions = [q for q in plan.questions if q.mentor in asked][:MOST_QUESTIONS]
    _said_once(applications)
    return {
        "solved": plan.solved,
        "next": _next(applications, {kind.value for q in questions for kind in q.types}),
        "applications": applications,
        "over": [dossier.application(a).name for a in plan.over if not only or a == only],
        "none": not dossier.applications,
        "load": [_notice(dossier, n) for n in plan.notices],
        "questions": [
            {"name": people.in_full(dossier, dossier.mentor(q.mentor)) or dossier.mentor(q.mentor).name,
             "types": [kind.value for kind in q.types]}
            for q in questions
        ],
    }  # fmt: skip


def _said_once(applications: list[View]) -> None:
    """Why a mentor should write is told once; later it is "as above"."""
    told: set[str] = set()
    for ask in (ask for application in applications for ask in application["asks"]):
        ask["again"] = ask["mentor"]["id"] in told
        told.add(ask["mentor"]["id"])


def _application(dossier: Dossier, planned: ApplicationPlan, policy: Policy, now: datetime) -> View:
    application = dossier.application(planned.application)
    window = deadlines.ask_window(dossier, application, policy, now)
    due = deadlines.due_of(dossier, application, policy, now=now)
    service = planned.mix.service
    new = [_ask(dossier, pick) for pick in planned.new]
    return {
        "name": application.name,
        "service": "" if service.name == services.CUSTOM else service.title,
        "due": dates.say(due.day) if due else "",
        "due_programme": due.programme if due else "",
        "window": {
            "from": dates.say(window.begins) if window else "", "to": dates.say(window.ends) if window else "",
            "when": window.when.value if window else "",
        },
        "wants": _wants(planned.mix),
        "rows": _rows(planned),
        "gaps": [_gap(g, planned) for g in planned.gaps],
        "asks": new,
        "together": _together(dossier, planned),
        "waiting": [
            {"name": c.mentor.name, "saying": season.SAYING[c.letter.state]} for c in planned.waiting if c.letter
        ],
        "groups": _groups(dossier, planned),
        "notices": [_notice(dossier, n) for n in planned.notices],
        "unknown": planned.mix.unknown,
        "solicited": planned.mix.solicited,
        "left": [] if planned.mix.solicited else [_left(c) for c in planned.left],
        "dropped": [
            _left(c) | {"drop": c.letter is not None and c.letter.state is State.PLANNED}
            for c in planned.dropped
            if c.barred not in {"solicited", "arms_length"}
        ],
        "crowded": planned.crowded,
        "broken": any(n.breaks for n in planned.notices),
        "source": service.source,
        "checked_on": dates.say(service.checked_on),
    }  # fmt: skip


def _wants(mix: Mix) -> View:
    """What is wanted: so many letters, and places of which types; of several programmes, what all of them want."""
    if not mix.readers:
        return {"needs": 0, "usual": 0, "to": 0, "most": 0, "most_each": 0, "places": [], "programmes": 0}
    readers = [r for r in mix.readers if r.programmes] or [mix.whole]
    first, typical = readers[0], mix.service.counts.typical
    usual = min(r.usual for r in readers) if typical or first.programmes else 0  # a sum of places is nobody's number
    needs, most = min(r.needs for r in readers), max(max(r.needs, r.usual) for r in readers)
    to = most if len(readers) > 1 else typical[1] if typical and usual == typical[0] else 0
    return {
        "needs": needs, "usual": usual, "to": to if to > max(needs, usual) else 0, "most": mix.most or 0,
        "most_each": first.most or 0, "programmes": sum(len(r.programmes) for r in readers),
        "places": [_place(p) for p in first.places if all(p in r.places for r in readers)],
    }  # fmt: skip


def _place(place: Place) -> View:
    return {
        "type": place.type.value,
        "also": [k.value for k in place.also],
        "many": place.least,
        "required": place.required,
        "words": place.words,
    }


def _rows(planned: ApplicationPlan) -> list[View]:
    """The places, each with who fills it; then letters that are one more than wanted."""
    picks = {p.candidate.mentor.id: p for p in planned.picks}
    seated = [s.mentor for s in planned.seating.seats if s.mentor]
    rows = [
        {"type": s.type.value, "also": [k.value for k in s.also], "required": s.required, "covered": s.covered,
         "more": False, **_who(picks.get(s.mentor))}
        for s in planned.seating.seats
    ]  # fmt: skip
    rows += [
        {"type": "any", "also": [], "required": False, "covered": False, "more": p.more, **_who(p)}
        for p in planned.picks
        if p.candidate.mentor.id not in seated
    ]
    return rows


def _who(pick: Pick | None) -> View:
    if pick is None:
        return {"mentor": "", "saying": "", "pinned": False}
    letter = pick.candidate.letter
    saying = "to be asked" if pick.is_new else season.SAYING[letter.state] if letter else ""
    return {"mentor": pick.candidate.mentor.name, "saying": saying, "pinned": pick.candidate.pinned}


def _ask(dossier: Dossier, pick: Pick) -> View:
    """A letter to be asked for: the reasons that matter most, what to think of before, and who stands behind."""
    candidate = pick.candidate
    good = sorted((f for f in candidate.findings if f.weight is Weight.GOOD), key=lambda f: -f.points)
    backup = dossier.mentor(pick.backup.mentor) if pick.backup else None
    return {
        "mentor": view.of_mentor(candidate.mentor),
        "pinned": candidate.pinned,
        "type": pick.type.value,
        "reasons": [f.name for f in good[:MOST_REASONS]],
        "facts": _facts(candidate),
        "warnings": [f.name for f in candidate.findings if f.weight is Weight.WARNING],
        "before": {"kin": candidate.known.kin, "episodes": candidate.known.episodes, "asked": 0,
                   "role": candidate.mentor.role, "purpose": ""},
        "backup": {"name": backup.name, "named": pick.backup.named, "fits": pick.backup.fits}
        if backup and pick.backup else None,
    }  # fmt: skip


def _facts(candidate: Candidate) -> View:
    """What the reasons speak of, as exactly as the applicant said it."""
    known, mentor = candidate.known, candidate.mentor
    observed = mentor.observed.strip()
    lead = next((yes for yes in _LEADING_YES if observed.lower().startswith(yes)), "")
    words = observed[len(lead) :].strip(" .!")
    return {
        "years": known.since.least // spans.A_YEAR if known.since else 0,
        "observed": words if lead and 0 < len(words) <= _QUOTABLE else "",
        "episodes": known.episodes,
        "role": mentor.role,
        "renown": mentor.renown if fit.is_told(mentor.renown) and len(mentor.renown) <= _QUOTABLE else "",
    }


def _together(dossier: Dossier, planned: ApplicationPlan) -> str:
    """The subject that asks all the new ones at once; "" where one of them has no name of their own."""
    names = [people.in_full(dossier, p.candidate.mentor) for p in planned.new]
    return " and ".join(names) if names and all(names) else ""


def _left(candidate: Candidate) -> View:
    """Who is not in the plan, and the one reason that counts."""
    why = candidate.barred
    if candidate.stands is Stands.FREE:
        why = "reserve" if candidate.reserve else "enough"
    return {"name": candidate.mentor.name, "why": why, "renown": bool(candidate.known.renown)}


def _groups(dossier: Dossier, planned: ApplicationPlan) -> View:
    """How many programs get all that they want, and which do not."""
    total = sum(len(g.programmes) for g in planned.groups)
    return {
        "total": total,
        "satisfied": sum(len(g.programmes) for g in planned.groups if g.satisfied),
        "choices": [
            {"programmes": list(g.programmes), "mentors": [dossier.mentor(m).name for m in g.mentors]}
            for g in planned.groups
            if len(g.mentors) < len(planned.picks)
        ],
    }


def _gap(gap: Gap, planned: ApplicationPlan) -> View:
    """What is missing; the programs are named where not all of them miss it."""
    everywhere = len(gap.programmes) in {0, sum(len(g.programmes) for g in planned.groups)}
    return {
        "type": gap.type.value, "also": [k.value for k in gap.also], "many": gap.many, "required": gap.required,
        "programmes": [] if everywhere else list(gap.programmes), "required_by": list(gap.required_by),
    }  # fmt: skip


def _notice(dossier: Dossier, notice: Notice) -> View:
    mentor = dossier.mentor(notice.mentor) if notice.mentor else None
    return {
        "name": notice.name, "mentor": mentor.name if mentor else "", "number": notice.number, "words": notice.words,
        "breaks": notice.breaks,
    }  # fmt: skip


def _next(applications: list[View], unsaid: set[str]) -> View:
    """The one thing to do first: what breaks a rule, a missing deadline, an ask that is due, a gap, or to wait."""
    steps = (
        ("mend", lambda a: a["broken"] or a["crowded"]),
        ("ask", lambda a: a["asks"] and a["window"]["when"] == "past"),
        ("ask", lambda a: a["asks"] and a["window"]["when"] == "now"),
        ("deadline", lambda a: not a["due"]),
        ("answer", lambda a: any(gap["type"] in unsaid for gap in a["gaps"])),
        ("fill", lambda a: a["gaps"]),
        ("later", lambda a: a["asks"]),
        ("none", lambda a: not a["solicited"]),
        ("solicited", lambda a: a["solicited"]),
    )
    for kind, applies in steps:
        found = next((a for a in applications if applies(a)), None)
        if found:
            return {"kind": kind, "application": found}
    return {"kind": "none", "application": None}
