"""The shape of the package: what may know what, who may read a clock, and how long a file may be."""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
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


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module a file imports, and every name it imports from one."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are absolute"
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


@cache
def called(path: Path) -> frozenset[str]:
    """Every call and every mention of a clock, as far as it can be read off: "datetime.now", "open"."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            found.add(f"{owner}.{node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.add(node.func.id)
    return frozenset(found)


def is_or_is_in(module: str, packages: set[str] | tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def offenders(paths: list[Path], wrong: Callable[[Path], Iterable[str]]) -> dict[str, list[str]]:
    """What is wrong with which file, for every file with which something is."""
    assert paths
    found = {name_of(path): sorted(wrong(path)) for path in paths}
    return {name: what for name, what in found.items() if what}


def test_the_walk_finds_the_package() -> None:
    assert len(in_package(*INNER)) > 50
    assert "lorbot.core.dossier" in imported(ROOT / "core" / "decide.py")
    assert "datetime.now" in called(ROOT / "daemon.py")


def test_what_knows_does_nothing() -> None:
    """The core, the mail and the reading packages import no shell and open no door to the outside."""
    assert offenders(in_package(*INNER), _doors) == {}


def _doors(path: Path) -> Iterator[str]:
    modules = imported(path)
    yield from (m for m in modules if is_or_is_in(m, OUTSIDE) or is_or_is_in(m, DOORS))
    if name_of(path) not in MAY_READ_FILES:
        yield from called(path) & {"open"}
        allowed = {"io.StringIO", *({"io", "io.BytesIO"} if name_of(path) in IN_MEMORY else ())}
        yield from {m for m in modules if is_or_is_in(m, ("pathlib", "io", "importlib"))} - allowed


def test_the_core_knows_neither_bytes_nor_wording() -> None:
    assert offenders(in_package("core"), _beyond_the_core) == {}


def _beyond_the_core(path: Path) -> Iterator[str]:
    known = (m for m in imported(path) if m.startswith("lorbot"))
    yield from (m for m in known if not is_or_is_in(m, ("lorbot.core", "lorbot.services", "lorbot.errors")))
    yield from (m for m in imported(path) if is_or_is_in(m, ("email", "jinja2")))


@pytest.mark.parametrize(
    ("package", "strange"),
    [
        ("mail", ("lorbot.reading", "lorbot.intake")),  # mail is parsed without understanding it
        ("reading", ("lorbot.intake", "jinja2")),  # reading needs no mail
    ],
)
def test_mail_and_reading_know_nothing_of_each_other(package: str, strange: tuple[str, ...]) -> None:
    assert offenders(in_package(package), lambda path: {m for m in imported(path) if is_or_is_in(m, strange)}) == {}


def test_only_what_runs_reads_a_clock() -> None:
    """Waiting is measured on a clock that only runs forward; what time it is is asked in two places."""
    others = [p for p in FILES if name_of(p) not in MAY_READ_A_CLOCK and not name_of(p).startswith("sandbox/")]
    assert offenders(others, lambda path: called(path) & CLOCKS - _allowed_clocks(path)) == {}


def _allowed_clocks(path: Path) -> set[str]:
    return {"time.monotonic"} if name_of(path).startswith("shell/") else set()


def test_a_module_is_named_for_what_is_in_it() -> None:
    assert offenders(FILES, lambda path: {path.stem} & SHADOWING) == {}


def test_a_file_is_one_room() -> None:
    assert offenders(FILES, _too_long) == {}


def _too_long(path: Path) -> Iterator[str]:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > MAY_BE_LONGER.get(name_of(path), LONGEST):
        yield f"{lines} lines"


def test_a_module_opens_with_what_it_is_for() -> None:
    """In a docstring whose first paragraph is a sentence."""
    assert offenders([p for p in FILES if p.stat().st_size], _without_an_opening) == {}


def _without_an_opening(path: Path) -> Iterator[str]:
    text = ast.get_docstring(tree(path)) or ""
    if not text.split("\n\n")[0].rstrip().endswith((".", ":", "?")):
        yield text[:80] or "no docstring"
