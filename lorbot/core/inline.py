"""A form that came back inside the quoted mail, filled in where it stood: behind "> email:", or on the line below.

What was sent is known word for word, so whatever differs is the applicant's.
"""

from collections.abc import Sequence

from lorbot.core.commands import form
from lorbot.core.commands.base import Field
from lorbot.core.edits import same_text


def filled_in(sent: str, returned: str, subject: str, fields: Sequence[Field]) -> str:
    """The `key: value` lines of the form headed by `subject` that say something else in `returned` than in `sent`."""
    before, after = _form(sent, subject, fields), _form(returned, subject, fields)
    words = {f.name: f.word for f in fields}
    changed = {
        name: _new(before.get(name, ""), given)
        for name, given in after.items()
        if given.strip() and not same_text(before.get(name, ""), given)
    }
    return "\n".join(f"{words[name]}: {given}" for name, given in changed.items())


def _new(before: str, after: str) -> str:
    """What was typed behind a wrong address is the right one."""
    behind = after.removeprefix(before).strip() if before else ""
    return behind if "@" in behind and " " not in behind else after


def _form(text: str, subject: str, fields: Sequence[Field]) -> dict[str, str]:
    """The fields of the form that stands below its "Subject:" line, up to the next such line."""
    wanted, begun = _squeezed(subject), False
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.lstrip("> \t|\xa0")
        head, colon, rest = bare.partition(":")
        if colon and head.strip(" *").lower() == "subject":
            if begun:
                break
            begun = bool(_squeezed(rest)) and wanted.startswith(_squeezed(rest))
        elif begun:
            lines.append(bare)
    return dict(form.parse("\n".join(lines), fields).fields)


def _squeezed(text: str) -> str:
    return "".join(text.casefold().replace("*", "").split())
