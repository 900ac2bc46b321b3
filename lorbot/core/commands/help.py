"""`help`: every command with an example, or one of them in full. Written from the commands themselves."""

from collections.abc import Callable, Sequence

from lorbot.core.commands.base import Command, Request, answered
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier


def help_for(commands: Callable[[], Sequence[Command]]) -> Command:
    """The help command, which knows all the others."""

    def handle(request: Request, dossier: Dossier) -> Decision:
        low = request.argument.lower().strip()
        wanted = next((c for c in commands() if low and low in c.words), None)
        shown = [seen(c) for c in commands()]
        return answered(
            dossier, request, "help",
            why="help was asked for", commands=shown, wanted=seen(wanted) if wanted else None, asked_for=low,
        )  # fmt: skip

    return Command(
        name="help",
        words=("help", "commands", "how does this work", "?"),
        does="this list; “help mentor” explains one command",
        example="Subject: help mentor",
        handle=handle,
        argument="[command]",
    )


def seen(command: Command) -> dict[str, object]:
    """A command as the help templates see it."""
    return {
        "name": command.name,
        "argument": command.argument,
        "does": command.does,
        "example": command.example,
        "subject": command.example.partition("\n")[0].removeprefix("Subject: "),
        "fields": [{"key": f.word, "example": f.example} for f in command.fields],
        "free_text": command.free_text,
    }
