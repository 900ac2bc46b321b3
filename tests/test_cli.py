"""The command line: what is printed, what is changed, and the exit codes."""

import json
import logging
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result
from stage import NADIA, Stage, letter

from lorbot import cli, example
from lorbot.core.policy import Policy
from lorbot.errors import LorbotError
from lorbot.mail.render import Renderer
from lorbot.sandbox.server import MailServer

YES = "Dear Nadia,\n\nI would be delighted to write you a strong letter."
HEDGE = "I could write you a letter, but we only worked together for one week, so it would be fairly general."


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """A command sets up logging and signal handlers for its process, which here is the tests' own."""
    handlers, signals = logging.root.handlers[:], {s: signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGINT)}
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    for number, handler in signals.items():
        signal.signal(number, handler)


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


def lorbot(*arguments: str | Path, given: str | None = None) -> Result:
    """Run a command; whatever goes wrong has to be a sentence."""
    result = CliRunner().invoke(cli.main, [str(a) for a in arguments], input=given)
    assert isinstance(result.exception, SystemExit | None), result.exception
    assert "Traceback" not in result.output
    return result


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# -- run ---------------------------------------------------------------------------------------------------------


def test_once_handles_what_is_there_sends_what_follows_and_exits(stage: Stage) -> None:
    stage.nadia.writes("help")
    result = lorbot("run", "--once", "--config", stage.config)

    assert result.exit_code == 0
    assert stage.nadia.reads_one().subject == "Re: help"
    assert [json.loads(line)["event"] for line in result.stderr.splitlines()] == ["mail handled", "mail offered"]


def test_once_as_of_a_moment_does_what_is_due_then(stage: Stage) -> None:
    asked = stage.asked()
    assert asked.incoming.date is not None
    later = asked.incoming.date + timedelta(days=7, minutes=5)

    assert lorbot("run", "--once", "--now", later.isoformat(), "--config", stage.config).exit_code == 0

    nudge = stage.lopez.reads_one()
    assert nudge.incoming.date == later
    assert "slipped past you" in nudge.text


def test_a_dry_run_prints_what_it_would_send_and_changes_nothing(stage: Stage) -> None:
    asked = stage.asked()
    stage.lopez.answers(asked, YES)
    state, marks = everything_in(stage.folder / "state"), stage.flags()
    boxes = [stage.server.mails(who) for who in (NADIA, stage.lopez.email)] + [
        stage.server.mails(stage.address, "Sent")
    ]

    result = lorbot("run", "--dry-run", "--now", stage.now.isoformat(), "--config", stage.config)

    assert result.exit_code == 0
    assert result.stdout.count("--- would send ---") == 2
    assert "To: lopez@hospital.example, nadia@students.example\nSubject: Re: Letter of recommendation" in result.stdout
    assert "Enclosed: Rahman_CV.pdf" in result.stdout
    assert f"To: {NADIA}\nSubject: Dr. Elena Lopez says yes" in result.stdout
    assert everything_in(stage.folder / "state") == state
    assert stage.flags() == marks
    now = [stage.server.mails(who) for who in (NADIA, stage.lopez.email)] + [stage.server.mails(stage.address, "Sent")]
    assert now == boxes

    stage.turn()
    assert stage.lopez.reads_one().incoming.attachments  # the real run does it


def test_a_dry_run_needs_no_lock(stage: Stage) -> None:
    with stage.daemon.parts.state.lock():
        assert lorbot("run", "--dry-run", "--config", stage.config).exit_code == 0
        assert lorbot("run", "--once", "--config", stage.config).exit_code == 1


def test_now_without_once_is_wrong_use(stage: Stage) -> None:
    result = lorbot("run", "--now", "2027-06-01T09:00:00Z", "--config", stage.config)
    assert result.exit_code == 2
    assert "--now goes with --once" in result.stderr


@pytest.mark.parametrize(
    ("moment", "says"),
    [("yesterday", "write it as 2027-06-01T09:00:00Z"), ("2027-06-01T09:00:00", "write it as 2027-06-01T09:00:00Z")],
)
def test_a_moment_that_is_none_is_explained(stage: Stage, moment: str, says: str) -> None:
    result = lorbot("run", "--once", "--now", moment, "--config", stage.config)
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_configuration_without_applicants_is_refused(tmp_path: Path, mail_server: MailServer) -> None:
    stage = Stage(tmp_path, mail_server, applicants=[])
    result = lorbot("run", "--once", "--config", stage.config)
    assert result.exit_code == 2
    assert "applicants" in result.stderr


def test_a_refused_login_is_a_sentence_and_a_failure(tmp_path: Path, mail_server: MailServer) -> None:
    stage = Stage(tmp_path, mail_server, mailbox={"password": "wrong"})
    result = lorbot("run", "--once", "--config", stage.config)
    assert result.exit_code == 1
    assert "refused the login of lorbot@school.example" in result.stderr
    assert "app password" in result.stderr


@pytest.mark.parametrize("command", [["run", "--once"], ["check"], ["status"], ["preview"]])
def test_a_missing_configuration_is_named_with_the_remedy(tmp_path: Path, command: list[str]) -> None:
    missing = tmp_path / "nowhere.toml"
    result = lorbot(*command, "--config", missing)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"lorbot: there is no configuration at {missing}; `lorbot init` writes one" in result.stderr


@pytest.mark.parametrize(
    "command", [["sing"], ["run", "--twice"], ["read"], ["read", "--stage", "married", "-"], ["read", "nowhere.eml"]]
)
def test_wrong_use_exits_with_two(command: list[str]) -> None:
    assert lorbot(*command).exit_code == 2


