"""`lorbot sandbox` as a person or a script uses it: a process, its banner, and the ports and passwords it gives."""

import json
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from imapclient import IMAPClient


@contextmanager
def sandbox(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-u", "-m", "lorbot", "sandbox", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def ended(child: subprocess.Popen[str]) -> tuple[int, float]:
    """The exit code after SIGTERM, and the seconds it took."""
    begin = time.monotonic()
    child.send_signal(signal.SIGTERM)
    return child.wait(20), time.monotonic() - begin


def facts(child: subprocess.Popen[str]) -> dict[str, Any]:
    assert child.stdout is not None
    told: dict[str, Any] = json.loads(child.stdout.readline())
    return told


def banner(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    lines = []
    for line in child.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


def answers(told: dict[str, Any], who: str, count: int) -> list[str]:
    """The subjects in a mailbox, as soon as there are so many."""
    end = time.monotonic() + 15
    with IMAPClient(told["imap"]["host"], told["imap"]["port"], ssl=False, timeout=10) as client:
        client.login(who, told["passwords"][who])
        while True:
            client.select_folder("INBOX", readonly=True)
            mails = client.fetch(client.search(), ["ENVELOPE"]).values()
            if len(mails) >= count:
                return sorted(mail[b"ENVELOPE"].subject.decode() for mail in mails)
            assert time.monotonic() < end, "no answer came"
            time.sleep(0.05)


def test_a_script_finds_its_way_by_the_json_line_and_is_answered_with_and_without_a_login() -> None:
    with sandbox("--json") as child:
        told = facts(child)
        applicant = told["applicant"]["address"]
        for subject, login in (("help", True), ("status", False)):
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = applicant, told["lorbot"], subject
            message.set_content("Please.")
            with smtplib.SMTP(told["smtp"]["host"], told["smtp"]["port"], "localhost", timeout=10) as session:
                if login:
                    session.login(applicant, told["applicant"]["password"])
                session.send_message(message)

        assert answers(told, applicant, 2) == ["Re: help", "Re: status"]
        assert [mentor["address"] in told["passwords"] for mentor in told["mentors"]] == [True] * 3
        code, seconds = ended(child)
    assert code == 0
    assert seconds < 5


def test_a_person_gets_ports_that_work_and_lines_to_paste() -> None:
    with sandbox() as child:
        text = banner(child)
        ports = dict(re.findall(r"(IMAP|SMTP)\s+127\.0\.0\.1 port (\d+)", text))
        swaks = next(line.strip() for line in text.splitlines() if line.strip().startswith("swaks "))
        assert f"127.0.0.1:{ports['SMTP']}" in swaks
        assert "--body ''" not in swaks  # swaks takes an empty text for a question and waits
        for port in ports.values():
            with socket.create_connection(("127.0.0.1", int(port)), timeout=5) as connection:
                assert connection.recv(4) in (b"220 ", b"* OK")
        assert ended(child)[0] == 0


@pytest.mark.skipif(not (shutil.which("swaks") and shutil.which("curl")), reason="swaks and curl are not installed")
def test_the_lines_of_the_banner_do_what_they_say() -> None:
    with sandbox() as child:
        text = banner(child)
        write, read = (
            next(line for line in text.splitlines() if line.strip().startswith(tool)) for tool in ("swaks", "curl")
        )
        assert subprocess.run(write, shell=True, capture_output=True, timeout=10, check=False).returncode == 0
        end = time.monotonic() + 15
        shown = ""
        while "Subject: Re: help" not in shown:
            assert time.monotonic() < end
            shown = subprocess.run(read, shell=True, capture_output=True, text=True, timeout=10, check=False).stdout


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with sandbox("--smtp-port", str(taken)) as child:
            _, said = child.communicate(timeout=15)
        assert child.returncode == 1
        assert said.startswith(f"lorbot: cannot listen on 127.0.0.1 port {taken}")
