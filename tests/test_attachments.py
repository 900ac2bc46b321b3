"""Attachments and tables through the real daemon: what mail programs attach, what is kept, and what mentors get."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import papers
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import acting, excel, word
from stage import CV, NADIA, Actor, Received, Stage, apple, gmail, letter, outlook

from lorbot import cli
from lorbot.core.correspondence import Purpose
from lorbot.inbox import Inbox
from lorbot.mail.message import parse
from lorbot.sandbox.people import File, paper
from lorbot.sandbox.server import MailServer
from lorbot.shell.examiner import NoExaminer

YES = "Dear Nadia,\n\nI would be delighted to write you a strong letter.\n\nElena Lopez"
LOGO = b"\x89PNG\r\n\x1a\n" + b"logo" * 9_000
NEW_CV = File(name="CV.pdf", content=paper("Nadia Rahman", "Curriculum vitae", "A second paper, accepted in June"))
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


# -- as mail programs attach ---------------------------------------------------------------------------------------


def _message(sender: Actor, subject: str, text: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = (
        f"{sender.name} <{sender.email}>",
        sender.stage.address,
        subject,
    )
    message["Message-ID"] = f"<{os.urandom(6).hex()}@students.example>"
    message["Date"] = "Mon, 14 Jun 2027 10:00:00 -0400"
    message.set_content(text)
    return message


def by_gmail(sender: Actor, subject: str, text: str, *files: File) -> bytes:
    """multipart/mixed with the two forms of the text, and X-Attachment-Id."""
    message = _message(sender, subject, text)
    message.add_alternative(f'<div dir="ltr">{text}</div>', subtype="html")
    for at, file in enumerate(files):
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name, cid=f"<f_{at}>")
    return message.as_bytes()


def by_outlook(sender: Actor, subject: str, text: str, *files: File) -> bytes:
    """The picture of the signature stands inline, in a multipart/related of its own; a table is application/*."""
    message = _message(sender, subject, text)
    message.add_alternative(f'<p class=MsoNormal>{text}</p><img src="cid:image001.png@01D">', subtype="html")
    *_, html = message.iter_parts()
    assert isinstance(html, EmailMessage)
    html.add_related(LOGO, "image", "png", cid="<image001.png@01D>", filename="image001.png")
    for file in files:
        kind = "vnd.ms-excel" if file.name.endswith(".csv") else file.media_type.partition("/")[2]
        message.add_attachment(file.content, maintype="application", subtype=kind, filename=file.name)
    return message.as_bytes()


def by_apple(sender: Actor, subject: str, text: str, *files: File) -> bytes:
    """Files stand inline, between two pieces of text, with a name in RFC 2231's form."""
    message = _message(sender, subject, text)
    message.make_mixed()
    for file in files:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(
            file.content, maintype=kind, subtype=subtype, filename=file.name, disposition="inline",
            params={"x-unix-mode": "0644"},
        )  # fmt: skip
        message.attach(_piece("\n\nSent from my iPhone\n"))
    return message.as_bytes()


def _piece(text: str) -> EmailMessage:
    piece = EmailMessage(policy=SMTP)
    piece.set_content(text)
    del piece["MIME-Version"]
    return piece


Program = Callable[..., bytes]
PROGRAMS: tuple[Program, ...] = (by_gmail, by_outlook, by_apple)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_cv_is_stored_from_every_mail_program(stage: Stage, program: Program) -> None:
    file = File(name="Mein Lebenslauf – Zoë.docx", content=word(), media_type=WORD)
    stage.nadia.hands_in(program(stage.nadia, "cv", "Here it is.", file), stage.address)
    stage.turn()

    answer = stage.nadia.reads_one("cv")

    assert "stored as Rahman_CV.docx (version 1, 2 pages, 1 KB)" in answer.text
    assert "Please look at" not in answer.text
    assert [m.kind for m in stage.dossier.materials] == ["cv"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_two_documents_in_one_mail_are_told_apart(stage: Stage, program: Program) -> None:
    statement = File(name="Personal Statement.pdf", content=paper("Why I want to become an internist", "It began."))
    stage.nadia.hands_in(program(stage.nadia, "cv and personal statement", "Both.", NEW_CV, statement), stage.address)
    stage.turn()

    assert "Rahman_CV.pdf" in stage.nadia.reads_one().text
    assert {m.kind: m.size for m in stage.dossier.materials} == {
        "cv": len(NEW_CV.content), "statement": len(statement.content)
    }  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_table_of_mentors_is_entered_from_every_mail_program(stage: Stage, program: Program) -> None:
    stage.prepared()
    content = "Name;Email;Role\r\nDr. José Ruiz;ruiz@hospital.example;clinical\r\nDr. Lopez;;boss\r\n".encode("cp1252")
    table = File(name="Mentors 2027.csv", content=content, media_type="text/csv")
    stage.nadia.hands_in(program(stage.nadia, "mentors", "Please enter these.", table), stage.address)
    stage.turn()

    answer = stage.nadia.reads_one("mentors")

    assert "| 2 | Dr. José Ruiz | added; letter for ERAS 2028 planned |" in answer.text
    assert "| 3 | Dr. Lopez | role “boss” is not one of" in answer.text
    assert [a.name for a in answer.incoming.attachments] == ["mentors_to_mend.csv"]
    (mended,) = parse(answer.raw).files.values()
    assert [m.name for m in stage.dossier.mentors] == ["Dr. Elena Lopez", "Dr. José Ruiz"]

    back = File(name="mentors_to_mend.csv", content=mended.replace(b"boss", b"research"), media_type="text/csv")
    stage.nadia.hands_in(program(stage.nadia, "Re: mentors", "Mended.", back), stage.address)
    stage.turn()

    assert "role: “clinical” → “research”" in stage.nadia.reads_one("mentors").text


def test_an_empty_table_comes_with_the_list_and_goes_back_filled_in_by_excel(stage: Stage) -> None:
    stage.nadia.writes("mentors")
    stage.turn()
    (empty,) = parse(stage.nadia.reads_one().raw).files.values()
    heading = empty.decode("utf-8-sig").strip().replace('"', "").split(",")
    stage.nadia.writes(
        "mentors", "", files=(File(name="m.xlsx", content=excel(heading, ["Ada Byron", "a@x.example"])),)
    )
    stage.turn()

    assert "| 2 | Ada Byron | added |" in stage.nadia.reads_one().text


def test_a_winmail_dat_is_explained(stage: Stage) -> None:
    packed = File(name="winmail.dat", content=b"\x78\x9f\x3e\x22" + b"x" * 900, media_type="application/ms-tnef")
    stage.nadia.writes("cv", "Attached.", files=(packed,))
    stage.turn()

    assert "winmail.dat is how Outlook packs attachments" in stage.nadia.reads_one("cv").text
    assert stage.dossier.materials == ()


# -- what is found, and what is kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (papers.A4, "Its pages are A4; ERAS (residency) wants US letter"),
        (papers.CUT_OFF, "It looks damaged or cut off"),
        (acting("/OpenAction << /S /JavaScript /JS (x) >>"), "It holds a script (JavaScript)"),
        (paper("Nadia Rahman", "Curriculum vitae") + b"%" + b"x" * 1_400_000 + b"\n%%EOF\n", "It has 1.4 MB; ERAS"),
        (word('<w:del w:id="1" w:author="M">'), "You named it cv.pdf, but it is a Word document"),
    ],
)
def test_what_stands_in_the_way_of_a_document_is_said_and_it_is_kept(stage: Stage, content: bytes, says: str) -> None:
    stage.prepared()
    stage.nadia.writes("cv", "My CV.", files=(File(name="cv.pdf", content=content),))
    stage.turn()

    assert says in stage.nadia.reads_one("cv").text
    newest = stage.dossier.latest("cv")
    assert newest is not None
    assert stage.daemon.parts.state.content(newest.sha256) == content


def test_a_document_that_waits_for_a_confirmation_is_kept_unopened_and_stored_on_a_yes(stage: Stage) -> None:
    stage.nadia.writes("cv", "My CV.", files=(NEW_CV,), login=False)
    stage.turn()
    assert not stage.dossier.materials
    assert stage.dossier.held[0].event.examined == ()

    stage.nadia.answers(stage.nadia.reads_one(), "yes")
    stage.turn()

    assert "version 1, 1 page, " in stage.nadia.reads_one().text
    (material,) = stage.dossier.materials
    assert stage.daemon.parts.state.content(material.sha256) == NEW_CV.content


# -- a new version ---------------------------------------------------------------------------------------------------


def with_packet(stage: Stage) -> None:
    stage.lopez.answers(stage.asked(), YES)
    stage.turn()
    stage.nadia.reads()
    assert [a.size for a in stage.lopez.reads_one().incoming.attachments] == [len(CV.content)]


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_a_mentor_with_an_older_cv_gets_the_new_one_after_two_words(
    stage: Stage, style: Callable[[Received, str], tuple[str, str]]
) -> None:
    with_packet(stage)
    stage.nadia.writes("cv", "changed: my second paper was accepted", files=(NEW_CV,))
    stage.turn()
    answer = stage.nadia.reads_one("cv")
    assert "Dr. Elena Lopez has an older version, and nothing goes there by itself." in answer.text
    assert stage.lopez.reads() == []

    stage.nadia.answers(answer, "send new to Dr. Elena Lopez", style)
    stage.turn()
    preview = stage.nadia.reads_one("Shall I send this to Dr. Elena Lopez?")
    assert "Enclosed: Rahman_CV.pdf" in preview.text
    assert stage.lopez.reads() == []

    stage.nadia.answers(preview, "send", style)
    stage.turn()
    assert "The mail with the new version to Dr. Elena Lopez goes out now." in stage.nadia.reads_one().text
    mail = stage.lopez.reads_one()
    assert "What is new in my CV: my second paper was accepted." in mail.text
    assert [(a.name, a.size) for a in mail.incoming.attachments] == [("Rahman_CV.pdf", len(NEW_CV.content))]
    assert mail.incoming.in_reply_to

    stage.nadia.writes("send new")
    stage.turn()
    assert "nobody who is still writing has an older version" in stage.nadia.reads_one().text


def test_nobody_who_has_submitted_is_offered_the_new_version(stage: Stage) -> None:
    with_packet(stage)
    stage.nadia.writes("received Dr. Lopez")
    stage.turn()
    stage.nadia.reads()
    stage.nadia.writes("cv", "", files=(NEW_CV,))
    stage.turn()

    answer = stage.nadia.reads_one("cv")
    assert "Dr. Elena Lopez has an older version too, but has submitted; there is nothing to send." in answer.text
    assert "send new" not in answer.text


# -- names -----------------------------------------------------------------------------------------------------------

ODD_NAMES = st.text(min_size=1, max_size=60) | st.sampled_from(
    [
        "../../../../tmp/x",
        "C:\\x\\y.pdf",
        "a\0b.pdf",
        "x" * 300 + ".pdf",
        "\u202efdp.exe",
        "CON.pdf",
        "~root",
        "/etc/passwd",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ODD_NAMES, quoted=st.booleans(), subject=st.sampled_from(["cv", "material x", "statement"]))
def test_no_name_in_a_mail_becomes_a_path(stage: Stage, name: str, quoted: bool, subject: str) -> None:
    raw = letter(stage.nadia, f"{subject}", "See the file.", files=(File(name="PLACE.pdf", content=NEW_CV.content),))
    written = name.encode("utf-8", "surrogatepass").replace(b"\r", b"").replace(b"\n", b"")
    raw = raw.replace(b'"PLACE.pdf"', b'"' + written.replace(b'"', b"") + b'"' if quoted else b"a*=utf-8''" + written)
    stage.daemon.parts = replace(stage.daemon.parts, examiner=NoExaminer())
    inbox = Inbox(stage.daemon.parts, stage.daemon._dossiers, stage.daemon._leaving)
    before = {p for p in stage.folder.rglob("*") if stage.daemon.parts.state.files not in p.parents}

    raw = b"Authentication-Results: mail.sandbox; spf=pass smtp.mailfrom=nadia@students.example\r\n" + raw
    assert inbox.handle(raw, stage.now) != ""

    assert all(re.fullmatch(r"[0-9a-f]{64}", p.name) for p in stage.daemon.parts.state.files.iterdir())
    new = {p for p in stage.folder.rglob("*") if stage.daemon.parts.state.files not in p.parents} - before
    assert all(re.fullmatch(r"d[0-9a-f]{12}\.json(?:\.previous)?", p.name) for p in new)
    for material in stage.dossier.materials:
        assert re.fullmatch(r"Rahman_(?:CV|X|Personal_Statement)\.[a-z]{1,5}", material.name)
    assert [m for m in stage.dossier.mails if m.purpose is Purpose.REPLY and m.enclosures] == []
    assert stage.dossier.held == (), "the mail was taken as genuine, and its file looked at"


# -- applicants of an office -----------------------------------------------------------------------------------------


def test_applicants_of_a_table_are_enrolled_and_served(stage: Stage) -> None:
    table = stage.folder / "class.csv"
    table.write_text(f"Student;E-mail\nKim Park;kim@hospital.example\nNadia Rahman;{NADIA}\nBo;bo\n")
    result = CliRunner().invoke(cli.main, ["enrol", "--config", str(stage.config), str(table)])

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "row 2: Kim Park: enrolled",
        "row 3: Nadia Rahman: enrolled already; nothing was changed",
        "row 4: Bo: “bo” is not an e-mail address (An email address must have an @-sign)",
        "",
        "1 enrolled, 1 to mend",
        f"the rows to mend, each with what is wrong: {stage.folder / 'class_to_mend.csv'}",
    ]
    stage.restart()
    stage.kim.writes("help")
    stage.turn()
    assert "Each of these is the subject of a new mail to me" in stage.kim.reads_one("help").text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\n1,2\n", "it has no row of headings"),
        (b"%PDF-1.7 x", "it is a PDF that holds no table"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_remedy(stage: Stage, content: bytes | None, says: str) -> None:
    table = stage.folder / "class.csv"
    if content is not None:
        table.write_bytes(content)
    result = CliRunner().invoke(cli.main, ["enrol", "--config", str(stage.config), str(table)])
    assert result.exit_code == 2
    assert says in result.output


def test_nobody_is_enrolled_while_the_daemon_runs_or_in_ones_own_mailbox(stage: Stage) -> None:
    table = stage.folder / "class.csv"
    table.write_text("name,email\nKim Park,kim@hospital.example\n")
    with stage.daemon.parts.state.lock():
        result = CliRunner().invoke(cli.main, ["enrol", "--config", str(stage.config), str(table)])
    assert result.exit_code == 1
    assert "another lorbot is using the state folder" in result.output