def test_an_error_a_user_can_mend_never_shows_a_traceback(monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    def failing(*_: object) -> None:
        raise LorbotError("the moon is in the wrong quarter; wait")

    monkeypatch.setattr("lorbot.daemon.Daemon.once", failing)
    result = lorbot("run", "--once", "--config", stage.config)
    assert (result.exit_code, result.stderr) == (1, "lorbot: the moon is in the wrong quarter; wait\n")


# -- looking -----------------------------------------------------------------------------------------------------


def test_check_says_ok_for_each_step(stage: Stage) -> None:
    result = lorbot("check", "--config", stage.config)
    assert result.exit_code == 0
    steps = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert [line for line in steps if not line.startswith("ok  ")] == []
    assert len(steps) > 8


def test_check_says_what_to_do_where_a_step_fails(tmp_path: Path, mail_server: MailServer) -> None:
    stage = Stage(tmp_path, mail_server, mailbox={"password": "wrong"})
    result = lorbot("check", "--config", stage.config)
    assert result.exit_code == 1
    assert "FAIL IMAP login" in result.stdout
    assert "do: " in result.stdout


def test_status_shows_each_letter_as_the_applicant_sees_it(stage: Stage) -> None:
    stage.asked()
    result = lorbot("status", "--config", stage.config)
    assert result.exit_code == 0
    assert result.stdout.startswith("=== Nadia Rahman <nadia@students.example>")
    assert "asked, no answer yet" in result.stdout
    assert lorbot("status", "--config", stage.config, "somebody@else.example").stdout == ""


# -- read --------------------------------------------------------------------------------------------------------


@pytest.fixture
def mail(stage: Stage) -> Path:
    path = stage.folder / "answer.eml"
    path.write_bytes(letter(stage.lopez, "Re: Letter", HEDGE))
    return path


def test_read_explains_a_mail_with_the_words_that_told(mail: Path) -> None:
    result = lorbot("read", mail)
    assert result.exit_code == 0
    assert "lukewarm" in result.stdout
    assert "fairly general" in result.stdout


def test_read_as_json_is_one_object(mail: Path) -> None:
    row = json.loads(lorbot("read", "--json", mail).stdout)
    assert (row["kind"], row["stance"], row["acts"]) == ("human", "lukewarm", False)


def test_read_takes_a_mail_from_standard_input(mail: Path) -> None:
    given = mail.read_text()
    assert json.loads(lorbot("read", "--json", "-", given=given).stdout)["stance"] == "lukewarm"


def test_read_takes_many_as_lines(tmp_path: Path) -> None:
    lines = tmp_path / "mails.jsonl"
    bodies = [HEDGE, "Yes, gladly. I can write you a strong letter.", "No, I am sorry, I cannot."]
    rows = [{"id": str(n), "stage": "asked", "body": body} for n, body in enumerate(bodies)]
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows))

    out = [json.loads(line) for line in lorbot("read", "--jsonl", lines).stdout.splitlines()]

    assert [(row["id"], row["stance"]) for row in out] == [("0", "lukewarm"), ("1", "yes"), ("2", "no")]
    assert all({"id", "kind", "stance", "signals", "confidence", "acts"} <= row.keys() for row in out)


# -- preview -----------------------------------------------------------------------------------------------------


def test_preview_lists_the_templates() -> None:
    assert lorbot("preview").stdout.splitlines() == list(Renderer().names())


@pytest.mark.parametrize("name", Renderer().names())
def test_every_template_can_be_shown_with_the_example(name: str) -> None:
    rendered = Renderer().render(name, example.context(name, Policy()))
    assert rendered.subject
    assert "None" not in rendered.text


@pytest.mark.parametrize("name", ["ask", "mentor/ask", "mentor/ask.txt", "/etc/lorbot/templates/mentor/ask.txt"])
def test_preview_shows_a_mail_under_any_of_its_names(name: str) -> None:
    result = lorbot("preview", name)
    assert result.exit_code == 0
    assert result.stdout.startswith("Subject: Letter of recommendation")
    assert "Dear Dr. Lopez," in result.stdout


def test_preview_shows_ones_own_template_and_what_is_wrong_in_it(stage: Stage) -> None:
    own = stage.folder / "mine" / "mentor"
    own.mkdir(parents=True)
    stage.config.write_text(stage.config.read_text() + '[templates]\nfolder = "mine"\n')
    (own / "thanks.txt").write_text("Subject: Thanks\n\nThank you, {{ mentor.name }}!")
    assert lorbot("preview", "thanks", "-c", stage.config).stdout == "Subject: Thanks\n\nThank you, Dr. Elena Lopez!\n"

    (own / "thanks.txt").write_text("Subject: Thanks\n\nThank you, {{ mentor.nickname }}!")
    result = lorbot("preview", "thanks", "-c", stage.config)
    assert result.exit_code == 2
    assert "mentor/thanks" in result.stderr
    assert "nickname" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "there is no template nonsense; `lorbot preview` lists them"),
        (["outcome"], "outcome can be applicant/outcome or mentor/outcome"),
        (["--html", "ask"], "goes to a mentor as text alone"),
    ],
)
def test_preview_says_what_it_cannot_show(arguments: list[str], says: str) -> None:
    result = lorbot("preview", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_preview_shows_the_html_form() -> None:
    assert "<html" in lorbot("preview", "--html", "applicant/status").stdout
