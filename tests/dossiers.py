"""Dossiers for the tests of the core, mails from the applicant, and what is written in answer, rendered."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from lorbot.core.application import Application
from lorbot.core.correspondence import Enclosure, Mail, Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import Decision, Draft, PreviewDraft, QuestionDraft
from lorbot.core.dossier import Applicant, Dossier, Letter, Material, Mentor, State
from lorbot.core.events import ApplicantWrote
from lorbot.core.message import Address, Attachment, Incoming
from lorbot.core.policy import Policy
from lorbot.mail.render import Renderer
from lorbot.mail.write import Writer

NOW = datetime(2027, 6, 15, 15, 0, tzinfo=UTC)  # a Tuesday, 11 in the morning in New York
DEADLINE = datetime(2027, 9, 2, 3, 59, tzinfo=UTC)  # 1 September, 23:59 in New York
POLICY = Policy()
WRITER = Writer(Renderer(), b"0123456789abcdef0123456789abcdef", "school.example")
PDF = "application/pdf"
NUMBERS = count(1)


def small() -> Dossier:
    """An applicant of whom nothing is known but name and address."""
    return Dossier(id="d1", applicant=Applicant(name="Nadia Rahman", email="nadia@students.example"))


def rich() -> Dossier:
    """Two applications; Lopez is planned, Kim is Lopez' backup, Chen writes for both and has the packets."""
    return Dossier(
        id="d1",
        applicant=Applicant(
            name="Nadia Rahman", email="nadia@students.example", stage="fourth-year medical student",
            school="Lakeside College of Medicine", specialty="internal medicine", goal="I want to become an internist.",
            identifiers={"AAMC ID": "14789321"}, time_zone="America/New_York", waiver="waived",
        ),
        mentors=(
            Mentor(id="m1", name="Dr. Elena Lopez", email="lopez@hospital.example", known_since="2026", role="clinical",
                   worked_together="I was your sub-intern on 5 West. I led the family meeting of Mr. H., and you "
                   "watched me present him at morning report."),
            Mentor(id="m2", name="Sam Kim, MD", email="kim@hospital.example", backup_for="m1",
                   worked_together="two years in your laboratory, where I built the cohort and presented the poster"),
            Mentor(id="m3", name="Dr. Wei Chen", email="chen@hospital.example",
                   worked_together="I ran the summer clinic in 2026 and taught the interns there."),
        ),
        applications=(
            Application(id="a1", name="ERAS 2028, internal medicine", service="eras-residency", deadline=DEADLINE,
                        time_zone="America/New_York"),
            Application(id="a2", name="Garden grant", service="custom", deadline=DEADLINE,
            time_zone="America/New_York"),
        ),
        letters=(
            Letter(id="l1", mentor="m1", application="a1"),
            Letter(id="l2", mentor="m3", application="a1", state=State.PACKET_SENT, asked_at=NOW, agreed_at=NOW),
            Letter(id="l3", mentor="m3", application="a2", state=State.PACKET_SENT, asked_at=NOW, agreed_at=NOW),
        ),
        materials=(
            Material(kind="cv", version=1, name="Rahman_CV.pdf", media_type=PDF, sha256="c" * 64, size=9, added_at=NOW),
        ),
    )  # fmt: skip


def behind() -> Dossier:
    """Lopez and Chen are writing, Kim has submitted; all three have the first CV, and there is a second."""
    dossier = rich()
    first = dossier.materials[0]
    second = replace(first, version=2, sha256="d" * 64, changed="my second paper was accepted")
    dossier = replace(dossier, materials=(first, second))
    dossier = dossier.with_letter(replace(dossier.letter("l1"), state=State.PACKET_SENT))
    dossier = dossier.with_letter(Letter(id="l4", mentor="m2", application="a1", state=State.RECEIVED))
    for mentor, letter in (("m1", "l1"), ("m3", "l2"), ("m2", "l4")):
        dossier = dossier.with_mail(packet(dossier, mentor, letter, first))
    return dossier


