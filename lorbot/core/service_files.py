"""Service files to services: TOML read, put over what is known already, and checked; all that is wrong is told at once.

A file of the operator's gives only what differs: its values replace those of the built-in file of the same name, and
say so. Tables (`counts`, `formats`, `reuse`, `sources`) are replaced key by key, `dates` cycle by cycle, all else as a
whole. `based_on` names a service from which a file takes what it does not give itself, and `without` lists what it
does not take.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lorbot.core.service import ADVICE, Service
from lorbot.core.service_mistakes import Problem, explained, nearest
from lorbot.core.service_sense import clashes, senseless
from lorbot.errors import ServiceFileError

Document = dict[str, Any]

BY_KEY = ("counts", "formats", "reuse", "digits", "sources")
"""Tables of which a file over another replaces single keys."""

LISTS = ("wanted", "forms", "dates")
"""Lists of tables, each with its own `said_by`."""

ABOUT_FILES = ("based_on", "without")
"""Keys that say how a file and another go together."""

ITS_OWN = ("title", "aliases", "used_for")
"""What no other service may take over: how it is called."""

OPERATOR = "operator"
"""The source of what an operator's file says without naming another."""

_SERVICE = TypeAdapter(Service)


def catalogue(built_in: Mapping[str, str], own: Mapping[str, tuple[str, str]] | None = None) -> dict[str, Service]:
    """Every service by name, from the texts of the built-in files by name and of the operator's: name -> path, text.

    Raises ServiceFileError with everything that is wrong, a line each: the file, the key, what to do.
    """
    own = own or {}
    where = {name: f"{name}.toml" for name in built_in} | {name: path for name, (path, _) in own.items()}
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    for name, text in (*built_in.items(), *((name, text) for name, (_, text) in own.items())):
        given = _read(name, text, where[name], problems)
        below = documents.get(name)
        if given is not None:
            documents[name] = _over(below, given) if name in own else given
    found: dict[str, Service] = {}
    for name in sorted(documents, key=lambda n: ("based_on" in documents[n], n in own, n)):
        service = _made(name, documents, where, problems)
        if service is not None:
            found[name] = service
    problems += clashes({name: found[name] for name in sorted(found, key=lambda n: (n in own, n))}, where)
    if problems:
        raise ServiceFileError([problem.sentence for problem in problems])
    return {name: found[name] for name in sorted(found)}


def merged(below: Document, over: Document) -> Document:
    """`below` with the values of `over` in their place; what is replaced, or not taken, loses its sources."""
    below = _lacking(below, over.get("without", []))
    said = {key: by for key, by in below.get("said_by", {}).items() if key not in set(paths(over))}
    result = {**below, **over, "said_by": said | over.get("said_by", {})}
    result.pop("without", None)
    for table in BY_KEY:
        if table in below and isinstance(over.get(table), dict):
            result[table] = {**below[table], **over[table]}
    return result


def _lacking(document: Document, keys: Any) -> Document:
    """A document without these facts and their sources."""
    for key in keys if isinstance(keys, list) else ():
        table, _, below = str(key).partition(".")
        kept = {k: v for k, v in document.items() if k != table}
        if below and isinstance(document.get(table), dict):
            kept[table] = {k: v for k, v in document[table].items() if k != below}
        said = {path: by for path, by in document.get("said_by", {}).items() if path != key}
        document = {**kept, "said_by": said}
    return document


def paths(document: Document) -> Iterator[str]:
    """The facts that a document gives, as `said_by` names them: "counts.most", "steps"."""
    for key, value in document.items():
        if key in ADVICE or key in ABOUT_FILES:
            continue
        if key in BY_KEY and isinstance(value, dict) and key != "digits":
            yield from (f"{key}.{below}" for below in value)
        else:
            yield key


def _read(name: str, text: str, where: str, problems: list[Problem]) -> Document | None:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        says = f"is no TOML ({wrong}); text stands in quotes, each key and each [table] stands once"
        problems.append(Problem(where=where, key="", says=says))
        return None
    if "name" in document:
        problems.append(Problem(where=where, key="name", says=f"is that of the file; remove it (it is {name})"))
        document.pop("name")
    return {**document, "said_by": dict(_flat(document.get("said_by", {})))}


def _flat(said_by: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """`counts.most = [...]` below [said_by] is a table in a table."""
    for key, value in said_by.items() if isinstance(said_by, dict) else ():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _over(below: Document | None, given: Document) -> Document:
    """What an operator's file gives, over the built-in file of that name if there is one."""
    given = _signed(given)
    return merged(below, _with_cycles(below, given)) if below else given


def _signed(document: Document) -> Document:
    """An operator's document, in which every fact without a source is the operator's own word."""
    said = {path: [OPERATOR] for path in paths(document)} | document["said_by"]
    signed = {**document, "said_by": said}
    for key in LISTS:
        if isinstance(document.get(key), list):
            signed[key] = [{"said_by": [OPERATOR], **e} if isinstance(e, dict) else e for e in document[key]]
    address = str(document.get("source", ""))
    own = {"kind": "operator", "url": address if address.startswith("http") else ""}
    signed["sources"] = {OPERATOR: own, **document.get("sources", {})}
    return signed


def _with_cycles(below: Document, over: Document) -> Document:
    """`over` with the cycles of `below` that it does not name: whoever adds a season keeps the earlier ones."""
    if not isinstance(over.get("dates"), list):
        return over
    named = [_cycle(entry) for entry in over["dates"]]
    kept = [entry for entry in below.get("dates", ()) if _cycle(entry) not in named]
    return {**over, "dates": [*kept, *over["dates"]]}


def _cycle(entry: Any) -> str:
    return str(entry.get("cycle", "")) if isinstance(entry, dict) else ""


def _made(
    name: str, documents: Mapping[str, Document], where: Mapping[str, str], problems: list[Problem]
) -> Service | None:
    """The service of a document; None, and why among the problems, where it is none."""
    document = dict(documents[name])
    base = document.pop("based_on", None)
    if base is not None:
        if base == name or base not in documents or "based_on" in documents[base]:
            names = sorted(n for n, d in documents.items() if n != name and "based_on" not in d)
            says = f"names no service to take from; {nearest(str(base), names)}"
            problems.append(Problem(where=where[name], key="based_on", says=says))
            return None
        document = merged({k: v for k, v in documents[base].items() if k not in ITS_OWN}, document)
    told = {(problem.key, problem.says) for problem in problems if base and problem.where == where[base]}
    service, found = _checked({**document, "name": name}, where[name])
    problems += [problem for problem in found if (problem.key, problem.says) not in told]
    return service


def _checked(document: Document, where: str) -> tuple[Service | None, list[Problem]]:
    try:
        service = _SERVICE.validate_json(json.dumps(document, default=str), strict=True)
    except ValidationError as refused:
        return None, [explained(error, where) for error in refused.errors(include_url=False)]
    return service, list(senseless(service, where))
