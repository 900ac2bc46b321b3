"""`lorbot init`: what it asks, what it writes, and that the file loads with just those values."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from lorbot.cli import main
from lorbot.config import Settings, load
from lorbot.init import Answers, Person, Servers, next_steps, write, written
from lorbot.settings.providers import Server
from lorbot.shell.accounts import Auth, ImapAccount, Security, SmtpAccount

JANE = Answers(
    address="jane@gmail.com",
    provider="gmail",
    secret_key="password",
    secret="abcd efgh",
    applicants=(Person(name="Jane Doe", email="jane@gmail.com"),),
    time_zone="America/Chicago",
)
OFFICE = Answers(
    address="lorbot@school.example",
    provider="custom",
    servers=Servers(
        imap=Server(host="imap.school.example", port=1993, security=Security.TLS),
        smtp=Server(host="mail.school.example", port=587, security=Security.STARTTLS),
        user="lorbox",
    ),
    secret_key="password_file",
    secret="password.txt",
    applicants=(Person(name="Ada Obi", email="ada@school.example"), Person(name="Bo Li", email="bo@school.example")),
    office="Premed advising",
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)

Run = Callable[..., Result]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def run(config: Path) -> Run:
    """`lorbot init`, with an answer a line."""

    def invoked(*answers: str, options: tuple[str, ...] = ()) -> Result:
        lines = "".join(f"{answer}\n" for answer in answers)
        return CliRunner().invoke(main, ["init", "--config", str(config), *options], input=lines)

    return invoked


PERSONAL = ("jane@gmail.com", "", "Jane Doe", "", "abcd efgh", "America/Chicago")


# The file


def loaded(answers: Answers, path: Path) -> Settings:
    write(path, written(answers))
    return load(path, {})


def janes(folder: Path, password: str, name: str) -> Settings:
    return Settings(
        mailbox={"address": "jane@gmail.com", "provider": "gmail", "password": password},
        applicants=({"name": name, "email": "jane@gmail.com"},),
        state={"folder": str(folder / "state")},
        clock={"time_zone": "America/Chicago"},
    )


def test_an_own_mailbox_is_written_as_answered(config: Path) -> None:
    settings = loaded(JANE, config)
    assert settings == janes(config.parent, "abcd efgh", "Jane Doe")
    assert settings.personal
    assert settings.imap_account().secret() == "abcd efgh"


def test_an_office_on_a_server_of_its_own_is_written_as_answered(config: Path) -> None:
    settings = loaded(OFFICE, config)
    assert not settings.personal
    assert settings == Settings(
        mailbox={
            "address": "lorbot@school.example",
            "display_name": "Premed advising",
            "provider": "custom",
            "imap_host": "imap.school.example",
            "imap_port": 1993,
            "imap_security": "tls",
            "imap_user": "lorbox",
            "password_file": str(config.parent / "password.txt"),
        },
        smtp={"host": "mail.school.example", "port": 587, "security": "starttls"},
        applicants=(
            {"name": "Ada Obi", "email": "ada@school.example"},
            {"name": "Bo Li", "email": "bo@school.example"},
        ),
        state={"folder": str(config.parent / "state")},
    )
    imap, smtp = settings.imap_account(), settings.smtp_account()
    assert imap == ImapAccount(host="imap.school.example", port=1993, user="lorbox", secret=imap.secret)
    assert smtp == SmtpAccount(
        host="mail.school.example", port=587, user="lorbox", secret=smtp.secret, security=Security.STARTTLS
    )


def test_a_token_comes_from_a_command(config: Path) -> None:
    answers = replace(
        JANE, address="jane@outlook.com", provider="outlook", secret_key="password_command", secret="echo token"
    )
    account = loaded(answers, config).imap_account()
    assert (account.host, account.auth, account.secret()) == ("outlook.office365.com", Auth.XOAUTH2, "token")


@given(secret=TEXT, name=TEXT)
def test_no_answer_changes_what_else_the_file_says(
    tmp_path_factory: pytest.TempPathFactory, secret: str, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    person = Person(name=f"J{name}", email="jane@gmail.com")
    settings = loaded(replace(JANE, secret=secret, applicants=(person,)), path)
    assert settings == janes(path.parent, secret, person.name)


def test_only_the_owner_can_read_the_file_also_where_another_was(config: Path) -> None:
    config.write_text("open to all")
    config.chmod(0o644)
    write(config, written(JANE))
    assert config.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in config.parent.iterdir()] == ["config.toml"]


def test_the_secret_is_not_in_the_repr_of_the_answers() -> None:
    assert "abcd efgh" not in repr(JANE)


STEPS = """\
config.toml is written; only you can read it.
Next, try every setting against the real servers:
  lorbot check
Then start:
  lorbot run"""

OFFICE_STEPS = """\
my office/lorbot.toml is written; only you can read it.
The password belongs in the first line of my office/password.txt; close that file to others:
  chmod 600 'my office/password.txt'
Next, try every setting against the real servers:
  lorbot check --config 'my office/lorbot.toml'
