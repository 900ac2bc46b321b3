"""Whole correspondences, day by day, on a real mail server with the real daemon: what people see, and nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient
from stage import (
    APPLICATION,
    CV,
    HOME,
    KIM,
    LOPEZ,
    LORBOT,
    MENTOR,
    NADIA,
    PASSWORD,
    PROFILE,
    Stage,
    Style,
    apple,
    gmail,
    letter,
    outlook,
    received,
    returned,
    top_posted,
)

from lorbot.core.correspondence import Progress
from lorbot.core.dossier import State
from lorbot.sandbox.people import File
from lorbot.sandbox.server import MailServer
from lorbot.shell.mailbox import Found, Mailbox

YES = "Dear Nadia,\n\nI would be delighted to write you a strong letter.\n\nElena Lopez"
ASK = "Letter of recommendation for my residency application in internal medicine"
SATURDAY_NIGHT = datetime(2027, 6, 19, 22, 30, tzinfo=HOME)


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders and UIDs of the mails whose body was asked for, in order."""
    fetched: list[str] = []
    fetch = Mailbox.fetch

    def noting(self: Mailbox, found: Found) -> bytes | None:
        fetched.append(f"{found.folder}/{found.uid}")
        return fetch(self, found)

    monkeypatch.setattr(Mailbox, "fetch", noting)
    return fetched


def subjects(stage: Stage) -> dict[str, list[str]]:
    """What has come for each, since each last read."""
    return {actor.name: [m.subject for m in actor.reads()] for actor in (stage.nadia, stage.lopez, stage.kim)}


NOTHING: dict[str, list[str]] = {"Nadia Rahman": [], "Elena Lopez": [], "Harold Kim": []}


# -- the first days ----------------------------------------------------------------------------------------------


def test_a_first_mail_is_answered_in_its_thread_with_the_commands(stage: Stage) -> None:
    raw = stage.nadia.writes("help")
    stage.turn()

    answer = stage.nadia.reads_one()

    assert answer.subject == "Re: help"
    assert answer.headers["from"] == "lorbot <lorbot@school.example>"
    assert answer.incoming.in_reply_to == (received(raw).incoming.message_id,)
    assert answer.headers["auto-submitted"] == "auto-replied"
    assert [
        word for word in ("profile", "mentor", "ask", "status") if f"- {word}" not in answer.text.replace("*", "")
    ] == []
    assert answer.html


def test_what_was_right_in_a_profile_with_mistakes_is_kept(stage: Stage) -> None:
    stage.nadia.writes("profile", "shoe size: 38\n" + PROFILE + "\ntime zone: Lakeside")
    stage.turn()

    answer = stage.nadia.reads_one("profile")

    assert "time zone “Lakeside” is not known" in answer.text
    assert "school: Lakeside College of Medicine" in answer.text
    assert "shoe size" in answer.text
    assert stage.dossier.applicant.school == "Lakeside College of Medicine"
    assert stage.dossier.applicant.time_zone == ""


def test_a_cv_over_the_limit_is_refused_with_the_limit_and_not_kept(tmp_path: Path, mail_server: MailServer) -> None:
    stage = Stage(tmp_path, mail_server, mailbox={"attachment_max_mb": 1})
    stage.nadia.writes("cv", "My CV.", files=(File(name="cv.pdf", content=b"%PDF" + b"x" * 1_200_000),))
    stage.turn()

    answer = stage.nadia.reads_one("cv")

    assert "cv.pdf is 1.2 MB; attachments may have 1 MB" in answer.text
    assert stage.dossier.materials == ()
    assert list(stage.daemon.parts.state.files.iterdir()) == []


def test_a_mail_over_the_limit_is_answered_and_never_opened(
    tmp_path: Path, mail_server: MailServer, opened: list[str]
) -> None:
    stage = Stage(tmp_path, mail_server, mailbox={"mail_max_mb": 1, "attachment_max_mb": 1})
    stage.nadia.writes("cv", "My CV.", files=(File(name="cv.pdf", content=b"%PDF" + b"x" * 1_200_000),))
    stage.turn()

    answer = stage.nadia.reads_one("cv")

    assert "1 MB" in answer.text
    assert "smaller" in answer.text
    assert opened == []


