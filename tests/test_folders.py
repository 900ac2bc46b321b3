"""Which folder is which, as providers and mail programs list them."""

from typing import Any

import pytest

from lorbot.shell.folders import Folders, told_apart


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ([((), b"/", "INBOX"), ((), b"/", "Sent Items"), ((), b"/", "Junk Email")], ("Junk Email", "Sent Items", None)),
        ([((), b".", "INBOX.Sent"), ((), b".", "INBOX.spam")], ("INBOX.spam", "INBOX.Sent", None)),
        (
            [
                ((b"\\HasChildren", b"\\Noselect"), b"/", "[Gmail]"),
                ((b"\\All",), b"/", "[Gmail]/Tous les messages"),
                ((b"\\Junk",), b"/", "[Gmail]/Spam"),
                ((b"\\Sent",), b"/", "[Gmail]/Messages envoyés"),
            ],
            ("[Gmail]/Spam", "[Gmail]/Messages envoyés", "[Gmail]/Tous les messages"),
        ),
        ([((), b"/", "[Gmail]/Sent Mail"), ((), b"/", "[Gmail]/Spam")], ("[Gmail]/Spam", "[Gmail]/Sent Mail", None)),
        (
            [((), b"/", "Gesendete Elemente"), ((), b"/", "Junk-E-Mail")],
            ("Junk-E-Mail", "Gesendete Elemente", None),
        ),
        ([((), b"/", "迷惑メール"), ((), b"/", "送信済みアイテム")], ("迷惑メール", "送信済みアイテム", None)),
        ([((), b"/", "Sent"), ((b"\\Sent",), b"/", "Out")], (None, "Out", None)),  # what the server says comes first
        ([((), b"/", "Archive/2019/Sent"), ((b"\\NonExistent",), b"/", "Junk")], (None, None, None)),
        ([((), None, "Sent")], (None, "Sent", None)),
        ([((), b"/", "INBOX")], (None, None, None)),
    ],
)
def test_folders_are_told_apart(listed: Any, expected: tuple[str | None, str | None, str | None]) -> None:
    junk, sent, all_mail = expected
    known = Folders(inbox="INBOX", junk=junk, sent=sent, all_mail=all_mail)
    assert told_apart(listed, Folders(inbox="INBOX")) == known
