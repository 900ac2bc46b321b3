"""The fit review: what people write of a mentor, what is found in it, and a sentence for each finding."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from dossiers import answer, decided, rich
from hypothesis import given
from hypothesis import strategies as st

from lorbot.core import acquaintance, fit
from lorbot.core.acquaintance import Closeness, Observed
from lorbot.core.dossier import Letter, Mentor
from lorbot.core.fit import BEST, RULES, review_of, worth
from lorbot.mail.render import builtin_folder

TODAY = date(2027, 6, 15)
TWO = "On 5 West I presented Mr. H. In May I taught the interns."


def found(application: str = "a1", **mentor: Any) -> dict[str, str]:
    """The findings about a mentor of whom nothing else is known, by name."""
    dossier = rich().with_mentor(Mentor(**{"id": "m9", "name": "Dr. Ruth Stein", "worked_together": TWO} | mentor))
    findings = review_of(dossier, dossier.mentor("m9"), dossier.application(application), TODAY)
    return {f.name: f.weight.value for f in findings}


GOOD, THINK, WARNING = "good", "to think about", "warning"


@pytest.mark.parametrize(
    ("mentor", "name", "weight"),
    [
        ({"closeness": "knows me well"}, "known_well", GOOD), ({"closeness": "a little"}, "known_a_little", THINK),
        ({"closeness": "hardly"}, "hardly_known", WARNING), ({"closeness": "not very well"}, "hardly_known", WARNING),
        ({"closeness": "she is my aunt"}, "family", WARNING), ({"known_since": "May 2027"}, "known_shortly", WARNING),
        ({"known_since": "two weeks"}, "known_shortly", WARNING), ({"known_since": "2024"}, "known_long", GOOD),
        ({"worked_together": "I saw Mrs. A. in a week on your service"}, "one_week", WARNING),
        ({"worked_together": "a two-week elective in nephrology"}, "two_weeks", THINK),
        ({"observed": "no, only through the residents"}, "not_observed", WARNING),
        ({"observed": "once"}, "seldom_observed", THINK), ({"observed": "yes, daily on the ward"}, "observed", GOOD),
        ({"worked_together": "You watched me lead the meeting"}, "observed", GOOD),
        ({"observed": "no", "worked_together": "You watched me lead the meeting"}, "observed_unclear", THINK),
        ({"worked_together": "two years"}, "no_episode", WARNING),
        ({"worked_together": "I led the family meeting of Mr. H."}, "one_episode", WARNING), ({}, "episodes", GOOD),
        ({"name": "Ruth Stein, PhD"}, "no_physician", THINK), ({"title": "nurse practitioner"}, "no_physician", THINK),
        ({"role": "community"}, "other_role", THINK), ({"role": "clinical"}, "wanted_role", GOOD),
        ({"specialty": "Internal Medicine"}, "same_specialty", GOOD),
        ({"last_worked": "May 2024"}, "long_ago", WARNING), ({"last_worked": "fall 2025"}, "some_time_ago", THINK),
        ({"last_worked": "we still do"}, "recent", GOOD), ({"load": "12 letters"}, "many_letters", THINK),
    ],
)  # fmt: skip
def test_what_is_found(mentor: dict[str, Any], name: str, weight: str) -> None:
    assert found(**mentor).get(name) == weight


@pytest.mark.parametrize(
    ("mentor", "application", "names"),
    [
        ({}, "a1", {"episodes"}),  # nothing was said: nothing is made up
        ({"closeness": "hm", "observed": "hm", "known_since": "long ago", "last_worked": "hm", "load": "hm"}, "a1",
         {"episodes"}),
        ({"known_since": "March 2027"}, "a1", {"episodes"}),  # between 76 and 106 days: not surely under three months
        ({"last_worked": "2025"}, "a1", {"episodes", "some_time_ago"}),  # perhaps two years, perhaps not
        ({"name": "Ruth Stein, PhD", "role": "research", "specialty": "internal medicine"}, "a2", {"episodes"}),
        ({"name": "Ruth Stein, MD, PhD"}, "a1", {"episodes"}),
        ({"load": "not many"}, "a1", {"episodes"}), ({"load": "3"}, "a1", {"episodes"}),
    ],
)  # fmt: skip
def test_what_was_not_said_gives_no_finding(mentor: dict[str, Any], application: str, names: set[str]) -> None:
    assert set(found(application, **mentor)) == names


def test_three_letters_of_one_mentor_are_worth_a_thought() -> None:
    dossier = rich().with_application(replace(rich().application("a2"), id="a3", name="Third"))
    assert "several_letters" not in {f.name for f in review_of(dossier, dossier.mentor("m3"), None, TODAY)}
    dossier = dossier.with_letter(Letter(id="l9", mentor="m3", application="a3"))
    assert "several_letters" in {f.name for f in review_of(dossier, dossier.mentor("m3"), None, TODAY)}


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("knows me well", Closeness.WELL), ("very well!", Closeness.WELL), ("close, my PI", Closeness.WELL),
        ("a little", Closeness.LITTLE), ("fairly well", Closeness.LITTLE), ("Hardly.", Closeness.HARDLY),
        ("does not really know me", Closeness.HARDLY), ("not that well", Closeness.HARDLY),
        ("purple", Closeness.UNSAID),
    ],
)  # fmt: skip
def test_closeness_as_people_write_it(said: str, level: Closeness) -> None:
    assert acquaintance.closeness_in(said) is level


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("yes, daily on the ward", Observed.YES), ("Y", Observed.YES), ("every Thursday in clinic", Observed.YES),
        ("at the bedside", Observed.YES), ("once or twice", Observed.SELDOM), ("yes, but seldom", Observed.SELDOM),
        ("no", Observed.NO), ("never directly", Observed.NO), ("heard about me from the residents", Observed.NO),
        ("not daily, but twice a week", Observed.UNSAID), ("purple", Observed.UNSAID),
    ],
)  # fmt: skip
def test_observation_as_people_write_it(said: str, level: Observed) -> None:
    assert acquaintance.observed_in(said) is level


WORDS = st.sampled_from(["", "knows me well", "hardly", "no", "yes, daily", "2024", "May 2027", "two weeks", "still",
                         "PhD", "clinical", "my aunt", TWO, "a week in your lab", "many"])  # fmt: skip
LINES = ("closeness", "observed", "known_since", "last_worked", "load", "title", "specialty", "worked_together")


@given(st.fixed_dictionaries(dict.fromkeys(LINES, WORDS)), st.sampled_from(["a1", "a2"]))
def test_a_review_is_the_same_each_time_warnings_first_and_each_aspect_agrees_with_itself(
    mentor: dict[str, Any], application: str
) -> None:
    once, again = found(application, **mentor), found(application, **mentor)
    assert list(once.items()) == list(again.items())
    order = [WARNING, THINK, GOOD]
    assert [order.index(w) for w in once.values()] == sorted(order.index(w) for w in once.values())
    rows = {r.name: r.aspect for r in RULES}
    assert points(**mentor) <= BEST
    for aspect in fit.Aspect:
        both = {w for name, w in once.items() if rows[name] is aspect}
        assert not {WARNING, GOOD} <= both or aspect is fit.Aspect.LENGTH


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"closeness": "knows me well"}, {"closeness": "hardly", "renown": "leads the national society"}),
        ({"closeness": "knows me well", "role": "community"}, {"closeness": "a little", "role": "clinical"}),
        ({"observed": "yes, daily"}, {"observed": "no", "renown": "wrote the textbook"}),
        ({"known_since": "2024"}, {"known_since": "May 2027"}), ({"growth": "from notes to plans"}, {}),
        ({"last_worked": "May 2027"}, {"last_worked": "May 2024"}), ({"specialty": "internal medicine"}, {}),
        ({"role": "clinical"}, {"role": "community"}), ({"renown": "the chair"}, {}), ({}, {"load": "12 letters"}),
        ({}, {"worked_together": ""}), ({"renown": "none"}, {"load": "many"}),
    ],
)  # fmt: skip
def test_who_is_worth_more(better: dict[str, Any], worse: dict[str, Any]) -> None:
    assert points(**better) > points(**worse)


def points(**mentor: Any) -> int:
    dossier = rich().with_mentor(Mentor(**{"id": "m9", "name": "Dr. Ruth Stein", "worked_together": TWO} | mentor))
    return worth(review_of(dossier, dossier.mentor("m9"), dossier.application("a1"), TODAY))


@given(
    st.fixed_dictionaries(
        dict.fromkeys(
            ("known_since", "last_worked", "load", "title", "specialty"),
            st.sampled_from(["", "2024", "May 2027", "May 2024", "PhD", "internal medicine", "many"]),
        )
    ),
    st.booleans(),
)
def test_a_famous_stranger_never_outranks_who_knows_the_applicant(lines: dict[str, Any], seen: bool) -> None:
    """Whatever else is said of the two, as long as the first has seen the work or the second has not."""
    stranger = {
        "closeness": "hardly",
        "renown": "president of the society",
        "role": "clinical",
        "growth": "much",
        "known_since": "2020",
        "last_worked": "now",
        "specialty": "internal medicine",
    }
    stranger |= {"observed": "yes, daily"} if seen else {}
    assert points(**lines, closeness="knows me well", **({"observed": "yes"} if seen else {})) > points(**stranger)


def test_every_finding_has_its_sentence_and_no_sentence_speaks_of_chances() -> None:
    text = (builtin_folder() / "applicant" / "_fit.txt").read_text("utf-8")
    assert [r.name for r in RULES if f'name == "{r.name}"' not in text] == []
    assert [w for w in ("chance", "likely", "probab", "will get", "guarantee", "odds") if w in text.lower()] == []


def test_the_review_answers_mentor_and_stands_in_the_preview() -> None:
    lines = "closeness: hardly\nobserved: yes, on the ward\nlast worked together: May 2024\nin person: yes"
    text = answer(decided(rich(), "mentor Dr. Lopez", lines + "\nfor: ERAS"))
    for sentence in (
        "- Warning: You say that Dr. Lopez hardly knows you.",
        "- Warning: You last worked together more than two years ago.",
        "- Good: Dr. Lopez has seen you at work, as you tell it.",
        "**You two meet, so ask in person first, if you can:**",
        "with the subject “agreed Dr. Elena Lopez”",
        "- observed: yes, on the ward",
    ):
        assert sentence in text
    after = decided(rich(), "mentor Dr. Lopez", lines + "\nfor: ERAS").dossier
    preview = answer(decided(after, "ask Lopez for ERAS"))
    head = preview.partition("the mail begins")[0]
    assert "- Warning: You say that Dr. Lopez hardly knows you." in head
    assert "**You two meet, so ask in person first, if you can:**" in head
