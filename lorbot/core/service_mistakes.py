"""What can be wrong with one key of a service file, in words for a person: the file, the key, and the remedy."""

import dataclasses
import difflib
from collections.abc import Iterable, Mapping

from pydantic_core import ErrorDetails

from lorbot.core import service
from lorbot.core.value import Line, value

PAGE = "docs/services.md"

TABLES: Mapping[str, type] = {
    "": service.Service,
    "counts": service.Counts,
    "formats": service.Formats,
    "reuse": service.Reuse,
    "wanted": service.Wanted,
    "forms": service.StandardForm,
    "dates": service.Dates,
    "sources": service.Source,
}
"""The tables of a file, each with the class that has its keys."""

FORMS: Mapping[str, str] = {
    "missing": "is missing; add it",
    "string_type": 'is no text; write it in quotes, such as "text"',
    "int_type": "is no whole number; write digits without quotes",
    "int_from_float": "is no whole number; write it without a decimal point",
    "float_type": "is no number; write digits without quotes",
    "bool_type": "is neither true nor false; write one of them, without quotes",
    "tuple_type": 'is no list; write it in brackets, such as ["one", "two"]',
    "enum": "is none of the words known here; write one of {expected}",
    "date_type": "is no date; write it as 2027-05-01, without quotes",
    "date_parsing": "is no date; write it as 2027-05-01, without quotes",
    "date_from_datetime_parsing": "is no date; write it as 2027-05-01, without quotes",
    "date_from_datetime_inexact": "is more than a date; write it as 2027-05-01, without quotes",
    "dict_type": "is no table; write it below a line such as [sources.handbook]",
    "dataclass_type": "is no table; write it below a line of its own, as {page} shows",
    "too_long": "has too many values; write two, from and to",
}
"""What pydantic finds wrong, by its name for it."""

_UNKNOWN_KEY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})


@value
class Problem:
    where: Line  # the file
    key: Line  # "counts.most"; "" for the file as a whole
    says: Line  # completes a sentence that begins with the key

    @property
    def sentence(self) -> str:
        return f"{self.where}: {self.key} {self.says}" if self.key else f"{self.where} {self.says}"


def explained(error: ErrorDetails, where: str) -> Problem:
    """What pydantic found, for a person. List entries are counted from 1."""
    steps = [str(step + 1) if isinstance(step, int) else step for step in error["loc"]]
    key = ".".join(steps) or "the file"
    if error["type"] in _UNKNOWN_KEY:
        table = "" if len(steps) == 1 else steps[0]
        return Problem(where=where, key=key, says=f"is not known; {nearest(steps[-1], keys_of(table))}")
    if error["type"] == "missing" and isinstance(error["loc"][-1], int):
        return Problem(where=where, key=".".join(steps[:-1]), says="has too few values; write two, from and to")
    says = FORMS.get(error["type"], "is not what belongs here; {page} says what does")
    return Problem(where=where, key=key, says=says.format(page=PAGE, **error.get("ctx", {})))


def keys_of(table: str) -> tuple[str, ...]:
    """The keys of a table of the file; "" is its top."""
    names = tuple(field.name for field in dataclasses.fields(TABLES.get(table, service.Service)))
    return ("based_on", "without", *(name for name in names if name != "name")) if not table else names


def nearest(name: str, known: Iterable[str]) -> str:
    """What to do about a name that is not known."""
    known = tuple(known)
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"did you mean {close[0]}?"
    few = f"; there are: {', '.join(known)}" if 0 < len(known) <= 20 else f"; {PAGE} has every key there is"
    return f"remove it{few}"
