"""`cv`, `statement`, `material`, `send new`: which file is what, what is said of it, and who has an older version."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dossiers import (
    NOW,
    POLICY,
    after,
    answer,
    attachment,
    behind,
    decided,
    drafts,
    packet,
    previewed,
    problems,
    rich,
    small,
    to_mentors,
    written,
    wrote,
)
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core import letters, versions, writing
from lorbot.core.correspondence import Progress, Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import Decision
from lorbot.core.documents import Examined, Flaw, Kind
from lorbot.core.dossier import Dossier, Material, State
from lorbot.core.message import Attachment


def seen(name: str, kind: Kind = Kind.PDF, **more: Any) -> Examined:
    return Examined(sha256=attachment(name).sha256, kind=kind, **more)


def sent(subject: str, *names: str, examined: tuple[Examined, ...] = (), dossier: Dossier | None = None) -> Decision:
    """A mail with these files, each a PDF unless it is said to be something else."""
    told = {e.sha256 for e in examined}
    others = tuple(seen(n) for n in names if attachment(n).sha256 not in told)
    return decided(dossier or small(), subject, files=names, examined=(*examined, *others))


def stored(decision: Decision) -> list[tuple[str, str]]:
    return [(m.kind, m.name) for m in decision.dossier.materials]


# -- which file is what --------------------------------------------------------------------------------------------

CV, STATEMENT = ("cv", "Rahman_CV.pdf"), ("statement", "Rahman_Personal_Statement.pdf")


@pytest.mark.parametrize(
    ("subject", "files", "what"),
    [
        ("cv", ("scan0001.pdf",), [CV]),
        ("cv", ("Personal Statement.pdf",), [CV]),  # the only one: the command says what it is
        ("cv", ("Nadia_CV_2027.pdf", "Personal_Statement.pdf"), [CV, STATEMENT]),
        ("statement", ("resume.pdf", "essay.pdf"), [CV, STATEMENT]),
        ("cv", ("scan.pdf", "my PS.pdf"), [STATEMENT, CV]),
        ("material transcript", ("Transcript.pdf", "CV.pdf"), [("transcript", "Rahman_Transcript.pdf"), CV]),
        ("cv", ("cv.pdf", "cv.docx"), [CV]),
        ("cv", ("cv.pdf", "cv.pdf"), [CV]),
        ("cv", ("a.pdf", "b.pdf"), []),
        ("cv", ("cv.pdf", "cv new.pdf"), []),
        ("cv", ("cv.pdf", "statement.pdf", "other.pdf"), [CV, STATEMENT]),
    ],
)
def test_several_files_are_told_apart_by_their_names_or_asked_about(
    subject: str, files: tuple[str, ...], what: list[tuple[str, str]]
) -> None:
    examined = tuple(seen(n, Kind.WORD) for n in files if n.endswith(".docx"))
    decision = sent(subject, *files, examined=examined)
    assert sorted(stored(decision)) == sorted(what)
    text = answer(decision)
    asks = "cannot tell" in text or "could each be" in text
    assert asks == (len(what) < len({f.rpartition(".")[0] for f in files}))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.PDF, "Rahman_CV.pdf"), (Kind.WORD, "Rahman_CV.docx"), (Kind.OLD_WORD, "Rahman_CV.doc"),
        (Kind.TEXT, "Rahman_CV.txt"), (Kind.OPEN_DOCUMENT, "Rahman_CV.odt"), (Kind.LOCKED_OFFICE, "Rahman_CV.docx"),
    ],
)  # fmt: skip
def test_a_document_is_called_what_it_is(kind: Kind, name: str) -> None:
    decision = sent("cv", "cv.pdf", examined=(seen("cv.pdf", kind),))
    assert stored(decision) == [("cv", name)]
    assert ("but it is" in answer(decision)) == (kind is not Kind.PDF)


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("winmail.dat", Kind.PACKED_MAIL, "winmail.dat is how Outlook packs attachments"),
        ("cv.pages", Kind.PAGES, "cv.pages is a Pages document"),
        ("cv.pdf", Kind.OTHER, "cv.pdf is no PDF, Word or text file"),
        ("cv.pdf", Kind.EMPTY, "cv.pdf is empty"),
        ("cv.xlsx", Kind.SHEET, "cv.xlsx is an Excel file"),
        ("photo.jpg", Kind.PICTURE, "photo.jpg is a picture"),
    ],
)
def test_a_file_that_is_no_document_is_named_with_the_remedy(name: str, kind: Kind, says: str) -> None:
    decision = sent("cv", name, examined=(seen(name, kind),))
    assert stored(decision) == []
    assert says in problems(decision)[0]


def test_the_picture_of_a_signature_is_passed_over() -> None:
    logo = Attachment(name="image001.png", media_type="image/png", sha256="e" * 64, size=9_000)
    picture = Examined(sha256="e" * 64, kind=Kind.PICTURE)
    decision = decided(small(), "cv", files=(logo, "cv.pdf"), examined=(picture, seen("cv.pdf")))
    assert stored(decision) == [CV]
    assert "image001" not in answer(decision)
    alone = decided(small(), "cv", files=(logo,), examined=(picture,))
    assert problems(alone) == ["no PDF, Word or text file was attached to the mail"]


# -- a document pasted into the mail ---------------------------------------------------------------------------------

PASTED = "Nadia Rahman\n\nEducation: Lakeside College of Medicine\n" + "\n".join(
    f"202{n}: research assistant in the laboratory of Dr. Chen, where I measured things" for n in range(9)
)


def test_a_cv_in_the_mail_itself_is_kept_as_text_and_said_to_be() -> None:
    decision = decided(small(), "cv", PASTED)
    (material,) = decision.dossier.materials
    assert (material.name, material.media_type) == ("Rahman_CV.txt", "text/plain")
    assert decision.files == {material.sha256: PASTED.encode()}
    assert "from “Nadia Rahman” to “2028: research assistant" in answer(decision)
    again = decided(decision.dossier, "", f"cv\n{PASTED}")
    assert again.dossier.materials == decision.dossier.materials


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Here is my CV.", "no PDF, Word or text file was attached to the mail"),
        ("", "no PDF, Word or text file was attached to the mail"),
        (f"My CV is attached.\n{PASTED}", "the mail speaks of an attachment, but"),
    ],
)
def test_a_forgotten_attachment_is_asked_about(words: str, says: str) -> None:
    decision = decided(small(), "cv", words)
    assert stored(decision) == []
    assert problems(decision)[0].startswith(says)


# -- what is said of a document --------------------------------------------------------------------------------------


def told(dossier: Dossier, examined: Examined, **more: Any) -> list[str]:
    file = attachment("cv.pdf", **more)
    (draft,) = drafts(decided(dossier, "cv", files=(file,), examined=(examined,)))
    (document,) = draft.context["documents"]
    found: list[str] = document["findings"]
    return found


@pytest.mark.parametrize("flaw", [f for f in Flaw if f is not Flaw.FONTS])
def test_every_flaw_is_said_in_a_sentence_with_a_remedy(flaw: Flaw) -> None:
    (says,) = told(small(), seen("cv.pdf", flaws=(flaw,)))
    assert says[0].isupper()
    assert says.endswith(".")
    assert len(says.split(". ")) > 1
    assert told(small(), seen("cv.pdf")) == []


def test_a_document_that_could_not_be_looked_into_is_kept_and_that_is_said() -> None:
    decision = sent("cv", "cv.pdf", examined=(seen("cv.pdf", looked_into=False),))
    assert stored(decision) == [CV]
    assert "I could not look into it" in answer(decision)
    assert "It is kept as you sent it." in answer(decision)


def with_service(service: str) -> Dossier:
    dossier = rich()
    return replace(dossier, applications=(replace(dossier.applications[0], service=service),), letters=())


ERAS_WANTS = "ERAS (residency) wants US letter (8.5 x 11 in). Set the paper to US letter and export it again."


@pytest.mark.parametrize(
    ("dossier", "paper", "says"),
    [
        (small(), "A4", "Its pages are A4, not US letter (8.5 x 11 in), which services in the US want."),
        (with_service("eras-residency"), "A4", f"Its pages are A4; {ERAS_WANTS}"),
        (with_service("eras-residency"), "20.0 x 20.0 cm", f"Its pages measure 20.0 x 20.0 cm; {ERAS_WANTS}"),
        (with_service("custom"), "A4", ""),
        (with_service("eras-residency"), "US letter", ""),
        (with_service("eras-residency"), "", ""),
    ],
)
def test_paper_matters_where_a_service_says_so(dossier: Dossier, paper: str, says: str) -> None:
    assert told(dossier, seen("cv.pdf", paper=paper)) == ([says] if says else [])


@pytest.mark.parametrize(
    ("service", "size", "says"),
    [
        ("eras-residency", 1_000_000, []),
        ("eras-residency", 1_300_000, ["It has 1.3 MB; ERAS (residency) takes files of at most 1 MB."]),
        ("amcas", 5_600_000, ["It has 5.6 MB; AMCAS takes files of at most 5 MB."]),
        ("custom", 5_600_000, []),
        ("custom", 9_000_000, ["With it, the mail with all your documents would have 12 MB, and some mail systems"]),
    ],
)
def test_size_is_measured_against_the_service_and_what_mail_takes(service: str, size: int, says: list[str]) -> None:
    found = told(with_service(service), seen("cv.pdf"), size=size)
    assert [f[: len(s)] for f, s in zip(found, says, strict=True)] == says


# -- versions, and who has which -------------------------------------------------------------------------------------


def test_the_same_bytes_are_no_new_version_whatever_their_name() -> None:
    before = behind()
    same = Attachment(name="another.pdf", media_type="application/pdf", sha256="d" * 64, size=9)
    decision = decided(before, "cv", files=(same,))
    assert decision.dossier.materials == before.materials
    assert "I have this file already" in answer(decision)


def test_who_holds_what_follows_from_the_mails_that_were_sent() -> None:
    dossier = behind()
    first, second = dossier.materials
    assert versions.held(dossier, "m1") == {"cv": first}
    later = packet(dossier, "m1", "l1", second, key="x", purpose=Purpose.NEW_VERSION, sent_at=NOW + timedelta(days=1))
    assert versions.held(dossier.with_mail(later), "m1") == {"cv": second}
    for lost in (
        replace(later, progress=Progress.QUEUED),
        replace(later, progress=Progress.REFUSED),
        replace(later, remark="bounced: 5.1.1"),
        replace(later, mentor="m2"),
    ):
        assert versions.held(dossier.with_mail(lost), "m1") == {"cv": first}


def test_a_new_version_names_who_has_the_older_one_and_sends_nothing() -> None:
    decision = sent("cv", "third.pdf", dossier=behind())
    text = answer(decision)
    assert "Dr. Elena Lopez and Dr. Wei Chen have an older version" in text
    assert "- **send new**: to all of them" in text
    assert "- **send new to Dr. Wei Chen**" in text
    assert "Sam Kim, MD has an older version too, but has submitted" in text
    assert "version 2, Tuesday, June 15, 2027 (1 KB): my second paper was accepted" in text
    assert decision.dossier.previews == ()


def shown(dossier: Dossier) -> list[tuple[str, tuple[str, ...], str]]:
    return [(p.mail.to.email, tuple(e.sha256[0] for e in p.mail.enclosures), p.mail.text) for p in dossier.previews]


def test_send_new_shows_each_mail_with_the_newest_file_and_what_changed() -> None:
    dossier = after(behind(), "send new")
    assert [(to, files) for to, files, _ in shown(dossier)] == [
        ("lopez@hospital.example", ("d",)), ("chen@hospital.example", ("d",))
    ]  # fmt: skip
    assert all("What is new in my CV: my second paper was accepted." in text for _, _, text in shown(dossier))
    assert to_mentors(dossier) == to_mentors(behind())


@pytest.mark.parametrize(
    "who", ["send new to Dr. Lopez", "Send the new version to lopez", "send new cv to Elena Lopez"]
)
def test_send_new_to_one_mentor(who: str) -> None:
    assert [to for to, _, _ in shown(after(behind(), who))] == ["lopez@hospital.example"]


HAS_NEWEST = "Dr. Elena Lopez has the newest version already"
NOT_WRITING = "Dr. Elena Lopez is not writing a letter at the moment"


@pytest.mark.parametrize(
    ("dossier", "who", "says"),
    [
        (behind(), "Kim", "Sam Kim, MD has submitted already, so a new version would come too late for the letter"),
        (rich(), "Lopez", "Dr. Elena Lopez has no document of yours yet; the packet will hold the newest ones"),
        (rich(), "", "nobody who is still writing has an older version of a document; there is nothing to send"),
        (replace(behind(), materials=behind().materials[:1]), "Lopez", HAS_NEWEST),
        (letters.moved(behind(), "l1", State.DECLINED), "Lopez", NOT_WRITING),
        (behind().with_mentor(replace(behind().mentor("m1"), never=True)), "Lopez",
         "Dr. Elena Lopez asked to get no more mail"),
    ],
)  # fmt: skip
def test_nobody_gets_a_version_that_is_of_no_use(dossier: Dossier, who: str, says: str) -> None:
    decision = decided(dossier, f"send new {'to ' + who if who else ''}")
    assert problems(decision) == [says]
    assert decision.dossier.previews == dossier.previews


def test_what_changed_can_be_said_afterwards() -> None:
    dossier = after(behind(), "cv", files=("third.pdf",))
    (reply,) = (m for m in dossier.mails if m.purpose is Purpose.REPLY)
    told_so = after(dossier, f"Re: {reply.subject}", "changed: a poster at a congress", answers=reply.key)
    assert told_so.materials[-1].changed == "a poster at a congress"
    assert "my second paper was accepted; a poster at a congress" in shown(after(told_so, "send new"))[0][2]


def test_a_preview_that_was_approved_goes_and_then_the_mentor_has_it() -> None:
    dossier = after(behind(), "send new to Lopez")
    (preview,) = dossier.previews
    dossier = after(dossier, "Re: Shall I send", "send", answers=preview.id)
    mail = dossier.mail(preview.mail.key)
    assert mail is not None
    dossier = letters.sent(dossier, mail, NOW)
    assert versions.held(dossier, "m1")["cv"].version == 2
    assert dossier.letter("l1").state is State.PACKET_SENT
    assert dossier.letter("l1").unanswered == 0


def test_a_preview_is_not_sent_once_the_letter_is_written() -> None:
    dossier = after(behind(), "send new to Lopez")
    dossier = dossier.with_letter(replace(dossier.letter("l1"), state=State.REPORTED))
    decision = decided(dossier, "Re: Shall I send", "send", answers=dossier.previews[0].id)
    assert "is no longer writing this letter" in answer(decision)
    assert to_mentors(decision.dossier) == to_mentors(behind())


def test_a_newer_version_replaces_what_has_not_left() -> None:
    dossier = after(behind(), "send new")
    _, chen = dossier.previews
    dossier = after(dossier, "Re: Shall I send", "send", answers=chen.id, now=NOW + timedelta(hours=9))
    queued = packet(dossier, "m1", "l1", dossier.materials[1], key="later", progress=Progress.QUEUED)
    dossier = dossier.with_mail(queued)
    decision = sent("cv", "third.pdf", dossier=dossier)
    assert decision.dossier.previews == ()
    kept, dropped = decision.dossier.mail("later"), decision.dossier.mail(chen.mail.key)
    assert kept is not None
    assert kept.enclosures[0].sha256 == attachment("third.pdf").sha256
    assert dropped is not None
    assert dropped.progress is Progress.DROPPED
    assert "The packet to lopez@hospital.example has not left yet; it takes the new version along." in answer(decision)


def test_an_ask_that_waits_is_left_alone_by_a_new_version() -> None:
    dossier = previewed()
    assert sent("cv", "third.pdf", dossier=dossier).dossier.previews == dossier.previews


def test_a_confirmed_mail_is_read_with_what_was_found_in_its_files() -> None:
    dossier = after(small(), "cv", files=("cv.pdf",), genuine=False, doubt="no signature")
    assert dossier.materials == ()
    (held,) = dossier.held
    event = replace(wrote("Re: Was this you?", "yes"), answers=held.id, examined=(seen("cv.pdf", Kind.WORD, pages=2),))
    decision = decide(dossier, event, NOW, POLICY)
    assert [(m.name, m.pages) for m in decision.dossier.materials] == [("Rahman_CV.docx", 2)]
    assert written(decision)


# -- names -----------------------------------------------------------------------------------------------------------

ODD = st.text() | st.sampled_from(
    ["../../x", "C:\\x", "a\0b", "x" * 300, "\u202efdp.exe", "CON", "nul.pdf", "~/.ssh/id"]
)


@given(ODD, ODD, ODD)
def test_a_name_for_people_is_never_a_path(applicant: str, kind: str, original: str) -> None:
    name = writing.file_name(applicant, kind[:40], original)
    stem, _, ending = name.rpartition(".")
    assert all(c.isalnum() or c in "-_" for c in stem)
    assert stem
    assert stem[0].isalnum()
    assert ending.isalnum()
    assert len(name) <= 120
    assert Material(
        kind="cv", version=1, name=name, media_type="x/y", sha256="0" * 64, size=1, added_at=NOW
    ).name == name  # fmt: skip


@given(ODD, st.sampled_from(["cv", "statement", "material"]))
def test_no_name_of_a_file_confuses_the_desk(name: str, subject: str) -> None:
    file = Attachment(name=name, media_type="application/pdf", sha256="f" * 64, size=9)
    decision = decided(
        small(), f"{subject} {name}", files=(file,), examined=(Examined(sha256="f" * 64, kind=Kind.PDF),)
    )
    assert written(decision)
