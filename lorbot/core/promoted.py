"""What the words `backup`, `episode:` and `ask anyway` do: each ends in an ask that is shown, or says why not."""

from dataclasses import replace

from lorbot.core import asking, backups, letters, view
from lorbot.core.commands import ask
from lorbot.core.decision import Decision, PreviewDraft
from lorbot.core.dossier import State
from lorbot.core.episodes import account_of
from lorbot.core.move import Answer, open_still, says, sentence


def backup(answer: Answer) -> Decision:
    """The ask to the backup is shown. A mentor who has said something is still owed an answer: the question stays."""
    name, letter = answer.mentor.name, answer.letter
    why_not = backups.why_not(answer.dossier, letter)
    found = backups.backup_for(answer.dossier, letter, view.today(answer.dossier.applicant, answer.policy, answer.now))
    if found is None:
        how = f"Send: mentor NAME, with a line “backup for: {name}”. Then answer this mail again with: backup"
        return open_still(answer, *why_not, f"No backup for {name} is there. {how}")
    planned, dossier = letters.planned(answer.dossier, found.mentor.id, letter.application)
    obstacles = ask.obstacles(dossier, planned, answer.now)
    if obstacles:
        return open_still(answer, *why_not, *(sentence(o) for o in obstacles))
    shown = asking.shown(dossier, planned, policy=answer.policy, now=answer.now, because="backup")
    if not any(isinstance(m, PreviewDraft) for m in shown.mails):  # it is held back
        first = f"Before I show you the ask to {found.mentor.name}, I need a few words; see my mail about it."
        return open_still(replace(answer, dossier=shown.dossier), *why_not, first).adding(*shown.mails)
    answer = replace(answer, dossier=shown.dossier)
    told = (*why_not, f"The ask to {found.mentor.name} follows in a mail of its own, for your word.")
    if (answer.question.prepared is not None or letter.state in letters.UNDER_WAY) and not answer.also:
        others = ", ".join(c for c in answer.question.choices if c != "backup")
        owed = f"The letter of {name} stays open until you decide; answer this mail with one of: {others}"
        if answer.question.prepared is not None:
            owed = f"{name} still waits for your answer; answer this mail with one of: {others}"
        return open_still(answer, *told, owed).adding(*shown.mails)
    if "thank" not in answer.also and letter.state in {State.SILENT, State.ASKED, State.HELD, State.BOUNCED}:
        closed = letters.moved(answer.dossier, letter.id, State.CANCELLED, reason="the backup takes its place")
        answer = replace(answer, dossier=closed)
    return says(answer, *told).adding(*shown.mails)


def ask_anyway(answer: Answer) -> Decision:
    """The applicant insists: the ask is shown with what there is, now and for this mentor always."""
    return _shown(replace(answer, dossier=asking.insisted(answer.dossier, answer.mentor)))


def episode(answer: Answer) -> Decision:
    answer = replace(answer, dossier=asking.told_more(answer.dossier, answer.mentor, answer.word.text))
    if "ask" in answer.also:
        return Decision(dossier=answer.dossier, why=("Your words are kept.",))
    if asking.is_held_back(answer.mentor):
        more = (
            "I see one thing that happened, and two show more." if _episodes(answer) else "I see no single thing yet."
        )
        more += " Answer this mail with “episode:” and what happened, or with: ask anyway"
        return open_still(answer, "Your words are kept.", more)
    return _shown(answer)


def _episodes(answer: Answer) -> tuple[str, ...]:
    return account_of(answer.mentor.worked_together).episodes


def _shown(answer: Answer) -> Decision:
    obstacles = ask.obstacles(answer.dossier, answer.letter, answer.now)
    if obstacles:
        return says(answer, *(sentence(o) for o in obstacles))
    shown = asking.shown(
        answer.dossier, answer.letter, policy=answer.policy, now=answer.now, personal=answer.question.kept
    )
    told = f"The ask to {answer.mentor.name} follows in a mail of its own, for your word."
    return says(replace(answer, dossier=shown.dossier), told).adding(*shown.mails)
