"""`lorbot sandbox`: the embedded server and the daemon, left running for a person with a mail program."""

import json
import signal
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from lorbot.config import Settings
from lorbot.daemon import Daemon
from lorbot.sandbox import mail_server_class
from lorbot.sandbox.people import PASSWORD
from lorbot.sandbox.stamp import Vouch
from lorbot.shell.journal import set_up_logging
from lorbot.wiring import parts_of

LORBOT = "lorbot@sandbox.example"
APPLICANT = ("Alex Morgan", "applicant@sandbox.example")
MENTORS = tuple(f"mentor{number}@sandbox.example" for number in (1, 2, 3))


ALWAYS_OPEN = {
    "hours_from": 0, "hours_to": 24, "weekdays_only": False, "holidays": "", "quiet_from": "", "quiet_to": "",
}  # fmt: skip
"""Who plays at night should not have to wait for the morning."""


def serve(folder: Path | None, *, imap_port: int, smtp_port: int, say: Callable[[str], None], as_json: bool) -> None:
    """Run until SIGTERM or Ctrl-C. Everything listens on loopback only."""
    set_up_logging("warning")
    addresses = (LORBOT, APPLICANT[1], *MENTORS)
    with ExitStack() as stack:
        state = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lorbot-sandbox-")))
        server_class = mail_server_class()
        users = dict.fromkeys(addresses, PASSWORD)
        server = stack.enter_context(
            server_class(users, imap_port=imap_port, smtp_port=smtp_port, vouches_for=Vouch.EVERY_LOCAL_SENDER)
        )
        parts = parts_of(_settings(state, server.imap_port, server.smtp_port))
        stack.enter_context(parts.state.lock())
        daemon = Daemon(parts)
        daemon.open(daemon.now())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: daemon.stop())
        say(
            json.dumps(_facts(server.imap_port, server.smtp_port, state))
            if as_json
            else _welcome(server.imap_port, server.smtp_port)
        )
        daemon.run()


def _settings(state: Path, imap_port: int, smtp_port: int) -> Settings:
    return Settings.model_validate(
        {
            "mailbox": {
                "address": LORBOT, "provider": "custom", "imap_host": "127.0.0.1", "imap_port": imap_port,
                "imap_security": "plain", "password": PASSWORD, "authserv_id": "mail.sandbox",
            },
            "smtp": {"host": "127.0.0.1", "port": smtp_port, "security": "plain"},
            "applicants": [{"name": APPLICANT[0], "email": APPLICANT[1]}],
            "state": {"folder": str(state / "state")},
            "clock": ALWAYS_OPEN,
        }
    )  # fmt: skip


def _facts(imap_port: int, smtp_port: int, state: Path) -> dict[str, object]:
    return {
        "imap": {"host": "127.0.0.1", "port": imap_port, "security": "none"},
        "smtp": {"host": "127.0.0.1", "port": smtp_port, "security": "none"},
        "lorbot": LORBOT,
        "applicant": {"name": APPLICANT[0], "address": APPLICANT[1], "password": PASSWORD},
        "mentors": [{"address": m, "password": PASSWORD} for m in MENTORS],
        "passwords": dict.fromkeys((LORBOT, APPLICANT[1], *MENTORS), PASSWORD),
        "state": str(state / "state"),
    }


def _welcome(imap_port: int, smtp_port: int) -> str:
    return f"""The sandbox is running. You play everybody but lorbot: the applicant, and the mentors.

  IMAP  127.0.0.1 port {imap_port}, no encryption
  SMTP  127.0.0.1 port {smtp_port}, no encryption, with a login or without
  The user name is the address; the password of every account is: {PASSWORD}

  applicant  {APPLICANT[1]}   (commands come from here)
  mentors    {", ".join(MENTORS)}
  lorbot     {LORBOT}   (the commands go to it)

Set up a mail program with these, or try it in a second terminal:

  swaks --server 127.0.0.1:{smtp_port} --from {APPLICANT[1]} --to {LORBOT} --h-Subject help --body Hello
  curl --user {APPLICANT[1]}:{PASSWORD} 'imap://127.0.0.1:{imap_port}/INBOX;MAILINDEX=1'

The first writes to lorbot, the second shows its answer. Mail to mentors leaves at once here; in earnest, lorbot
keeps to their working hours. Ctrl-C ends the sandbox; the mails are gone then.
"""
