"""The configuration: one TOML file, over it the environment (LORBOT_SECTION__KEY), checked as a whole before use.

Every key has a default that is safe. A wrong setting is never ignored: an unknown key is an error, and all that is
wrong is told at once, each with its remedy. No message shows a value that could be a secret. Relative paths are
relative to the file. What is loaded never changes.
"""

import codecs
import difflib
import os
import re
import tomllib
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import holidays
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from lorbot.core.policy import Policy
from lorbot.core.value import Line
from lorbot.errors import ConfigurationError
from lorbot.providers import PROVIDERS, USUAL_IMAP_PORT, USUAL_SMTP_PORT, Provider, filled, provider_for
from lorbot.secret import SecretKeys, from_value, make_private, readable_by_others
from lorbot.shell.accounts import Auth, ImapAccount, SmtpAccount

PREFIX = "LORBOT_"
READ_ELSEWHERE = frozenset({"LORBOT_CONFIG"})  # names the file itself; the command line reads it

Document = dict[str, Any]  # what TOML gives: sections, keys, values of any type


def _wrong(says: str) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{says}", {"says": says})


def _address(given: str) -> str:
    if not given:
        return given
    try:
        # The .test domains of RFC 6761 are for trying things out.
        checked = validate_email(given, allow_smtputf8=False, check_deliverability=False, test_environment=True)
    except EmailNotValidError as refused:
        why = str(refused).rstrip(".")
        raise _wrong(f"is no mail address ({why}); write it bare, such as jane.doe@example.edu") from refused
    return checked.ascii_email or checked.normalized


def _zone(given: str) -> str:
    if given and given not in _zones():
        raise _wrong(f"names no time zone; write one such as {_nearest_zone(given)}")
    return given


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _nearest_zone(given: str) -> str:
    nearest = difflib.get_close_matches(given.replace(" ", "_"), _zones(), n=1)
    return nearest[0] if nearest else "America/Chicago"


def _host(given: str) -> str:
    if re.search(r"[\s/@]", given):
        raise _wrong("is no host name; write the bare name, such as imap.example.edu")
    return given


def _keyword(given: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9$_.+-]+", given):  # an atom, RFC 3501 section 9
        raise _wrong("is no IMAP keyword; write letters and digits, such as lorbot")
    return given


AddressLine = Annotated[Line, AfterValidator(_address)]
Zone = Annotated[Line, AfterValidator(_zone)]
Host = Annotated[Line, AfterValidator(_host)]
Port = Annotated[int, Field(ge=0, le=65535)]  # 0: the usual one
SecurityName = Literal["", "tls", "starttls", "plain"]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class MailboxSection(SecretKeys):
    address: AddressLine = ""
    display_name: Line = ""
    provider: Literal["", "gmail", "outlook", "fastmail", "icloud", "yahoo", "custom"] = ""
    imap_host: Host = ""
    imap_port: Port = 0
    imap_security: SecurityName = ""
    imap_user: Line = ""
    auth: Literal["", "password", "xoauth2"] = ""
    ca_file: str = ""
    junk_folder: Line = ""
    sent_folder: Line = ""
    sent_copy: Literal["auto", "always", "never"] = "auto"
    keyword: Annotated[Line, AfterValidator(_keyword)] = "lorbot"
    authserv_id: Line = ""
    trust_from: bool = False
    plus_addressing: bool = False
    poll_seconds: int = Field(default=120, ge=1, le=86_400)
    idle_minutes: int = Field(default=8, ge=1, lt=29)  # RFC 2177: at least every 29 minutes
    attachment_max_mb: int = Field(default=10, ge=1, le=1000)
    mail_max_mb: int = Field(default=25, ge=1, le=1000)


class SmtpSection(SecretKeys):
    host: Host = ""
    port: Port = 0
    security: SecurityName = ""
    user: Line = ""
    auth: Literal["", "password", "xoauth2", "none"] = ""
    ca_file: str = ""


class ApplicantSection(Section):
    name: Line = Field(min_length=1)
    email: Annotated[Line, Field(min_length=1), AfterValidator(_address)]
    time_zone: Zone = ""


class OfficeSection(Section):
    show_applicant: Literal["reply_to", "cc", "both"] = "both"


