"""What the README and the documents say is so: their commands, options, links, settings and lists."""

import re
import runpy
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lorbot.cli import main
from lorbot.core.commands import COMMANDS
from lorbot.core.reading import Kind, Signal, Stage, Stance
from lorbot.settings import KEYS
from lorbot.settings.providers import PROVIDERS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")] + sorted(ROOT.glob("docs/*.md"))
LATER: tuple[str, ...] = ()

README = (ROOT / "README.md").read_text()

ids = [str(page.relative_to(ROOT)) for page in PAGES]


def blocks(text: str) -> list[str]:
    """The code blocks of a page."""
    return re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def code(text: str) -> str:
    """The code of a page alone, a piece a line: inline spans, which may run over a line's end, and blocks."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]
    return "\n".join([*spans, *blocks(text)])


def in_readme(name: str) -> str:
    """The block below a marker, as .ci/run takes it."""
    found = re.search(rf"^<!-- {name} -->\n```\w*\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", ["demo", "tests", "excerpt"])
def test_ci_runs_what_the_readme_says(name: str) -> None:
    shown = subprocess.run([ROOT / ".ci/run", "--show", name], capture_output=True, text=True, check=True).stdout
    assert shown == in_readme(name)


def test_the_readme_opens_with_the_two_commands_each_one_line_to_paste() -> None:
    assert blocks(README)[:2] == [in_readme("demo"), in_readme("tests")]
    assert "## " not in README[: README.index(in_readme("tests"))]
    assert [in_readme(name).count("\n") for name in ("demo", "tests")] == [1, 1]


def test_ci_has_no_command_of_its_own_for_the_demo_and_the_tests() -> None:
    script = (ROOT / ".ci/run").read_text()
    assert re.findall(r"from_readme (\w+)\)", script) == ["demo", "tests"]
    assert re.findall(r"pytest .*", script) == ["pytest -q tests/test_dockerfile.py"]


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_command_and_option_that_is_named_exists(page: Path) -> None:
    wrong = [line for line in code(page.read_text()).splitlines() for _ in unknown(line)]
    assert wrong == []


def unknown(line: str) -> Iterator[str]:
    """What follows "lorbot" in a line of code and is not there: a command, or an option of it."""
    for call in re.findall(r"(?:^|&& |=|[\w.]/|\d, |exec lorbot )lorbot ((?:[a-z]+|-)[^&|#]*)", line):
        name, *words = shlex.split(call)
        command = main.commands.get(name)
        if command is None:
            yield name
            continue
        known = {option for each in command.params for option in each.opts} | {"--help"}
        yield from (word for word in words if word.startswith("--") and word not in known)


def test_a_command_or_an_option_that_does_not_exist_is_found() -> None:
    lines = ("lorbot plan", ".venv/bin/lorbot run --twice", "ExecStart=/opt/lorbot/bin/lorbot go", "lorbot run --once")
    assert [list(unknown(line)) for line in lines] == [["plan"], ["--twice"], ["go"], []]


def test_every_command_is_explained_to_whoever_runs_it() -> None:
    text = code((ROOT / "docs/operating.md").read_text())
    visible = [name for name, command in main.commands.items() if not command.hidden]
    assert [name for name in visible if not re.search(rf"^lorbot {name}\b", text, re.MULTILINE)] == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    assert [link for link in links if not link.startswith("https://") and not leads_somewhere(page, link)] == []


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in links, as GitHub does it."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_mail_commands_are_documented_as_they_are() -> None:
    page = ROOT / "docs/mail-interface.md"
    fresh = runpy.run_path(str(ROOT / "docs/generate.py"))["regenerated"](page.read_text())
    assert page.read_text() == fresh, "run: python docs/generate.py"
    assert [c.name for c in COMMANDS if f"```text\n{c.example}\n```" not in fresh] == []


def test_what_is_announced_for_later_is_not_there_and_what_is_there_is_in_the_changes() -> None:
    names = [command.name for command in COMMANDS]
    assert [name for name in LATER if name in names] == []
    assert [name for name in LATER if f"`{name}`" not in README] == []
    assert [name for name in names if f"`{name}`" not in (ROOT / "CHANGELOG.md").read_text()] == []


def test_every_setting_that_is_named_exists() -> None:
    known = {key for keys in KEYS.values() for key in keys} | set(PROVIDERS)
    told = code((ROOT / "docs/operating.md").read_text())
    settings = re.findall(r"^([a-z_]+) = |^([a-z]+_[a-z_]+)$", told, re.MULTILINE)
    named = {one or other for one, other in settings}
    assert "poll_seconds" in named
    assert named - known == set()


def test_every_label_of_a_reading_is_explained() -> None:
    text = (ROOT / "docs/reading.md").read_text()
    shown = set(Stance) | set(Signal) | set(Stage) | (set(Kind) - {Kind.PORTAL_NOTICE})
    assert [label for label in sorted(shown) if f"`{label}`" not in text] == []