def test_the_packet_holds_the_cv_as_it_was_sent(stage: Stage) -> None:
    ask = stage.asked()
    stage.lopez.answers(ask, YES)
    stage.turn()

    packet = stage.lopez.reads_one()

    assert packet.subject == f"Re: {ASK}"
    assert [a.name for a in packet.incoming.attachments] == ["Rahman_CV.pdf"]
    assert [a.size for a in packet.incoming.attachments] == [len(CV.content)]
    assert "14789321" in packet.text
    assert stage.nadia.reads_one().subject == "Dr. Elena Lopez says yes"


# -- previews ----------------------------------------------------------------------------------------------------


def test_an_ask_is_shown_changed_shown_again_and_goes_as_it_was_shown(stage: Stage) -> None:
    preview = stage.previewed()
    assert "well enough to write me a strong letter of recommendation?" in preview.text

    stage.nadia.answers(preview, "edit\nDear Dr. Lopez,\n\nDo you remember Mr. H.? Would you write me a strong letter?")
    stage.turn()
    again = stage.nadia.reads_one("Shall I send this")
    assert again.text.startswith("With your changes")
    assert stage.lopez.reads() == []

    stage.nadia.answers(again, "send")
    stage.turn()

    assert "goes out now" in stage.nadia.reads_one().text
    ask = stage.lopez.reads_one(ASK)
    assert ask.text.strip() == "Dear Dr. Lopez,\n\nDo you remember Mr. H.? Would you write me a strong letter?"
    assert ask.text.strip() in again.text


@pytest.mark.parametrize("style", [top_posted, gmail, outlook, apple])
def test_send_is_understood_from_every_mail_program_and_the_ask_goes_unchanged(stage: Stage, style: Style) -> None:
    preview = stage.previewed()

    stage.nadia.answers(preview, "send", style)
    stage.turn()

    ask = stage.lopez.reads_one(ASK)
    shown = preview.text.partition("the mail begins ----------\n")[2].partition("\n---------- the mail ends")[0]
    assert ask.text.strip() == shown.strip()


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_a_mentors_yes_is_understood_from_every_mail_program(stage: Stage, style: Style) -> None:
    ask = stage.asked()

    stage.lopez.answers(ask, YES, style)
    stage.turn()

    assert [a.name for a in stage.lopez.reads_one().incoming.attachments] == ["Rahman_CV.pdf"]


def test_what_is_not_unmistakably_send_is_asked_about(stage: Stage) -> None:
    preview = stage.previewed()

    stage.nadia.answers(preview, "yes, but change the date")
    stage.turn()

    assert "Nothing was sent" in stage.nadia.reads_one().text
    assert stage.lopez.reads() == []


def test_later_shows_the_preview_again_on_that_day(stage: Stage) -> None:
    stage.nadia.answers(stage.previewed(), "later 3 days")
    stage.turn()
    assert "June 17" in stage.nadia.reads_one().text

    stage.passes(days=2)
    assert subjects(stage) == NOTHING

    stage.passes(days=1)
    again = stage.nadia.reads_one("Once more: Shall I send this to Dr. Elena Lopez?")
    stage.nadia.answers(again, "ok")
    stage.turn()
    assert stage.lopez.reads_one().subject == ASK


def test_skip_drops_the_preview_and_ask_shows_it_again(stage: Stage) -> None:
    preview = stage.previewed()
    stage.nadia.answers(preview, "skip")
    stage.turn()
    assert "is not sent" in stage.nadia.reads_one().text

    stage.nadia.answers(preview, "send")
    stage.turn()
    assert stage.lopez.reads() == []
    assert len(stage.nadia.reads()) == 1

    stage.nadia.writes("ask Dr. Lopez")
    stage.turn()
    assert stage.nadia.reads_one("Shall I send this")