class StateSection(Section):
    folder: str = Field(default="state", min_length=1)


class TemplatesSection(Section):
    folder: str = ""


class LogSection(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "text", "json"] = "auto"


class Settings(BaseSettings):
    """All settings, as `load` checked them."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    mailbox: MailboxSection = MailboxSection()
    smtp: SmtpSection = SmtpSection()
    applicants: tuple[ApplicantSection, ...] = ()
    office: OfficeSection = OfficeSection()
    state: StateSection = StateSection()
    templates: TemplatesSection = TemplatesSection()
    clock: Policy = Policy()
    log: LogSection = LogSection()

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # the library passes sources by name
        cls, *_: type[BaseSettings], **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but what it is given: `load` has put the file and the environment together."""
        return (sources["init_settings"],)

    @property
    def personal(self) -> bool:
        """Whether the mailbox is an applicant's own; else it is an office's."""
        own = self.mailbox.address.casefold()
        return any(applicant.email.casefold() == own for applicant in self.applicants)

    @property
    def provider(self) -> Provider:
        return provider_for(self.mailbox.provider, self.mailbox.address)

    @property
    def state_folder(self) -> Path:
        return Path(self.state.folder)

    @property
    def templates_folder(self) -> Path | None:
        """The folder whose templates replace the built-in ones; None where there is none."""
        return Path(self.templates.folder) if self.templates.folder else None

    def policy(self) -> Policy:
        return self.clock

    def imap_account(self) -> ImapAccount:
        """Raises ConfigurationError where the password would cross a network in the clear."""
        box = self.mailbox
        server = filled(self.provider.imap, box.imap_host, box.imap_port, box.imap_security, USUAL_IMAP_PORT)
        return ImapAccount(
            host=server.host,
            port=server.port,
            user=box.imap_user or box.address,
            secret=box.secret(),
            security=server.security,
            auth=Auth(box.auth or self.provider.auth),
            ca_file=box.ca_file,
        )

    def smtp_account(self) -> SmtpAccount:
        """What [smtp] leaves open is as in [mailbox]. Raises ConfigurationError as `imap_account` does."""
        box, smtp = self.mailbox, self.smtp
        server = filled(self.provider.smtp, smtp.host, smtp.port, smtp.security, USUAL_SMTP_PORT)
        auth = Auth(smtp.auth or box.auth or self.provider.auth)
        return SmtpAccount(
            host=server.host,
            port=server.port,
            user=smtp.user or box.imap_user or box.address,
            secret=from_value("") if auth is Auth.NONE else (smtp if smtp.given else box).secret(),
            security=server.security,
            auth=auth,
            ca_file=smtp.ca_file or box.ca_file,
        )


KEYS: Mapping[str, tuple[str, ...]] = {
    "mailbox": tuple(MailboxSection.model_fields),
    "smtp": tuple(SmtpSection.model_fields),
    "applicants": tuple(ApplicantSection.model_fields),
    "office": tuple(OfficeSection.model_fields),
    "state": tuple(StateSection.model_fields),
    "templates": tuple(TemplatesSection.model_fields),
    "clock": tuple(field.name for field in fields(Policy)),
    "log": tuple(LogSection.model_fields),
}
"""Every key of the file, by section."""

