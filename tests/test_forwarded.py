"""Whose mail is passed on, by the head that each mail program copies; and a form filled in inside a quoted mail."""

import pytest

from lorbot.core.commands.mentor import COMMAND
from lorbot.core.inline import filled_in
from lorbot.mail.forwarded import passed_on

GMAIL = """She may write for me.

---------- Forwarded message ---------
From: Elena Lopez <Lopez@Hospital.example>
Date: Mon, Jun 14, 2027 at 9:12 AM
Subject: Letter?
To: Nadia Rahman <nadia@students.example>


Dear Nadia,

pause
"""
OUTLOOK = """She may write for me.

________________________________
From: Lopez, Elena <lopez@hospital.example>
Sent: Monday, June 14, 2027 9:12 AM
To: Rahman, Nadia <nadia@students.example>
Subject: Letter?

Dear Nadia,

pause
"""
APPLE = """She may write for me.

Begin forwarded message:

> From: Elena Lopez <lopez@hospital.example>
> Subject: Letter?
> Date: June 14, 2027 at 9:12:00 AM EDT
> To: Nadia Rahman <nadia@students.example>
>
> Dear Nadia,
>
> pause
"""
GERMAN = """She may write for me.

-----Ursprüngliche Nachricht-----
Von: Elena Lopez [mailto:lopez@hospital.example]
Gesendet: Montag, 14. Juni 2027 09:12
An: Nadia Rahman
Betreff: Letter?

Dear Nadia,

pause
"""
BARE = """She may write for me.

*From:* lopez@hospital.example
*Date:* Monday
*Subject:* Letter?

Dear Nadia,

pause
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [(GMAIL, "Elena Lopez"), (OUTLOOK, "Lopez, Elena"), (APPLE, "Elena Lopez"), (GERMAN, "Elena Lopez"), (BARE, "")],
)
def test_whose_mail_it_is(text: str, name: str) -> None:
    found = passed_on(text)
    assert found is not None
    assert (found.mail.sender.name, found.mail.sender.email) == (name, "lopez@hospital.example")
    assert (found.mail.subject, found.mail.text, found.above) == (
        "Letter?", "Dear Nadia,\n\npause", "She may write for me.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "From: me", "From: here to there\nstatus", "from: x@y.example\n\nhello", "To: x\n" * 50]
)
def test_what_is_passed_on_has_a_head_with_an_address(text: str) -> None:
    assert passed_on(text) is None


FORM = """This did not go through as it was:

    Subject: mentor Dr. Stein

    email: stein@
    role: clinical
    worked together: We looked after the ward for four weeks in March, and you saw me lead the meeting of the family.
    backup for:

An example:

    Subject: mentor Dr. Elena Lopez

    email: elena.lopez@hospital.example
    role: clinical
"""


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


@pytest.mark.parametrize(
    ("returned", "filled"),
    [
        (quoted(FORM), ""),
        (quoted(FORM).replace("stein@", "stein@x.example", 1), "email: stein@x.example"),
        (quoted(FORM).replace("stein@", "stein@ stein@x.example", 1), "email: stein@x.example"),
        (quoted(FORM).replace(">     backup for:", ">     backup for:\nDr. Kim"), "backup for: Dr. Kim"),
        (quoted(FORM).replace(">     backup for:", ">     backup for: Dr. Kim\n> since: 2024", 1),
         "backup for: Dr. Kim\nknown since: 2024"),
        (quoted(FORM).replace("four weeks in March", "four weeks\n> in March"), ""),
        (FORM.replace("clinical", "research", 1), "role: research"),
        (quoted(FORM).replace("elena.lopez@", "somebody@"), ""),
        (quoted(FORM).replace("stein@", "stein@x.example", 1) + quoted(quoted(FORM)), "email: stein@x.example"),
        ("thanks", ""),
    ],
)  # fmt: skip
def test_what_was_filled_in_is_what_differs(returned: str, filled: str) -> None:
    head = "Thanks, see below.\n\nOn Tue, Jun 15, 2027, lorbot wrote:\n"
    assert filled_in(FORM, head + returned, "mentor Dr. Stein", COMMAND.fields) == filled
