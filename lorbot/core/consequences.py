"""What follows from a mentor's mail, one function for each rule of `lorbot.core.answers`.

Invariant: a question about a letter takes the place of those that the new mail made pointless.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from lorbot.core import dates, endings, letters, refusals, writing
from lorbot.core.case import Case
from lorbot.core.correspondence import Purpose
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import Dossier, Letter, State

DECIDE = ("thank", "packet", "wait 10 days", "backup", "write:")
"""The words that answer most questions about a mentor's answer."""

_DONE_WITH = letters.NO_LONGER_NEEDED | {Purpose.GRACEFUL}
_OVERTAKEN = frozenset({
    "asked", "lukewarm", "undecided", "unsure", "unsure_yes", "silent", "unknown", "later", "meet", "late_yes",
    "changed_mind", "conditional", "delegated", "more_time", "problem",
})  # fmt: skip
"""Questions that a new mail from the mentor makes pointless."""


def silence(case: Case) -> Decision:
    """For good: every letter that is not written yet is closed, and nothing waits for this mentor any more."""
    mentor = case.dossier.mentor(case.letter.mentor)
    dossier = refusals.silenced(case.dossier, mentor)
    for letter in dossier.letters_of(mentor.id):
        if letter.state in letters.WROTE | letters.CLOSED:
            dossier = letters.quiet(dossier, [letter.id])
            continue
        state = State.WITHDRAWN if letter.state in letters.UNDER_WAY else State.DECLINED
        dossier = letters.moved(dossier, letter.id, state, reason=case.telling)
    return notice(replace(case, dossier=dossier), "stopped")


def stray_letter(case: Case) -> Decision:
    """The attachment is refused, and the mentor told how to submit. Who sends a letter has agreed to write it."""
    if not case.is_ours or case.letter.state in letters.CLOSED:
        return ask("stray_letter")(case)
    if case.is_open and case.letter.state not in letters.UNDER_WAY:
        case = _as_agreed(case)
    return notice(case, "stray_letter").adding(to_mentor(case, Purpose.STRAY_LETTER))


def reported(case: Case) -> Decision:
    dossier = case.dossier
    if case.letter.state not in letters.IN:
        dossier = letters.moved(dossier, case.letter.id, State.REPORTED, reason=case.telling)
        dossier = letters.drop_queued(letters.unasked(dossier, [case.letter.id]), [case.letter.id], _DONE_WITH)
    return asking(replace(case, dossier=dossier), "reported", ("received", "not yet"))


def agreed(case: Case) -> Decision:
    case = _as_agreed(case)
    packet = to_mentor(case, Purpose.PACKET)
    return notice(case, "agreed", packet_leaves=_leaves(case, packet)).adding(packet)


def turned_down(case: Case) -> Decision:
    """A no, before or after a yes."""
    return endings.turned_down(
        case.dossier, case.letter, reason=case.telling, policy=case.policy, now=case.now,
        key=writing.key_of(case.event.incoming), more=quoted(case),
    )  # fmt: skip


def held(topic: str) -> Callable[[Case], Decision]:
    """The clock stands still until the applicant decides; a letter that was agreed stays agreed meanwhile."""

    def follow(case: Case) -> Decision:
        letter = _taken_back(case.letter)
        state = letter.state if letter.state in letters.UNDER_WAY else State.HELD
        dossier = letters.unasked(case.dossier.with_letter(letter), [letter.id])
        if state is State.HELD:  # what left by itself after a plain yes does not follow a doubt
            dossier = letters.drop_queued(dossier, [letter.id], {Purpose.PACKET})
        dossier = letters.moved(dossier, letter.id, state, reason=case.telling, waiting=True)
        case = replace(case, dossier=dossier)
        return asking(case, topic, DECIDE, prepared=to_mentor(case, Purpose.GRACEFUL))

    return follow


def ask(topic: str, *choices: str) -> Callable[[Case], Decision]:
    """Leave the letter where it is and ask the applicant; the clock waits where the ask is open."""

    def follow(case: Case) -> Decision:
        undecided = case.letter.state in {State.ASKED, State.SILENT}
        letter = replace(case.letter, waiting=undecided or case.letter.waiting, reason=case.telling)
        case = replace(case, dossier=without_overtaken(case.dossier, letter).with_letter(letter), letter=letter)
        words = choices or (DECIDE if undecided else ("write:", "wait 10 days", "nothing"))
        prepared = to_mentor(case, Purpose.GRACEFUL) if "thank" in words else None
        return asking(case, topic, words, prepared=prepared)

    return follow