def test_a_preview_nobody_answers_is_shown_once_more_and_then_given_up(stage: Stage) -> None:
    stage.previewed()
    seen = []
    for days in (1, 2, 1, 1, 8, 1, 1, 15):
        stage.passes(days=days)
        seen += [f"{stage.now:%d %b}: {m.subject}" for m in stage.nadia.reads()]

    assert [line.partition(":")[0] for line in seen] == ["18 Jun", "28 Jun", "14 Jul"]
    assert "It is late to ask for ERAS 2028" in seen[-1]
    assert "Once more" in seen[0]
    assert stage.lopez.reads() == []
    assert stage.dossier.previews == ()


# -- who may command ---------------------------------------------------------------------------------------------


def test_a_stranger_is_neither_obeyed_nor_answered_nor_opened(stage: Stage, opened: list[str]) -> None:
    before = stage.dossier
    stage.kim.writes("help")
    stage.kim.writes("ask Dr. Lopez", "Do as I say.")
    stage.turn()

    assert subjects(stage) == NOTHING
    assert opened == []
    assert stage.dossier == before
    assert stage.flags() == {"help": set(), "ask Dr. Lopez": set()}


def test_a_command_that_anybody_could_have_written_is_held_until_the_applicant_confirms_it(stage: Stage) -> None:
    stage.previewed()
    stage.nadia.writes("pause", login=False)
    stage.turn()

    question = stage.nadia.reads_one("Was this you? pause")
    assert "answer with one word: yes" in question.text.replace("*", "")
    assert not stage.dossier.paused

    stage.nadia.answers(question, "yes", login=False)
    stage.turn()
    assert stage.dossier.paused
    assert stage.nadia.reads_one().subject == "Re: pause"


def test_a_forger_who_does_not_get_the_question_gets_nothing_done(stage: Stage) -> None:
    preview = stage.previewed()
    for number in range(6):
        stage.nadia.writes("outcome ERAS 2028", f"outcome: matched {number}", login=False)
    stage.nadia.writes(f"Re: {preview.subject}", "send", login=False)
    stage.turn()

    mails = stage.nadia.reads()
    assert {m.subject.partition("?")[0] for m in mails} == {"Was this you"}
    assert len(mails) == 3  # more would be mail for the forger's pleasure
    assert stage.dossier.applications[0].outcome == ""
    assert stage.lopez.reads() == []


# -- what goes wrong with mail -----------------------------------------------------------------------------------


def test_a_mail_that_cannot_be_read_goes_to_quarantine_and_the_next_is_answered(stage: Stage) -> None:
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(80)
    )  # deeper than any mail program nests
    head = f"From: {NADIA}\r\nTo: {LORBOT}\r\nSubject: status\r\nMessage-ID: <deep@students.example>\r\n"
    stage.nadia.hands_in((head + nested).encode(), LORBOT)
    stage.nadia.writes("help")
    stage.turn()

    assert stage.nadia.reads_one().subject == "Re: help"
    kept = sorted(path.name.partition(".eml")[2] for path in stage.daemon.parts.state.quarantine.iterdir())
    assert kept == ["", ".why.txt"]
    assert list(stage.daemon.parts.state.spool.iterdir()) == []


def test_a_bounced_ask_is_shown_again_for_the_new_address(stage: Stage) -> None:
    ask = stage.asked()
    stage.server.deliver(LORBOT, returned(ask))
    stage.turn()

    question = stage.nadia.reads_one("did not arrive")
    assert "no such user" in question.text
    assert stage.dossier.letters[0].state is State.BOUNCED

    stage.nadia.answers(question, f"address {KIM}")
    stage.turn()
    done, preview = sorted(stage.nadia.reads(), key=lambda m: "Shall I" in m.subject)
    assert KIM in done.text
    assert stage.kim.reads() == []

    stage.nadia.answers(preview, "send")
    stage.turn()
    assert stage.kim.reads_one().subject == ASK
    assert stage.lopez.reads() == []


def test_an_answer_from_another_address_is_shown_and_not_acted_on(stage: Stage) -> None:
    ask = stage.asked()
    stage.kim.answers(ask, YES)
    stage.turn()

    question = stage.nadia.reads_one()
    assert KIM in question.text
    assert "I would be delighted" in question.text
    assert stage.dossier.letters[0].state is State.ASKED
    assert subjects(stage) == NOTHING

    stage.nadia.answers(question, "same person")
    stage.turn()
    assert stage.dossier.mentors[0].email == KIM


