"""What a mail to a mentor may promise, and the test that shows that it is kept.

A promise is made in the applicant's name, and nobody is there to keep it but the program. `lorbot.mail.lint` refuses a
template that promises anything else; `tests/test_lint.py` looks whether each test exists.
"""

import re
from collections.abc import Iterator

_PACKET = "tests/test_answers.py::test_a_yes_sends_the_packet_once_and_tells_the_applicant"
_LAST = "tests/test_templates.py::test_a_promise_of_silence_is_kept"
_ENDED = "tests/test_promises.py::test_after_an_ending_the_clock_is_silent"

PROMISES: dict[str, str] = {
    "i will send you everything in one message": _PACKET,
    "i will send you my documents and the details in one message": _PACKET,
    "i will send you the details in one message": _PACKET,
    "this is my last note": _LAST,
    "this is my last reminder": _LAST,
    "i will take it that this is not a good time": _LAST,
    "i will not ask again": _LAST,
    "i will not ask about it again": _LAST,
    "i will not ask you about this letter again": _ENDED,
    "there is nothing more for you to do": _ENDED,
    "i will look for": "tests/test_clock.py::test_a_reported_letter_that_nobody_confirms_is_brought_up_once",
    "i will ask somebody else": "tests/test_stories_outside.py::test_a_no_on_the_phone_and_the_backup_is_asked",
    "i will tell you": "tests/test_news_stories.py::test_an_outcome_is_told_to_all_who_wrote_with_one_word",
    "i will not write to you about this again": "tests/test_answers.py::test_a_wrong_person_gets_at_most_the_apology",
}
"""The words, in lower case, and what keeps them."""

_PROMISING = re.compile(
    r"\bI(?: will|’ll|'ll| shall| promise)\b[^.;!?]*"
    r"|\byou(?: will|’ll|'ll)(?: not| never)? (?:hear|get|receive|have)\b[^.;!?]*"
    r"|\b(?:there is |there will be )?nothing (?:more|else)\b[^.;!?]*"
    r"|\bno (?:more|further) (?:mails?|e-mails?|messages?|reminders?|notes?)\b[^.;!?]*"
    r"|\b(?:this is )?(?:my|the) last (?:note|reminder|mail|message)\b[^.;!?]*",
    re.IGNORECASE,
)


def unkept(text: str) -> Iterator[tuple[int, str]]:
    """Every promise in `text` that no test keeps: where it begins, and its words."""
    for found in _PROMISING.finditer(text):
        said = " ".join(found[0].lower().replace("’", "'").replace("i'll", "i will").split())
        if not any(promise in said for promise in PROMISES):
            yield found.start(), " ".join(found[0].split())
