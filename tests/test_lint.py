"""What the lint of the templates finds, and that ours have nothing of it."""

import ast
from pathlib import Path

import pytest

from lorbot import example
from lorbot.core.policy import Policy
from lorbot.mail import fields
from lorbot.mail.lint import PEOPLE, Fault, faults
from lorbot.mail.promises import PROMISES, unkept
from lorbot.mail.render import Renderer
from lorbot.sandbox.story import APPLICANT, ENDINGS
from lorbot.shell.own_templates import first_fault

TESTS = Path(__file__).parent
RENDERER = Renderer()
SOURCES = RENDERER.sources()
BASE = '{% extends "mentor/_base.txt" %}\n{% block body %}\n'
END = "\n{% endblock %}\n"


def found(body: str, template: str = "mentor/thanks") -> list[tuple[int, str]]:
    """The faults of our `template` with this body: line and what."""
    sources = SOURCES | {f"{template}.txt": f"{BASE}{body}{END}"}
    return [(f.line, f.what) for f in faults(template, sources, example.context(template, Policy()))]


@pytest.mark.parametrize("template", RENDERER.names())
def test_our_templates_have_no_fault(template: str) -> None:
    assert faults(template, SOURCES, example.context(template, Policy())) == ()


@pytest.mark.parametrize(
    ("body", "line", "what"),
    [
        ("Dear Elena,", 3, "“Dear Elena” is a person's name"),
        ("One line.\n\nThank you, Prof. Weber.", 5, "“Prof. Weber” is a person's name"),
        ("Thank you.\n\nNadia", 5, "“Nadia” is a person's name"),
        ('{{ "Thank you, Dr. Weber." if letters else "" }}', 3, "“Dr. Weber” is a person's name"),
        ("Thank you for TODO.", 3, "“TODO” was to be replaced"),
        ("Thank you for [your letter].", 3, "“[your letter]” was to be replaced"),
        ("Thank you, {mentor.name}.", 3, "“{mentor.name}” was to be replaced"),
        ("Thank you, <name>.", 3, "“<name>” was to be replaced"),
        ("{{ greting }}", 3, "nothing fills “greting”"),
        ("{{ news }}", 3, "nothing fills “news”"),
        ("\n{{ mentor.nmae }}", 4, "“mentor.nmae” is no field"),
        ("{{ letters[0].dead_line }}", 3, "“letters[...].dead_line” is no field"),
        ("{% for letter in letters %}{{ letter.purpos }}{% endfor %}", 3, "“letter.purpos” is no field"),
        ("{% set one = letters[0] %}\n{{ one.purpos }}", 4, "“one.purpos” is no field"),
        ("I will call you tomorrow.", 3, "“I will call you tomorrow” is a promise that nothing keeps"),
        (
            "Fine.\nYou will hear\nno more from me.",
            4,
            "“You will hear no more from me” is a promise that nothing keeps",
        ),
        ("I’ll never write again.", 3, "“I’ll never write again” is a promise that nothing keeps"),
        ("{% if letters %}", 4, "Encountered unknown tag 'endblock'"),
        ('{% include "mentor/_gone.txt" %}', 3, "there is no template mentor/_gone.txt"),
    ],
)
def test_each_fault_is_found_with_its_line(body: str, line: int, what: str) -> None:
    assert [(at, said[: len(what)]) for at, said in found(body)] == [(line, what)]


@pytest.mark.parametrize(
    "body",
    [
        "{# Dear Elena, TODO, I will call you #}Thank you.",
        "{% for letter in letters if letter.deadline %}{{ letter.deadline }}{{ loop.index }}{% endfor %}",
        "{{ say.letters_for(letters) }}",
        "Thank you. When I know more, I will tell you. I would then ask somebody else.",
        "{% if never_given is defined %}{{ never_given }}{% endif %}Thank you.",
    ],
)
def test_what_is_in_order_is_let_be(body: str) -> None:
    assert found(body) == []


def test_what_somebody_wrote_and_no_mail_would_show_is_found() -> None:
    assert found("Thank you.", "mentor/update") == [(1, "“news” is given and never used")]


def test_a_fault_says_where_it_is_and_what_to_do() -> None:
    fault = Fault(file="mentor/ask.txt", line=3, what="“TODO” was to be replaced", remedy="write the words")
    assert str(fault) == "mentor/ask.txt, line 3: “TODO” was to be replaced; write the words"


def test_the_names_of_the_examples_and_of_the_demonstration_are_known() -> None:
    people = " ".join([APPLICANT, *(e.mentor for e in ENDINGS), "Nadia Rahman", "Elena Lopez", "Harold Kim"])
    assert {w for w in people.split() if w[0].isupper() and not w.endswith((".", ","))} - {"MD"} <= PEOPLE


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_has_its_test_and_a_template(promise: str) -> None:
    file, _, name = PROMISES[promise].partition("::")
    tree = ast.parse((TESTS.parent / file).read_text("utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    ours = " ".join(" ".join(text.lower().split()) for file, text in SOURCES.items() if file.startswith("mentor/"))
    assert promise in ours or promise.removeprefix("this is ") in ours


def test_what_is_no_promise_is_let_be() -> None:
    text = "Would you tell me? I would ask somebody else. You will find it attached. I am glad."
    assert list(unkept(text)) == []


def test_the_callers_of_a_mail_and_its_table_agree() -> None:
    """What `lorbot preview` knows of a mail to a mentor is what the table says."""
    assert {n for n in fields.OF_ONE if n not in RENDERER.names()} == set()
    readme = (TESTS.parent / "templates" / "README.md").read_text("utf-8")
    rows = {line.split("`")[1]: line for line in readme.splitlines() if line.startswith("| `mentor/")}
    assert [n for n, given in fields.OF_ONE.items() for g in given if f"`{g}`" not in rows[n]] == []


def test_ones_own_folder_is_looked_through(tmp_path: Path) -> None:
    (tmp_path / "mentor").mkdir()
    mine = tmp_path / "mentor" / "thanks.txt"
    mine.write_text(f"{BASE}Thank you.{END}", "utf-8")
    assert first_fault(tmp_path, Policy()) is None
    mine.write_text(f"{BASE}Thank you, {{{{ mentor.nmae }}}}.{END}", "utf-8")
    assert str(first_fault(tmp_path, Policy())).startswith(
        "mentor/thanks.txt, line 3: “mentor.nmae” is no field; there"
    )
    mine.write_text("Thank you.\n", "utf-8")
    fault = first_fault(tmp_path, Policy())
    assert fault is not None
    assert "the first line must be “Subject: ...”" in fault.what
    mine.rename(mine.with_name("thank_you.txt"))
    assert str(first_fault(tmp_path, Policy())).startswith("mentor/thank_you.txt, line 1: no mail has this name")


def test_a_piece_of_ones_own_is_looked_at_in_the_mails_that_take_it_in(tmp_path: Path) -> None:
    (tmp_path / "mentor").mkdir()
    text = SOURCES["mentor/_sentences.txt"].replace("to have learned from you", "to know Dr. Weber")
    (tmp_path / "mentor" / "_sentences.txt").write_text(text, "utf-8")
    fault = first_fault(tmp_path, Policy())
    assert fault is not None
    assert (fault.file, fault.what) == ("mentor/_sentences.txt", "“Dr. Weber” is a person's name")
