"""The configuration: what a file gives, what the environment changes, and how each mistake is told."""

import dataclasses
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lorbot.config import Settings, load
from lorbot.core.policy import Policy
from lorbot.errors import ConfigurationError
from lorbot.settings import KEYS
from lorbot.settings.providers import PROVIDERS, provider_of
from lorbot.shell.accounts import Auth, ImapAccount, Security, SmtpAccount

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"

SMALL = """
[mailbox]
address = "nadia@gmail.com"
password_file = "password.txt"
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a configuration that only its owner can read."""

    def written(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    return written


def problems(path: Path, environ: dict[str, str] | None = None) -> list[str]:
    """What `load` says, a line each, without the file's folder."""
    with pytest.raises(ConfigurationError) as refused:
        load(path, environ or {})
    return str(refused.value).replace(f"{path.parent}/", "").splitlines()


# The example


def test_the_example_loads_as_it_is() -> None:
    settings = load(EXAMPLE, {})
    assert settings.personal
    assert settings.imap_account().host == "imap.gmail.com"


def test_the_example_shows_every_key_and_its_default() -> None:
    shown = tomllib.loads(re.sub(r"^#(?=\w+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    shown["applicants"] = shown["applicants"][0]
    assert {section: set(keys) for section, keys in shown.items()} == {
        section: set(keys) for section, keys in KEYS.items()
    }
    its_own = {("mailbox", "address"), ("mailbox", "provider"), ("mailbox", "password_file")}
    defaults = Settings(applicants=({"name": "Jane Doe", "email": "jane.doe@example.edu"},)).model_dump(mode="json")
    defaults["applicants"] = defaults["applicants"][0]
    for section, keys in KEYS.items():
        for key in keys:
            if (section, key) not in its_own:
                assert (section, key, shown[section][key]) == (section, key, defaults[section][key])


# What is loaded


def test_a_small_file_is_enough_and_the_provider_is_told_by_the_address(write: Write) -> None:
    path = write(SMALL)
    (path.parent / "password.txt").write_text("swordfish\n")
    (path.parent / "password.txt").chmod(0o600)
    settings = load(path, {})
    imap, smtp = settings.imap_account(), settings.smtp_account()
    assert imap == ImapAccount(
        host="imap.gmail.com", port=993, user="nadia@gmail.com", secret=imap.secret, security=Security.TLS
    )
    assert smtp == SmtpAccount(
        host="smtp.gmail.com", port=465, user="nadia@gmail.com", secret=smtp.secret, security=Security.TLS
    )
    assert (imap.secret(), smtp.secret()) == ("swordfish", "swordfish")
    assert settings.policy() == Policy()
    assert (settings.state_folder, settings.templates_folder) == (path.parent / "state", None)


def test_what_is_written_wins_over_the_provider(write: Write) -> None:
    settings = load(
        write("""
        [mailbox]
        address = "nadia@example.edu"
        provider = "outlook"
        imap_host = "imap.example.edu"
        imap_security = "starttls"
        imap_user = "nadia"
        auth = "password"
        password = "swordfish"
        ca_file = "ca.pem"
        [smtp]
        port = 2525
        auth = "xoauth2"
        password_command = "echo token"
        """),
        {},
    )
    imap, smtp = settings.imap_account(), settings.smtp_account()
    ca_file = str(settings.state_folder.parent / "ca.pem")
    assert imap == ImapAccount(
        host="imap.example.edu",
        port=143,
        user="nadia",
        secret=imap.secret,
        security=Security.STARTTLS,
        auth=Auth.PASSWORD,
        ca_file=ca_file,
    )
    assert smtp == SmtpAccount(
        host="smtp.office365.com",
        port=2525,
        user="nadia",
        secret=smtp.secret,
        security=Security.STARTTLS,
        auth=Auth.XOAUTH2,
        ca_file=ca_file,
    )
    assert (imap.secret(), smtp.secret()) == ("swordfish", "token")


def test_a_server_without_a_login_gets_no_password(write: Write) -> None:
    account = load(write(SMALL + '[smtp]\nauth = "none"\n'), {}).smtp_account()
    assert (account.auth, account.secret()) == (Auth.NONE, "")


@pytest.mark.parametrize(
    ("applicant", "personal"),
    [("nadia@gmail.com", True), ("Nadia@Gmail.com", True), ("nadia@example.edu", False)],
)
def test_the_mode_is_personal_when_the_mailbox_is_an_applicants_own(
    write: Write, applicant: str, personal: bool
) -> None:
    settings = load(write(f'{SMALL}[[applicants]]\nname = "Nadia"\nemail = "{applicant}"\n'), {})
    assert settings.personal is personal


def test_relative_paths_begin_at_the_file_and_a_tilde_at_home(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/nadia")
    path = write(
        f'{SMALL}[state]\nfolder = "~/lorbot"\n[templates]\nfolder = "mine"\n[smtp]\nca_file = "/etc/ca.pem"\n'
    )
    settings = load(path, {})
    assert settings.mailbox.password_file == str(path.parent / "password.txt")
    assert settings.state_folder == Path("/home/nadia/lorbot")
    assert settings.templates_folder == path.parent / "mine"
    assert settings.smtp.ca_file == "/etc/ca.pem"


CLOCK: dict[str, Any] = {
    "nudge_after_days": [3, 5, 9],
    "choose_after_days": 12,
    "remind_before_days": [21],
    "last_call_before_days": 1,
    "thank_after_working_days": 2,
    "prompt_update_after_days": 90,
    "updates_per_year": 2,
    "update_rest_days": 6,
    "check_portal_after_days": 4,
    "preview_expires_after_days": 20,
    "preview_repeat_after_days": 5,
    "question_repeat_after_days": 6,
    "bring_up_after_days": 9,
    "hours_from": 9,
    "hours_to": 17,
    "weekdays_only": False,
    "holidays": "",
    "quiet_from": "07-01",
    "quiet_to": "07-31",
    "most_unanswered": 2,
    "time_zone": "Europe/Berlin",
    "send_attempts": 3,
    "retry_after_minutes": 1,
}


def as_toml(given: object) -> str:
    return str(given).lower() if isinstance(given, bool | list | int) else f'"{given}"'


def test_every_number_of_the_policy_can_be_set(write: Write) -> None:
    default = dataclasses.asdict(Policy())
    assert CLOCK.keys() == default.keys()
    assert all(CLOCK[key] != default[key] for key in CLOCK)
    lines = "\n".join(f"{key} = {as_toml(given)}" for key, given in CLOCK.items())
    assert load(write(f"{SMALL}[clock]\n{lines}\n"), {}).policy() == Policy(**CLOCK)


def test_settings_cannot_be_changed(write: Write) -> None:
    settings = load(write(SMALL), {})
    with pytest.raises(ValidationError):
        settings.mailbox = settings.mailbox  # type: ignore[misc]
    with pytest.raises(ValidationError):
        settings.mailbox.address = "x"  # type: ignore[misc]


def test_settings_do_not_show_the_password(write: Write) -> None:
    settings = load(write(SMALL.replace("password_file", "password")), {"LORBOT_SMTP__PASSWORD": "swordfish"})
    assert "swordfish" not in repr(settings)
    assert "password.txt" not in repr(settings)


# The environment


def test_the_environment_wins(write: Write) -> None:
    path = write(f"{SMALL}poll_seconds = 300\nkeyword = 'mine'\n[clock]\nhours_from = 9\nhours_to = 17\n")
    settings = load(
        path,
        {
            "LORBOT_MAILBOX__POLL_SECONDS": "60",
            "LORBOT_MAILBOX__TRUST_FROM": "true",
            "LORBOT_CLOCK__HOURS_TO": "16",
            "LORBOT_CLOCK__NUDGE_AFTER_DAYS": "[5]",
            "LORBOT_APPLICANTS": '[{"name": "Nadia", "email": "nadia@gmail.com"}]',
            "lorbot_log__level": "debug",
            "LORBOT_CONFIG": "elsewhere.toml",
            "PATH": "/bin",
        },
    )
    assert (settings.mailbox.poll_seconds, settings.mailbox.keyword, settings.mailbox.trust_from) == (60, "mine", True)
    assert settings.policy() == Policy(hours_from=9, hours_to=16, nudge_after_days=(5,))
    assert (settings.personal, settings.log.level) == (True, "debug")


def test_the_real_environment_is_not_read_when_another_is_given(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORBOT_MAILBOX__POLL_SECONDS", "60")
    assert load(write(SMALL), {}).mailbox.poll_seconds == 120


@pytest.mark.parametrize("secret", ["swordfish", "12345", "[1]", '{"a": 1}', " "])
def test_a_password_in_the_environment_replaces_the_files_whatever_it_looks_like(write: Write, secret: str) -> None:
    settings = load(write(SMALL), {"LORBOT_MAILBOX__PASSWORD": secret})
    assert settings.mailbox.given == ("password",)
    assert settings.imap_account().secret() == secret


def test_an_unknown_variable_is_named_with_the_nearest_known_one(write: Write) -> None:
    environ = {
        "LORBOT_APPLICANTS__NAME": "x",
        "LORBOT_MAILBOX__ADRESS": "x",
        "LORBOT_STAET__FOLDER": "x",
        "LORBOT_QQQ": "x",
        "LORBOTX": "x",
    }
    assert problems(write(SMALL), environ) == [
        "environment variable LORBOT_APPLICANTS__NAME is no setting of lorbot; did you mean LORBOT_APPLICANTS?",
        "environment variable LORBOT_MAILBOX__ADRESS is no setting of lorbot; did you mean LORBOT_MAILBOX__ADDRESS?",
        (
            "environment variable LORBOT_QQQ is no setting of lorbot; "
            "remove it; config.example.toml has every key there is"
        ),
        "environment variable LORBOT_STAET__FOLDER is no setting of lorbot; did you mean LORBOT_STATE__FOLDER?",
    ]


def test_a_wrong_value_from_the_environment_is_told_by_its_variable(write: Write) -> None:
    environ = {"LORBOT_CLOCK__NUDGE_AFTER_DAYS": "7, 14", "LORBOT_APPLICANTS": "nadia", "LORBOT_CLOCK__HOURS_TO": "7"}
    assert problems(write(SMALL), environ) == [
        "environment variable LORBOT_APPLICANTS is no list of applicants; begin each with a line [[applicants]]",
        "environment variable LORBOT_CLOCK__NUDGE_AFTER_DAYS is no list; write it in brackets, such as [7, 14]",
        "environment variable LORBOT_CLOCK__HOURS_TO is not after hours_from; write a later hour",
    ]


# The file


def test_a_missing_file_is_told_with_how_to_get_one(tmp_path: Path) -> None:
    assert problems(tmp_path / "config.toml") == [
        "there is no configuration at config.toml; `lorbot init` writes one, or copy config.example.toml there"
    ]


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    folder = tmp_path / "lorbot"
    folder.mkdir()
    assert problems(folder) == ["lorbot is a folder; name the file in it, such as lorbot/config.toml"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xef\xbb\xbf[mailbox]\n", "config.toml begins with a byte-order mark; save it as UTF-8 without one (BOM)"),
        ("[mailbox]\n".encode("utf-16"), "config.toml begins with a byte-order mark; save it as UTF-8"),
        (b"[mailbox]\ndisplay_name = 'Jos\xe9'\n", "config.toml: line 2 is not UTF-8; save the file as UTF-8"),
        (b"[mailbox]\nauth = yes\n", "config.toml is no TOML: Invalid value (at line 2, column 8); text stands in"),
        (b"[mailbox]\n[mailbox]\n", "config.toml is no TOML: Cannot declare ('mailbox',) twice (at line 2, column 9)"),
    ],
)
def test_a_file_that_is_not_toml_is_told_where(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    assert problems(path)[0].startswith(says)


def test_a_password_in_a_file_that_others_can_read_is_refused(write: Write) -> None:
    path = write(SMALL.replace("password_file", "password"))
    path.chmod(0o640)
    with pytest.raises(ConfigurationError) as refused:
        load(path, {})
    assert str(refused.value) == (
        f"{path}: mailbox.password stands in a file that others can read; run: chmod 600 {path}"
    )
    path.chmod(0o600)
    assert load(path, {}).mailbox.given == ("password",)


def test_a_file_without_a_password_may_be_read_by_others(write: Write) -> None:
    path = write(SMALL)
    path.chmod(0o644)
    assert load(path, {}).mailbox.given == ("password_file",)


# What is wrong in it

ONE_PROBLEM = [
    ("[mailbox]", "adress = 'x'", "mailbox.adress is not known; did you mean address?"),
    ("[mailbox]", "hours_from = 8", "mailbox.hours_from is not known here; it stands below [clock]"),
    ("[mailbox]", "qqq = 1", "mailbox.qqq is not known; remove it; config.example.toml has every key there is"),
    ("[mailbox]", "imap_port = 'imaps'", "mailbox.imap_port is no whole number; write digits without quotes"),
    ("[mailbox]", "imap_port = 70000", "mailbox.imap_port is too large; write at most 65535"),
    ("[mailbox]", "poll_seconds = 1.5", "mailbox.poll_seconds is no whole number; write it without a decimal point"),
    ("[mailbox]", "idle_minutes = 29", "mailbox.idle_minutes is too large; write less than 29"),
    ("[mailbox]", "idle_minutes = 0", "mailbox.idle_minutes is too small; write at least 1"),
    (
        "[mailbox]",
        "trust_from = 'maybe'",
        "mailbox.trust_from is neither true nor false; write one of them, without quotes",
    ),
    ("[mailbox]", "junk_folder = 3", 'mailbox.junk_folder is no text; write it in quotes, such as "text"'),
    (
        "[mailbox]",
        "sent_copy = 'sometimes'",
        "mailbox.sent_copy is none of the words known here; write one of 'auto', 'always' or 'never'",
    ),
    (
        "[mailbox]",
        "provider = 'gmial'",
        (
            "mailbox.provider is none of the words known here; "
            "write one of '', 'gmail', 'outlook', 'fastmail', 'icloud', 'yahoo' or 'custom'"
        ),
    ),
    (
        "[mailbox]",
        "keyword = 'a b'",
        "mailbox.keyword is no IMAP keyword; write letters and digits, such as lorbot",
    ),
    (
        "[mailbox]",
        "imap_host = 'imaps://mail.example.edu'",
        "mailbox.imap_host is no host name; write the bare name, such as imap.example.edu",
    ),
    (
        "[mailbox]",
        "imap_host = 'mail.example.edu'\nimap_security = 'plain'",
        (
            "mailbox.imap_security is not safe: the login at mail.example.edu would go over the network unencrypted; "
            'set imap_security in [mailbox] to "tls" (port 993) or "starttls" (port 143)'
        ),
    ),
    ("[mailbox]", "password = 3", 'mailbox.password is no text; write it in quotes, such as "text"'),
    ("[mailbox]", "password = 'x'", "mailbox.password stands beside password_file; keep one of them"),
    (
        "[mailbox]",
        "attachment_max_mb = 30",
        "mailbox.attachment_max_mb is more than mail_max_mb; write at most that",
    ),
    (
        "[smtp]",
        "password = 'x'\npassword_command = 'y'",
        "smtp.password stands beside password_command; keep one of them",
    ),
    (
        "[smtp]",
        "password = 'x'\nauth = 'xoauth2'",
        "smtp.password is no access token that lasts; write a password_command that prints one",
    ),
    ("[state]", "folder = ''", "state.folder is empty; write it, or leave the line out for the default"),
    ("[malbox]", "", "malbox is not known; did you mean mailbox?"),
    ("[applicants]", "", "applicants is no list of applicants; begin each with a line [[applicants]]"),
    ("[[applicants]]", "name = 'N'", "applicants.email (entry 1) is missing; add it"),
    (
        "[[applicants]]",
        "name = 'N'\nemail = 'N <n@example.edu>'",
        (
            "applicants.email (entry 1) is no mail address (A display name and angle brackets around the email address "
            "are not permitted here); write it bare, such as jane.doe@example.edu"
        ),
    ),
    (
        "[[applicants]]",
        "name = 'N'\nemail = 'n@example.edu'\n[[applicants]]\nname = 'M'\nemail = 'N@example.edu'",
        "applicants.email has n@example.edu more than once; give each applicant an address of their own",
    ),
    (
        "[[applicants]]",
        "name = 'N'\nemail = 'nadia@gmail.com'\n[[applicants]]\nname = 'M'\nemail = 'm@example.edu'",
        (
            "applicants are several, but nadia@gmail.com is the own mailbox of one of them; "
            "keep that one, or give lorbot a mailbox of its own"
        ),
    ),
    (
        "[[applicants]]",
        "name = 'N'\nemail = 'n@example.edu'\n[[applicants]]\nname = 'M'\nemail = 'm@example.edu'\nzone = 'x'",
        "applicants.zone (entry 2) is not known; did you mean time_zone?",
    ),
    (
        "[[applicants]]",
        "name = 'N'\nemail = 'n@example.edu'\ntime_zone = 'America/New York City'",
        "applicants.time_zone (entry 1) names no time zone; write one such as America/New_York",
    ),
    ("[clock]", "time_zone = '?'", "clock.time_zone names no time zone; write one such as America/Chicago"),
    ("[clock]", "hours_from = 18", "clock.hours_to is not after hours_from; write a later hour"),
    ("[clock]", "hours_to = 25", "clock.hours_to is too large; write at most 24"),
    ("[clock]", "nudge_after_days = 7", "clock.nudge_after_days is no list; write it in brackets, such as [7, 14]"),
    (
        "[clock]",
        "nudge_after_days = [7, 'x']",
        "clock.nudge_after_days is no whole number; write digits without quotes",
    ),
    (
        "[clock]",
        "nudge_after_days = [14, 7]",
        "clock.nudge_after_days does not rise from 1 on; write it like [7, 14]",
    ),
    ("[clock]", "choose_after_days = 14", "clock.choose_after_days is not after nudge_after_days; write a later day"),
    (
        "[clock]",
        "remind_before_days = [7, 14]",
        "clock.remind_before_days does not fall to 1 or more; write it like [14, 7]",
    ),
    ("[clock]", "holidays = 'XX'", 'clock.holidays is no country with known holidays; write "US", or "" for none'),
    ("[clock]", "quiet_from = '24 Dec'", 'clock.quiet_from is no month and day; write it like "12-24", or ""'),
    ("[clock]", "quiet_to = '02-30'", 'clock.quiet_to is no month and day; write it like "01-02", or ""'),
    ("[clock]", "quiet_to = '12-20'", "clock.quiet_to is more than half a year after quiet_from; shorten it"),
    ("[clock]", "send_attempts = 0", "clock.send_attempts is out of bounds; write 1 to 3650"),
    ("[clock]", "last_call_before_days = -1", "clock.last_call_before_days is out of bounds; write 0 to 3650"),
    ("[clock]", "hours_form = 8", "clock.hours_form is not known; did you mean hours_from?"),
]


@pytest.mark.parametrize(("section", "lines", "says"), ONE_PROBLEM)
def test_a_mistake_is_told_with_file_key_and_remedy(write: Write, section: str, lines: str, says: str) -> None:
    text = SMALL + lines if section == "[mailbox]" else f"{SMALL}{section}\n{lines}"
    assert problems(write(text)) == [f"config.toml: {says}"]


@pytest.mark.parametrize(
    ("mailbox", "says"),
    [
        (
            "address = 'nadia@gmail.com'",
            [
                (
                    "mailbox.password is missing; write password_command, password_file or password: an app password: "
                    "turn on 2-step verification, then make one at https://myaccount.google.com/apppasswords"
                )
            ],
        ),
        (
            "password_file = 'x'",
            ["mailbox.address is missing; write the address of the mailbox that lorbot is to work in"],
        ),
        (
            "address = 'nadia@example.edu'\npassword_file = 'x'",
            [
                (
                    "mailbox.provider is missing; write one of gmail, outlook, fastmail, icloud, yahoo, "
                    "or name your servers in imap_host and smtp.host"
                )
            ],
        ),
        (
            "address = 'nadia@example.edu'\npassword_file = 'x'\nimap_host = 'imap.example.edu'",
            ["smtp.host is missing; write the name of the server that takes outgoing mail"],
        ),
        (
            "address = 'nadia@outlook.com'\npassword = 'x'",
            ["mailbox.password is no access token that lasts; write a password_command that prints one"],
        ),
        (
            "address = 'nadiä@gmail.com'\npassword_file = 'x'",
            [
                (
                    "mailbox.address is no mail address (Internationalized characters before the @-sign are not "
                    "supported: 'ä'); write it bare, such as jane.doe@example.edu"
                )
            ],
        ),
    ],
)
def test_what_a_mailbox_needs_is_asked_for(write: Write, mailbox: str, says: list[str]) -> None:
    assert problems(write(f"[mailbox]\n{mailbox}\n")) == [f"config.toml: {line}" for line in says]


def test_everything_that_is_wrong_is_told_at_once(write: Write) -> None:
    text = (
        f"{SMALL}imap_port = 'x'\npasword = 'swordfish'\n[smtp]\nport = -1\n[clock]\nhours_to = 5\n[log]\nlevel = 'x'"
    )
    assert problems(write(text), {"LORBOT_X": "swordfish"}) == [
        "config.toml: mailbox.imap_port is no whole number; write digits without quotes",
        "config.toml: mailbox.pasword is not known; did you mean password?",
        "config.toml: smtp.port is too small; write at least 0",
        "config.toml: log.level is none of the words known here; write one of 'debug', 'info', 'warning' or 'error'",
        "config.toml: clock.hours_to is not after hours_from; write a later hour",
        "environment variable LORBOT_X is no setting of lorbot; remove it; config.example.toml has every key there is",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "password = ['swordfish']",
        "password = {swordfish = 1}",
        "provider = 'swordfish'",
        "imap_port = 'swordfish'",
        "imap_host = 'sword fish@swordfish'",
        "keyword = 'swordfish!'",
        "password = 'swordfish",
    ],
)
def test_no_message_shows_a_value(write: Write, lines: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(write(SMALL + lines), {"LORBOT_MAILBOX__IDLE_MINUTES": "swordfish", "LORBOT_X": "swordfish"})
    assert "swordfish" not in str(refused.value)
    assert refused.value.__cause__ is None


# Providers


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("a@gmail.com", "gmail"),
        ("a@GoogleMail.com", "gmail"),
        ("a@hotmail.com", "outlook"),
        ("a@me.com", "icloud"),
        ("a@notgmail.com", "custom"),
        ("a@example.edu", "custom"),
        ("", "custom"),
    ],
)
def test_a_provider_is_told_by_an_address_it_certainly_keeps(address: str, name: str) -> None:
    assert provider_of(address) == name


def test_the_provider_names_of_the_file_are_those_of_the_table() -> None:
    for name in PROVIDERS:
        assert Settings(mailbox={"address": "a@example.edu", "provider": name}).provider is PROVIDERS[name]


@pytest.mark.parametrize(
    ("name", "address", "host"),
    [
        ("", "nadia@outlook.com", "smtp-mail.outlook.com"),
        ("outlook", "nadia@Hotmail.com", "smtp-mail.outlook.com"),
        ("outlook", "nadia@example.edu", "smtp.office365.com"),
        ("gmail", "nadia@outlook.com", "smtp.gmail.com"),
    ],
)
def test_microsoft_takes_a_persons_mail_elsewhere_than_a_schools(name: str, address: str, host: str) -> None:
    assert Settings(mailbox={"address": address, "provider": name}).smtp_account().host == host


def test_every_known_provider_is_reached_encrypted() -> None:
    for name, provider in PROVIDERS.items():
        assert Security.PLAIN not in {provider.imap.security, provider.smtp.security}
        assert bool(provider.imap.host) is bool(provider.smtp.host) is (name != "custom")
