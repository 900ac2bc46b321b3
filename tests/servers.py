"""Servers for the tests: a real Dovecot, and an SMTP server that fails as it is told.

- `Dovecot` has the public surface of `lorbot.sandbox.server.MailServer` and stamps mail with the same code.
- Every server listens on loopback only, and leaves neither process, thread nor file behind.
"""
# ruff: noqa: N802 - aiosmtpd finds its handlers by these names

import asyncio
import dataclasses
import enum
import functools
import grp
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from imapclient import IMAPClient

from lorbot.core.value import one_line
from lorbot.sandbox.front import Front
from lorbot.sandbox.stamp import Vouch
from lorbot.sandbox.thread import ServerThread, listen, port_of

DOVECOT = Path("/usr/sbin/dovecot")
LMTP_SERVICES = (Path("/usr/lib/dovecot/lmtp"), Path("/usr/libexec/dovecot/lmtp"))
PORTS = range(20_000, 32_000)  # below the ports the kernel gives to outgoing connections
STARTS_WITHIN = 10.0  # seconds

# Dovecot 2.3. Every process is the same unprivileged user, so there is nothing to chroot from.
# Wrong passwords are answered at once: no auth_failure_delay, no penalty.
CONFIGURATION = """\
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = 100
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mailbox_list_index = yes
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
protocol lmtp {{
  postmaster_address = postmaster@localhost
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%Lu {root}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%Lu {root}/users
  override_fields = uid={user} gid={group} home={root}/mail/%Lu
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = subscribe
    special_use = \\Drafts
  }}
  mailbox Trash {{
    auto = subscribe
    special_use = \\Trash
  }}
  mailbox Junk {{
    auto = subscribe
    special_use = \\Junk
  }}
  mailbox Archive {{
    auto = subscribe
    special_use = \\Archive
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
  }}
}}
service lmtp {{
  chroot =
  process_min_avail = 1
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """A real Dovecot on high ports, with an SMTP front that delivers over LMTP.

    IMAP in the clear and with STARTTLS on `imap_port`, over TLS on `imaps_port`; SMTP in the clear and with
    STARTTLS on `smtp_port`, over TLS on `smtps_port`. `ca_file` is the certificate to trust: it is fresh,
    signed by itself, and good for localhost and 127.0.0.1. Started as root it runs as nobody.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        *,
        authserv_id: str = "mail.sandbox",
        vouches_for: Vouch = Vouch.LOGGED_IN,
    ) -> None:
        self.users = {address.lower(): password for address, password in users.items()}
        self.host, self.authserv_id = "127.0.0.1", authserv_id
        self._front = Front(self.users, self._hand_over, authserv_id=authserv_id, vouches_for=vouches_for)
        self.accepted = self._front.accepted
        self.imap_port, self.imaps_port, self._lmtp_port = free_ports(3)
        self.smtp_port = self.smtps_port = 0
        self._thread = ServerThread()
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    @functools.cache
    def missing() -> str:
        """Why Dovecot cannot be run here, "" when it can."""
        if not DOVECOT.exists() or not any(path.exists() for path in LMTP_SERVICES):
            return "Dovecot is not installed: apt-get install dovecot-imapd dovecot-lmtpd"
        version = subprocess.run([DOVECOT, "--version"], capture_output=True, text=True, check=True).stdout
        if not version.startswith("2.3."):
            return f"this Dovecot is {version.strip()}; the configuration of these tests is for 2.3"
        absent = [tool for tool in ("openssl", "setpriv") if shutil.which(tool) is None]
        return f"not installed: {', '.join(absent)}" if absent else ""

    def start(self) -> Self:
        """Run the server; returns when it greets. Raises RuntimeError with Dovecot's log when it does not."""
        # A killed process may still be writing when the folder goes.
        self._folder = tempfile.TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True)
        self._root = Path(self._folder.name)
        self.ca_file = self._root / "cert.pem"
        self._write_files()
        command = ["setpriv", "--pdeathsig", "TERM"]  # it ends with a test run that is killed
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "nobody:nogroup", self._root], check=True)
            command += ["--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        command += [str(DOVECOT), "-F", "-c", str(self._root / "dovecot.conf")]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            self._wait_for_greeting(self._process)
            self._thread.start(self._open_front)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End every process and erase all mail. May be called twice."""
        self._thread.stop()
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)  # a polite SIGTERM takes Dovecot more than a second
        self._process.wait(10)
        self._process = None
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def add_user(self, address: str, password: str) -> None:
        """Open a mailbox while the server runs."""
        self.users[address.lower()] = password
        self._write_users()

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail into a folder as it is, past SMTP: no header is added."""
        with self._login(user) as client:
            client.append(folder, raw)

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """What a folder holds, oldest first. No flag changes."""
        with self._login(user) as client:
            client.select_folder(folder, readonly=True)
            uids = client.search()
            fetched = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
            return [fetched[uid][b"BODY[]"] for uid in uids]

    @contextmanager
    def _login(self, user: str) -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", self.imap_port, ssl=False, timeout=10) as client:
            client.login(user.lower(), self.users[user.lower()])
            yield client

    def _write_files(self) -> None:
        for name in ("run", "state", "mail"):
            (self._root / name).mkdir()
        make_certificate(self.ca_file, self._root / "key.pem")
        self._write_users()
        user, group = ("nobody", "nogroup")
        if os.geteuid() != 0:
            user, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        text = CONFIGURATION.format(
            root=self._root,
            user=user,
            group=group,
            imap_port=self.imap_port,
            imaps_port=self.imaps_port,
            lmtp_port=self._lmtp_port,
        )
        (self._root / "dovecot.conf").write_text(text)

    def _write_users(self) -> None:
        lines = [f"{address}:{{PLAIN}}{password}::::::\n" for address, password in self.users.items()]
        (self._root / "users").write_text("".join(lines))

    def _wait_for_greeting(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + STARTS_WITHIN
        while process.poll() is None and time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.imap_port), timeout=2) as connection:
                    if connection.recv(64).startswith(b"* OK"):
                        return
            except OSError:
                time.sleep(0.005)  # it does not listen yet
        log = self._root / "dovecot.log"
        raise RuntimeError("Dovecot did not start: " + (log.read_text() if log.exists() else "it left no log"))

    async def _open_front(self, stack: AsyncExitStack) -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.ca_file, self._root / "key.pem")
        create = asyncio.get_running_loop().create_server
        smtp = await listen(
            functools.partial(create, functools.partial(self._front.protocol, tls)), "127.0.0.1", self.smtp_port
        )
        stack.callback(smtp.close)
        smtps = await listen(functools.partial(create, self._front.protocol, ssl=tls), "127.0.0.1", self.smtps_port)
        stack.callback(smtps.close)
        self.smtp_port, self.smtps_port = port_of(smtp), port_of(smtps)

    async def _hand_over(self, mail_from: str, recipient: str, stamped: bytes) -> None:
        """Dovecot adds Return-Path, Delivered-To and a Received of its own."""
        await asyncio.to_thread(self._push, mail_from, recipient, stamped)

    def _push(self, mail_from: str, recipient: str, stamped: bytes) -> None:
        with smtplib.LMTP("127.0.0.1", self._lmtp_port, local_hostname="localhost", timeout=10) as lmtp:
            lmtp.sendmail(mail_from, recipient, stamped)


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, from a range no outgoing connection takes in the meantime."""
    found: list[int] = []
    start = (os.getpid() * 97 + time.monotonic_ns()) % len(PORTS)
    for port in [*PORTS[start:], *PORTS[:start]]:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue  # taken
        found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError("no free port")


def make_certificate(certificate: Path, key: Path) -> None:
    """A certificate signed by itself, good for localhost and 127.0.0.1."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)


