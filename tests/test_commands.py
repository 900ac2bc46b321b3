"""Every command through `decide`, as a careless applicant writes it, with its answer rendered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dossiers import (
    DEADLINE,
    NOW,
    POLICY,
    WRITER,
    after,
    answer,
    attachment,
    behind,
    decided,
    drafts,
    previewed,
    problems,
    rich,
    small,
    templates,
    to_mentors,
    written,
)
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core import commands, outgoing
from lorbot.core.application import Application
from lorbot.core.correspondence import Mail, Purpose
from lorbot.core.decide import decide
from lorbot.core.decision import Decision
from lorbot.core.dossier import Letter, Material, Mentor, State
from lorbot.core.events import Ticked
from lorbot.core.message import Address

EXAMPLES = {command.name: command for command in commands.COMMANDS}
STANDING = {
    "received": State.REPORTED, "assigned": State.RECEIVED, "thank": State.RECEIVED, "remind": State.ASKED,
}  # fmt: skip
"""Where the letter of the example has to stand, where it is not new."""

SAY_DEADLINE = "is not a date I can read; write for example: 1 Sept 2027, 11:59 pm ET"
SAY_ZONE = "has a time zone that I do not know; write for example ET, PT, UTC, AoE or Europe/Berlin"
AFTER_IT = "preferred “Thursday, September 2, 2027” is after the deadline, Wednesday, September 1, 2027"


# -- finding them ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name", "argument"),
    [
        ("status", "status", ""),
        ("Status?", "status", ""),
        ("status of my letters, please", "status", "of my letters, please"),
        ("?", "help", ""),
        ("how does this work?", "help", ""),
        ("help mentor", "help", "mentor"),
        ("Mentor: Dr Lopez", "mentor", "Dr Lopez"),
        ("mentor – Elena Lopez, M.D.", "mentor", "Elena Lopez, M.D."),
        ("mentor Dr. Carlos Ruiz Jr.", "mentor", "Dr. Carlos Ruiz Jr."),
        ("ask Dr. Lopez.", "ask", "Dr. Lopez"),
        ("Please ask Dr. Lopez for ERAS", "ask", "Dr. Lopez for ERAS"),
        ("lorbot, pause", "pause", ""),
        ("resume", "resume", ""),
        ("résumé", "cv", ""),
        ("CV attached", "cv", "attached"),
        ("personal statement", "statement", ""),
        ("I matched!", "outcome", ""),
        ("Subject: cv", "cv", ""),
        ("letter received Lopez", "received", "Lopez"),
        ("application ERAS 2028, internal medicine", "application", "ERAS 2028, internal medicine"),
    ],
)
def test_a_line_that_is_a_command(line: str, name: str, argument: str) -> None:
    found = commands.find(line)
    assert found is not None
    assert (found[0].name, found[1]) == (name, argument)


@pytest.mark.parametrize(
    "line",
    ["", "...", "mentors’ day", "asking", "cvs", "pause the music", "status update from Bob", "send", "The status"],
)
def test_a_line_that_is_none(line: str) -> None:
    assert commands.find(line) is None


@given(st.text(max_size=100))
def test_no_line_is_too_odd(line: str) -> None:
    found = commands.find(line)
    assert found is None or found[1] == found[1].strip()


def test_no_two_commands_have_a_word_in_common() -> None:
    words = [word for command in commands.COMMANDS for word in command.words]
    assert sorted(set(words)) == sorted(words)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_example_of_every_command_works(name: str) -> None:
    subject, _, body = EXAMPLES[name].example.removeprefix("Subject: ").partition("\n")
    files = ("file.pdf",) if "attached" in body else ()
    dossier = rich().with_letter(replace(rich().letter("l1"), state=STANDING.get(name, State.PLANNED)))
    dossier = behind() if name == "send new" else dossier
    decision = decided(dossier, subject, body.partition("(")[0], files=files)
    assert problems(decision) == []
    assert "applicant/not_understood" not in templates(decision)
    for mail in written(decision):
        assert "I did not understand these lines" not in mail.text


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_help_for_every_command(name: str) -> None:
    assert EXAMPLES[name].does in answer(decided(small(), f"help {name}"))
    assert EXAMPLES[name].does in answer(decided(small(), "help"))


# -- profile -----------------------------------------------------------------------------------------------------


def test_a_profile_is_taken_over() -> None:
    body = (
        "Stage: fourth-year medical student\nmedical school: Lakeside College of Medicine\n"
        "speciality = internal medicine\n"
        "goals: I want to become an internist:\n  at a safety-net hospital.\nAAMC ID: 14789321\nNRMP ID: N0123456\n"
        "timezone: Central\nFERPA: Yes, I waive.\nsignature: Nadia | MS4\n\nThanks,\nNadia"
    )
    applicant = after(small(), "my profile", body).applicant
    assert applicant == replace(
        small().applicant,
        stage="fourth-year medical student",
        school="Lakeside College of Medicine",
        specialty="internal medicine",
        goal="I want to become an internist: at a safety-net hospital.",
        identifiers={"AAMC ID": "14789321", "NRMP ID": "N0123456"},
        time_zone="America/Chicago",
        waiver="waived",
        signature="Nadia\nMS4",
    )


def test_an_empty_profile_shows_what_is_known_and_changes_nothing() -> None:
    decision = decided(rich(), "profile")
    assert decision.dossier.applicant == rich().applicant
    assert "Your profile is complete" in answer(decision)


def test_what_is_wrong_in_a_profile_is_told_and_the_rest_is_kept() -> None:
    decision = decided(small(), "profile", "stage: MS4\ntime zone: Mars\nwaiver: not sure")
    assert problems(decision) == [
        "time zone “Mars” is not known; write for example America/Chicago or CT",
        (
            "waiver “not sure” is not clear to me; write: waiver: I waive my right to see the letters, "
            "or: waiver: I do not waive my right"
        ),
    ]
    assert decision.dossier.applicant == replace(small().applicant, stage="MS4")
    assert "stage: MS4" in answer(decision)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("yes", "waived"),
        ("I waive my right.", "waived"),
        ("No", "not waived"),
        ("I don’t waive", "not waived"),
        ("perhaps", ""),
    ],
)
def test_a_waiver_is_recorded_and_never_chosen(said: str, kept: str) -> None:
    assert decided(small(), "profile", f"waiver: {said}").dossier.applicant.waiver == kept


def test_an_unknown_line_is_named_with_the_one_that_was_perhaps_meant() -> None:
    text = answer(decided(small(), "profile", "shcool: Lakeside\nfavourite colour: blue\nstage: MS4"))
    assert "- shcool: Lakeside (did you mean “school”?)" in text
    assert "- favourite colour: blue" in text


# -- material ----------------------------------------------------------------------------------------------------


def cv(version: int, name: str) -> Material:
    return Material(
        kind="cv",
        version=version,
        name="Rahman_CV.pdf",
        media_type="application/pdf",
        sha256=attachment(name).sha256,
        size=200_000,
        added_at=NOW,
    )


def test_an_attachment_becomes_a_version() -> None:
    dossier = after(small(), "CV", files=("../../My CV (final).PDF.pdf",))
    assert dossier.materials == (cv(1, "../../My CV (final).PDF.pdf"),)
    dossier = after(dossier, "resume", "here it is", files=("new.pdf",))
    assert dossier.materials[1:] == (cv(2, "new.pdf"),)
    assert not dossier.paused


def test_the_same_file_again_is_no_new_version() -> None:
    before = after(small(), "cv", files=("a.pdf",))
    decision = decided(before, "cv", files=("a.pdf",))
    assert decision.dossier.materials == before.materials
    assert "Nothing changed." in answer(decision)


@pytest.mark.parametrize(
    ("subject", "kind", "name"),
    [
        ("material transcript", "transcript", "Rahman_Transcript.pdf"),
        ("statement", "statement", "Rahman_Personal_Statement.pdf"),
        ("material personal statement", "statement", "Rahman_Personal_Statement.pdf"),
        ("material CV", "cv", "Rahman_CV.pdf"),
        ("material ../../etc/passwd", "etc passwd", "Rahman_Etc_Passwd.pdf"),
        ("document my MSPE/letter", "mspe letter", "Rahman_Mspe_Letter.pdf"),
        ("material " + "x" * 300, "x" * 40, f"Rahman_X{'x' * 39}.pdf"),
    ],
)
def test_a_document_has_a_harmless_name(subject: str, kind: str, name: str) -> None:
    (material,) = after(small(), subject, files=("file.pdf",)).materials
    assert (material.kind, material.name) == (kind, name)


WHICH = (
    "I cannot tell what a.pdf, b.docx are; send each in a mail of its own, "
    "with the subject cv, statement, or material and its name"
)


WHICH = (
    "I cannot tell what a.pdf, b.docx are; send each in a mail of its own, with the subject cv, statement, or material "
    "and its name"
)


@pytest.mark.parametrize(
    ("subject", "files", "too_large", "problem"),
    [
        ("cv", (), (), "no PDF, Word or text file was attached to the mail"),
        ("cv", ("logo.png",), (), "no PDF, Word or text file was attached to the mail"),
        ("cv", ("a.pdf", "b.docx"), (), WHICH),
        ("cv", (), ("big.pdf",), "big.pdf is 12.0 MB; attachments may have 10 MB, so please send a smaller file"),
        ("material ../", ("a.pdf",), (), "the name of the document is missing, as in: material transcript"),
        ("material", ("a.pdf",), (), "the name of the document is missing, as in: material transcript"),
    ],
)
def test_a_document_that_cannot_be_stored(subject: str, files: Any, too_large: Any, problem: str) -> None:
    large = tuple(attachment(name, size=12_000_000) for name in too_large)
    decision = decided(small(), subject, files=files, too_large=large)
    assert problems(decision) == [problem]
    assert decision.dossier.materials == ()


@pytest.mark.parametrize("extra", ["ATT00001.txt", "image001.png", "smime.p7s"])
def test_what_mail_programs_attach_is_no_document(extra: str) -> None:
    assert after(small(), "cv", files=("a.pdf", extra)).materials == (cv(1, "a.pdf"),)


# -- application -------------------------------------------------------------------------------------------------


def test_an_application_is_taken_over() -> None:
    body = (
        "due: 1 September 2027, 11:59 pm ET\npreferred date: 20 August 2027\nprograms: 24 programs: all over\n"
        "link: https://example.edu/a?b=c\nhow to submit: upload it\nseason: 2028\nopens: 1 June 2027"
    )
    (application,) = after(small(), "application ERAS 2028", body).applications
    assert application == Application(
        id="a1",
        name="ERAS 2028",
        service="eras-residency",
        cycle="2028",
        deadline=DEADLINE,
        time_zone="America/New_York",
        preferred=datetime(2027, 8, 20, tzinfo=UTC).date(),
        opens=datetime(2027, 6, 1, tzinfo=UTC).date(),
        instructions="upload it",
        portal="https://example.edu/a?b=c",
        programmes="24 programs: all over",
        window_told=("opens 2027-09-01",),
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("deadline: soon", [f"deadline “soon” {SAY_DEADLINE}"]),
        ("deadline: 31 June 2027", [f"deadline “31 June 2027” {SAY_DEADLINE}"]),
        ("deadline: 1 Sept 2027 17:00 CEST", [f"deadline “1 Sept 2027 17:00 CEST” {SAY_ZONE}"]),
        ("deadline: 25/12/2027", [f"deadline “25/12/2027” {SAY_DEADLINE}"]),
        ("deadline: 1 May 2027", ["deadline “1 May 2027” is in the past; write it with its year"]),
        (
            "deadline: 9/1/2027\npreferred: 9/2/2027",
            [AFTER_IT],
        ),
        ("preferred: 2027-05-01", ["preferred “2027-05-01” is in the past"]),
        ("preferred: at once", ["preferred “at once” is not a date I can read; write for example: 15 Aug 2027"]),
        (
            "letter id: Lopez 1234567",
            ["letter id “Lopez 1234567” looks like a name and a number; write for example: letter id Lopez: 1234567"],
        ),
        ("letter id Stein: 1", ["letter id for “Stein”: no single mentor of yours has that name"]),
    ],
)
def test_what_is_wrong_in_an_application_is_told_and_the_rest_is_kept(body: str, said: list[str]) -> None:
    decision = decided(small(), "application AMCAS 2028", f"cycle: 2028\n{body}")
    assert problems(decision) == said
    (application,) = decision.dossier.applications
    assert (application.name, application.cycle, application.preferred, application.letter_ids) == (
        "AMCAS 2028",
        "2028",
        None,
        {},
    )
    assert "cycle: 2028" in answer(decision)


def test_letter_ids_belong_to_mentors() -> None:
    decision = decided(rich(), "application ERAS", "letter id Lopez: 123\nLetter ID for Dr. Chen: 456\nletter id: 789")
    assert decision.dossier.application("a1").letter_ids == {"m1": "123", "m3": "456", "": "789"}
    assert len(decision.dossier.applications) == 2
    assert written(decision)[0].subject == "Re: application ERAS"


def test_a_wrong_letter_id_comes_back_in_the_form() -> None:
    assert "letter id Stein: 123" in answer(decided(rich(), "application ERAS", "letter id Stein: 123"))


def test_an_unknown_service_is_told_with_those_that_are_known() -> None:
    (said,) = problems(decided(small(), "application Something", "service: Nonsense"))
    assert said.startswith("service “Nonsense” is not known to me; there are: ")
    assert decided(small(), "application", "deadline: 9/1/2027").dossier.applications == ()


@pytest.mark.parametrize(
    ("now", "when", "left"),
    [
        (datetime(2027, 3, 1, tzinfo=UTC), "ahead", "26 weeks"),
        (datetime(2027, 6, 15, tzinfo=UTC), "now", "11 weeks"),
        (datetime(2027, 8, 15, tzinfo=UTC), "past", "2 weeks"),
        (datetime(2027, 9, 1, 12, tzinfo=UTC), "past", "less than a day"),
    ],
)
def test_the_ask_window(now: datetime, when: str, left: str) -> None:
    decision = decided(small(), "application ERAS 2028", "deadline: 1 September 2027", now=now)
    (draft,) = drafts(decision)
    assert draft.context["window"] == {
        "from": "Wednesday, June 2, 2027", "to": "Wednesday, June 30, 2027", "when": when, "left": left,
    }  # fmt: skip


def test_with_another_deadline_no_mail_leaves_that_names_the_old_one() -> None:
    before = previewed()
    before = before.with_letter(replace(before.letter("l2"), done=("nudge1", "reminder14", "overdue")))
    reminder = Mail(
        key="l2-reminder14",
        purpose=Purpose.REMINDER,
        to=Address(email="chen@hospital.example"),
        subject="s",
        text="t",
        letters=("l2",),
        mentor="m3",
        decided_at=NOW,
    )
    dossier = after(before.with_mail(reminder), "application ERAS", "deadline: 20 September 2027")
    assert dossier.letter("l2").done == ("nudge1",)
    assert to_mentors(dossier) == [(Purpose.REMINDER, "chen@hospital.example", "dropped")]
    (preview,) = dossier.previews
    assert "September 20, 2027" in preview.mail.text
    assert [m.progress for m in after(dossier, "Re: x", "send", answers="p-l1-ask").mails if m.key == "l1-ask"] == []


# -- mentor ------------------------------------------------------------------------------------------------------

STEIN = (
    "email: Ruth Stein <Ruth.Stein@Hospital.example>\nposition: Professor\nrole: research\nsince: 2025\nhow: two years"
)


def test_a_mentor_is_taken_over_and_the_letter_planned() -> None:
    body = f"{STEIN}\nbackup for: Lopez\nfor: ERAS 2028\ndear: Dear Ruth,\nin person: Yes, weekly\nzone: PT"
    dossier = after(rich(), "mentor Dr. Ruth Stein", body)
    assert dossier.mentors[-1] == Mentor(
        id="m4",
        name="Dr. Ruth Stein",
        email="ruth.stein@hospital.example",
        title="Professor",
        role="research",
        known_since="2025",
        worked_together="two years",
        greeting="Ruth",
        time_zone="America/Los_Angeles",
        in_person=True,
        backup_for="m1",
    )
    assert dossier.letters[-1] == Letter(id="l4", mentor="m4", application="a1")


def test_a_mentor_is_changed_by_part_of_the_name() -> None:
    dossier = after(rich(), "mentor Chen", "title: Dean")
    assert dossier.mentors == tuple(replace(m, title="Dean") if m.id == "m3" else m for m in rich().mentors)


@pytest.mark.parametrize(
    ("subject", "body", "problem"),
    [
        (
            "mentor Dr. Ruth Stein",
            "email: stein",
            "“stein” is not an e-mail address (An email address must have an @-sign)",
        ),
        ("mentor Dr. Ruth Stein", "email: nadia@students.example", "nadia@students.example is your own address"),
        (
            "mentor Dr. Ruth Stein",
            "email: kim@hospital.example",
            "kim@hospital.example is already the address of Sam Kim, MD",
        ),
        (
            "mentor Dr. Ruth Stein",
            "role: friend",
            "role “friend” is not one of: academic, clinical, research, community, professional",
        ),
        (
            "mentor Dr. Ruth Stein",
            "time zone: Mars",
            "time zone “Mars” is not known; write for example America/Chicago or CT",
        ),
        ("mentor Dr. Ruth Stein", "backup for: Nobody", "backup for “Nobody”: no single mentor of yours has that name"),
        (
            "mentor Dr. Ruth Stein",
            "assistant: Ms. Roe",
            ("assistant: “Ms. Roe” is not an e-mail address (An email address must have an @-sign)"),
        ),
        (
            "mentor Dr. Ruth Stein",
            "for: AMCAS",
            "“AMCAS” is not one of your applications; there are: ERAS 2028, internal medicine · Garden grant",
        ),
    ],
)
def test_what_is_wrong_with_a_mentor_is_told_and_the_rest_is_kept(subject: str, body: str, problem: str) -> None:
    decision = decided(rich(), subject, f"title: Dean\n{body}")
    assert problems(decision) == [problem]
    assert decision.dossier.mentors == (*rich().mentors, Mentor(id="m4", name="Dr. Ruth Stein", title="Dean"))
    assert f"Subject: {subject}" in answer(decision)
    assert body in answer(decision)


def test_a_mended_form_can_be_sent_back_whole() -> None:
    body = "email: stein\nrole: friend\nsince: 2025\nhow: two years: all of them"
    text = answer(decided(rich(), "mentor Dr. Ruth Stein", body))
    form = text.partition("    Subject: ")[2].partition("An example:")[0]
    mended = form.replace("email: stein", "email: stein@x.example").replace("role: friend", "role: clinical")
    subject, _, lines = mended.partition("\n")
    for decision in (decided(rich(), subject, lines), decided(rich(), "mended", f"Subject: {mended}")):
        assert problems(decision) == []
        assert decision.dossier.mentors[-1] == Mentor(
            id="m4", name="Dr. Ruth Stein", email="stein@x.example", role="clinical", known_since="2025",
            worked_together="two years: all of them",
        )  # fmt: skip


@pytest.mark.parametrize("subject", ["mentor", "mentor:", "mentor who@hospital.example"])
def test_a_mentor_needs_a_name(subject: str) -> None:
    decision = decided(rich(), subject, STEIN)
    assert problems(decision) == ["the mentor needs a name in the subject: mentor Dr. Elena Lopez"]
    assert decision.dossier.mentors == rich().mentors


def test_two_people_of_one_name_are_never_mixed_up() -> None:
    decision = decided(rich(), "mentor Dr. Chen", "email: li.chen@other.example")
    assert decision.dossier.mentors == rich().mentors
    assert "could be Dr. Wei Chen <chen@hospital.example>, with another address" in problems(decision)[0]
    assert len(after(rich(), "mentor Dr. Li Chen", "email: li.chen@other.example").mentors) == 4


def test_a_first_name_is_warned_of_and_the_remedy_works() -> None:
    decision = decided(small(), "mentor Dr. Maria", "email: maria.lopez@clinic.example")
    assert "“Dr. Maria” looks like a first name" in answer(decision)
    dossier = after(WRITER.write(decision, NOW), "mentor Dr. Maria Lopez", "email: maria.lopez@clinic.example")
    assert dossier.mentors == (Mentor(id="m1", name="Dr. Maria Lopez", email="maria.lopez@clinic.example"),)


def test_an_approved_mail_does_not_go_to_an_old_address_and_is_shown_again() -> None:
    dossier = after(
        after(previewed(), "Re: x", "send", answers="p-l1-ask"), "mentor lopez@hospital.example", "email: e@new.example"
    )
    assert [m for m in outgoing.waiting(dossier, NOW + timedelta(days=4)) if m.purpose is Purpose.ASK] == []
    dossier = WRITER.write(decide(dossier, Ticked(), NOW, POLICY), NOW)
    assert to_mentors(dossier) == [(Purpose.ASK, "lopez@hospital.example", "dropped")]
    assert [p.mail.to.email for p in dossier.previews] == ["e@new.example"]


# -- status, pause, resume, help -----------------------------------------------------------------------------------


def test_status_of_nothing_and_of_everything() -> None:
    assert "Nothing waits for you." in answer(decided(small(), "status"))
    text = answer(decided(previewed(), "status"))
    for part in (
        "the ask to Dr. Elena Lopez",
        "Dr. Wei Chen",
        "ERAS 2028, internal medicine",
        "Garden grant",
        "Sam Kim, MD",
    ):
        assert part in text


@pytest.mark.parametrize("subject", ["pause", "Pause everything, please", "stop for now", "PAUSE!"])
def test_while_paused_nothing_goes_to_mentors_and_the_applicant_is_answered(subject: str) -> None:
    queued = after(previewed(), "Re: x", "send", answers="p-l1-ask")
    dossier = after(queued, subject)
    assert dossier.paused
    leaving = {m.purpose for m in outgoing.waiting(dossier, NOW)}
    assert (Purpose.ASK in leaving, Purpose.REPLY in leaving) == (False, True)
    assert "Everything is paused" in answer(decided(dossier, "status"))
    resumed = after(dossier, "resume")
    assert Purpose.ASK in {m.purpose for m in outgoing.waiting(resumed, NOW)}


@pytest.mark.parametrize("subject", ["pause", "resume"])
def test_pause_and_resume_may_be_said_twice(subject: str) -> None:
    once = after(rich(), subject)
    twice = after(once, subject)
    assert replace(twice, mails=(), journal=(), handled=()) == replace(once, mails=(), journal=(), handled=())


def test_an_unknown_word_of_help_is_named() -> None:
    assert "I know no command “letters”" in answer(decided(small(), "help letters"))


# -- size and oddness ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "subject", ["profile", "mentor Dr. Ruth Stein", "application X", "ask Lopez for ERAS", "outcome ERAS", "hello"]
)
@pytest.mark.parametrize("line", ["lorem ipsum dolor", "foo: bar", "email: x", "", "- a: b"])
def test_ten_thousand_lines_take_no_long_time(subject: str, line: str) -> None:
    began = datetime.now(tz=UTC)
    decision = decided(rich(), subject, "\n".join([line] * 10_000))
    assert datetime.now(tz=UTC) - began < timedelta(seconds=5)
    assert decision.why


SUBJECTS = st.sampled_from(
    [
        "profile", "cv", "material x", "application ERAS", "application New", "mentor Chen", "mentor Li Chen",
        "ask Chen", "ask everyone", "received Chen", "outcome ERAS", "pause", "resume", "status", "help",
        "agreed Chen", "declined Chen", "talked Chen", "received all", "assigned Chen", "cancel Chen", "remind Chen",
        "thank Chen", "drop Chen", "drop ERAS", "drop cv", "change Chen", "change Chen to Li Chen",
        "change deadline of ERAS to 20 Sept 2027",
    ]
)  # fmt: skip
BODIES = st.lists(
    st.sampled_from(
        [
            "email: a@b.example",
            "email: chen@hospital.example",
            "email: ",
            "deadline: 9/1",
            "deadline: soon",
            "role: x",
            "for: ERAS",
            "backup for: Chen",
            "outcome: matched",
            "no offer",
            "letter id Chen: 5",
            "time zone: ET",
            "waiver: no",
            "name: \u202ex",
            "service: ERAS",
            "preferred: tomorrow",
            "",
            "text",
            "greeting: ,",
        ]
    ),
    max_size=6,
).map("\n".join)


@given(st.lists(st.tuples(SUBJECTS, BODIES, st.booleans()), max_size=4))
def test_every_answer_can_be_written_and_nothing_goes_to_a_mentor(mails: list[tuple[str, str, bool]]) -> None:
    dossier = rich()
    for subject, body, attached in mails:
        decision: Decision = decided(dossier, subject, body, files=("a.pdf",) if attached else ())
        written(decision)
        dossier = WRITER.write(decision, NOW)
    assert to_mentors(dossier) == []
    emails = [m.email for m in dossier.mentors if m.email]
    assert len(set(emails)) == len(emails)
