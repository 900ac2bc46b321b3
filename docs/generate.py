"""Writes what the documents say about the mail commands from the commands themselves: python docs/generate.py

Only the block between the two markers of mail-interface.md is replaced; a test fails when it is out of date.
"""

from pathlib import Path

from lorbot.core.commands import COMMANDS
from lorbot.core.commands.base import Command

PAGE = Path(__file__).with_name("mail-interface.md")
BEGIN = "<!-- commands: written by docs/generate.py -->"
END = "<!-- end of commands -->"


def regenerated(page: str) -> str:
    """`page` with the block as it should be. Raises ValueError when a marker is missing."""
    before, found, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"{PAGE.name} needs the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{commands()}\n{END}{after}"


def commands() -> str:
    """Every command: what it does, an example to copy, and which other words and keys it knows."""
    return "\n".join(_command(command) for command in COMMANDS)


def _command(command: Command) -> str:
    lines = [
        f"### `{f'{command.name} {command.argument}'.strip()}`",
        "",
        f"{command.does[0].upper()}{command.does[1:]}.",
        "",
        "```text",
        command.example,
        "```",
        "",
    ]
    if command.fields:
        lines += [f"Lines it knows: {', '.join(f'`{field.word}`' for field in command.fields)}.", ""]
    if command.free_text:
        lines += [f"Text without a key: {command.free_text}.", ""]
    if command.words[1:]:
        lines += [f"Also: {', '.join(f'`{word}`' for word in command.words[1:])}.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(regenerated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