class Fault(enum.Enum):
    DROP = enum.auto()  # the connection is cut without a word
    HANG = enum.auto()  # no answer comes, until the client gives up


Reaction = str | Fault | None
"""A reply line such as "451 4.3.0 later", a Fault, or None for what a healthy server does."""


@dataclasses.dataclass(frozen=True)
class Offered:
    """A mail whose final dot arrived."""

    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes


class FaultySmtp:
    """An SMTP server that reacts as its attributes say; a test may change them between mails.

    `offered` lists the mails whose final dot arrived, `accepted` those that were answered 250.
    """

    def __init__(self) -> None:
        self.host, self.smtp_port = "127.0.0.1", 0
        self.at_ehlo: Reaction = None
        self.at_login: Reaction = None
        self.at_mail: Reaction = None
        self.at_recipient: dict[str, Reaction] = {}
        self.at_data: Reaction = None  # before the client sends the mail
        self.at_final_dot: Reaction = None  # after it has sent all of it
        self.offered: list[Offered] = []
        self.accepted: list[Offered] = []
        self._thread = ServerThread()

    def start(self) -> Self:
        self._thread.start(self._listen)
        return self

    def stop(self) -> None:
        """Close every connection, those that hang as well. A second start listens on the same port."""
        self._thread.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    async def _listen(self, stack: AsyncExitStack) -> None:
        loop = asyncio.get_running_loop()
        server = await listen(functools.partial(loop.create_server, self._protocol), self.host, self.smtp_port)
        stack.callback(server.close)
        self.smtp_port = port_of(server)

    def _protocol(self) -> SMTP:
        handler = _FaultyHandler(self)
        return _FaultyProtocol(
            handler,
            hostname="faulty.test",
            loop=asyncio.get_running_loop(),
            enable_SMTPUTF8=True,
            authenticator=lambda *_: AuthResult(success=True),
            auth_require_tls=False,
        )


class _FaultyHandler:
    def __init__(self, faults: FaultySmtp) -> None:
        self.faults = faults

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        said = await react(server, self.faults.at_ehlo)
        return [said] if said else responses

    async def handle_AUTH(self, server: SMTP, _session: Session, _envelope: Envelope, _args: list[str]) -> Any:
        return await react(server, self.faults.at_login) or "235 2.7.0 welcome"

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        said = await react(server, self.faults.at_mail)
        if not said:
            envelope.mail_from = address
        return said or "250 2.1.0 sender ok"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        said = await react(server, self.faults.at_recipient.get(address))
        if not said:
            envelope.rcpt_tos.append(address)
        return said or "250 2.1.5 recipient ok"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = Offered(one_line(envelope.mail_from or ""), tuple(envelope.rcpt_tos), envelope.content)
        self.faults.offered.append(mail)
        said = await react(server, self.faults.at_final_dot)
        if said:
            return said
        self.faults.accepted.append(mail)
        return "250 2.0.0 taken"


class _FaultyProtocol(SMTP):
    event_handler: _FaultyHandler

    async def smtp_DATA(self, arg: str) -> None:
        said = await react(self, self.event_handler.faults.at_data)
        if said:
            await self.push(said)
            return
        await super().smtp_DATA(arg)


async def react(server: SMTP, reaction: Reaction) -> str:
    """The reply to give instead of the healthy one, "" for the healthy one."""
    match reaction:
        case Fault.DROP:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            raise asyncio.CancelledError  # aiosmtpd ends the session as if the client had gone
        case Fault.HANG:
            await asyncio.Event().wait()  # cancelled when the client leaves
            raise AssertionError("nobody sets it")
        case None:
            return ""
        case _:
            return reaction
