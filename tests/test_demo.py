"""The demo: the whole season on the embedded server and on Dovecot, what it leaves, and that it can fail."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest
import structlog
from servers import Dovecot

from lorbot.errors import LorbotError
from lorbot.mail.message import parse
from lorbot.sandbox import demo, story
from lorbot.sandbox.demo import play
from lorbot.sandbox.endings import judge
from lorbot.sandbox.people import Delivered, paper

ENDING = story.Ending(
    mentor="Dr. Elena Lopez", email="lopez@hospital.example", how="yes; submitted", mails=(r"strong letter", r"due.*cv")
)
LETTER = paper("A letter")
CLOSING = "\n\n(An assistant program sends this.)"


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


# -- the season --------------------------------------------------------------------------------------------------


def test_the_demo_plays_a_season_in_a_minute_and_leaves_mails_and_a_page(tmp_path: Path) -> None:
    begin = time.process_time()  # of daemon and servers: how busy the machine is besides is not the demo's fault
    shown: list[str] = []
    said: list[str] = []

    assert play(tmp_path / "out", echo=shown.append, say=said.append)

    assert time.process_time() - begin < 60
    assert "FAIL" not in said[0]
    assert [e.mentor for e in story.ENDINGS if f"ok   {e.mentor}" not in said[0]] == []
    assert_mails(tmp_path / "out" / "mails", count=len(shown) - 1)
    assert_page((tmp_path / "out" / "index.html").read_text(encoding="utf-8"))


def test_the_demo_plays_the_same_season_on_dovecot(tmp_path: Path) -> None:
    if Dovecot.missing():
        pytest.skip(Dovecot.missing())
    said: list[str] = []

    assert play(tmp_path / "out", echo=lambda _: None, say=said.append, server=Dovecot), said[0]


def test_a_season_that_ends_too_soon_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "END", story.BEGIN + timedelta(minutes=20))
    said: list[str] = []

    assert not play(tmp_path / "out", echo=lambda _: None, say=said.append)

    assert "FAIL Dr. Elena Lopez" in said[0]
    assert "instead of 5" in said[0]
    assert "✗" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_a_folder_that_is_not_of_an_earlier_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(LorbotError, match="choose another with --folder"):
        play(tmp_path, echo=lambda _: None, say=lambda _: None)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_earlier_demo_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("old")
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "001-old.eml").write_text("old")

    demo._make_room(tmp_path)

    assert list((tmp_path / "mails").iterdir()) == []


def assert_mails(folder: Path, *, count: int) -> None:
    """Every .eml is a sound mail, and they are numbered as they came."""
    paths = sorted(folder.glob("*.eml"))
    assert [int(path.name[:3]) for path in paths] == list(range(1, count + 1))
    for path in paths:
        mail = message_from_bytes(path.read_bytes(), policy=default)
        assert [part.defects for part in mail.walk() if part.defects] == []
        assert mail["Message-ID"]
        assert mail["Date"]


def assert_page(text: str) -> None:
    """One page, sound, that needs nothing from anywhere."""
    page = _Page()
    page.feed(text)
    page.close()
    assert page.open == []
    assert page.fetched == []
    assert re.findall(r"url\(|@import", text) == []
    assert text.count("<article") > 100


class _Page(HTMLParser):
    """The tags left open, and what a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.fetched += [f"{tag} {name}={link}" for name, link in attrs if name in {"src", "href", "srcset", "action"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


# -- the judge ---------------------------------------------------------------------------------------------------


def delivered(
    subject: str, text: str, *, at: str = "Tue, 15 Jun 2027 10:00:00 -0400", to: str = ENDING.email, file: bytes = b""
) -> Delivered:
    """A mail of lorbot's in somebody's mailbox."""
    message = EmailMessage()
    headers = {
        "From": story.LORBOT,
        "To": to,
        "Subject": subject,
        "Date": at,
        "Message-ID": f"<{subject[:3]}@x.example>",
    }
    for name, content in headers.items():
        message[name] = content
    message.set_content(text)
    if file:
        message.add_attachment(file, maintype="application", subtype="pdf", filename="a.pdf")
    raw = message.as_bytes()
    return Delivered(owner=to, uid=1, raw=raw, incoming=parse(raw).incoming, reply_to=())


ASK = delivered("Letter", "Can you write a strong letter?" + CLOSING)
PACKET = delivered("Everything", "It is due soon; my CV is attached." + CLOSING)
TOLD = delivered("Dr. Elena Lopez says yes", "Lopez agreed.", to=story.APPLICANT_EMAIL)
LEAK = delivered("For you", "Here it is.", to=story.APPLICANT_EMAIL, file=LETTER)
GOOD = {ENDING.email: [ASK, PACKET], story.APPLICANT_EMAIL: [TOLD]}


def test_a_correspondence_as_it_should_be_is_judged_good() -> None:
    judgement = judge([ENDING], GOOD, LETTER)
    assert judgement.ok
    assert [problem for _, problem in judgement.rules] == [""] * 5


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({ENDING.email: [ASK]}, "1 mails instead of 2"),
        ({ENDING.email: [ASK, PACKET, replace(PACKET, uid=3)]}, "3 mails instead of 2"),
        ({ENDING.email: [PACKET, ASK]}, "mail 1 (Everything) is not the one expected"),
        ({}, "0 mails instead of 2"),
        (
            {ENDING.email: [ASK, delivered("Everything", "due; cv" + CLOSING, at="Sat, 19 Jun 2027 10:00:00 -0400")]},
            "at Sat 19 Jun 10:00",
        ),
        (
            {ENDING.email: [ASK, delivered("Everything", "due; cv" + CLOSING, at="Tue, 15 Jun 2027 22:00:00 -0400")]},
            "at Tue 15 Jun 22:00",
        ),
        ({ENDING.email: [ASK, delivered("Everything", "due; cv")]}, "Everything to lopez@hospital.example does not"),
        ({story.APPLICANT_EMAIL: [TOLD, TOLD]}, "came to nadia.rahman@students.example twice"),
        ({story.APPLICANT_EMAIL: [TOLD, LEAK]}, "it went to nadia.rahman@students.example"),
        ({story.APPLICANT_EMAIL: []}, "nothing about Dr. Elena Lopez"),
    ],
)
def test_each_thing_that_goes_wrong_is_seen(changed: dict[str, list[Delivered]], problem: str) -> None:
    received = {**({} if not changed else GOOD), **changed}
    judgement = judge([ENDING], received, LETTER)
    found = [e.problem for e in judgement.ends] + [p for _, p in judgement.rules]
    assert not judgement.ok
    assert problem in " | ".join(found)