def test_a_yes_on_saturday_night_is_answered_with_the_packet_on_monday_at_eight(stage: Stage) -> None:
    ask = stage.asked()
    stage.now = SATURDAY_NIGHT
    stage.lopez.answers(ask, YES)
    stage.turn()
    assert "Monday, June 21" in stage.nadia.reads_one("says yes").text

    monday = datetime(2027, 6, 21, 8, 0, tzinfo=HOME)
    assert stage.daemon.index.next_due() == monday
    for moment in (monday - timedelta(days=1), monday - timedelta(minutes=1)):
        stage.now = moment
        stage.turn()
        assert stage.lopez.reads() == []
    stage.now = monday
    stage.turn()
    assert stage.lopez.reads_one().incoming.attachments


def test_a_mail_that_was_due_in_working_hours_does_not_leave_at_night(stage: Stage) -> None:
    """The program did not run from Friday to Saturday, as a closed laptop does."""
    preview = stage.previewed()
    stage.now = datetime(2027, 6, 24, 20, 0, tzinfo=HOME)
    stage.nadia.answers(preview, "send")
    stage.turn()
    assert "Friday, June 25" in stage.nadia.reads_one().text

    stage.now = SATURDAY_NIGHT + timedelta(days=7)
    stage.turn()
    assert stage.lopez.reads() == []

    stage.now = datetime(2027, 6, 28, 8, 5, tzinfo=HOME)
    stage.turn()
    assert stage.lopez.reads_one().subject == ASK


def test_stop_is_obeyed_for_good(stage: Stage) -> None:
    ask = stage.asked()
    stage.lopez.answers(ask, "Please stop e-mailing me.")
    stage.turn()
    assert "Dr. Elena Lopez" in stage.nadia.reads_one().text

    stage.nadia.writes("ask Dr. Lopez")
    stage.turn()
    assert "asked to get no more mail" in stage.nadia.reads_one().text
    for days in (7, 7, 2, 52, 7):  # where nudges and reminders would be due
        stage.passes(days=days)
    assert stage.lopez.reads() == []


def test_a_silent_mentor_gets_two_notes_and_then_the_applicant_chooses(stage: Stage) -> None:
    stage.asked()
    mails, told = [], []
    for days in (6, 1, 1, 5, 1, 1, 1, 1, 13, 30):
        stage.passes(days=days)
        mails += [f"{stage.now:%d %b}" for _ in stage.lopez.reads()]
        told += [f"{stage.now:%d %b} {m.subject}" for m in stage.nadia.reads()]

    assert mails == ["21 Jun", "28 Jun"]
    assert [line[:6] for line in told] == ["30 Jun", "14 Jul"]  # the question, and once more


# -- which mails are lorbot's ------------------------------------------------------------------------------------


@pytest.fixture
def own_mailbox(tmp_path: Path, mail_server: MailServer) -> Stage:
    """Personal mode: the mailbox is Nadia's own."""
    return Stage(tmp_path, mail_server, mailbox={"address": NADIA, "authserv_id": ""})


def submits(stage: Stage, subject: str, text: str = "") -> None:
    """As a mail program does: over SMTP, and a copy into Sent."""
    stage.server.deliver(NADIA, stage.nadia.writes(subject, text, to=NADIA), "Sent")


def test_a_command_to_oneself_is_proved_by_its_copy_in_sent(own_mailbox: Stage) -> None:
    submits(own_mailbox, "pause")
    own_mailbox.turn()

    assert own_mailbox.dossier.paused
    assert [m.subject for m in own_mailbox.nadia.reads()] == ["pause", "Re: pause"]


def test_a_command_to_oneself_without_a_copy_in_sent_is_held(own_mailbox: Stage) -> None:
    own_mailbox.nadia.writes("pause", to=NADIA, login=False)
    own_mailbox.turn()

    assert not own_mailbox.dossier.paused
    assert [m.subject for m in own_mailbox.nadia.reads()] == ["pause", "Was this you? pause"]