Then start:
  lorbot run --config 'my office/lorbot.toml'"""

HOME_STEPS = OFFICE_STEPS.replace("my office/password.txt", "/home/ada/my office/password.txt")


@pytest.mark.parametrize(
    ("path", "answers", "says"),
    [
        ("config.toml", JANE, STEPS),
        ("my office/lorbot.toml", OFFICE, OFFICE_STEPS),
        ("my office/lorbot.toml", replace(OFFICE, secret="~/my office/password.txt"), HOME_STEPS),
    ],
)
def test_the_next_steps_can_be_copied_into_a_shell(
    monkeypatch: pytest.MonkeyPatch, path: str, answers: Answers, says: str
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert next_steps(Path(path), answers) == says


# The questions


def test_six_answers_are_enough_for_an_own_mailbox(run: Run, config: Path) -> None:
    result = run(*PERSONAL)
    assert (result.exit_code, result.stderr) == (0, "")
    assert config.read_text() == written(JANE)
    assert config.stat().st_mode & 0o777 == 0o600
    assert "kept by gmail: imap.gmail.com port 993 (tls) and smtp.gmail.com port 465 (tls)" in result.stdout
    assert "https://myaccount.google.com/apppasswords\n" in result.stdout
    assert result.stdout.endswith(f"\n{next_steps(config, JANE)}\n")


def test_an_office_is_asked_for_its_servers_and_its_applicants(run: Run, config: Path) -> None:
    applicants = ("Ada Obi", "ada@school.example", "y", "Bo Li", "bo@school.example", "n")
    servers = ("custom", "", "tls", "1993", "mail.school.example", "starttls", "", "lorbox")
    result = run("lorbot@school.example", "office", "Premed advising", *applicants, *servers, "file", "", "")
    assert (result.exit_code, result.stderr) == (0, "")
    assert config.read_text() == written(OFFICE)


def test_the_typed_password_is_not_shown(run: Run) -> None:
    assert "abcd efgh" not in run(*PERSONAL).output


def test_the_no_break_spaces_of_a_copied_app_password_become_spaces(run: Run, config: Path) -> None:
    run("jane@gmail.com", "", "Jane Doe", "", "abcd\xa0efgh", "America/Chicago")
    assert config.read_text() == written(JANE)


def test_where_a_token_is_wanted_no_password_is_offered(run: Run, config: Path) -> None:
    result = run("jane@school.example", "", "Jane Doe", "outlook", "password", "command", "print-token jane", "")
    assert result.exit_code == 0
    assert "How does lorbot get it (file, command) [command]" in result.stdout
    account = load(config, {}).imap_account()
    assert (account.host, account.auth) == ("outlook.office365.com", Auth.XOAUTH2)
    assert load(config, {}).mailbox.password_command == "print-token jane"


@pytest.mark.parametrize(
    ("at", "wrong", "says"),
    [
        (0, "jane at gmail", "is no mail address"),
        (0, "  ", "nothing is written there"),
        (1, "both", "'both' is not one of 'personal', 'office'"),
        (2, "\u200b", "nothing is written there"),
        (3, "token", "'token' is not one of 'password', 'file', 'command'"),
        (5, "Chicago", "names no time zone; write one such as America/Chicago"),
    ],
)
def test_a_wrong_answer_is_told_and_asked_for_again(run: Run, config: Path, at: int, wrong: str, says: str) -> None:
    result = run(*PERSONAL[:at], wrong, *PERSONAL[at:])
    assert result.exit_code == 0
    assert says in result.output
    assert config.read_text() == written(JANE)


@pytest.mark.parametrize("taken", ["Lorbot@school.example", "ADA@school.example"])
def test_no_applicant_of_an_office_has_an_address_that_is_taken(run: Run, config: Path, taken: str) -> None:
    applicants = ("Ada Obi", "ada@school.example", "y", "Bo Li", taken, "bo@school.example", "n")
    servers = ("custom", "", "tls", "1993", "mail.school.example", "starttls", "", "lorbox")
    result = run("lorbot@school.example", "office", "Premed advising", *applicants, *servers, "file", "", "")
    assert "is taken" in result.output
    assert config.read_text() == written(OFFICE)


# The file that is there already, or cannot be


def test_a_file_that_is_there_is_kept_and_nothing_is_asked(run: Run, config: Path) -> None:
    config.write_text("mine")
    result = run(*PERSONAL)
    remedy = "--force replaces it, and --config names another file"
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"lorbot: {config} is there already; {remedy}\n"
    assert config.read_text() == "mine"


def test_a_file_that_is_there_is_replaced_by_force(run: Run, config: Path) -> None:
    config.write_text("mine")
    assert run(*PERSONAL, options=("--force",)).exit_code == 0
    assert config.read_text() == written(JANE)


def test_when_the_answers_end_nothing_is_written(run: Run, config: Path) -> None:
    config.write_text("mine")
    assert run(*PERSONAL[:4], options=("--force",)).exit_code == 1
    assert config.read_text() == "mine"


def test_a_folder_that_is_not_there_is_told(run: Run, config: Path) -> None:
    config.parent.rmdir()
    result = run(*PERSONAL)
    assert result.exit_code == 2
    assert f"{config} cannot be written (No such file or directory); make its folder" in result.stderr
