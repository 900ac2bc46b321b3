"""What can be wrong with a single setting, in words for a person: the key, what is wrong, and the remedy.

No message shows a value that could be a secret.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic_core import ErrorDetails

from lorbot.settings import KEYS


@dataclass(frozen=True)
class Problem:
    """What is wrong with a key, and what to do about it: `says` completes a sentence that begins with the key."""

    key: str
    says: str


FORMS: Mapping[str, str] = {
    "int_type": "is no whole number; write digits without quotes",
    "int_parsing": "is no whole number; write digits without quotes",
    "int_from_float": "is no whole number; write it without a decimal point",
    "bool_type": "is neither true nor false; write one of them, without quotes",
    "bool_parsing": "is neither true nor false; write one of them, without quotes",
    "string_type": 'is no text; write it in quotes, such as "text"',
    "string_too_short": "is empty; write it, or leave the line out for the default",
    "literal_error": "is none of the words known here; write one of {expected}",
    "greater_than_equal": "is too small; write at least {ge}",
    "less_than_equal": "is too large; write at most {le}",
    "less_than": "is too large; write less than {lt}",
    "tuple_type": "is no list; write it in brackets, such as [7, 14]",
    "missing": "is missing; add it",
    "wrong": "{says}",
}
"""What pydantic finds wrong, by its name for it, in words for a person."""

UNKNOWN_KEY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})


def explained(error: ErrorDetails) -> Problem:
    """What pydantic found, for a person."""
    section, *below = [str(step) for step in error["loc"]]
    if section == "applicants":
        return _explained_applicant(error, below)
    if not below:
        return Problem(section, f"is no section; write [{section}] on a line of its own and its keys below it")
    key = f"{section}.{below[0]}"
    if error["type"] in UNKNOWN_KEY:
        return Problem(key, unknown(below[0], KEYS[section]))
    return Problem(key, _form(error))


def _explained_applicant(error: ErrorDetails, below: list[str]) -> Problem:
    match below:
        case [entry, key]:
            says = unknown(key, KEYS["applicants"]) if error["type"] in UNKNOWN_KEY else _form(error)
            return Problem(f"applicants.{key} (entry {int(entry) + 1})", says)
        case _:
            return Problem("applicants", "is no list of applicants; begin each with a line [[applicants]]")


def _form(error: ErrorDetails) -> str:
    return FORMS.get(error["type"], "is not what belongs here; see config.example.toml").format(**error.get("ctx", {}))


def unknown(key: str, siblings: tuple[str, ...]) -> str:
    """What to say of a key that is none of `siblings`."""
    homes = [section for section, keys in KEYS.items() if key in keys]
    if homes and not any(sibling.endswith(f"_{key}") for sibling in siblings):  # host in [mailbox] is imap_host
        return f"is not known here; it stands below [{homes[0]}]"
    return f"is not known; {nearest(key, siblings)}"


def nearest(name: str, known: Iterable[str]) -> str:
    """What to do about a name that is not known."""
    matches = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {matches[0]}?" if matches else "remove it; config.example.toml has every key there is"
