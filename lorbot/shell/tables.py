"""A dossier as the tables of its file, and files of older schemas as files of this one.

The layout: `dossier` holds the single values, one more table each tuple of the dossier, and `schema` the schema and
the checksum of all the rest. Plain TinyDB can open it.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter

from lorbot.core.dossier import Dossier

Tables = dict[str, dict[str, dict[str, Any]]]
"""A TinyDB database as its storage sees it: table name, row number, row."""

SCHEMA = 1


def written(dossier: Dossier) -> Tables:
    """The dossier as tables, with their schema and checksum: a flipped bit in an address is still valid JSON."""
    tables = _tables(_DOSSIER.dump_python(dossier, mode="json"))
    return {"schema": {"1": {"schema": SCHEMA, "sha256": _checksum(SCHEMA, tables)}}} | tables


def checked(found: object) -> Tables:
    """What a storage found, as tables. Raises ValueError when it is something else."""
    return _TABLES.validate_python(found)


def schema_of(tables: Tables) -> int:
    """The schema of the tables. A file without a checksum is taken at its word: so an operator can mend one by hand.

    Raises ValueError when they name no schema or their checksum is wrong.
    """
    if "schema" not in tables and "_default" in tables:
        return 0
    seal = tables.get("schema", {}).get("1", {})
    schema = seal.get("schema")
    if not isinstance(schema, int) or schema < 0:
        raise ValueError("it names no schema")
    content = {name: rows for name, rows in tables.items() if name != "schema"}
    if "sha256" in seal and seal["sha256"] != _checksum(schema, content):
        raise ValueError("its checksum is wrong")
    return schema


def dossier_in(tables: Tables, schema: int) -> Dossier:
    """The dossier, migrated from `schema` to this one. Raises ValueError when the tables hold none."""
    for step in range(schema, SCHEMA):
        tables = MIGRATIONS[step](tables)
    return _DOSSIER.validate_python(_fields(tables))


def _tables(fields: dict[str, Any]) -> Tables:
    """A dossier's fields as tables: one for each tuple, and `dossier` for the single values."""
    single = {name: held for name, held in fields.items() if not isinstance(held, list)}
    several = {name: held for name, held in fields.items() if isinstance(held, list)}
    return {"dossier": {"1": single}} | {name: _rows(held) for name, held in several.items()}


def _rows(held: list[Any]) -> dict[str, dict[str, Any]]:
    return {str(n): item if isinstance(item, dict) else {"key": item} for n, item in enumerate(held, 1)}


def _fields(tables: Tables) -> dict[str, Any]:
    several: dict[str, list[Any]] = {name: list(rows.values()) for name, rows in tables.items() if name not in _SINGLE}
    for name in _OF_KEYS & several.keys():
        several[name] = [row.get("key") for row in several[name]]
    return tables.get("dossier", {}).get("1", {}) | several


def _checksum(schema: int, content: Tables) -> str:
    return hashlib.sha256(json.dumps([schema, content]).encode("ascii")).hexdigest()


def _split_into_tables(tables: Tables) -> Tables:
    """0 to 1: the dossier was one row of TinyDB's default table."""
    rows = list(tables["_default"].values())
    if len(rows) != 1:
        raise ValueError(f"it holds {len(rows)} dossiers instead of one")
    return _tables(rows[0])


MIGRATIONS: dict[int, Callable[[Tables], Tables]] = {
    0: _split_into_tables,
}
"""From each schema to the next; raises ValueError for what it cannot read. A step once released never changes."""

_SINGLE = {"schema", "dossier"}
_OF_KEYS = {"handled", "spent"}
_DOSSIER = TypeAdapter(Dossier)
_TABLES: TypeAdapter[Tables] = TypeAdapter(Tables)
