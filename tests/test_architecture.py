"""The shape of the package: what may know what, who may read a clock, and how long a file may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import lorbot

ROOT = Path(lorbot.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
INNER = ("core", "mail", "reading")  # values in, values out
OUTSIDE = ("lorbot.shell", "lorbot.sandbox", "lorbot.daemon", "lorbot.cli", "lorbot.wiring", "lorbot.config")
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic"}
DOORS = {"socket", "ssl", "smtplib", "imaplib", "imapclient", "asyncio", "threading", "subprocess", "os", "tempfile",
         "urllib.request", "http.client", "requests", "random", "tinydb", "apscheduler"}  # fmt: skip
MAY_READ_A_CLOCK = {"daemon.py", "cli.py", "cli_dossiers.py", "cli_services.py"}
"""What runs: its moment goes down as an argument. The sandbox is a world of its own."""

MAY_READ_FILES = {
    "core/services.py",  # package data
    "mail/render.py",  # templates
    "reading/model.py",  # package data
    "reading/portals.py",  # package data
}
IN_MEMORY = {"core/books.py"}
"""What makes a file without touching a disk: it needs `io.BytesIO`, and nothing else of io."""

SHADOWING = {"email", "calendar", "queue", "types", "utils", "helpers", "manager", "data", "info", "common", "misc"}
LONGEST = 300
MAY_BE_LONGER = {
    "core/dossier.py": 400,  # the values of a dossier, one after another
    "daemon.py": 500,  # one loop, and the whole flow of a mail in one place
    "shell/mailbox.py": 460,  # one adapter, one connection
    "sandbox/story.py": 340,  # a season, told from its first day to its last
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def in_package(*names: str) -> list[Path]:
    """Training is a tool beside the program, and never imported by it."""
    found = [path for path in FILES if name_of(path).startswith(tuple(f"{n}/" for n in names))]
    return [path for path in found if not name_of(path).startswith("reading/training/")]


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, and every name it imports from one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(path: Path) -> Iterator[str]:
    """Every call and every mention of a clock, as far as it can be read off: "datetime.now", "open"."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            yield f"{owner}.{node.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def is_or_is_in(module: str, packages: set[str] | tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def test_the_walk_finds_the_package() -> None:
    assert len(in_package(*INNER)) > 50
    assert "lorbot.core.dossier" in set(imported(ROOT / "core" / "decide.py"))
    assert "datetime.now" in set(called(ROOT / "daemon.py"))


@pytest.mark.parametrize("path", in_package(*INNER), ids=name_of)
def test_what_knows_does_nothing(path: Path) -> None:
    """The core, the mail and the reading packages import no shell and open no door to the outside."""
    modules = set(imported(path))
    assert {m for m in modules if is_or_is_in(m, OUTSIDE) or is_or_is_in(m, DOORS)} == set()
    if name_of(path) not in MAY_READ_FILES:
        assert "open" not in set(called(path))
        allowed = {"io.StringIO", *({"io", "io.BytesIO"} if name_of(path) in IN_MEMORY else ())}
        assert {m for m in modules if is_or_is_in(m, ("pathlib", "io", "importlib"))} - allowed == set()


@pytest.mark.parametrize("path", in_package("core"), ids=name_of)
def test_the_core_knows_neither_bytes_nor_wording(path: Path) -> None:
    known = {m for m in imported(path) if m.startswith("lorbot")}
    assert {m for m in known if not is_or_is_in(m, ("lorbot.core", "lorbot.services", "lorbot.errors"))} == set()
    assert {m for m in imported(path) if is_or_is_in(m, ("email", "jinja2"))} == set()


@pytest.mark.parametrize("path", in_package("mail"), ids=name_of)
def test_mail_is_parsed_without_understanding_it(path: Path) -> None:
    assert {m for m in imported(path) if is_or_is_in(m, ("lorbot.reading", "lorbot.intake"))} == set()


@pytest.mark.parametrize("path", in_package("reading"), ids=name_of)
def test_reading_needs_no_mail(path: Path) -> None:
    assert {m for m in imported(path) if is_or_is_in(m, ("lorbot.intake", "jinja2"))} == set()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_what_runs_reads_a_clock(path: Path) -> None:
    if name_of(path) not in MAY_READ_A_CLOCK and not name_of(path).startswith("sandbox/"):
        assert set(called(path)) & CLOCKS <= _allowed_clocks(path)


def _allowed_clocks(path: Path) -> set[str]:
    """Waiting is measured on a clock that only runs forward; what time it is is asked in two places."""
    return {"time.monotonic"} if name_of(path).startswith("shell/") else set()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_module_is_named_for_what_is_in_it(path: Path) -> None:
    assert path.stem not in SHADOWING


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_is_one_room(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAY_BE_LONGER.get(name_of(path), LONGEST)


@pytest.mark.parametrize("path", [p for p in FILES if p.stat().st_size], ids=name_of)
def test_a_module_opens_with_what_it_is_for(path: Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert text, "a docstring"
    assert text.split("\n\n")[0].rstrip().endswith((".", ":", "?")), "whose first paragraph is a sentence"
