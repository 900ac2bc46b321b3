"""Which application services are known, and which of them is meant. Nothing is guessed: unknown is empty.

The built-in ones are package data. An operator's own come as values: whoever puts the program together reads the files
and calls `use` once, before anything is decided; a process has one catalogue, as it has one configuration.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources

from lorbot.core.service import (
    Counts,
    Dates,
    Formats,
    Kind,
    Reuse,
    Rule,
    Sender,
    Service,
    Source,
    StandardForm,
    Wanted,
)
from lorbot.core.service_files import catalogue
from lorbot.core.service_sense import word_set

__all__ = [
    "CUSTOM", "Counts", "Dates", "Formats", "Kind", "Reuse", "Rule", "Sender", "Service", "Source", "StandardForm",
    "Wanted", "all_services", "find", "forms_for", "service", "use", "wanted_for", "with_own",
]  # fmt: skip

CUSTOM = "custom"

_IN_USE: dict[str, Service] = {}


def all_services() -> Mapping[str, Service]:
    """Every known service by name: those in use, or the built-in ones."""
    return _IN_USE or _built_in()


def use(known: Mapping[str, Service] | None) -> None:
    """From now on these are the services of this process; None: the built-in ones again."""
    _IN_USE.clear()
    _IN_USE.update(known or {})


def with_own(files: Mapping[str, tuple[str, str]]) -> dict[str, Service]:
    """The built-in services with an operator's files over them: name -> path and text. Raises ServiceFileError."""
    return catalogue(_texts(), files) if files else dict(_built_in())


def service(name: str) -> Service:
    """The service of that name, or the custom one, which knows nothing."""
    return all_services().get(name) or all_services()[CUSTOM]


def find(words: str) -> str:
    """The name of the service that `words` ("ERAS 2028") mean, or "" when none or several could be meant.

    A service that is named ("ERAS") goes before what one is used for ("residency"); of several, the one whose name has
    all the words of the others: "ERAS fellowship" is more than "ERAS".
    """
    said = word_set(words)
    named = _matching(said, {s.name: s.aliases for s in all_services().values()})
    return _most(named or _matching(said, {s.name: s.used_for for s in all_services().values()}))


def forms_for(known: Service, *words: str) -> tuple[StandardForm, ...]:
    """The standard forms of the specialty that one of `words` names, and those for every specialty."""
    return tuple(f for f in known.forms if not f.specialty or names_specialty((f.specialty, *f.also), words))


def wanted_for(known: Service, *words: str) -> tuple[Wanted, ...]:
    """The letters wanted in the specialty that one of `words` names."""
    also = {f.specialty: f.also for f in known.forms}
    return tuple(
        w for w in known.wanted
        if not w.specialty or names_specialty((w.specialty, *also.get(w.specialty, ())), words)
    )  # fmt: skip


def names_specialty(names: Iterable[str], words: Iterable[str]) -> bool:
    """Whether a text has all the words of one of these names of a specialty."""
    said = [word_set(text) for text in words]
    return any(word_set(name) <= text for name in names for text in said)


def _matching(said: frozenset[str], names: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """The services of which a name is all in `said`, each with the words of those names."""
    found = {name: [w for w in map(word_set, aliases) if w <= said] for name, aliases in names.items()}
    return {name: frozenset().union(*matching) for name, matching in found.items() if matching}


def _most(found: Mapping[str, frozenset[str]]) -> str:
    """The one with all the words of the others, or ""."""
    return next(
        (name for name, words in found.items() if all(words > other for n, other in found.items() if n != name)), ""
    )


@lru_cache(maxsize=1)
def _built_in() -> dict[str, Service]:
    return catalogue(_texts())


def _texts() -> dict[str, str]:
    folder = resources.files("lorbot.services")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {f.name.removesuffix(".toml"): f.read_text("utf-8") for f in files}
