"""Short answers of a careless writer: what is unmistakable is taken, anything else is asked about."""

import re
from datetime import UTC, date, datetime, timedelta
from textwrap import fill

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core.chosen import question_answers
from lorbot.core.courtesy import content, is_courtesy, is_greeting, without_farewell
from lorbot.core.edits import edited, same_text
from lorbot.core.words import Word, confirmation, first_lines, preview_answer

TODAY = date(2027, 3, 10)  # a Wednesday
NADIA = "Nadia Rahman\nMS4, Lakeside"


def later(days: int) -> Word:
    return Word(verb="later", until=TODAY + timedelta(days=days))


SEND, SKIP, UNCLEAR = Word(verb="send"), Word(verb="skip"), Word(verb="")


# -- answers to a preview ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "send", "SEND.", "Send!", "Yes, send it!", "yes", "y", "ok", "Okay, thank you!", "Yes please",
        "please send it now",
        "Go ahead", "approved", "Looks good, send it.", "Great, please send", "*send*", "“send”",
        "ok\n\nSent from my iPhone", "send\n\nThanks,\nNadia", "send\n-- \nNadia Rahman\nMS4, Lakeside",
        "Hi lorbot,\n\nYes,\nsend it. Thanks!", "Hello,\nsend\nBest regards\n— Nadia", "\n\n  send  \n\n",
        "Send it as it is",
        "yes\nHave a great weekend!", "lorbot, please send",
    ],
)  # fmt: skip
def test_a_plain_yes_sends(words: str) -> None:
    assert preview_answer(words, TODAY, NADIA) == SEND


@pytest.mark.parametrize(
    "words",
    [
        "yes but change the date", "send?", "is it ok?", "send\nthanks but change the date first",
        "send\n- wait, not yet",
        "hi don't send\nok", "ok, so what happens next", "yes and no", "send it on Monday", "Perfect", "sure", "go on",
        "send\n\nP.S. fix the typo", "I would not send it", "send\nskip", "sending", "sen", "", ". . .", "thanks",
        "Nadia",
        "yes\nJohn", "status", "please", "best to wait", "dear Dr. Lopez should be Dear Elena", "send the other one",
        "no, send it", "ok?\nok",
    ],
)  # fmt: skip
def test_anything_else_is_asked_about(words: str) -> None:
    assert preview_answer(words, TODAY, NADIA) == UNCLEAR


@pytest.mark.parametrize(
    "words", ["skip", "No", "no thanks", "Nope!", "don’t send it", "do not send", "cancel it", "n"]
)
def test_a_plain_no_skips(words: str) -> None:
    assert preview_answer(words, TODAY, NADIA) == SKIP


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("later", later(3)), ("not yet", later(3)), ("Not now, thanks", later(3)), ("later 5 days", later(5)),
        ("in 3 days", later(3)), ("wait 2 weeks", later(14)), ("snooze for a week please", later(7)),
        ("tomorrow", later(1)),
        ("remind me on Friday", later(2)), ("later, next week", later(7)), ("later\n\nNadia", later(3)),
        ("later until 1 April", later(22)), ("later 2027-03-20", later(10)), ("Later 3 days.", later(3)),
        ("later today", UNCLEAR), ("later 1 March 2027", UNCLEAR), ("later, after we have met on Friday", UNCLEAR),
        ("in the second paragraph change 3 days to 4 days", UNCLEAR), ("not yet, fix the date first", UNCLEAR),
        ("later or never", UNCLEAR), ("wait until he is back", UNCLEAR), ("in 3 days\nor better 5 days", UNCLEAR),
    ],
)  # fmt: skip
def test_an_answer_that_puts_it_off(words: str, answer: Word) -> None:
    assert preview_answer(words, TODAY, NADIA) == answer


