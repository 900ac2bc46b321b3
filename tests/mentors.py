"""One applicant with two mentors, what mentors write, and a world in which mail leaves when it may."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lorbot.core import clock, letters, outgoing, writing
from lorbot.core.application import Application
from lorbot.core.correspondence import Mail, Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import Decision, Draft, PreviewDraft, QuestionDraft, Written
from lorbot.core.dossier import Applicant, ApplicantWrote, Dossier, Letter, Material, Mentor, State
from lorbot.core.events import Accepted, Event, MentorWrote, Ticked
from lorbot.core.message import Address, Attachment, Incoming
from lorbot.core.policy import Policy
from lorbot.core.reading import Evidence, Kind, Reading, Signal, Stance
from lorbot.mail.render import Renderer
from lorbot.mail.write import Writer

NOW = datetime(2027, 6, 1, 14, 0, tzinfo=UTC)  # a Tuesday, 10 in the morning in New York
DEADLINE = datetime(2027, 9, 2, 3, 59, tzinfo=UTC)  # 1 September, 23:59 in New York
POLICY = Policy()
SECRET = b"0123456789abcdef0123456789abcdef"
WRITER = Writer(Renderer(), SECRET, "school.example")
ID = "d0123456789ab"
LOPEZ, KIM, NADIA = "lopez@hospital.example", "kim@hospital.example", "nadia@students.example"
DAY = timedelta(days=1)
_READ = ("kind", "back_on", "away_from", "absence", "dates")


def dossier(**letter: Any) -> Dossier:
    """Dr. Lopez (m1) has letter l1, with the given fields; Dr. Kim (m2) is the backup, with no letter yet."""
    return Dossier(
        id=ID,
        applicant=Applicant(name="Nadia Rahman", email=NADIA, time_zone="America/New_York"),
        mentors=(
            Mentor(id="m1", name="Dr. Elena Lopez", email=LOPEZ,
                   worked_together="In May I led the meeting and wrote the report."),
            Mentor(id="m2", name="Sam Kim, MD", email=KIM, backup_for="m1",
                   worked_together="In May I built the cohort and wrote the code."),
        ),
        applications=(
            Application(
                id="a1", name="ERAS 2028", service="eras-residency", deadline=DEADLINE, time_zone="America/New_York"
            ),
            Application(id="a2", name="Garden grant", service="custom", deadline=DEADLINE + 10 * DAY),
        ),
        letters=(Letter(id="l1", mentor="m1", application="a1", **letter),),
        materials=(
            Material(
                kind="cv", version=1, name="Rahman_CV.pdf", media_type="application/pdf", sha256="c" * 64, size=9,
                added_at=NOW,
            ),
        ),
    )  # fmt: skip


def asked(at: datetime = NOW, **letter: Any) -> Dossier:
    """The same once the ask has left."""
    made = dossier(state=State.PREVIEWED, **letter)
    ask = writing.to_mentor(made, Purpose.ASK, [made.letter("l1")], policy=POLICY, now=at, more={"personal": ""})
    made = WRITER.write(Decision(dossier=made, mails=(ask,)), at)
    return decide(outgoing.sending(made, ask.key), Accepted(key=ask.key), at, POLICY).dossier


def standing(state: State, **letter: Any) -> Dossier:
    """Asked, and by now in `state`."""
    made = asked()
    return made.with_letter(replace(made.letter("l1"), state=state, **letter))


def in_days(made: Dossier, days: float, now: datetime = NOW) -> Dossier:
    """The deadline so many days from `now`."""
    return made.with_application(replace(made.application("a1"), deadline=now + timedelta(days=days)))


def with_second_letter(made: Dossier, **letter: Any) -> Dossier:
    """Dr. Lopez has a second letter, l2."""
    return made.with_letter(Letter(id="l2", mentor="m1", application="a2", **letter))


def with_queued(made: Dossier, purpose: Purpose, **mail: Any) -> Dossier:
    """A mail to Dr. Lopez waits, with key "k1"."""
    return made.with_mail(
        Mail(
            **{
                "key": "k1", "purpose": purpose, "to": Address(email=LOPEZ, name="Dr. Elena Lopez"),
                "subject": "Letter", "text": "text", "letters": ("l1",), "mentor": "m1", "decided_at": NOW,
                "message_id": "k1@school.example", **mail,
            }
        )
    )  # fmt: skip


def incoming(words: str, *, attached: str = "", subject: str = "Re: Letter of recommendation", **more: Any) -> Incoming:
    files = (Attachment(name=attached, media_type="application/pdf", sha256="f" * 64, size=9),) if attached else ()
    given = {"message_id": "reply@hospital.example", "content_hash": "0" * 64, "sender": Address(email=LOPEZ), **more}
    return Incoming(subject=subject, text=words, attachments=files, **given)


def said(
    words: str,
    stance: Stance = Stance.NONE,
    *signals: Signal,
    acts: bool = False,
    genuine: bool = True,
    about: tuple[str, ...] = ("l1",),
    **more: Any,
) -> MentorWrote:
    """A mail from Dr. Lopez as it was read, with its first line as the evidence."""
    read: dict[str, Any] = {key: more.pop(key) for key in _READ if key in more}
    labels = [stance.value, *(s.value for s in signals)]
    evidence = tuple(Evidence(label=label, sentence=words.partition("\n")[0]) for label in labels)
    known: dict[str, Any] = {"kind": Kind.HUMAN, "evidence": evidence, **read}
    reading = Reading(stance=stance, signals=frozenset(signals), words=words, acts=acts, **known)
    return MentorWrote(incoming=incoming(words, **more), mentor="m1", reading=reading, genuine=genuine, letters=about)


def away(until: date | None, **more: Any) -> MentorWrote:
    return said("I am out of the office.", kind=Kind.AUTO_REPLY, back_on=until, **more)


def wrote(words: str, answers: str, number: int = 1) -> ApplicantWrote:
    """The applicant's answer to the mail of that key."""
    mail = Incoming(
        message_id=f"a{number}@students.example", content_hash="1" * 64, sender=Address(email=NADIA),
        subject="Re: Please decide", text=words,
    )  # fmt: skip
    return ApplicantWrote(incoming=mail, words=words, typed=words, answers=answers, genuine=True)


