"""The first configuration: a file made of a few answers, with comments, that loads as it is.

Whatever was answered stands in quotes, never in a comment: no answer can change what else the file says. Only its
owner can read the file, since it may hold the password.
"""

import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lorbot.core.policy import Policy
from lorbot.errors import ConfigurationError
from lorbot.settings.providers import Server, provider_for
from lorbot.settings.secret import make_private
from lorbot.shell.atomic import write_file

SecretKey = Literal["password", "password_file", "password_command"]


@dataclass(frozen=True, kw_only=True)
class Person:
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Where a mailbox is kept whose provider does not tell it; an empty `user` is the address."""

    imap: Server
    smtp: Server
    user: str = ""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What has to be known to begin. `secret` is what `secret_key` is to say: the password, a file or a command."""

    address: str
    provider: str
    servers: Servers | None = None
    secret_key: SecretKey
    secret: str = field(repr=False)
    applicants: tuple[Person, ...]
    office: str = ""  # the office's name; empty in a mailbox of one's own
    time_zone: str = Policy().time_zone


def written(answers: Answers) -> str:
    """The answers as a configuration file."""
    sections = [HEAD, _mailbox(answers)]
    if answers.servers:
        sections.append(_smtp(answers.servers.smtp))
    sections += [_applicant(person) for person in answers.applicants]
    sections.append(_clock(answers.time_zone))
    return "\n\n".join(sections) + "\n"


def refuse_to_overwrite(path: Path) -> None:
    """Raises ConfigurationError when there is anything at `path`."""
    if path.exists() or path.is_symlink():
        raise ConfigurationError(f"{path} is there already; --force replaces it, and --config names another file")


def write(path: Path, text: str) -> None:
    """Write the file, in place of any other, for its owner alone. Raises ConfigurationError when that cannot be."""
    try:
        write_file(path, text.encode(), mode=0o600)
    except OSError as refused:
        raise ConfigurationError(
            f"{path} cannot be written ({refused.strerror}); make its folder, or name another file with --config"
        ) from refused


def next_steps(path: Path, answers: Answers) -> str:
    """What to do now that the file is written."""
    config = "" if path == Path("config.toml") else f" --config {shlex.quote(str(path))}"
    lines = [f"{path} is written; only you can read it."]
    if answers.secret_key == "password_file":  # noqa: S105 - the name of a key
        beside = path.parent / Path(answers.secret).expanduser()
        lines.append(f"The password belongs in the first line of {beside}; close that file to others:")
        lines.append(f"  {make_private(beside)}")
    return "\n".join(
        [
            *lines,
            "Next, try every setting against the real servers:",
            f"  lorbot check{config}",
            "Then start:",
            f"  lorbot run{config}",
        ]
    )


HEAD = """\
# The configuration of lorbot, begun by `lorbot init`.
#
# What is not here has a sensible default; config.example.toml shows and explains every setting there is. A setting
# stands below the [section] it belongs to. Files and folders are looked for beside this file, unless they begin with
# "/" or "~/". `lorbot check` tries everything."""

WHOSE_OFFICE = "# The mailbox that lorbot works in. It serves the applicants below; nobody else can give it commands."
WHOSE_OWN = "# The mailbox that lorbot works in: your own. Mentors get mail from this address."

HOW: dict[SecretKey, str] = {
    "password": "# It stands here, so nobody else may read this file (chmod 600).",
    "password_file": "# It is the first line of this file, which nobody else may read (chmod 600).",
    "password_command": "# It is the first line that this program prints; it runs anew at each login, without a shell.",
}


def _mailbox(answers: Answers) -> str:
    whose = WHOSE_OFFICE if answers.office else WHOSE_OWN
    name = [f"display_name = {_quoted(answers.office)}   # beside the address"] if answers.office else []
    lines = ["[mailbox]", whose, f"address = {_quoted(answers.address)}", *name, ""]
    lines += [*_kept_by(answers), "", *_login(answers), "", *AUTHSERV_ID]
    return "\n".join(lines)


def _kept_by(answers: Answers) -> list[str]:
    name, servers = f"provider = {_quoted(answers.provider)}", answers.servers
    if servers is None:
        usual = provider_for(answers.provider, answers.address)
        return [f"# Who keeps the mailbox; this tells its servers, {usual.imap.host} and {usual.smtp.host}.", name]
    user = [f"imap_user = {_quoted(servers.user)}"] if servers.user else []
    return ["# Who keeps the mailbox: a server of its own.", name, *_server("imap_", servers.imap), *user]


def _login(answers: Answers) -> list[str]:
    wanted = f"# How to log in: {provider_for(answers.provider, answers.address).login}"
    return [wanted, HOW[answers.secret_key], f"{answers.secret_key} = {_quoted(answers.secret)}"]


AUTHSERV_ID = (
    "# The name of the mail server to believe about who sent a mail; `lorbot check` looks at your mail and tells it.",
    "# Until it is set, lorbot asks to confirm each command that comes as a new mail.",
    '#authserv_id = ""',
)


def _smtp(server: Server) -> str:
    return "\n".join(["[smtp]", "# The server that takes outgoing mail; the login is as above.", *_server("", server)])


def _server(prefix: str, server: Server) -> list[str]:
    return [
        f"{prefix}host = {_quoted(server.host)}",
        f"{prefix}port = {server.port}",
        f"{prefix}security = {_quoted(server.security)}",
    ]


def _applicant(person: Person) -> str:
    return f"[[applicants]]\nname = {_quoted(person.name)}\nemail = {_quoted(person.email)}"


def _clock(time_zone: str) -> str:
    where = "# Mentors get mail only in working hours, in their own time zone where it is known and in this one else."
    return f"[clock]\n{where}\ntime_zone = {_quoted(time_zone)}"


def _quoted(text: str) -> str:
    """Text as a TOML basic string: JSON's escapes are all TOML's too, but JSON lets DEL stand (toml.io, v1.0.0)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
