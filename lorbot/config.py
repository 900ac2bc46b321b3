"""The configuration: one TOML file, over it the environment (LORBOT_SECTION__KEY), checked as a whole before use.

Every key has a default that is safe. A wrong setting is never ignored: an unknown key is an error, and all that is
wrong is told at once, each with its remedy. No message shows a value that could be a secret. Relative paths are
relative to the file. What is loaded never changes.
"""

import codecs
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from lorbot.errors import ConfigurationError
from lorbot.settings import KEYS, PATHS, PREFIX, Settings
from lorbot.settings.mistakes import Problem, explained, nearest, unknown
from lorbot.settings.secret import SecretKeys, make_private, readable_by_others
from lorbot.settings.sense import senseless

__all__ = ["Settings", "load"]

READ_ELSEWHERE = frozenset({"LORBOT_CONFIG"})  # names the file itself; the command line reads it

SECRETS = (tuple(SecretKeys.model_fields), ("model_key", "model_key_file", "model_key_command"))
"""The keys of which at most one is given, each saying where a secret is kept."""

Document = dict[str, Any]  # what TOML gives: sections, keys, values of any type


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the configuration. Raises ConfigurationError with everything that is wrong, a line each."""
    written = _written(path)
    variables = {name.upper(): value for name, value in environ.items() if name.upper().startswith(PREFIX)}
    known = {_variable(*key.split(".")): key for key in _keys_of_variables()}
    over = _Environment({name: value for name, value in variables.items() if name in known})()
    settings, problems = _checked(_anchored(_merged(written, over), path.absolute().parent))
    named = {problem.key for problem in problems}
    problems += [problem for problem in senseless(settings) if problem.key not in named]
    problems += _exposed(path, written)

    set_by = {key: name for name, key in known.items() if name in variables}
    lines = [_line(problem, path, set_by) for problem in problems]
    lines += [
        f"environment variable {name} is no setting of lorbot; {nearest(name, known)}"
        for name in sorted(variables.keys() - known.keys() - READ_ELSEWHERE)
    ]
    if lines:
        raise ConfigurationError("\n".join(lines))
    return settings


def _keys_of_variables() -> Iterator[str]:
    """The keys that a variable can set: each single one, and the applicants together."""
    yield "applicants"
    for section, keys in KEYS.items():
        if section != "applicants":
            yield from (f"{section}.{key}" for key in keys)


class _Environment(EnvSettingsSource):
    """The variables given, as a document."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._variables.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """A list stands as JSON; what is none is left as it is, to be told with all else that is wrong."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def _written(path: Path) -> Document:
    try:
        content = path.read_bytes()
    except IsADirectoryError as folder:
        raise ConfigurationError(f"{path} is a folder; name the file in it, such as {path / 'config.toml'}") from folder
    except FileNotFoundError as missing:
        raise ConfigurationError(
            f"there is no configuration at {path}; `lorbot init` writes one, or copy config.example.toml there"
        ) from missing
    except OSError as refused:
        raise ConfigurationError(f"{path} cannot be read ({refused.strerror}); mend its permissions") from refused
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ConfigurationError(f"{path} begins with a byte-order mark; save it as UTF-8 without one (BOM)")
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise ConfigurationError(f"{path}: line {line} is not UTF-8; save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as wrong:
        raise ConfigurationError(
            f"{path} is no TOML: {wrong}; text stands in quotes, each key and each [section] stands once"
        ) from None


def _merged(written: Document, over: Document) -> Document:
    """The file with the environment over it. A secret in the environment replaces the file's, whichever key it has."""
    merged = dict(written)
    for section, keys in over.items():
        below = written.get(section, {})
        if not isinstance(keys, dict) or not isinstance(below, dict):
            merged[section] = keys
            continue
        hidden = [key for kinds in SECRETS if keys.keys() & set(kinds) for key in kinds]
        merged[section] = {key: value for key, value in below.items() if key not in hidden} | keys
    return merged


def _anchored(document: Document, folder: Path) -> Document:
    """The document with its paths made absolute: relative ones begin at `folder`, "~/" at the user's home."""
    anchored = dict(document)
    for (section, key), usual in PATHS.items():
        keys = anchored.get(section, {})
        given = keys.get(key, usual) if isinstance(keys, dict) else None
        if isinstance(given, str) and given:
            home_or_folder = Path.home() if given.startswith("~/") else folder
            anchored[section] = {**keys, key: str(home_or_folder / given.removeprefix("~/"))}
    return anchored


def _checked(document: Document) -> tuple[Settings, list[Problem]]:
    """The settings, wrong ones left at their defaults, and what is wrong with those."""
    problems = [Problem(key, unknown(key, tuple(KEYS))) for key in document if key not in KEYS]
    document = {key: value for key, value in document.items() if key in KEYS}
    while True:
        try:
            return Settings(**document), problems
        except ValidationError as refused:
            errors = refused.errors(include_url=False, include_input=False)
        problems += [explained(error) for error in errors]
        for error in errors:
            document = _without(document, error["loc"])


def _without(document: Document, loc: tuple[int | str, ...]) -> Document:
    section, *below = [str(step) for step in loc]
    keys = document.get(section)
    if isinstance(keys, dict) and below:
        return document | {section: {key: value for key, value in keys.items() if key != below[0]}}
    return {key: value for key, value in document.items() if key != section}


def _variable(*path: str) -> str:
    return PREFIX + "__".join(path).upper()


def _line(problem: Problem, path: Path, set_by: Mapping[str, str]) -> str:
    key = problem.key.partition(" ")[0]
    name = set_by.get(key) or set_by.get(key.partition(".")[0])
    return f"environment variable {name} {problem.says}" if name else f"{path}: {problem.key} {problem.says}"


def _exposed(path: Path, written: Document) -> Iterator[Problem]:
    """Passwords that stand in a file which others can read."""
    for section, key in (("mailbox", "password"), ("smtp", "password"), ("reader", "model_key")):
        keys = written.get(section)
        if isinstance(keys, dict) and keys.get(key) and readable_by_others(path):
            yield Problem(f"{section}.{key}", f"stands in a file that others can read; run: {make_private(path)}")