def drafts(written: Iterable[Written]) -> list[Draft]:
    """The mails that go by themselves or to the applicant: not what waits inside a preview or a question."""
    return [
        w.shown_as if isinstance(w, PreviewDraft) else w.mail if isinstance(w, QuestionDraft) else w for w in written
    ]


def templates(decision: Decision) -> list[str]:
    return [d.template for d in drafts(decision.mails)]


@dataclass
class World:
    """A dossier in time. `sent` is everything that left, with its moment; mail leaves as soon as it may."""

    dossier: Dossier
    now: datetime = NOW
    policy: Policy = POLICY
    sent: list[tuple[datetime, Mail]] = field(default_factory=list)

    def happens(self, event: Event) -> Decision:
        decision = decide(self.dossier, event, self.now, self.policy)
        assert decide(self.dossier, event, self.now, self.policy) == decision, "the same gives the same"
        self.dossier = WRITER.write(decision, self.now)
        return decision

    def leave(self) -> None:
        for mail in outgoing.waiting(self.dossier, self.now):
            self.dossier = outgoing.sending(self.dossier, mail.key)
            self.happens(Accepted(key=mail.key))
            self.sent.append((self.now, mail))

    def turn(self) -> Decision:
        """What the daemon does when it wakes."""
        decision = self.happens(Ticked())
        self.leave()
        return decision

    def until(self, end: datetime) -> None:
        """Wake at every due moment up to `end`. Fails where there is always something due."""
        while (due := clock.next_due(self.dossier, self.policy, self.now)) is not None and due <= end:
            self.now = due
            self.turn()
            after = clock.next_due(self.dossier, self.policy, self.now)
            assert after is None or after > self.now, "due for ever"
        self.now = end

    def to_mentors(self) -> list[tuple[datetime, Mail]]:
        return [(at, mail) for at, mail in self.sent if mail.purpose not in letters.TO_APPLICANT]

    def days(self, purpose: Purpose | None = None) -> list[tuple[str, str]]:
        """What left for mentors and when, in New York."""
        kept = [(at, m) for at, m in self.to_mentors() if purpose in {None, m.purpose}]
        return [(f"{at - timedelta(hours=4):%m-%d %H:%M}", m.purpose.value) for at, m in kept]
