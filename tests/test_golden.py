"""The words that mentors read: each mail as it is kept in tests/golden, and what all of them have to be.

Where a mail has changed on purpose: python -m tests.golden --write, read `git diff tests/golden`, and commit it with
the template.
"""

import re
from collections import Counter
from functools import lru_cache

import golden
import pytest

from lorbot.core.grammar import with_article
from lorbot.mail.render import Rendered

QUIET = "(An assistant program sends this for me; I read every answer myself.)"
LONGEST_ASK = 220  # words, all of the mail
LONGEST_NUDGE = 130
GREETINGS = {"rich": "Dear Prof. Dr. van der Berg,", "typical": "Dear Dr. Lopez,", "bare": "Dear Elena,"}


@lru_cache(maxsize=1)
def mails() -> dict[str, Rendered]:
    return dict(golden.every_mail())


@pytest.mark.parametrize("name", sorted(golden.pages()))
def test_each_mail_reads_as_somebody_has_read_it(name: str) -> None:
    kept = golden.FOLDER / name
    assert kept.exists(), "new: python -m tests.golden --write, then read it"
    assert golden.pages()[name] == kept.read_text("utf-8"), "see the change: python -m tests.golden"


def test_no_page_is_left_over() -> None:
    assert {path.name for path in golden.FOLDER.glob("*")} == set(golden.pages())


_WRONG: dict[str, re.Pattern[str]] = {
    "nothing stands for nothing": re.compile(r"\b(?:None|True|False|undefined|Undefined)\b|\{|\}"),
    "no gap between words": re.compile(r"\S  +\S"),
    "no blank before a full stop or a comma": re.compile(r" [.,;:!?](?:\s|$)"),
    "no full stop twice": re.compile(r"\.\.|,,|;;|:\.|\. \.|, \.|\?\."),
    "no empty brackets and quotes": re.compile(r"\( ?\)|\"\"|“”"),
    "no exclamation mark": re.compile(r"!"),
    "no hole": re.compile(r"\n\n\n"),
    "no blank at a line's end": re.compile(r"[ \t]+$", re.MULTILINE),
    "no word twice": re.compile(r"\b(?!had\b|that\b)(\w+) \1\b", re.IGNORECASE),
    "no article without its noun": re.compile(r"\b(?:an?|the|my|your|of|for|with) ?[.,;:]"),
    "no sentence without its capital": re.compile(r"(?<![.A-Z]\w)(?<!Dr)(?<!Mr)(?<!Prof)[.?] [a-z]"),
    "no line without its capital": re.compile(r"^(?!https?:)[a-z][^:\n]*[.?]$", re.MULTILINE),
    "no gift and no flattery": re.compile(
        r"\b(?:gift|honou?r|esteemed|renowned|world-class|brilliant|amazing|privilege|best mentor)\b", re.IGNORECASE),
    "no machine's word": re.compile(r"\b(?:template|lorbot|dossier|applicant|N/A|null)\b"),
}  # fmt: skip


@pytest.mark.parametrize("rule", _WRONG)
def test_every_mail_is_whole(rule: str) -> None:
    found = [
        (n, hit[0]) for n, mail in mails().items() for hit in _WRONG[rule].finditer(f"{mail.subject}\n{mail.text}")
    ]
    assert found == []


def test_every_article_is_right() -> None:
    """As `with_article` would have it; "an hour" and "a university" are in its own test."""
    wrong = [
        (name, hit[0])
        for name, mail in mails().items()
        for hit in re.finditer(r"\b(?:a|an) ([\w-]+)", mail.text)
        if with_article(hit[1]).lower() != hit[0].lower()
    ]
    assert wrong == []


def test_every_mail_greets_and_closes_as_it_should() -> None:
    for name, mail in mails().items():
        mail_name, _, _, data = name.split(", ")
        greeting = "Hello," if mail_name == "apology" else GREETINGS[data]
        assert mail.text.startswith(f"{greeting}\n\n"), name
        assert mail.text.endswith(f"\n\n{QUIET}"), name
        assert mail.text.count("\n\nWith best regards,\nNadia Rahman") == 1, name


def test_an_ask_is_short_and_asks_for_a_strong_letter_once() -> None:
    asks = {name: mail.text for name, mail in mails().items() if name.startswith("ask,")}
    assert max(len(text.split()) for text in asks.values()) < LONGEST_ASK
    for name, text in asks.items():
        assert text.count("?") == 1, name
        assert (
            len(re.findall(r"well enough to write me a strong\s+letter of (?:recommendation|endorsement)\?", text)) == 1
        )


def test_a_nudge_is_a_few_sentences() -> None:
    nudges = [mail.text for name, mail in mails().items() if "nudge" in name]
    assert max(len(text.split()) for text in nudges) < LONGEST_NUDGE


def test_the_preferred_date_is_called_preferred_and_never_the_deadline() -> None:
    dated = {name: mail.text for name, mail in mails().items() if "August 20, 2027" in mail.text}
    assert len(dated) >= len(golden.KINDS)
    for name, text in dated.items():
        around = re.findall(r"([^.\n]*)August 20, 2027", text)
        assert all("preferred date" in before.lower() and "deadline" not in before.lower() for before in around), name
        assert "September 1, 2027" in text, name


def test_what_is_unknown_is_not_spoken_of() -> None:
    bare = {name: mail.text for name, mail in mails().items() if name.endswith("bare")}
    for name, text in bare.items():
        assert not re.search(r"my goal|ABOUT ME|FERPA|attached|pronouns|how you know me", text, re.IGNORECASE) or (
            "new_version" in name or ("stray_letter" in name and "attachment" in text)
        ), name


def test_what_the_letter_is_for_and_who_writes_it_change_the_ask() -> None:
    """Each kind of mentor reads a sentence of its own, and each aim another purpose."""
    asked = Counter(mail.text for name, mail in mails().items() if name.startswith("ask,") and name.endswith("rich"))
    assert asked == dict.fromkeys(asked, 1)


def test_only_promotion_is_a_letter_of_endorsement() -> None:
    for name, mail in mails().items():
        if name.startswith("ask,") and not name.endswith("bare"):
            assert ("letter of endorsement" in mail.text) == ("promotion" in name), name
            assert ("outside reviewers" in mail.text) == ("promotion" in name), name


def test_the_last_nudge_and_the_last_call_promise_silence_and_no_other_mail_does() -> None:
    silent = {
        name.split(",")[0] for name, mail in mails().items() if re.search(r"my last (?:note|reminder)", mail.text)
    }
    assert silent == {"last_nudge", "last_call"}


def test_a_stray_letter_is_told_to_be_unread_and_how_to_go_on() -> None:
    for name, mail in mails().items():
        if name.startswith("stray_letter"):
            assert "The attachment was not opened, kept or forwarded." in mail.text, name
            assert "submit" in mail.text or "straight to the place" in mail.text, name