def test_in_ones_own_mailbox_notes_to_oneself_and_private_mail_stay_unopened(
    own_mailbox: Stage, opened: list[str]
) -> None:
    submits(own_mailbox, "milk, bread", "and call mother")
    own_mailbox.kim.writes("Dinner on Sunday?", "Come at seven.", to=NADIA)
    submits(own_mailbox, "status")
    own_mailbox.turn()
    own_mailbox.turn()

    uids = {m: f"INBOX/{uid}" for uid, m in uids_by_subject(own_mailbox).items()}
    assert opened == [uids["status"]]
    assert own_mailbox.flags() == {
        "milk, bread": set(), "Dinner on Sunday?": set(), "status": {"lorbot"}, "Re: status": set(),
    }  # fmt: skip


def test_in_ones_own_mailbox_a_mentor_gets_mail_from_ones_own_address(own_mailbox: Stage) -> None:
    stage = own_mailbox
    for subject, text in (
        ("profile", PROFILE),
        ("application ERAS 2028", APPLICATION),
        ("mentor Dr. Elena Lopez", MENTOR),
    ):
        submits(stage, subject, text)
    submits(stage, "ask Dr. Lopez")
    stage.turn()
    preview = next(m for m in stage.nadia.reads() if "Shall I send this" in m.subject)
    stage.nadia.answers(preview, "send", to=NADIA)
    stage.turn()

    ask = stage.lopez.reads_one(ASK)
    assert (ask.headers["from"], ask.headers["to"]) == (f"Nadia Rahman <{NADIA}>", f'"Dr. Elena Lopez" <{LOPEZ}>')
    assert "cc" not in ask.headers
    assert "reply-to" not in ask.headers
    sent = [received(raw).subject for raw in stage.server.mails(NADIA, "Sent")]
    assert sent.count(ASK) == 1
    assert not [s for s in sent if s.startswith("Shall I")]

    stage.lopez.answers(ask, YES)
    stage.turn()
    assert [a.name for a in stage.lopez.reads_one().incoming.attachments] == []
    assert [m.subject for m in stage.nadia.reads()][-1] == "Dr. Elena Lopez says yes"


@pytest.mark.parametrize(
    ("shown", "reply_to", "copy"),
    [
        ("reply_to", f"Nadia Rahman via lorbot <{LORBOT}>, Nadia Rahman <{NADIA}>", ""),
        ("cc", "", f"Nadia Rahman <{NADIA}>"),
        ("both", f"Nadia Rahman via lorbot <{LORBOT}>, Nadia Rahman <{NADIA}>", f"Nadia Rahman <{NADIA}>"),
    ],
)
def test_an_office_shows_the_applicant_as_it_is_configured(
    tmp_path: Path, mail_server: MailServer, shown: str, reply_to: str, copy: str
) -> None:
    stage = Stage(tmp_path, mail_server, office={"show_applicant": shown})
    ask = stage.asked()

    told = {name: ask.headers.get(name, "") for name in ("from", "reply-to", "cc")}
    assert told == {"from": f"Nadia Rahman via lorbot <{LORBOT}>", "reply-to": reply_to, "cc": copy}
    copies = [m for m in map(received, stage.server.mails(NADIA)) if m.incoming.message_id == ask.incoming.message_id]
    assert len(copies) == (1 if copy else 0)


def test_an_answer_in_the_junk_folder_is_found_and_left_there(stage: Stage) -> None:
    ask = stage.asked()
    stage.server.deliver(LORBOT, letter(stage.lopez, f"Re: {ask.subject}", YES, headers=in_reply(ask)), "Junk")
    stage.turn()

    assert stage.lopez.reads_one().incoming.attachments
    assert len(stage.server.mails(LORBOT, "Junk")) == 1
    assert stage.flags("Junk") == {f"Re: {ASK}": {"lorbot"}}


def test_the_same_mail_in_inbox_and_junk_is_handled_once(stage: Stage) -> None:
    ask = stage.asked()
    raw = letter(stage.lopez, f"Re: {ask.subject}", YES, headers=in_reply(ask))
    stage.server.deliver(LORBOT, raw)
    stage.server.deliver(LORBOT, b"X-Spam-Flag: YES\r\n" + raw, "Junk")
    stage.turn()

    assert len(stage.lopez.reads()) == 1
    assert len(stage.nadia.reads()) == 1


