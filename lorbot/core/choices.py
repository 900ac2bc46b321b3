"""What follows when the applicant answers a question: the words are understood, each one's move is made, and the
applicant is told.

A question that is not settled by its answer stays open, and the mail that says so can be answered too.
"""

from dataclasses import replace
from datetime import date, datetime

from lorbot.core import chosen, view, writing
from lorbot.core.correspondence import Purpose, Question
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.core.events import ApplicantWrote
from lorbot.core.move import Answer
from lorbot.core.moves import MOVES
from lorbot.core.policy import Policy


def answered(dossier: Dossier, event: ApplicantWrote, question: Question, policy: Policy, now: datetime) -> Decision:
    applicant = dossier.applicant
    today = view.today(applicant, policy, now)
    found = chosen.question_answers(event.words, question.choices, today, view.sender(applicant))
    if not found:
        return _unclear(dossier, event, question, policy, now)
    dossier = replace(dossier, questions=tuple(q for q in dossier.questions if q.id != question.id))
    decision = Decision(dossier=dossier)
    said: list[str] = []
    for word in found:
        answer = Answer(
            dossier=decision.dossier, event=event, question=question, word=word,
            also=tuple(w.verb for w in found if w is not word), policy=policy, now=now,
        )  # fmt: skip
        move = MOVES[word.verb](answer)
        said += move.why
        decision = decision.followed_by(move)
    verbs = ", ".join(word.verb for word in found)
    dossier = decision.dossier.noting(now, f"the applicant decided: {verbs}", question.letter)
    decision = replace(decision, dossier=dossier)
    return decision.then(lambda after: _told(after, event, question, said, policy, now))


def is_answer(said: str, question: Question, today: date, sender: str = "") -> bool:
    """Whether these words answer the question."""
    return bool(chosen.question_answers(said, question.choices, today, sender))


def _told(
    dossier: Dossier, event: ApplicantWrote, question: Question, said: list[str], policy: Policy, now: datetime
) -> Decision:
    letter = dossier.letter(question.letter)
    still_open = any(q.id == question.id for q in dossier.questions)
    mail = writing.to_applicant(
        dossier, Purpose.QUESTION if still_open else Purpose.REPLY, "applicant/done",
        key=f"{question.id}-again" if still_open else f"r-{writing.key_of(event.incoming)}",
        answering=event.incoming, letters=[letter],
        more=writing.about_letter(dossier, letter, policy, now, said=said),
    )  # fmt: skip
    return Decision(dossier=dossier, mails=(mail,))


def _unclear(dossier: Dossier, event: ApplicantWrote, question: Question, policy: Policy, now: datetime) -> Decision:
    letter = dossier.letter(question.letter)
    more = writing.about_letter(
        dossier, letter, policy, now, choices=list(question.choices), said=event.words, topic=question.topic
    )
    told = writing.to_applicant(
        dossier, Purpose.QUESTION, "applicant/question_unclear",
        key=f"{question.id}-again", answering=event.incoming, letters=[letter], more=more,
    )  # fmt: skip
    return Decision(dossier=dossier, mails=(told,), why=("the applicant's answer was not clear",))
