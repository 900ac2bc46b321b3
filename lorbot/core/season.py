"""The season at a glance: what waits for the applicant, and every letter with its next date. For `status`."""

from datetime import date, datetime
from typing import Any

from lorbot.core import backups, clock, dates, view
from lorbot.core.correspondence import Mail, Preview, Progress, Question
from lorbot.core.dossier import Dossier, Letter, State
from lorbot.core.open_command import OpenCommand
from lorbot.core.policy import Policy

SAYING: dict[State, str] = {
    State.PLANNED: "not asked yet",
    State.PREVIEWED: "the ask waits for your word",
    State.ASKED: "asked, no answer yet",
    State.HELD: "answered; waits for your decision",
    State.AGREED: "agreed; the packet is on its way",
    State.PACKET_SENT: "agreed, has the packet",
    State.REPORTED: "says it is submitted; not confirmed yet",
    State.RECEIVED: "received",
    State.ASSIGNED: "received and assigned",
    State.THANKED: "received, thanked",
    State.TOLD: "finished; outcome told",
    State.DECLINED: "declined",
    State.SILENT: "never answered",
    State.BOUNCED: "mail could not be delivered",
    State.WITHDRAWN: "withdrew",
    State.CANCELLED: "cancelled",
}

_STEP_WORDS = {
    "nudge": "a gentle note",
    "choose": "you choose how to go on",
    "reminder": "a reminder",
    "last call": "a last note, if you approve it",
    "overdue": "the deadline passes",
    "check portal": "I ask you to look at the portal again",
    "thanks": "a thank-you",
}


def overview(dossier: Dossier, policy: Policy, now: datetime) -> dict[str, Any]:
    """The whole season for a template: plain values."""
    zone = dossier.applicant.time_zone or policy.time_zone
    return {
        "paused": dossier.paused,
        "as_of": dates.say(view.local_day(now, zone)),
        "waiting": [*_previews(dossier), *_questions(dossier), *_open_commands(dossier)],
        "applications": [
            view.of_application(dossier, a, policy, now)
            | {"letters": [_row(dossier, x, policy, now) for x in dossier.letters if x.application == a.id]}
            | {"backups": _backups(dossier, a.id, view.local_day(now, zone))}
            for a in dossier.applications
        ],
        "mentors_without_letter": [m.name for m in dossier.mentors if not dossier.letters_of(m.id)],
        "queued": [
            _queued(m, zone) for m in dossier.mails if m.progress is Progress.QUEUED and m.mentor and m.not_before
        ],
    }


def without_words(season: dict[str, Any]) -> dict[str, Any]:
    """The same without what anybody wrote: an office sees where letters stand, never what was said."""
    applications = [a | {"letters": [row | {"last_words": ""} for row in a["letters"]]} for a in season["applications"]]
    return season | {"applications": applications}


def _previews(dossier: Dossier) -> list[dict[str, str]]:
    return [{"what": f"the {p.mail.purpose.value} to {p.mail.to.name}", "answer": "send, skip, later or edit",
             "subject": _subject(dossier, p)} for p in dossier.previews]  # fmt: skip


def _questions(dossier: Dossier) -> list[dict[str, str]]:
    return [
        {"what": f"{dossier.mentor(dossier.letter(q.letter).mentor).name}: {SAYING[dossier.letter(q.letter).state]}",
         "answer": ", ".join(q.choices), "subject": _subject(dossier, q)}
        for q in dossier.questions
    ]  # fmt: skip


def _open_commands(dossier: Dossier) -> list[dict[str, str]]:
    return [
        {"what": f"what you mean by “{o.said}”", "answer": " or ".join(m.label for m in o.meanings),
         "subject": _subject(dossier, o)}
        for o in dossier.open_commands
    ]  # fmt: skip


def _subject(dossier: Dossier, waiting: Preview | Question | OpenCommand) -> str:
    mail = dossier.mail(waiting.id)
    return mail.subject if mail else ""


def ahead(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> dict[str, str]:
    """What comes next for a letter by itself, and on which day, in words; empty where nothing does."""
    due = clock.next_step(dossier, letter, policy, now)
    word = next((words for begin, words in _STEP_WORDS.items() if due and due[0].startswith(begin)), "")
    zone = view.zone_of(dossier.applicant, policy)
    return {"next": word, "next_on": dates.say(view.local_day(due[1], zone)) if due and word else ""}


def _row(dossier: Dossier, letter: Letter, policy: Policy, now: datetime) -> dict[str, Any]:
    mentor = dossier.mentor(letter.mentor)
    heard = [c for c in dossier.contacts if c.mentor == mentor.id and c.telling]
    return {
        "mentor": mentor.name,
        "state": letter.state.value,
        "saying": _saying(dossier, letter),
        "last_words": heard[-1].telling if heard else "",
        "away_until": dates.say(mentor.away_until) if mentor.away_until and mentor.away_until > now.date() else "",
        **ahead(dossier, letter, policy, now),
    }


def _backups(dossier: Dossier, application: str, today: date) -> list[dict[str, Any]]:
    """Who stands behind each letter that may still fall through; "" where nobody is left who does not write already."""
    return [
        {"mentor": mentor.name, "backup": found.mentor.name if found else "", "named": bool(found and found.named)}
        for mentor, stand_in in backups.stand_ins(dossier, application, today)
        for found in [None if stand_in is None or stand_in.planned else stand_in]
    ]


def _saying(dossier: Dossier, letter: Letter) -> str:
    """Where a letter stands; an ask that was approved waits for the hour, not for the applicant."""
    shown = any(letter.id in p.mail.letters for p in dossier.previews)
    approved = letter.state is State.PREVIEWED and not shown
    return "approved; the ask is on its way" if approved else SAYING[letter.state]


def _queued(mail: Mail, zone: str) -> dict[str, str]:
    assert mail.not_before is not None
    return {"what": f"the {mail.purpose.value} to {mail.to.name}", "on": dates.say_moment(mail.not_before, zone)}