NEW = "Dear Dr. Lopez,\n\nwill you write for me?\n\nNadia"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (f"edit\n{NEW}", NEW), (f"Edit:\n\n{NEW}", NEW), (f"edit as follows:\n{NEW}", NEW),
        (f"Hi lorbot,\nedit\n{NEW}", NEW),
        (f"edited\n{NEW}", NEW), ("edit: Dear Elena, shall we talk?", "Dear Elena, shall we talk?"), ("edit", ""),
        (f"edit {NEW} May I have it by June? Thank you.", f"{NEW} May I have it by June? Thank you."),
    ],
)  # fmt: skip
def test_a_new_text(words: str, text: str) -> None:
    assert preview_answer(words, TODAY, NADIA) == Word(verb="edit", text=text)


@pytest.mark.parametrize("words", ["edit the second paragraph", "edit, please make it shorter", "editor"])
def test_an_instruction_is_no_new_text(words: str) -> None:
    assert preview_answer(words, TODAY, NADIA) == UNCLEAR


KNOWN = {
    "send", "it", "this", "now", "off", "as", "is", "go", "ahead", "and", "approve", "approved", "yes", "y", "yep",
    "yeah", "ok", "okay", "looks", "good", "great", "fine", "sure", "perfect", "please", "kindly", "thank", "you",
    "thanks", "thx", "lorbot",
}  # fmt: skip
ANY_WORDS = st.lists(
    st.sampled_from(
        [
            *sorted(KNOWN),
            "not",
            "but",
            "no",
            "don't",
            "later",
            "in 3 days",
            "change",
            "?",
            ",",
            ".",
            "\n",
            "Nadia",
            "thanks,",
            "best",
            "--",
            "hi",
            "edit",
            "the date",
            "first",
            "wait",
        ]
    ),
    max_size=8,
).map(" ".join)


@given(st.one_of(st.text(max_size=60), ANY_WORDS))
def test_only_known_words_ever_send(words: str) -> None:
    if preview_answer(words, TODAY, NADIA).verb != "send":
        return
    first = content(words, NADIA)[0]
    said = re.findall(r"[a-z']+", first.lower().replace("’", "'"))
    assert set(said) <= KNOWN
    assert "?" not in words
    assert not {"not", "no", "don't", "but", "wait", "later", "change"} & set(words.lower().split())


# -- answers to a question ---------------------------------------------------------------------------------------

DECIDE = ("thank", "packet", "wait 10 days", "backup", "write:")
PORTAL = ("received", "not yet")
OVERDUE = ("received", "wait 3 days", "backup", "write:")
ADDRESS = ("apologise", "address name@example.edu", "nothing")
UNKNOWN = ("it arrived", "send again")
LETTER = "Dear Dr. Lopez,\n\nthank you.\n\nNadia"


@pytest.mark.parametrize(
    ("words", "choices", "verbs"),
    [
        ("thank", DECIDE, "thank"), ("Thank her.", DECIDE, "thank"), ("thank, backup", DECIDE, "thank backup"),
        ("thank and backup", DECIDE, "thank backup"), ("thank backup", DECIDE, "thank backup"),
        ("thank\nbackup\n\nNadia", DECIDE, "thank backup"),
        ("Thank her and then ask the backup, please", DECIDE, "thank backup"),
        ("yes, thank him", DECIDE, "thank"), ("packet", DECIDE, "packet"), ("Send the packet!", DECIDE, "packet"),
        ("send it", DECIDE, "thank"), ("send it", ADDRESS, "apologise"), ("send it", UNKNOWN, "send"),
        ("It arrived.", UNKNOWN, "it"), ("send again", UNKNOWN, "send"), ("yes", PORTAL, "received"),
        ("No.", PORTAL, "not"),
        ("not yet", PORTAL, "not"), ("It’s in!", PORTAL, "received"), ("nothing", ADDRESS, "nothing"),
        ("same person", ("same person", "write:", "nothing"), "same"), ("thank, thank", DECIDE, "thank"),
    ],
)  # fmt: skip
def test_the_words_of_a_question(words: str, choices: tuple[str, ...], verbs: str) -> None:
    assert [a.verb for a in question_answers(words, choices, TODAY, NADIA)] == verbs.split()


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        ("thanks", DECIDE), ("Thanks!\nNadia", DECIDE), ("yes", DECIDE), ("no", DECIDE), ("", DECIDE), ("ok", PORTAL),
        ("yes", OVERDUE), ("ok", OVERDUE), ("thank, packet", DECIDE), ("packet, write: Dear", DECIDE),
        ("write:", DECIDE),
        ("write to her that I am ill", DECIDE), ("backup, wait 3 days", DECIDE), ("received, not yet", PORTAL),
        ("thank\nbut wait until I called her", DECIDE), ("backup for the grant", DECIDE), ("packet", PORTAL),
        ("wait until I have talked to her", DECIDE), ("wait until 1 March 2027", DECIDE),
        ("not lopez@old.example", ADDRESS),
        ("a@b.example or c@d.example", ADDRESS), ("it", UNKNOWN), ("which backup?", DECIDE),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_asked_about(words: str, choices: tuple[str, ...]) -> None:
    assert question_answers(words, choices, TODAY, NADIA) == ()


