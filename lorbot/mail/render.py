"""Templates to text: one file is one mail, its subject the first line. Sandboxed, strict, and never a second header.

A paragraph of a template may be written over several lines; it becomes one line, as mail programs like it. Text of a
person (`| quoted`, `| verbatim`) keeps its lines. A mail to the applicant gets an HTML form made from the same text.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache, partial
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt

from lorbot.core.value import Line, Text, many_lines, one_line, value
from lorbot.errors import TemplateError

_OPEN, _CLOSE = "\x02", "\x03"  # around text that keeps its lines; values cannot hold them
_KEPT = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_STARTS_A_LINE = re.compile(r"^(?:[-*•>|#]|\d+[.)] |  |[A-Z][A-Za-z ]{1,14}: )")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")


@value
class Rendered:
    subject: Line
    text: Text
    html: str = ""


class Renderer:
    """Renders the built-in templates, or those of a folder that overrides them one by one."""

    def __init__(self, overrides: Path | None = None) -> None:
        self._environment = _environment(overrides) if overrides else _builtin_environment()

    def render(self, template: str, context: dict[str, Any]) -> Rendered:
        """The mail that `template` makes of `context`.

        Raises TemplateError, naming the template and the value, when one is missing or the template is broken.
        """
        source = self._fill(f"{template}.txt", context)
        head, _, body = source.lstrip("\n").partition("\n")
        if not head.startswith("Subject: ") or not body.strip():
            raise TemplateError(f"template {template}.txt: the first line must be “Subject: ...”, then an empty line")
        text = reflowed(body)
        html = self._html(text, context) if template.startswith("applicant/") else ""
        return Rendered(subject=one_line(head.removeprefix("Subject: ")), text=_KEPT.sub(r"\1", text), html=html)

    def names(self) -> Sequence[str]:
        """Every template that makes a mail."""
        found = self._environment.list_templates(extensions=["txt"])
        return [n.removesuffix(".txt") for n in found if "/" in n and not n.rsplit("/", 1)[-1].startswith("_")]

    def sources(self) -> dict[str, str]:
        """The text of every template by its file's name, "mentor/ask.txt"; an own one in place of the built-in."""
        loader = self._environment.loader
        assert loader is not None
        files = (f for f in self._environment.list_templates() if f.endswith((".txt", ".html")))
        return {f: loader.get_source(self._environment, f)[0] for f in files}

    def _fill(self, name: str, context: dict[str, Any]) -> str:
        return _filled(self._environment, name, context)

    def _html(self, text: str, context: dict[str, Any]) -> str:
        parts = _KEPT.split(text)
        pieces = [_kept_html(part) if i % 2 else _markdown().render(part) for i, part in enumerate(parts)]
        return self._fill("applicant/_layout.html", {**context, "content": "".join(pieces)})


@cache
def _builtin_environment() -> jinja2.Environment:
    """The built-in templates, each compiled once; jinja2 looks whether a file has changed since."""
    return _environment(None)


def _environment(overrides: Path | None) -> jinja2.Environment:
    folders = [*([str(overrides)] if overrides else []), str(builtin_folder())]
    made = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders, encoding="utf-8"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    made.globals["body_of"] = partial(_body_of, made)
    made.filters |= {"quoted": quoted, "verbatim": verbatim, "listed": listed, "indented": indented}
    return made


def _body_of(environment: jinja2.Environment, template: str, context: dict[str, Any]) -> str:
    """The body of a mail to the applicant as a part of another: without its subject and its line of help."""
    filled = _filled(environment, f"{template}.txt", {**context, "piece": True})
    return filled.lstrip("\n").partition("\n")[2].strip("\n")


def _filled(environment: jinja2.Environment, name: str, context: dict[str, Any]) -> str:
    try:
        return environment.get_template(name).render(context)
    except jinja2.TemplateNotFound as error:
        raise TemplateError(f"there is no template {error.name}") from error
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(f"template {error.name or name}, line {error.lineno}: {error.message}") from error
    except (jinja2.UndefinedError, jinja2.exceptions.SecurityError, TypeError, ValueError) as error:
        raise TemplateError(f"template {name}: {error}") from error


def builtin_folder() -> Path:
    """The folder of the built-in templates: in the package when installed, beside it in a checkout."""
    inside = Path(str(resources.files("lorbot"))) / "templates"
    return inside if inside.is_dir() else inside.parent.parent / "templates"


def verbatim(text: str) -> str:
    """Text as it is, line for line."""
    return f"{_OPEN}{many_lines(text)}{_CLOSE}"


def quoted(text: str) -> str:
    """Somebody's words, each line behind "> "."""
    return "\n".join(f"> {line}".rstrip() for line in many_lines(text).split("\n"))


def indented(text: str) -> str:
    """Text behind four spaces, line for line: an example to copy."""
    return verbatim("\n".join(f"    {line}".rstrip() for line in many_lines(text).split("\n")))


def listed(items: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    items = [str(item) for item in items]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def reflowed(text: str) -> str:
    """Paragraphs as one line each; lists, quotes, tables and kept text as they are. A `\\` at a line's end keeps it."""
    parts = _KEPT.split(text)
    done = [f"{_OPEN}{part}{_CLOSE}" if i % 2 else _joined(part) for i, part in enumerate(parts)]
    return "".join(done).strip("\n")


def _joined(text: str) -> str:
    lines: list[str] = []
    open_paragraph = False
    for source in text.split("\n"):
        line = source.removesuffix("\\").rstrip()
        if not lines or not open_paragraph or not line or _STARTS_A_LINE.match(line):
            lines.append(line)
        else:
            lines[-1] = f"{lines[-1]} {line.strip()}"
        open_paragraph = bool(line) and not source.endswith("\\")
    return _MANY_BLANK_LINES.sub("\n\n", "\n".join(lines))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    """Paragraphs, lists, quotes, tables and emphasis; no links and no HTML, whatever a mail's text holds."""
    kinds = ["list", "blockquote", "heading", "table", "emphasis", "newline", "hr"]
    return MarkdownIt("zero", {"html": False, "breaks": True}).enable(kinds)


def _kept_html(text: str) -> str:
    return f'<div class="mail">{escape(text)}</div>'
