"""What `lorbot init` asks on the terminal. A wrong answer is told and asked for again; a password is not shown."""

from collections.abc import Callable, Mapping

import click
from pydantic_core import PydanticCustomError

from lorbot.core.policy import Policy
from lorbot.core.value import one_line
from lorbot.init import Answers, Person, SecretKey, Servers
from lorbot.settings.kinds import address, host, zone
from lorbot.settings.providers import (
    PROVIDERS,
    USUAL_IMAP_PORT,
    USUAL_SMTP_PORT,
    Provider,
    Server,
    provider_for,
    provider_of,
)
from lorbot.shell.accounts import Auth, Security

Check = Callable[[str], str]

KINDS: Mapping[str, tuple[SecretKey, str]] = {
    "password": ("password", "you type it now, and it is kept in the configuration, which only you can read"),
    "file": ("password_file", "it is the first line of a file that only you can read"),
    "command": ("password_command", "a program prints it, each time lorbot logs in"),
}
"""The ways to give a secret: the key of the configuration, and what it means."""


def ask() -> Answers:
    """Ask all that is needed. Raises click.Abort when the answers end before the questions."""
    click.echo("A few questions. Enter takes what stands in [brackets]; Ctrl-C ends it with nothing written.\n")
    mailbox = _asked("The address of the mailbox that lorbot is to work in", address)
    click.echo("\npersonal: it is your own mailbox, and mentors get mail from you")
    click.echo("office: a mailbox made for lorbot, which serves several applicants")
    own = _chosen("Which is it", ("personal", "office"), "personal") == "personal"
    office = "" if own else _asked("The name beside that address", default="lorbot")
    applicants = (Person(name=_asked("Your name, as mentors know it"), email=mailbox),) if own else _applicants(mailbox)
    name = _provider(mailbox)
    servers = _servers(mailbox) if name == "custom" else None
    secret_key, secret = _secret(provider_for(name, mailbox))
    time_zone = _asked("\nThe time zone, such as America/Chicago", zone, default=Policy().time_zone)
    return Answers(
        address=mailbox,
        provider=name,
        servers=servers,
        secret_key=secret_key,
        secret=secret,
        applicants=applicants,
        office=office,
        time_zone=time_zone,
    )


def _applicants(mailbox: str) -> tuple[Person, ...]:
    people: list[Person] = []
    while not people or click.confirm("Another applicant?", default=False):
        name = _asked("\nAn applicant's name")
        taken = {mailbox.casefold(), *(person.email.casefold() for person in people)}
        people.append(Person(name=name, email=_asked(f"The address {name} writes from", _free(taken))))
    return tuple(people)


def _free(taken: set[str]) -> Check:
    """An address that is nobody else's: an applicant is known by it."""

    def check(given: str) -> str:
        checked = address(given)
        if checked.casefold() in taken:
            raise PydanticCustomError("wrong", "is taken; each applicant needs another, and not the mailbox's")
        return checked

    return check


def _provider(mailbox: str) -> str:
    known = provider_of(mailbox)
    if known != "custom":
        click.echo(f"\nThe mailbox is kept by {known}: {_where(provider_for(known, mailbox))}.")
        return known
    click.echo("\nWho keeps the mailbox? A school's mail is often kept by Google (gmail) or Microsoft (outlook);")
    click.echo("custom is any other server, which you name then.")
    name = _chosen("Provider", tuple(PROVIDERS), "custom")
    if name != "custom":
        click.echo(f"Its servers are {_where(provider_for(name, mailbox))}.")
    return name


def _where(provider: Provider) -> str:
    return " and ".join(
        f"{server.host} port {server.port} ({server.security})" for server in (provider.imap, provider.smtp)
    )


def _servers(mailbox: str) -> Servers:
    domain = mailbox.rpartition("@")[2]
    imap = _server("IMAP server, for reading mail", f"imap.{domain}", USUAL_IMAP_PORT)
    smtp = _server("SMTP server, for outgoing mail", f"smtp.{domain}", USUAL_SMTP_PORT)
    user = _asked("The user name to log in with", default=mailbox)
    return Servers(imap=imap, smtp=smtp, user="" if user == mailbox else user)


def _server(what: str, likely: str, ports: Mapping[Security, int]) -> Server:
    name = _asked(what, host, default=likely)
    security = Security(_chosen("Its encryption", ("tls", "starttls"), "tls"))
    port: int = click.prompt("Its port", type=click.IntRange(1, 65_535), default=ports[security])
    return Server(host=name, port=port, security=security)


def _secret(provider: Provider) -> tuple[SecretKey, str]:
    # An access token lasts for an hour: one that is typed is of no use.
    kinds = [kind for kind in KINDS if provider.auth is Auth.PASSWORD or kind != "password"]
    click.echo(f"\nTo log in, lorbot needs {provider.login}")
    for kind in kinds:
        click.echo(f"{kind}: {KINDS[kind][1]}")
    kind = _chosen("How does lorbot get it", tuple(kinds), "password" if "password" in kinds else "command")
    match kind:
        case "password":
            secret: str = click.prompt("The password, which is not shown", hide_input=True, value_proc=_password)
        case "file":
            secret = _asked("The file, beside the configuration or with its whole path", default="password.txt")
        case _:
            secret = _asked("The command line")
    return KINDS[kind][0], secret


def _password(given: str) -> str:
    """As typed, but for the no-break spaces between the groups of an app password copied from a web page."""
    if any("\ud800" <= character <= "\udfff" for character in given):  # bytes that are no text in this terminal
        raise click.UsageError("is no text")
    return given.replace("\xa0", " ")


def _asked(question: str, check: Check = str, default: str | None = None) -> str:
    def checked(given: str) -> str:
        line = one_line(given)
        if not line:
            raise click.UsageError("nothing is written there")
        try:
            return check(line)
        except PydanticCustomError as wrong:
            raise click.UsageError(f"{line} {wrong.message()}") from wrong

    answer: str = click.prompt(question, default=default, value_proc=checked)
    return answer


def _chosen(question: str, words: tuple[str, ...], default: str) -> str:
    answer: str = click.prompt(question, type=click.Choice(words), default=default)
    return answer