@pytest.mark.parametrize(
    ("words", "choices", "until"),
    [
        ("wait", DECIDE, "2027-03-20"), ("wait", OVERDUE, "2027-03-13"), ("wait 2 weeks", DECIDE, "2027-03-24"),
        ("Wait until Tuesday, June 1, 2027", DECIDE, "2027-06-01"), ("not yet", OVERDUE, "2027-03-13"),
        ("later", DECIDE, "2027-03-20"),
    ],
)  # fmt: skip
def test_waiting_has_a_day(words: str, choices: tuple[str, ...], until: str) -> None:
    assert question_answers(words, choices, TODAY) == (Word(verb="wait", until=date.fromisoformat(until)),)


@pytest.mark.parametrize(
    "words", [f"write: {LETTER}", f"Write:\n{LETTER}", f"write\n\n{LETTER}", f"Hi lorbot,\nwrite: {LETTER}"]
)
def test_own_words_go_as_they_are(words: str) -> None:
    assert question_answers(words, DECIDE, TODAY, NADIA) == (Word(verb="write", text=LETTER),)


def test_own_words_may_come_with_the_backup() -> None:
    found = question_answers(f"backup\nwrite: {LETTER}", DECIDE, TODAY)
    assert found == (Word(verb="backup"), Word(verb="write", text=LETTER))


@pytest.mark.parametrize(
    "words",
    [
        "lopez@new.example",
        "address Lopez@New.example",
        "Her new address is <lopez@new.example>.",
        "Use: lopez@new.example",
    ],
)
def test_an_address_is_an_answer(words: str) -> None:
    assert question_answers(words, ADDRESS, TODAY) == (Word(verb="address", rest="lopez@new.example"),)


@given(st.text(max_size=200), st.sampled_from([DECIDE, PORTAL, OVERDUE, ADDRESS, UNKNOWN]))
def test_no_answer_is_too_odd(words: str, choices: tuple[str, ...]) -> None:
    verbs = {choice.split()[0].rstrip(":") for choice in choices}
    assert {a.verb for a in question_answers(words, choices, TODAY, NADIA)} <= verbs


# -- confirmations and courtesies --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("yes", "yes"), ("Yes, that was me.\n\nNadia", "yes"), ("ok", "yes"), ("no", "no"), ("It wasn’t me!", "no"),
        ("yes?", ""), ("", ""), ("what is this?", ""), ("yes but not all of it", ""), ("yes\nand send it to Kim", ""),
    ],
)  # fmt: skip
def test_a_confirmation(words: str, answer: str) -> None:
    assert confirmation(words, NADIA) == answer