def packet(dossier: Dossier, mentor: str, letter: str, *materials: Material, **more: Any) -> Mail:
    """The mail that brought these documents to a mentor."""
    enclosures = tuple(Enclosure(name=m.name, media_type=m.media_type, sha256=m.sha256) for m in materials)
    return Mail(**{
        "key": f"{letter}-packet", "purpose": Purpose.PACKET, "to": Address(email=dossier.mentor(mentor).email),
        "subject": "s", "text": "t", "mentor": mentor, "letters": (letter,), "enclosures": enclosures,
        "decided_at": NOW, "sent_at": NOW, "progress": Progress.SENT, **more,
    })  # fmt: skip


def wrote(subject: str, words: str = "", **more: Any) -> ApplicantWrote:
    """A mail from the applicant; `files` are names of attachments, with a hash made of the name."""
    files = tuple(a if isinstance(a, Attachment) else attachment(a) for a in more.pop("files", ()))
    mail = Incoming(
        message_id=f"n{next(NUMBERS)}@students.example", content_hash="0" * 64, subject=subject, text=words,
        sender=Address(email="nadia@students.example"), attachments=files,
    )  # fmt: skip
    return ApplicantWrote(**{"incoming": mail, "words": words, "typed": words, "genuine": True, "limit_mb": 10, **more})


def attachment(name: str, **more: Any) -> Attachment:
    media_type = PDF if name.endswith(".pdf") else "application/octet-stream"
    return Attachment(**{"name": name, "media_type": media_type, "sha256": (name.encode().hex() * 64)[:64],
                         "size": 200_000, **more})  # fmt: skip


def decided(dossier: Dossier, subject: str, words: str = "", now: datetime = NOW, **more: Any) -> Decision:
    return decide(dossier, wrote(subject, words, **more), now, POLICY)


def after(dossier: Dossier, subject: str, words: str = "", now: datetime = NOW, **more: Any) -> Dossier:
    """The dossier once the applicant's mail was handled and its answers are rendered."""
    return WRITER.write(decided(dossier, subject, words, now, **more), now)


def written(decision: Decision, now: datetime = NOW) -> tuple[Mail, ...]:
    """The mails of a decision, rendered: what the applicant gets, and what is on its way to mentors."""
    before = {m.key for m in decision.dossier.mails}
    keys = [draft.key for draft in drafts(decision)]
    assert len(set(keys)) == len(keys), f"two mails of one key: {keys}"
    return tuple(m for m in WRITER.write(decision, now).mails if m.key not in before)


def drafts(decision: Decision) -> list[Draft]:
    """The mails of a decision that leave by themselves."""
    shown = {PreviewDraft: lambda w: w.shown_as, QuestionDraft: lambda w: w.mail, Draft: lambda w: w}
    return [shown[type(w)](w) for w in decision.mails]


def templates(decision: Decision) -> list[str]:
    return [draft.template for draft in drafts(decision)]


def answer(decision: Decision, now: datetime = NOW) -> str:
    """The text of the one mail that the applicant gets."""
    (mail,) = written(decision, now)
    assert mail.to.email == "nadia@students.example"
    return mail.text


def problems(decision: Decision) -> list[str]:
    """What a command was answered with where something was wrong; rendered on the way."""
    written(decision)
    return [p for d in drafts(decision) if d.template == "applicant/mistake" for p in d.context["problems"]]


def previewed(dossier: Dossier | None = None) -> Dossier:
    """The ask to Dr. Lopez waits for a word."""
    return after(dossier or rich(), "ask Dr. Lopez for ERAS")


def to_mentors(dossier: Dossier) -> list[tuple[Purpose, str, str]]:
    """Purpose, address and progress of every mail to a mentor."""
    ours = {Purpose.PREVIEW, Purpose.QUESTION, Purpose.NOTICE, Purpose.REPLY}
    return [(m.purpose, m.to.email, m.progress.value) for m in dossier.mails if m.purpose not in ours]