PATHS: Mapping[tuple[str, str], str] = {
    ("mailbox", "password_file"): "",
    ("mailbox", "ca_file"): "",
    ("smtp", "password_file"): "",
    ("smtp", "ca_file"): "",
    ("state", "folder"): StateSection().folder,
    ("templates", "folder"): "",
}
"""The keys that name a file or folder, with their defaults."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a key, and what to do about it: `says` completes a sentence that begins with the key."""

    key: str
    says: str


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the configuration. Raises ConfigurationError with everything that is wrong, a line each."""
    written = _written(path)
    variables = {name.upper(): value for name, value in environ.items() if name.upper().startswith(PREFIX)}
    known = {_variable(*key.split(".")): key for key in _keys_of_variables()}
    over = _Environment({name: value for name, value in variables.items() if name in known})()
    settings, problems = _checked(_anchored(_merged(written, over), path.absolute().parent))
    named = {problem.key for problem in problems}
    problems += [problem for problem in _senseless(settings) if problem.key not in named]
    problems += _exposed(path, written)

    set_by = {key: name for name, key in known.items() if name in variables}
    lines = [_line(problem, path, set_by) for problem in problems]
    lines += [
        f"environment variable {name} is no setting of lorbot; {_nearest(name, known)}"
        for name in sorted(variables.keys() - known.keys() - READ_ELSEWHERE)
    ]
    if lines:
        raise ConfigurationError("\n".join(lines))
    return settings


def _keys_of_variables() -> Iterator[str]:
    """The keys that a variable can set: each single one, and the applicants together."""
    yield "applicants"
    for section, keys in KEYS.items():
        if section != "applicants":
            yield from (f"{section}.{key}" for key in keys)


class _Environment(EnvSettingsSource):
    """The variables given, as a document."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._variables.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """A list stands as JSON; what is none is left as it is, to be told with all else that is wrong."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def _written(path: Path) -> Document:
    try:
        content = path.read_bytes()
    except IsADirectoryError as folder:
        raise ConfigurationError(f"{path} is a folder; name the file in it, such as {path / 'config.toml'}") from folder
    except FileNotFoundError as missing:
        raise ConfigurationError(
            f"there is no configuration at {path}; `lorbot init` writes one, or copy config.example.toml there"
        ) from missing
    except OSError as refused:
        raise ConfigurationError(f"{path} cannot be read ({refused.strerror}); mend its permissions") from refused
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ConfigurationError(f"{path} begins with a byte-order mark; save it as UTF-8 without one (BOM)")
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise ConfigurationError(f"{path}: line {line} is not UTF-8; save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as wrong:
        raise ConfigurationError(
            f"{path} is no TOML: {wrong}; text stands in quotes, each key and each [section] stands once"
        ) from None


def _merged(written: Document, over: Document) -> Document:
    """The file with the environment over it. A secret in the environment replaces the file's, whichever key it has."""
    merged = dict(written)
    for section, keys in over.items():
        below = written.get(section, {})
        if not isinstance(keys, dict) or not isinstance(below, dict):
            merged[section] = keys
            continue
        hidden = SecretKeys.model_fields if keys.keys() & SecretKeys.model_fields.keys() else ()
        merged[section] = {key: value for key, value in below.items() if key not in hidden} | keys
    return merged


def _anchored(document: Document, folder: Path) -> Document:
    """The document with its paths made absolute: relative ones begin at `folder`, "~/" at the user's home."""
    anchored = dict(document)
    for (section, key), usual in PATHS.items():
        keys = anchored.get(section, {})
        given = keys.get(key, usual) if isinstance(keys, dict) else None
        if isinstance(given, str) and given:
            home_or_folder = Path.home() if given.startswith("~/") else folder
            anchored[section] = {**keys, key: str(home_or_folder / given.removeprefix("~/"))}
    return anchored


def _checked(document: Document) -> tuple[Settings, list[Problem]]:
    """The settings, wrong ones left at their defaults, and what is wrong with those."""
    problems = [Problem(key, _unknown(key, tuple(KEYS))) for key in document if key not in KEYS]
    document = {key: value for key, value in document.items() if key in KEYS}
    while True:
        try:
            return Settings(**document), problems
        except ValidationError as refused:
            errors = refused.errors(include_url=False, include_input=False)
        problems += [_explained(error) for error in errors]
        for error in errors:
            document = _without(document, error["loc"])


def _without(document: Document, loc: tuple[int | str, ...]) -> Document:
    section, *below = [str(step) for step in loc]
    keys = document.get(section)
    if isinstance(keys, dict) and below:
        return document | {section: {key: value for key, value in keys.items() if key != below[0]}}
    return {key: value for key, value in document.items() if key != section}


FORMS: Mapping[str, str] = {
    "int_type": "is no whole number; write digits without quotes",
    "int_parsing": "is no whole number; write digits without quotes",
    "int_from_float": "is no whole number; write it without a decimal point",
    "bool_type": "is neither true nor false; write one of them, without quotes",
    "bool_parsing": "is neither true nor false; write one of them, without quotes",
    "string_type": 'is no text; write it in quotes, such as "text"',
    "string_too_short": "is empty; write it, or leave the line out for the default",
    "literal_error": "is none of the words known here; write one of {expected}",
    "greater_than_equal": "is too small; write at least {ge}",
    "less_than_equal": "is too large; write at most {le}",
    "less_than": "is too large; write less than {lt}",
    "tuple_type": "is no list; write it in brackets, such as [7, 14]",
    "missing": "is missing; add it",
    "wrong": "{says}",
}
"""What pydantic finds wrong, by its name for it, in words for a person."""

UNKNOWN_KEY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})


