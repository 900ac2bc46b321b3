"""Templates read as text before anybody gets a mail: what is wrong with one, where, and what to do.

It finds a name that stands in a template itself, a field that nothing fills, one that is given and never used, a mark
that was to be replaced, and a promise that no test keeps. It reads the syntax tree of Jinja; no mail is made.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes

from lorbot.core.value import Line, value
from lorbot.mail import fields, promises

PEOPLE = frozenset({
    "Ada", "Adams", "Adeyemi", "Banda", "Byron", "Chen", "Duarte", "Elena", "Garcia", "Harold", "Ines", "Johnson",
    "Jones", "Joseph", "Kim", "Lakeside", "Lee", "Lopez", "Maria", "Miller", "Miriam", "Nadia", "Nguyen", "Okafor",
    "Patel", "Priya", "Rahman", "Raman", "Rosen", "Samuel", "Smith", "Stein", "Tanaka", "Thomas", "Whitfield",
    "Williams",
})  # fmt: skip
"""Names of the examples, of the demonstration, and the most frequent: a template is written for everybody."""

_TITLED = re.compile(r"\b(?:Dr|Prof|Mr|Mrs|Ms)\. ?[A-Z][a-z]+|\bDear (?:Professor |Doctor )?[A-Z][a-z]+")
_PERSON = re.compile(rf"\b(?:{'|'.join(sorted(PEOPLE))})\b")
_MARK = re.compile(
    r"\b(?:TODO|FIXME|XXX|TBD|lorem ipsum)\b|\[(?:[A-Z][A-Z _]{2,}|(?:your|the|insert|my|mentor)\b[^\]\n]*)\]|___+"
    r"|\{ ?[a-z_.]+ ?\}|<(?:name|your|mentor|insert)\b[^>\n]*>|\$\{?[a-z_]+\}?|%\([a-z_]+\)s",
    re.IGNORECASE,
)
_BUILT_IN = frozenset(
    {"loop", "body_of", "caller", "varargs", "kwargs", "self", "super", *jinja2.defaults.DEFAULT_NAMESPACE}
)


_FEW = 12  # names that fit in one message


@value
class Fault:
    """What is wrong with a template, as a person reads it."""

    file: Line
    line: int
    what: Line
    remedy: Line

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}; {self.remedy}"


def faults(template: str, sources: Mapping[str, str], example: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything wrong with the mail `template` ("mentor/ask") and with the pieces that it takes in.

    `sources` are the texts of all templates by file name ("mentor/ask.txt"), `example` a context as the mail gets it.
    """
    family = _Family(f"{template}.txt", sources)
    if family.faults:
        return tuple(family.faults)
    return (*_words(family), *_names(template, family, example), *_fields(family, example))


def pieces(template: str, sources: Mapping[str, str]) -> frozenset[str]:
    """The files that the mail `template` is made of, its own among them."""
    return frozenset(_Family(f"{template}.txt", sources).trees) | {f"{template}.txt"}


class _Family:
    """A template with those that it extends, includes and imports, parsed."""

    def __init__(self, file: str, sources: Mapping[str, str]) -> None:
        self.trees: dict[str, nodes.Template] = {}
        self.faults: list[Fault] = []
        self._read(file, 1, file, sources)

    def _read(self, file: str, line: int, named_in: str, sources: Mapping[str, str]) -> None:
        if file in self.trees:
            return
        if file not in sources:
            what = f"there is no template {file}"
            self.faults.append(Fault(file=named_in, line=line, what=what, remedy="name one that is there"))
            return
        try:
            self.trees[file] = tree = _parsed(file, sources[file])
        except jinja2.TemplateSyntaxError as error:
            what = error.message or "this is no template"
            self.faults.append(Fault(file=file, line=error.lineno, what=what, remedy="mend the braces and tags there"))
            return
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import)):
            named = getattr(node, "template", None)
            if isinstance(named, nodes.Const):
                self._read(named.value, node.lineno, file, sources)

    @property
    def imported(self) -> frozenset[str]:
        return frozenset(node.target for tree in self.trees.values() for node in tree.find_all(nodes.Import))


@lru_cache(maxsize=256)
def _parsed(file: str, source: str) -> nodes.Template:
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - makes no page
    return environment.parse(source, file)


# -- words ---------------------------------------------------------------------------------------------------------


def _words(family: _Family) -> Iterator[Fault]:
    for file, tree in family.trees.items():
        for line, text in _literals(tree):
            yield from _said(file, line, text)


def _literals(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """The literal text of a template with its lines; what is filled in is "…"."""
    for output in tree.find_all(nodes.Output):
        text, line = "", output.lineno
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                line = line if text else node.lineno
                text += node.data
            else:
                text += "…"
        yield line, text
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str) and " " in const.value:
            yield const.lineno, const.value