def test_mail_from_before_the_first_start_is_not_acted_on(tmp_path: Path, mail_server: MailServer) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=10)
    with IMAPClient("127.0.0.1", mail_server.imap_port, ssl=False) as client:
        client.login(LORBOT, PASSWORD)
        authentic = "Authentication-Results: mail.sandbox; dmarc=pass header.from=students.example\r\n"
        mail = f"{authentic}From: {NADIA}\r\nSubject: pause\r\nMessage-ID: <old@students.example>\r\n\r\npause\r\n"
        client.append("INBOX", mail.encode(), msg_time=long_ago)
    stage = Stage(tmp_path, mail_server)
    stage.turn()
    stage.nadia.writes("help")
    stage.turn()

    assert not stage.dossier.paused
    assert stage.nadia.reads_one().subject == "Re: help"


def test_a_mailbox_that_was_made_anew_with_the_same_mails_changes_nothing(stage: Stage) -> None:
    ask = stage.asked()
    stage.lopez.answers(ask, YES)
    stage.turn()
    subjects(stage)
    before = stage.dossier
    mails, validity = stage.server.mails(LORBOT), stage.daemon.parts.state.cursor("INBOX")

    with stage.program("Archive") as client:  # INBOX itself cannot be deleted (RFC 3501 section 6.3.4)
        client.rename_folder("INBOX", "Elsewhere")
    for raw in mails:
        stage.server.deliver(LORBOT, raw)
    stage.turn()

    assert stage.daemon.parts.state.cursor("INBOX") != validity
    assert len(stage.server.mails(LORBOT)) == len(mails)
    assert subjects(stage) == NOTHING
    assert stage.dossier == before


def test_handled_mails_are_marked_and_otherwise_left_as_they_were(stage: Stage) -> None:
    stage.nadia.writes("help")
    stage.kim.writes("A word about the weather")
    stage.turn()
    stage.turn()

    assert stage.flags() == {"help": {"lorbot"}, "A word about the weather": set()}
    assert stage.daemon.parts.state.cursor("INBOX") is not None
    assert list(stage.daemon.parts.state.spool.iterdir()) == []


def test_each_mail_sent_is_filed_in_sent_once(stage: Stage) -> None:
    ask = stage.asked()
    stage.turn()

    sent = [received(raw).incoming.message_id for raw in stage.server.mails(LORBOT, "Sent")]
    assert sent.count(ask.incoming.message_id) == 1
    assert len(sent) == len(set(sent)) == sum(m.progress is Progress.SENT for m in stage.dossier.mails)


def test_an_answer_without_a_thread_is_known_by_the_token_in_its_address(
    tmp_path: Path, mail_server: MailServer
) -> None:
    stage = Stage(tmp_path, mail_server, mailbox={"plus_addressing": True}, office={"show_applicant": "cc"})
    ask = stage.asked()
    token = ask.headers["reply-to"]
    assert f"+{ask.incoming.message_id.partition('@')[0]}@school.example" in token

    stage.lopez.writes("Your letter", YES, to=token, login=False)
    stage.turn()

    assert stage.lopez.reads_one().incoming.attachments


def test_without_a_thread_and_without_a_token_a_yes_waits_for_the_applicants_word(stage: Stage) -> None:
    stage.asked()
    stage.lopez.writes("Your letter", YES, login=False)
    stage.turn()

    assert "not be sure" in stage.nadia.reads_one().text
    assert stage.lopez.reads() == []


def in_reply(mail: object) -> dict[str, str]:
    message_id = f"<{mail.incoming.message_id}>"  # type: ignore[attr-defined]
    return {"In-Reply-To": message_id, "References": message_id}


def uids_by_subject(stage: Stage) -> dict[int, str]:
    with stage.program() as client:
        fetched = client.fetch(client.search(), ["BODY.PEEK[]"])
    return {uid: received(mail[b"BODY[]"]).subject for uid, mail in fetched.items()}
