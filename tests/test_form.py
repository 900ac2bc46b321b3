"""The body of a command, taken apart: nothing that was written is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core.commands.base import Field, Form
from lorbot.core.commands.form import parse, with_text

FIELDS = (
    Field(name="email", words=("email", "e-mail", "mail")),
    Field(name="role", words=("role",)),
    Field(name="together", words=("worked together", "how")),
    Field(name="portal", words=("portal",)),
    Field(name="letter_id", words=("letter id", "letter ids"), takes_name=True),
)
LONG = "worked together: I was your sub-intern on 5 West for four weeks in March, and"


def fields(**found: str) -> Form:
    return Form(fields=found)


@pytest.mark.parametrize(
    ("body", "form"),
    [
        ("email: a@b.example\nrole: clinical", fields(email="a@b.example", role="clinical")),
        ("ROLE : clinical\n\nE-Mail=a@b.example", fields(role="clinical", email="a@b.example")),
        ("- email: a@b.example\n• role: clinical\n3. portal: x", fields(email="a@b.example", role="clinical",
        portal="x")),
        ("**email:** a@b.example".replace("**e", "*e").replace(":**", "*:"), fields(email="a@b.example")),
        ("portal: https://x.example/a?b=c:d", fields(portal="https://x.example/a?b=c:d")),
        ("portal:\nhttps://x.example/a", fields(portal="https://x.example/a")),
        ("how: one\ntwo\n  three: four", fields(together="one two three: four")),
        ("how: at noon\nat 11:59 pm", fields(together="at noon at 11:59 pm")),
        ("how:\n- teaching: a lot\n- care: too", fields(together="- teaching: a lot - care: too")),
        ("how:\n\nafter an empty line", fields(together="after an empty line")),
        (f"{LONG}\nremember: you saw it\nrole: clinical",
         fields(together=f"{LONG[17:]} remember: you saw it", role="clinical")),
        ("email: a@b.example\nemail: a@b.example", fields(email="a@b.example")),
        ("email: a@b.example\nemail: c@d.example", fields(email="a@b.example c@d.example")),
        ("email:\nrole: clinical", fields(email="", role="clinical")),
        ("Hi lorbot,\n\nrole: clinical\nThanks,\nNadia", fields(role="clinical")),
        ("Subject: mentor Dr. Lopez\n\nrole: clinical", fields(role="clinical")),
        ("letter id Dr. García: 12\nLetter-IDs  for Kim: 34",
         Form(named=(("letter_id", "Dr. García", "12"), ("letter_id", "Kim", "34")))),
        ("letter id: 56", fields(letter_id="56")),
        ("role: clinical\n\nShe taught me: much.\n\nAnd more.", Form(
            fields={"role": "clinical"}, unknown=("She taught me: much.",), free="And more.")),
        ("Just text.\n\nrole: clinical", Form(fields={"role": "clinical"}, free="Just text.")),
        ("Just text: with a colon\nand more", Form(unknown=("Just text: with a colon",), free="and more")),
        ("emial: a@b.example\nrole: clinical\ncolour: blue", Form(
            fields={"role": "clinical"}, unknown=("emial: a@b.example", "colour: blue"),
            closest={"emial: a@b.example": "email"})),
        ("wroked togehter: yes", Form(unknown=("wroked togehter: yes",),
        closest={"wroked togehter: yes": "worked together"})),
        ("", Form()),
        ("\r\n\r\nrole: clinical\r\n", fields(role="clinical")),
    ],
)  # fmt: skip
def test_a_form_as_people_fill_it_in(body: str, form: Form) -> None:
    assert parse(body, FIELDS, "Nadia Rahman") == form


def test_without_fields_everything_is_free_text() -> None:
    text = "Remember Mr. H.: you saw it.\n\nnote: it is true"
    assert parse(f"Hello,\n\n{text}\n\nBest,\nNadia Rahman", (), "Nadia Rahman") == Form(free=text)


_LINE = st.sampled_from(["email: a", "role = b", "letter id X: 1", "foo: bar", "- list", "text", "", " ", ":", "a:",
"Subject: x",
                         "https://x", "  more", "Thanks", "ﬀ: x", "é: é", "1) role: c", "*role*: d"])  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(_LINE, max_size=12).map("\n".join)))
def test_no_form_is_too_odd(body: str) -> None:
    form = parse(body, FIELDS, "Nadia Rahman")
    assert set(form.fields) <= {f.name for f in FIELDS}
    assert set(form.closest) <= set(form.unknown)


@given(st.lists(st.text("abcdefgh", min_size=3, max_size=9), max_size=12))
def test_no_word_is_lost(words: list[str]) -> None:
    body = "\n".join(f"role: {w}" if i % 3 == 0 else f"zzz{w}: {w}" if i % 3 == 1 else w for i, w in enumerate(words))
    form = parse(body, FIELDS)
    kept = " ".join([*form.fields.values(), *form.unknown, form.free])
    assert all(word in kept for word in words)


@pytest.mark.parametrize(
    "line", ["foo: bar", "role: x", "text", "", "  x: y", "- " + " " * 500, "a" * 500, "a b " * 50, "letter id X: 1"]
)
def test_ten_thousand_lines_take_no_long_time(line: str) -> None:
    began = datetime.now(tz=UTC)
    parse("\n".join([line] * 10_000), FIELDS, "Nadia Rahman")
    parse(line * 10_000, FIELDS, "Nadia Rahman")
    assert datetime.now(tz=UTC) - began < timedelta(seconds=5)


def test_where_text_is_welcome_a_line_with_a_colon_is_text() -> None:
    form = parse("role: clinical\nGreat news: I matched.\n\nAt Lakeside.", FIELDS)
    assert with_text(form) == Form(fields={"role": "clinical"}, free="Great news: I matched.\nAt Lakeside.")
