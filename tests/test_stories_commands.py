"""Every command, given as its help shows it, from the mail programs that people use: in answer to a mail of lorbot's,
whose first line is the command.
"""

from pathlib import Path

import pytest
from stage import CV, Stage, Style, apple, gmail, outlook

from lorbot.core.commands import COMMANDS
from lorbot.sandbox.server import MailServer

NOT_FOUND = "I did not find a command in your mail"


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_every_command_is_understood_as_its_help_shows_it(
    tmp_path: Path, mail_server: MailServer, style: Style
) -> None:
    stage = Stage(tmp_path, mail_server)
    stage.asked()
    stage.nadia.writes("help")
    stage.turn()
    told = stage.nadia.reads_one("help")

    silent, lost = [], []
    for command in COMMANDS:
        example = command.example.removeprefix("Subject: ")
        files = (CV,) if "attached" in example else ()
        stage.nadia.answers(told, example, style, files=files)
        stage.turn()
        mails = stage.nadia.reads()
        silent += [] if mails else [command.name]
        lost += [command.name for mail in mails if NOT_FOUND in mail.text]

    assert (silent, lost) == ([], [])


def test_what_is_no_command_is_said_to_be_none(tmp_path: Path, mail_server: MailServer) -> None:
    stage = Stage(tmp_path, mail_server)
    stage.nadia.writes("The garden", "It rains.")
    stage.turn()
    assert NOT_FOUND in stage.nadia.reads_one().text