def _explained(error: ErrorDetails) -> Problem:
    section, *below = [str(step) for step in error["loc"]]
    if section == "applicants":
        return _explained_applicant(error, below)
    if not below:
        return Problem(section, f"is no section; write [{section}] on a line of its own and its keys below it")
    key = f"{section}.{below[0]}"
    if error["type"] in UNKNOWN_KEY:
        return Problem(key, _unknown(below[0], KEYS[section]))
    return Problem(key, _form(error))


def _explained_applicant(error: ErrorDetails, below: list[str]) -> Problem:
    match below:
        case [entry, key]:
            says = _unknown(key, KEYS["applicants"]) if error["type"] in UNKNOWN_KEY else _form(error)
            return Problem(f"applicants.{key} (entry {int(entry) + 1})", says)
        case _:
            return Problem("applicants", "is no list of applicants; begin each with a line [[applicants]]")


def _form(error: ErrorDetails) -> str:
    return FORMS.get(error["type"], "is not what belongs here; see config.example.toml").format(**error.get("ctx", {}))


def _unknown(key: str, siblings: tuple[str, ...]) -> str:
    homes = [section for section, keys in KEYS.items() if key in keys]
    if homes and not any(sibling.endswith(f"_{key}") for sibling in siblings):  # host in [mailbox] is imap_host
        return f"is not known here; it stands below [{homes[0]}]"
    return f"is not known; {_nearest(key, siblings)}"


def _nearest(name: str, known: Iterable[str]) -> str:
    matches = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {matches[0]}?" if matches else "remove it; config.example.toml has every key there is"


def _variable(*path: str) -> str:
    return PREFIX + "__".join(path).upper()


def _line(problem: Problem, path: Path, set_by: Mapping[str, str]) -> str:
    key = problem.key.partition(" ")[0]
    name = set_by.get(key) or set_by.get(key.partition(".")[0])
    return f"environment variable {name} {problem.says}" if name else f"{path}: {problem.key} {problem.says}"


def _exposed(path: Path, written: Document) -> Iterator[Problem]:
    """Passwords that stand in a file which others can read."""
    for section in ("mailbox", "smtp"):
        keys = written.get(section)
        if isinstance(keys, dict) and keys.get("password") and readable_by_others(path):
            yield Problem(f"{section}.password", f"stands in a file that others can read; run: {make_private(path)}")


def _senseless(settings: Settings) -> Iterator[Problem]:
    """What is wrong though each value is well formed."""
    yield from _senseless_mailbox(settings.mailbox)
    yield from _senseless_servers(settings)
    yield from _senseless_secrets(settings)
    yield from _senseless_applicants(settings)
    yield from _senseless_clock(settings.clock)


def _senseless_mailbox(box: MailboxSection) -> Iterator[Problem]:
    if not box.address:
        yield Problem("mailbox.address", "is missing; write the address of the mailbox that lorbot is to work in")
    if box.attachment_max_mb > box.mail_max_mb:
        yield Problem("mailbox.attachment_max_mb", "is more than mail_max_mb; write at most that")


def _senseless_servers(settings: Settings) -> Iterator[Problem]:
    imap_host = settings.mailbox.imap_host or settings.provider.imap.host
    smtp_host = settings.smtp.host or settings.provider.smtp.host
    if settings.mailbox.address and not imap_host:
        names = ", ".join(name for name in PROVIDERS if name != "custom")
        yield Problem(
            "mailbox.provider", f"is missing; write one of {names}, or name your servers in imap_host and smtp.host"
        )
    elif settings.mailbox.address and not smtp_host:
        yield Problem("smtp.host", "is missing; write the name of the server that takes outgoing mail")
    for key, host, account in (
        ("mailbox.imap_security", imap_host, settings.imap_account),
        ("smtp.security", smtp_host, settings.smtp_account),
    ):
        try:
            account()
        except ConfigurationError as refused:
            if host:
                yield Problem(key, f"is not safe: {refused}")


