"""A word that answers a question, and the pieces that the moves of `lorbot.core.moves` are made of."""

from dataclasses import replace
from datetime import datetime

from lorbot.core import dates, letters, view, writing
from lorbot.core.correspondence import Mail, Progress, Purpose, Question
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier, Letter, Mentor, State
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
    return Decision(dossier=answer.dossier, why=sentences)


def open_still(answer: Answer, *sentences: str) -> Decision:
    """The question is not settled: it can be answered again."""
    dossier = answer.dossier
    others = tuple(q for q in dossier.questions if q.id != answer.question.id)
    question = replace(answer.question, asked_at=answer.now, repeated=False)
    return Decision(dossier=replace(dossier, questions=(*others, question)), why=sentences)


def sentence(problem: str) -> str:
    """A problem as the commands say it, with a capital and a full stop."""
    return problem[:1].upper() + problem[1:] + ("" if problem.endswith(("...", ".")) else ".")


def queued(answer: Answer, mail: Mail) -> tuple[Answer, datetime]:
    """The answer with `mail` on its way at the next hour that manners allow, and that hour."""
    leaves = writing.when_to_mail(answer.mentor, answer.policy, answer.now)
    mail = replace(mail, not_before=leaves, decided_at=answer.now, progress=Progress.QUEUED, automatic=False)
    return replace(answer, dossier=answer.dossier.with_mail(mail)), leaves


def with_packet(answer: Answer, about: list[Letter], what: str) -> Decision:
    """The packet goes, and the letters are agreed; `what` begins the sentence that says when."""
    dossier = answer.dossier
    if answer.mentor.never or not answer.mentor.email:
        return open_still(answer, f"Nothing is sent: {answer.mentor.name} gets no mail from me.")
    agreed = [replace(x, state=State.AGREED, agreed_at=x.agreed_at or answer.now, waiting=False) for x in about]
    for letter in agreed:
        dossier = dossier.with_letter(letter)
    dossier = letters.drop_queued(dossier, [x.id for x in agreed], {Purpose.NUDGE, Purpose.PACKET})
    mail = writing.to_mentor(dossier, Purpose.PACKET, agreed, policy=answer.policy, now=answer.now)
    answer = replace(answer, dossier=dossier)
    return says(answer, f"{what} {goes(answer, mail.not_before or answer.now)}.").adding(mail)


def goes(answer: Answer, leaves: datetime) -> str:
    if answer.dossier.paused:
        return "goes once you end the pause, with: resume"
    if leaves <= answer.now:
        return "goes now"
    return f"goes on {dates.say_moment(leaves, view.zone_of(answer.dossier.applicant, answer.policy))}"
