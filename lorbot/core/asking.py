"""An ask on its way to the applicant: shown as a preview, or held back until there is enough to remember.

It is held back once: who insists has insisted for this mentor for good.
"""

from dataclasses import replace
from datetime import datetime

from lorbot.core import episodes, letters, writing
from lorbot.core.correspondence import Preview
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mentor, State
from lorbot.core.policy import Policy

TOPIC = "episodes"
CHOICES = ("episode:", "ask anyway", "nothing")


def is_held_back(mentor: Mentor) -> bool:
    """Whether the ask waits for what the two did together."""
    return not mentor.as_it_is and episodes.account_of(mentor.worked_together).lacks is not None


def shown(
    dossier: Dossier, letter: Letter, *, policy: Policy, now: datetime, personal: str = "", because: str = ""
) -> Decision:
    """The ask for the applicant's word, in place of an older one, with the lines and the text that the applicant wrote
    for that; or, where it is held back, the question instead. Who wrote the whole mail has no need of the question.
    """
    mentor = dossier.mentor(letter.mentor)
    edited = [p for p in dossier.previews if letter.id in p.mail.letters and p.mail.rendered]
    dossier = _without_older(dossier.with_letter(letter), letter)
    if is_held_back(mentor) and not edited:
        if letter.state is State.PREVIEWED:
            dossier = letters.moved(dossier, letter.id, State.PLANNED)
        return _held_back(dossier, letter, personal, policy, now)
    letter = replace(letter, state=State.PREVIEWED, waiting=False, personal=personal or letter.personal)
    dossier = dossier.with_letter(letter)
    mail = writing.ask_preview(dossier, letter, policy=policy, now=now, because=because)
    if personal:
        mail = replace(mail, was=None)  # new lines: a new text
    elif edited:
        mail = replace(mail, was=_shown_now(edited[-1], mail.shown_as.key, now))
    why = f"the ask to {mentor.name} was shown; it waits for the applicant's word"
    return Decision(dossier=dossier.noting(now, why, letter.id), mails=(mail,), why=(why,))


def _shown_now(older: Preview, key: str, now: datetime) -> Preview:
    return replace(older, id=key, shown_at=now, later_until=None, repeated=False)


def told_more(dossier: Dossier, mentor: Mentor, text: str) -> Dossier:
    """The dossier with `text` behind what was known of the work together; nothing that was written is lost."""
    together = joined(mentor.worked_together, text)
    return settled(dossier.with_mentor(replace(mentor, worked_together=together)), mentor.id)


def joined(before: str, more: str) -> str:
    """Two accounts as one: the second behind the first, unless it has all of it."""
    before, more = before.strip(), " ".join(more.split())
    if not before or before in more:
        return more
    return before if more in before else f"{before}{'' if before.endswith(('.', '!', '?', '…')) else '.'} {more}"


def insisted(dossier: Dossier, mentor: Mentor) -> Dossier:
    """The dossier in which no ask to this mentor is held back any more."""
    return settled(dossier.with_mentor(replace(mentor, as_it_is=True)), mentor.id)


def settled(dossier: Dossier, mentor_id: str) -> Dossier:
    """The dossier without the question about episodes, where it is answered by now."""
    if is_held_back(dossier.mentor(mentor_id)):
        return dossier
    about = {x.id for x in dossier.letters_of(mentor_id)}
    kept = tuple(q for q in dossier.questions if q.topic != TOPIC or q.letter not in about)
    return replace(dossier, questions=kept)


def _without_older(dossier: Dossier, letter: Letter) -> Dossier:
    return replace(
        dossier,
        previews=tuple(p for p in dossier.previews if letter.id not in p.mail.letters),
        questions=tuple(q for q in dossier.questions if q.topic != TOPIC or q.letter != letter.id),
    )


def _held_back(dossier: Dossier, letter: Letter, personal: str, policy: Policy, now: datetime) -> Decision:
    mentor = dossier.mentor(letter.mentor)
    account = episodes.account_of(mentor.worked_together)
    assert account.lacks is not None, "it is held back because something is missing"
    more = {"found": list(account.episodes), "lacks": account.lacks.value}
    asked = writing.question(
        dossier, TOPIC, letter, CHOICES, policy=policy, now=now, key=f"{letter.id}-{TOPIC}", more=more, kept=personal
    )
    why = f"the ask to {mentor.name} is held back: too little is known of what the two did together"
    return Decision(dossier=dossier.noting(now, why, letter.id), mails=(asked,), why=(why,))