def wrong_person(case: Case) -> Decision:
    """Nothing more goes to this address, for whatever letter; the ready apology is the one exception."""
    apology = to_mentor(case, Purpose.APOLOGY)
    dossier = case.dossier
    for letter in dossier.letters_of(case.letter.mentor):
        if letter.state not in letters.WROTE | letters.CLOSED | {State.PLANNED}:
            dossier = letters.quiet(dossier, [letter.id])
            dossier = letters.moved(dossier, letter.id, State.BOUNCED, reason=case.telling, waiting=True)
    choices = ("apologise", "address name@example.edu", "nothing")
    return asking(replace(case, dossier=dossier), "wrong_person", choices, prepared=apology)


def progress(case: Case) -> Decision:
    return notice(case, "wrote")


def _taken_back(letter: Letter) -> Letter:
    """A yes of which the packet has not left yet is no yes any more, once a doubt follows it."""
    if letter.state is not State.AGREED or letter.packet_at is not None:
        return letter
    return replace(letter, state=State.HELD, agreed_at=None)


# -- pieces --------------------------------------------------------------------------------------------------


def without_overtaken(dossier: Dossier, letter: Letter) -> Dossier:
    kept = tuple(q for q in dossier.questions if q.letter != letter.id or q.topic not in _OVERTAKEN)
    return replace(dossier, questions=kept)


def to_mentor(case: Case, purpose: Purpose, template: str = "", more: Mapping[str, object] | None = None) -> Draft:
    named = f"{purpose.value.replace(' ', '-')}-{writing.key_of(case.event.incoming)}"
    step = "" if purpose is Purpose.PACKET else named
    return writing.to_mentor(
        case.dossier, purpose, [case.letter], policy=case.policy, now=case.now, template=template, step=step,
        more=dict(more or {}),
    )  # fmt: skip


def _as_agreed(case: Case) -> Case:
    dossier = letters.agreed(case.dossier, case.letter.id, case.now, reason=case.telling)
    return replace(case, dossier=dossier, letter=dossier.letter(case.letter.id))


def quoted(case: Case) -> dict[str, object]:
    """What a question shows of the mail it is about."""
    reading = case.reading
    return {
        "quote": reading.words,
        "telling": case.telling,
        "genuine": case.proved,
        "signals": sorted(s.value for s in reading.signals),
        "dates": [{"words": d.words, "day": dates.say(d.on), "late": case.is_late(d.on)} for d in reading.dates],
        "colleagues": [{"name": c.name, "email": c.email} for c in reading.colleagues],
    }


def asking(
    case: Case,
    topic: str,
    choices: tuple[str, ...],
    prepared: Draft | None = None,
    about: str = "",
    more: Mapping[str, object] | None = None,
) -> Decision:
    asked = writing.question(
        case.dossier, topic, case.letter, choices,
        policy=case.policy, now=case.now, prepared=prepared, more=quoted(case) | dict(more or {}), about=about,
        key=writing.key_for(case.event.incoming, case.letter),
    )  # fmt: skip
    return Decision(dossier=case.dossier, mails=(asked,))


def notice(case: Case, topic: str, **more: object) -> Decision:
    context = writing.about_letter(
        case.dossier, case.letter, case.policy, case.now, quote=case.reading.words, telling=case.telling, **more
    )
    told = writing.to_applicant(
        case.dossier, Purpose.NOTICE, f"applicant/told_{topic}",
        key=f"n-{writing.key_for(case.event.incoming, case.letter)}", letters=[case.letter], more=context,
    )  # fmt: skip
    return Decision(dossier=case.dossier, mails=(told,))


def _leaves(case: Case, mail: Draft) -> str:
    """When a mail leaves, in words; "" for now."""
    if mail.not_before is None or mail.not_before <= case.now:
        return ""
    zone = case.dossier.applicant.time_zone or case.policy.time_zone
    return dates.say_moment(mail.not_before, zone)