@pytest.mark.parametrize(
    ("line", "says_nothing"),
    [
        ("Thanks,", True), ("Thanks, lorbot!", True), ("Many thanks", True), ("Best,", True), ("Best, Nadia", True),
        ("— Nadia", True), ("Nadia Rahman", True), ("MS4, Lakeside", True), ("--", True), ("Sent from my iPhone", True),
        ("Get Outlook for iOS", True), ("thanks but no", False), ("best to wait", False), ("- wait", False),
        ("John", False),
        ("Thanks, John", False), ("sent it to her", False),
    ],
)  # fmt: skip
def test_a_courtesy_says_nothing(line: str, says_nothing: bool) -> None:
    assert is_courtesy(line, NADIA) is says_nothing


@pytest.mark.parametrize(
    ("line", "greets"),
    [("Hi,", True), ("Hello lorbot!", True), ("Dear all,", True), ("Hi Elena", False), ("hidden", False)],
)
def test_a_greeting_to_the_program(line: str, greets: bool) -> None:
    assert is_greeting(line) is greets


def test_a_text_without_its_farewell_keeps_its_paragraphs() -> None:
    assert without_farewell("Hi lorbot,\n\nOne.\n\nTwo.\n\nThanks,\nNadia\n", NADIA) == "One.\n\nTwo."


def test_what_is_quoted_back_is_short() -> None:
    assert first_lines("a\n\nb") == "a\nb"
    assert first_lines("\n".join("x" * 300 for _ in range(20))) == "\n".join(["x" * 200] * 12) + "\n…"


# -- edits between the marker lines ------------------------------------------------------------------------------

SHOWN = (
    "Dear Dr. Lopez,\n\nI was your sub-intern on 5 West for four weeks in March, and you watched me lead the family "
    "meeting of Mr. H.\n\nGuidelines: https://example.edu/letters\n\nWith best regards,\nNadia"
)
WRAPPED = "\n".join(fill(line, 72) for line in SHOWN.split("\n"))


@pytest.mark.parametrize(
    "returned",
    [
        WRAPPED, SHOWN.replace("\n", "\r\n"), SHOWN.replace("'", "’"), SHOWN.replace(" ", "\u00a0"), SHOWN + "\n\n",
        SHOWN.replace("letters", "letters <https://example.edu/letters>"), SHOWN.replace("four weeks", "*four weeks*"),
    ],
)  # fmt: skip
def test_what_mail_programs_do_is_no_edit(returned: str) -> None:
    assert same_text(SHOWN, returned)


def test_a_changed_word_is_an_edit() -> None:
    assert not same_text(SHOWN, SHOWN.replace("four", "five"))


def test_only_what_was_changed_changes() -> None:
    assert edited(SHOWN, WRAPPED.replace("Dr. Lopez", "Elena")) == SHOWN.replace("Dr. Lopez", "Elena")


def test_a_paragraph_that_only_a_mail_program_changed_goes_as_it_was_shown() -> None:
    mangled = WRAPPED.replace("letters", "letters <https://example.edu/letters>").replace("your", "*your*")
    assert edited(SHOWN, mangled.replace("Dr. Lopez", "Elena")) == SHOWN.replace("Dr. Lopez", "Elena")


def test_a_changed_paragraph_is_one_line_again() -> None:
    assert edited(SHOWN, WRAPPED.replace("four", "five")) == SHOWN.replace("four", "five")


def test_a_paragraph_may_come_and_go() -> None:
    returned = WRAPPED.replace("Guidelines: https://example.edu/letters", "Short\nlines stay.")
    assert edited(SHOWN, returned) == SHOWN.replace("Guidelines: https://example.edu/letters", "Short\nlines stay.")


@pytest.mark.parametrize("line", ["send\n", "x y z\n", "thank, ", "later ", "a" * 50, "\n", "Hi,\n", "edit "])
def test_ten_thousand_lines_take_no_long_time(line: str) -> None:
    began = datetime.now(tz=UTC)
    words = line * 10_000
    preview_answer(words, TODAY, NADIA)
    question_answers(words, DECIDE, TODAY, NADIA)
    edited(SHOWN, words)
    assert datetime.now(tz=UTC) - began < timedelta(seconds=5)