def _said(file: str, line: int, text: str) -> Iterator[Fault]:
    def fault(at: int, what: str, remedy: str) -> Fault:
        return Fault(file=file, line=line + text.count("\n", 0, at), what=what, remedy=remedy)

    for found in (*_TITLED.finditer(text), *_PERSON.finditer(text)):
        if any(found.start() < other.end() and other.start() < found.start() for other in _TITLED.finditer(text)):
            continue
        remedy = "write {{ mentor.greeting }}, {{ mentor.name }} or {{ applicant.name }}"
        yield fault(found.start(), f"“{found[0]}” is a person's name", remedy)
    for found in _MARK.finditer(text):
        yield fault(found.start(), f"“{found[0]}” was to be replaced", "write the words, or a field as {{ ... }}")
    if file.startswith("mentor/"):
        for at, said in promises.unkept(text):
            remedy = "say only what is in lorbot/mail/promises.py, or leave it out"
            yield fault(at, f"“{said}” is a promise that nothing keeps", remedy)


# -- fields --------------------------------------------------------------------------------------------------------


def _names(template: str, family: _Family, example: Mapping[str, Any]) -> Iterator[Fault]:
    """Names that nothing fills, and those that are filled and not used."""
    known = fields.known_to(template, frozenset(example))
    bound = family.imported | _bound(family)
    used = set()
    for file, tree in family.trees.items():
        for node in tree.find_all(nodes.Name):
            used.add(node.name)
            if node.ctx == "load" and node.name not in known | bound | _BUILT_IN:
                usable = ", ".join(sorted(known)) if len(known) <= _FEW else "what its row in templates/README.md says"
                remedy = f"it can use {usable}"
                yield Fault(file=file, line=node.lineno, what=f"nothing fills “{node.name}”", remedy=remedy)
    for name in sorted(fields.OF_ONE.get(template, frozenset()) - used):
        remedy = f"write it somewhere as {{{{ {name} }}}}, or what was written is lost"
        yield Fault(file=f"{template}.txt", line=1, what=f"“{name}” is given and never used", remedy=remedy)


def _bound(family: _Family) -> frozenset[str]:
    """What a template names by set, for, macro and their arguments; and what it looks for before it uses it."""
    found: set[str] = set()
    for tree in family.trees.values():
        found |= {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
        found |= {node.name for node in tree.find_all(nodes.Macro)}
        tests = (test.node for test in tree.find_all(nodes.Test) if test.name == "defined")
        found |= {node.name for node in tests if isinstance(node, nodes.Name)}
    return frozenset(found)


def _fields(family: _Family, example: Mapping[str, Any]) -> Iterator[Fault]:
    """Fields of what is filled that it does not have: “mentor.nmae”."""
    seen = _samples(family, example)
    for file, tree in family.trees.items():
        arguments = {arg.name for macro in tree.find_all(nodes.Macro) for arg in macro.args}
        here = {name: samples for name, samples in seen.items() if name not in arguments}
        for node in tree.find_all(nodes.Getattr):
            having = _values(node.node, here)
            if having and all(
                isinstance(x, dict) and x and node.attr not in x and not hasattr(x, node.attr) for x in having
            ):
                there = ", ".join(sorted({key for x in having for key in x}))
                what = f"“{_path(node)}” is no field"
                yield Fault(file=file, line=node.lineno, what=what, remedy=f"there are {there}")


def _samples(family: _Family, example: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What a name can stand for: of the example, or of the loops and sets over it. What cannot be told is left out."""
    seen: dict[str, list[Any]] = {name: [sample] for name, sample in example.items()}
    named = [(n.target.name, n) for n in _bindings(family) if isinstance(n.target, nodes.Name)]
    for name, node in (*named, *named):  # twice: a name may be made of a later one
        seen.setdefault(name, []).extend(_items(node, seen))
    unknown = {name for name, node in named if not _items(node, seen)}
    return {name: samples for name, samples in seen.items() if name not in unknown}


def _bindings(family: _Family) -> Iterator[nodes.For | nodes.Assign]:
    for tree in family.trees.values():
        yield from tree.find_all(nodes.For)
        yield from tree.find_all(nodes.Assign)


def _items(node: nodes.For | nodes.Assign, seen: Mapping[str, list[Any]]) -> list[Any]:
    """What a loop or a set gives its name, where it has fields."""
    if isinstance(node, nodes.Assign):
        found = _values(node.node, seen)
    else:
        found = [x[0] for x in _values(node.iter, seen) if isinstance(x, list) and x]
    return [x for x in found if isinstance(x, dict) and x]


def _values(node: nodes.Node, seen: Mapping[str, list[Any]]) -> list[Any]:
    """What an expression can be, as far as it is names, fields and the first of a list."""
    if isinstance(node, nodes.Name):
        return seen.get(node.name, [])
    if isinstance(node, nodes.Getattr):
        return [x[node.attr] for x in _values(node.node, seen) if isinstance(x, dict) and node.attr in x]
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, int):
        return [x[0] for x in _values(node.node, seen) if isinstance(x, list) and x]
    return []


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    return f"{_path(node.node)}[...]" if isinstance(node, nodes.Getitem) else getattr(node, "name", "...")
