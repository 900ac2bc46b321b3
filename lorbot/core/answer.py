"""One word of the applicant's that answers a question, and the two ends it can come to: settled, or open still."""

from dataclasses import replace
from datetime import datetime

from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mentor, Question
from lorbot.core.events import ApplicantWrote
from lorbot.core.policy import Policy
from lorbot.core.value import Line, value
from lorbot.core.words import Word


@value
class Answer:
    """One word of the applicant's, and the question it answers."""

    dossier: Dossier
    event: ApplicantWrote
    question: Question
    word: Word
    also: tuple[Line, ...] = ()  # the other words of the same answer
    policy: Policy
    now: datetime

    @property
    def letter(self) -> Letter:
        return self.dossier.letter(self.question.letter)

    @property
    def mentor(self) -> Mentor:
        return self.dossier.mentor(self.letter.mentor)


def says(answer: Answer, *sentences: str) -> Decision:
    """The question is settled, and the applicant is told this."""
    return Decision(dossier=answer.dossier, why=sentences)


def open_still(answer: Answer, *sentences: str) -> Decision:
    """The question is not settled: it can be answered again."""
    dossier = answer.dossier
    others = tuple(q for q in dossier.questions if q.id != answer.question.id)
    return Decision(dossier=replace(dossier, questions=(*others, answer.question)), why=sentences)


def sentence(problem: str) -> str:
    """A problem as the commands say it, with a capital and a full stop."""
    return problem[:1].upper() + problem[1:] + ("" if problem.endswith(("...", ".")) else ".")