def _senseless_secrets(settings: Settings) -> Iterator[Problem]:
    if not settings.mailbox.given:
        kinds = "password_command, password_file or password"
        yield Problem("mailbox.password", f"is missing; write {kinds}: {settings.provider.login}")
    auth = settings.mailbox.auth or settings.provider.auth
    for section, keys, used_as in (
        ("mailbox", settings.mailbox, auth),
        ("smtp", settings.smtp, settings.smtp.auth or auth),
    ):
        if len(keys.given) > 1:
            yield Problem(
                f"{section}.{keys.given[0]}", f"stands beside {' and '.join(keys.given[1:])}; keep one of them"
            )
        elif keys.given == ("password",) and used_as == Auth.XOAUTH2:
            yield Problem(
                f"{section}.password", "is no access token that lasts; write a password_command that prints one"
            )


def _senseless_applicants(settings: Settings) -> Iterator[Problem]:
    counted = Counter(applicant.email.casefold() for applicant in settings.applicants)
    for email in (email for email, times in counted.items() if times > 1):
        yield Problem("applicants.email", f"has {email} more than once; give each applicant an address of their own")
    if settings.personal and len(counted) > 1:
        yield Problem(
            "applicants",
            f"are several, but {settings.mailbox.address} is the own mailbox of one of them; "
            "keep that one, or give lorbot a mailbox of its own",
        )


def _senseless_clock(clock: Policy) -> Iterator[Problem]:
    nudges, reminders = clock.nudge_after_days, clock.remind_before_days
    rules = (
        ("nudge_after_days", _rises(0, *nudges), "does not rise from 1 on; write it like [7, 14]"),
        (
            "choose_after_days",
            _rises(*nudges[-1:], clock.choose_after_days),
            "is not after nudge_after_days; write a later day",
        ),
        ("remind_before_days", _rises(0, *reversed(reminders)), "does not fall to 1 or more; write it like [14, 7]"),
        ("hours_to", clock.hours_from < clock.hours_to, "is not after hours_from; write a later hour"),
        ("holidays", _has_holidays(clock.holidays), 'is no country with known holidays; write "US", or "" for none'),
        ("quiet_from", _is_month_day(clock.quiet_from), 'is no month and day; write it like "12-24", or ""'),
        (
            "quiet_to",
            _is_short(clock.quiet_from, clock.quiet_to),
            "is more than half a year after quiet_from; shorten it",
        ),
        ("quiet_to", _is_month_day(clock.quiet_to), 'is no month and day; write it like "01-02", or ""'),
        (
            "time_zone",
            clock.time_zone in _zones(),
            "names no time zone; write one such as " + _nearest_zone(clock.time_zone),
        ),
    )
    yield from (Problem(f"clock.{key}", says) for key, holds, says in rules if not holds)
    for key in (field.name for field in fields(Policy)):
        numbers = getattr(clock, key)
        for number in numbers if isinstance(numbers, tuple) else (numbers,):
            least = 1 if key in AT_LEAST_ONE else 0
            if isinstance(number, int) and not least <= number <= MOST:
                yield Problem(f"clock.{key}", f"is out of bounds; write {least} to {MOST}")


AT_LEAST_ONE = frozenset({"most_unanswered", "send_attempts", "retry_after_minutes"})
MOST = 3650  # ten years in days; more is a slip, and would overflow dates


def _rises(*numbers: int) -> bool:
    return all(one < next_one for one, next_one in pairwise(numbers))


def _has_holidays(country: str) -> bool:
    try:
        holidays.country_holidays(country or "US")
    except NotImplementedError:
        return False
    return True


def _is_month_day(given: str) -> bool:
    return not given or _in_leap_year(given) is not None


def _is_short(first: str, last: str) -> bool:
    """Whether the days from `first` to `last` leave at least half of the year."""
    begin, end = _in_leap_year(first), _in_leap_year(last)
    return begin is None or end is None or (end - begin).days % 366 < 183


def _in_leap_year(month_day: str) -> date | None:
    try:
        return date.fromisoformat(f"2028-{month_day}") if re.fullmatch(r"\d\d-\d\d", month_day) else None
    except ValueError:
        return None
