"""What is known of application services: the built-in files, an operator's over them, which one is meant, how old."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import resources
from typing import Any

import pytest
from dossiers import NOW, POLICY, answer, decided, rich, small
from hypothesis import given, settings
from hypothesis import strategies as st

from lorbot.core import service_words, services, view
from lorbot.core.application import Application
from lorbot.core.letter_types import LetterType
from lorbot.core.service import Kind, Rule, Sender, Service, Source
from lorbot.core.service_files import catalogue
from lorbot.core.service_season import opened, stale
from lorbot.core.service_sense import facts, word_set
from lorbot.errors import ServiceFileError

SIXTEEN = [
    "aacomas", "academic-promotion", "amcas", "amcas-md-phd", "carms", "caspa", "custom", "eras-fellowship",
    "eras-residency", "interfolio", "job", "omsas", "residencycas", "sf-match", "tmdsas", "vslo",
]  # fmt: skip
TEXTS = {
    f.name.removesuffix(".toml"): f.read_text("utf-8")
    for f in resources.files("lorbot.services").iterdir()
    if f.name.endswith(".toml")
}
ALL = services.with_own({})

HANDBOOK = """title = "School form"
purpose = "application to our school"
aliases = ["our school"]
checked_on = 2026-11-22
"""


@pytest.fixture(autouse=True)
def the_built_in_ones() -> Iterator[None]:
    yield
    services.use(None)


def own(**files: str) -> dict[str, Service]:
    """The catalogue with an operator's files over the built-in ones: residencycas="..." is residencycas.toml."""
    named = {name.replace("_", "-"): text for name, text in files.items()}
    return services.with_own({name: (f"services/{name}.toml", text) for name, text in named.items()})


def wrong(**files: str) -> list[str]:
    """What is said of an operator's files."""
    with pytest.raises(ServiceFileError) as refused:
        own(**files)
    return str(refused.value).splitlines()


def words_of(service: Service) -> Iterator[str]:
    """Every text that a person may read."""
    yield from (service.title, service.purpose, service.letters, service.reminds_writers, service.salutation)
    yield from (service.signature, service.form_rule, service.waiver, service.access, service.uploaders, service.remark)
    yield from (*service.steps, *service.must_carry, *service.format, *service.unknown, *service.reuse.words)
    yield from (wanted.words for wanted in service.wanted)
    yield from (text for form in service.forms for text in (form.name, *form.words))
    yield from (dates.words for dates in service.dates)


# -- the built-in files ------------------------------------------------------------------------------------------


def test_there_are_all_sixteen() -> None:
    assert sorted(TEXTS) == sorted(ALL) == SIXTEEN


@pytest.mark.parametrize("name", SIXTEEN)
def test_every_fact_has_a_source_and_every_source_of_the_file_is_used(name: str) -> None:
    service, own_keys = ALL[name], set(tomllib.loads(TEXTS[name]).get("sources", {}))
    used = {key for by in service.said_by.values() for key in by}
    used |= {key for entry in (*service.wanted, *service.forms, *service.dates) for key in entry.said_by}
    assert [key for key, _ in facts(service) if not service.said_by.get(key)] == []
    assert own_keys - used == set()
    assert used - set(service.sources) == set()
    addresses = {source.url for source in service.sources.values()}
    assert {service.source, service.guideline_url} - {""} <= addresses
    assert {form.url for form in service.forms} - {""} <= addresses


@pytest.mark.parametrize("name", SIXTEEN)
def test_the_words_are_fit_for_a_mail(name: str) -> None:
    for text in words_of(ALL[name]):
        assert [sign for sign in ("!", "\u2014", "TODO", "programme") if sign in text] == [], text
        assert "  " not in text
        assert text == text.strip()


@pytest.mark.parametrize("name", [n for n in SIXTEEN if n != "custom"])
def test_what_no_source_says_is_said_to_be_unknown(name: str) -> None:
    assert ALL[name].unknown
    assert [gap for gap in ALL[name].unknown if gap.endswith(".") or gap[0].isupper()] == []


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("amcas", "counts.most", 10), ("amcas", "sender", Sender.APPLICANT), ("amcas", "formats.most_mb", 5),
        ("amcas", "reuse.next_cycle", False), ("amcas", "digits", {"AAMC ID": 8, "AMCAS Letter ID (Request ID)": 7}),
        ("aacomas", "counts.most", 6), ("aacomas", "counts.committee_counts_as", 1),
        ("aacomas", "reuse.tailored_allowed", False), ("aacomas", "sender", Sender.SERVICE),
        ("tmdsas", "counts.least", 3), ("tmdsas", "counts.most", 4), ("tmdsas", "rule", Rule.LETTERS),
        ("tmdsas", "reuse.written_after", "05-01 of the year before"), ("tmdsas", "waiver", ""),
        ("caspa", "counts.least", 3), ("caspa", "counts.most", 5), ("caspa", "counts.complete_with", 2),
        ("caspa", "reuse.stored_allowed", False), ("caspa", "uploaders", "the writer alone"),
        ("caspa", "rule", Rule.PROGRAMME),
        ("eras-residency", "counts.most_per_programme", 4), ("eras-residency", "counts.unlimited", True),
        ("eras-residency", "formats.digital_signature_allowed", False), ("eras-residency", "waiver", "each letter"),
        ("eras-residency", "rule", Rule.VISIBLE), ("eras-residency", "salutation", "Dear Program Director"),
        ("eras-fellowship", "counts.most_per_programme", 4), ("eras-fellowship", "counts.typical", (4, 4)),
        ("residencycas", "counts.most_per_programme", 4), ("residencycas", "reuse.removable", False),
        ("sf-match", "counts.least", 3), ("sf-match", "counts.most", 3), ("sf-match", "sender", Sender.UNKNOWN),
        ("vslo", "counts.least", 0), ("vslo", "steps", ()),
        ("amcas-md-phd", "counts.most", 10), ("amcas-md-phd", "counts.typical", None),
        ("amcas-md-phd", "rule", Rule.UNKNOWN),
        ("interfolio", "reuse.stored_allowed", True), ("interfolio", "counts.most", None),
        ("omsas", "counts.least", 3), ("omsas", "counts.most", 3), ("omsas", "form_only", True),
        ("carms", "counts.most", None), ("carms", "sender", Sender.UNKNOWN),
        ("academic-promotion", "sender", Sender.INSTITUTION), ("job", "counts.typical", None), ("job", "sources", {}),
    ],
)  # fmt: skip
def test_known_facts(name: str, path: str, value: Any) -> None:
    found: Any = ALL[name]
    for step in path.split("."):
        found = getattr(found, step)
    assert found == value


def test_no_plan_can_have_arms_length_reviewers_asked_by_the_applicant() -> None:
    promotion = ALL["academic-promotion"]
    assert [w.least for w in promotion.wanted if w.type is LetterType.ARMS_LENGTH] == [0]
    assert "never yours to ask for" in promotion.letters
    assert "those are the only ones I may ask for" in promotion.unknown[0]


def test_a_form_in_the_portal_is_never_uploaded() -> None:
    built_in = [f for s in ALL.values() for f in s.forms if f.built_in]
    assert {f.specialty for f in built_in} >= {"plastic surgery", "dermatology", "urology", "family medicine"}
    eras = [f for f in ALL["eras-residency"].forms if f.built_in]
    assert all("no PDF of the form may be uploaded" in " ".join(f.words) for f in eras)


def test_the_fellowship_has_dates_of_its_own_and_the_rest_as_the_residency() -> None:
    residency, fellowship = ALL["eras-residency"], ALL["eras-fellowship"]
    assert fellowship.steps == residency.steps
    assert [(d.cycle, d.visible_from) for d in fellowship.dates] == [
        ("2026", "2025-07-16"),
        ("2026, December", "2025-12-03"),
    ]
    assert [(d.cycle, d.visible_from) for d in residency.dates] == [("2026", "2025-09-24T09:00"), ("2027", "")]


# -- which one is meant -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("ERAS 2028", "eras-residency"), ("MyERAS 2028, internal medicine", "eras-residency"),
        ("internal medicine residency", "eras-residency"), ("residency programs 2028", "eras-residency"),
        ("ERAS fellowship cardiology 2027", "eras-fellowship"), ("ERAS cardiology fellowship", "eras-fellowship"),
        ("fellowship in nephrology", "eras-fellowship"), ("fellowships", "eras-fellowship"),
        ("AMCAS 2028", "amcas"), ("MD schools", "amcas"), ("medical school", "amcas"), ("med school 2028", "amcas"),
        ("MD-PhD AMCAS", "amcas-md-phd"), ("MD/PhD 2028", "amcas-md-phd"), ("MSTP", "amcas-md-phd"),
        ("AMCAS MSTP", "amcas-md-phd"),
        ("TMDSAS 2028", "tmdsas"), ("TMDSAS MD-PhD", "tmdsas"), ("Texas medical schools", "tmdsas"),
        ("AACOMAS", "aacomas"), ("DO schools", "aacomas"), ("osteopathic medical school", "aacomas"),
        ("CASPA 2027", "caspa"), ("PA school", "caspa"), ("physician assistant programs", "caspa"),
        ("OB-GYN residency (ResidencyCAS)", "residencycas"), ("ob/gyn residency", "residencycas"),
        ("residency in OB-GYN", "residencycas"), ("Residency CAS 2028", "residencycas"),
        ("SF Match ophthalmology", "sf-match"), ("ophthalmology residency 2028", "sf-match"),
        ("ERAS ophthalmology", "eras-residency"),
        ("VSLO away rotation", "vslo"), ("away elective in EM", "vslo"), ("away rotation", "vslo"),
        ("Interfolio", "interfolio"), ("faculty job through Interfolio", "interfolio"),
        ("OMSAS", "omsas"), ("Ontario medical schools", "omsas"),
        ("CaRMS 2028", "carms"), ("residency in Canada", "carms"),
        ("faculty promotion", "academic-promotion"), ("promotion and tenure", "academic-promotion"),
        ("hospitalist job", "job"), ("faculty position", "job"), ("job at Lakeside", "job"),
        ("Garden grant", "custom"), ("medical school scholarship", "custom"), ("other", "custom"),
        ("AMCAS and TMDSAS", ""), ("ERAS and SF Match", ""), ("residency position", ""), ("Fulbright", ""), ("", ""),
    ],
)  # fmt: skip
def test_which_service_is_meant(words: str, name: str) -> None:
    assert services.find(words) == name


@pytest.mark.parametrize("name", SIXTEEN)
def test_every_name_of_a_service_means_that_service(name: str) -> None:
    said = (*ALL[name].aliases, *ALL[name].used_for)
    assert {words: services.find(words.upper()) for words in said} == dict.fromkeys(said, name)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_words_mean_one_service_or_none(words: str) -> None:
    assert services.find(words) in {"", *SIXTEEN}
    assert word_set(words) == word_set(" ".join(sorted(word_set(words))))


# -- an operator's files ------------------------------------------------------------------------------------------


def test_a_file_of_the_operators_replaces_what_it_gives_and_no_more() -> None:
    known = own(amcas="checked_on = 2027-05-10\n[counts]\nmost = 12\n", eras_residency='waiver = "all letters"\n')
    amcas, before = known["amcas"], ALL["amcas"]
    assert (amcas.counts.most, amcas.counts.typical) == (12, before.counts.typical)
    assert amcas.checked_on == date(2027, 5, 10)
    assert amcas.said_by["counts.most"] == ("operator",)
    assert amcas.said_by["counts.typical"] == before.said_by["counts.typical"]
    assert amcas.sources == before.sources | {"operator": Source(kind=Kind.OPERATOR)}
    assert replace(amcas, counts=before.counts, checked_on=before.checked_on, said_by=before.said_by,
                   sources=before.sources) == before  # fmt: skip
    assert known["amcas-md-phd"].counts.most == 12  # which is based on it
    assert known["eras-fellowship"].waiver == "all letters"
    assert known["caspa"] == ALL["caspa"]


def test_an_operator_may_name_a_source_and_take_a_fact_back() -> None:
    text = """without = ["reuse.next_cycle", "uploaders"]
steps = ["Give the letter to our office."]
said_by.steps = ["handbook"]
[sources]
handbook = { kind = "official", url = "https://school.example/handbook" }
"""
    amcas = own(amcas=text)["amcas"]
    assert (amcas.steps, amcas.said_by["steps"]) == (("Give the letter to our office.",), ("handbook",))
    assert (amcas.reuse.next_cycle, amcas.uploaders) == (None, "")
    assert {"reuse.next_cycle", "uploaders"} & set(amcas.said_by) == set()


def test_a_new_season_is_added_and_a_known_one_replaced() -> None:
    text = '[[dates]]\ncycle = "2028"\nopens = "2027-05-03"\n[[dates]]\ncycle = "2027"\nopens = "2026-05-02"\n'
    dates = own(amcas=text)["amcas"].dates
    assert [(d.cycle, d.opens, d.said_by) for d in dates] == [
        ("2026", "2025-05-01", ("appgen",)),
        ("2028", "2027-05-03", ("operator",)),
        ("2027", "2026-05-02", ("operator",)),
    ]


def test_a_service_of_the_operators_own_is_known_to_the_program_until_it_is_reset() -> None:
    services.use(own(our_school=HANDBOOK + 'steps = ["Upload it there."]\n'))
    assert services.find("our school, fall") == "our-school"
    assert services.service("our-school").said_by == {"steps": ("operator",)}
    decision = decided(small(), "application Our School 2028", "deadline: 1 September 2027")
    assert decision.dossier.applications[0].service == "our-school"
    services.use(None)
    assert services.service("our-school").name == services.CUSTOM


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("colour = 1", "services/amcas.toml: colour is not known; remove it; docs/services.md has every key there is"),
        ("purposes = 1", "services/amcas.toml: purposes is not known; did you mean purpose?"),
        ("name = 'x'", "services/amcas.toml: name is that of the file; remove it (it is amcas)"),
        ("counts.mots = 3", "services/amcas.toml: counts.mots is not known; did you mean most?"),
        ("counts.most = '3'", "services/amcas.toml: counts.most is no whole number; write digits without quotes"),
        ("counts.least = 11",
         "services/amcas.toml: counts.least is more than counts.most; lower it, or raise counts.most"),
        ("counts.least = -1", "services/amcas.toml: counts.least is below 0; write a number of letters"),
        ("counts.unlimited = true",
         "services/amcas.toml: counts.unlimited stands beside counts.most; keep one of them"),
        ("counts.typical = [3]",
         "services/amcas.toml: counts.typical has too few values; write two, from and to"),
        ("counts.typical = [4, 3]",
         "services/amcas.toml: counts.typical is no span; write the smaller first, such as [2, 3]"),
        ("counts.complete_with = 11",
         "services/amcas.toml: counts.complete_with is more than counts.most; lower it, or raise counts.most"),
        ("ask_weeks_before = [8, 6]",
         "services/amcas.toml: ask_weeks_before is no span of weeks; write the smaller first, such as [6, 8]"),
        ("checked_on = 'May'",
         "services/amcas.toml: checked_on is no date; write it as 2027-05-01, without quotes"),
        ("aliases = 'amcas'",
         'services/amcas.toml: aliases is no list; write it in brackets, such as ["one", "two"]'),
        ("aliases = ['ERAS']", "services/amcas.toml: aliases has “ERAS”, which is also one of eras-residency.toml"),
        ("stage = 'baby'", "services/amcas.toml: stage is none of the words known here; write one of premed, "),
        ("sender = 'nobody'", "services/amcas.toml: sender is none of the words known here; write one of "),
        ("title = ''", "services/amcas.toml: title is empty; write it"),
        ("source = 'the handbook'", "services/amcas.toml: source is no web address; begin it with https://"),
        ("said_by.steps = ['amcas-guid']", "“amcas-guid”, which is not below [sources]; did you mean amcas-guide?"),
        ("said_by.stepps = ['amcas-guide']",
         "services/amcas.toml: said_by.stepps is no fact; did you mean steps?"),
        ("said_by.steps = []", "services/amcas.toml: steps has no source; below [said_by] write steps = [...] "),
        ("sources.x = {kind = 'official', url = 'x'}",
         "services/amcas.toml: sources.x.url is no web address; begin it with https://"),
        ("sources.x = {kind = 'gossip', url = 'https://x.example'}",
         "services/amcas.toml: sources.x.kind is none of the words known here; write one of "),
        ("dates = [{cycle = '2028', opens = 'May'}]",
         'services/amcas.toml: dates.3.opens is no day; write it as "2027-05-01" or "2027-05-01T09:00"'),
        ("dates = [{cycle = '2028', opens = '2027-05-01T09:00'}]", "services/amcas.toml: dates.3.zone is missing"),
        ("dates = [{cycle = '2028', zone = 'Mars/Base'}]", "services/amcas.toml: dates.3.zone names no time zone"),
        ("dates = [{cycle = '2028', opens = '2027-05-01', submit_from = '2027-04-01'}]",
         "services/amcas.toml: dates.3.submit_from is before opens; write the later day"),
        ("dates = [{cycle = '2028'}, {cycle = '2028'}]",
         "services/amcas.toml: dates.4.cycle has “2028” twice; put both into one"),
        ("wanted = [{type = 'friend'}]", "services/amcas.toml: wanted.1.type is none of the words known here; write"),
        ("digits = {'Shoe size' = 2}", "services/amcas.toml: digits has “Shoe size”, which is neither in identifiers"),
        ("reuse.written_after = 'May'", "services/amcas.toml: reuse.written_after is not what belongs here; write it"),
        ("based_on = 'casp'", "services/amcas.toml: based_on names no service to take from; did you mean caspa?"),
        ("title = AMCAS", "services/amcas.toml is no TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_the_file_the_key_and_the_remedy(text: str, says: str) -> None:
    found = wrong(amcas=text)
    assert [line for line in found if says in line], found
    assert len(found) == 1 + ("based_on" in text)  # what is based on it has nothing to be based on


def test_all_mistakes_are_told_at_once() -> None:
    found = wrong(amcas="counts.least = 11\nsteps = 3\n", caspa="colour = 1\n", our_school="title = 'x'\n")
    assert sorted(line.partition(":")[0] for line in found) == [
        "services/amcas.toml", "services/caspa.toml", "services/our-school.toml", "services/our-school.toml",
    ]  # fmt: skip


def test_a_name_that_two_services_claim_is_refused() -> None:
    assert wrong(our_school=HANDBOOK + "used_for = ['MD PhD']\n") == [
        (
            "services/our-school.toml: used_for has “MD PhD”, which is also one of amcas-md-phd.toml; "
            "keep it in one of the two"
        )
    ]


@pytest.mark.parametrize("name", ["Our School", "école", "a--b", "A"])
def test_a_file_needs_a_plain_name(name: str) -> None:
    with pytest.raises(ServiceFileError, match="is no name for a service file"):
        services.with_own({name: (f"services/{name}.toml", HANDBOOK)})


def test_a_fact_without_a_source_is_refused_in_a_built_in_file() -> None:
    with pytest.raises(ServiceFileError, match=r"custom.toml: waiver has no source"):
        catalogue({"custom": TEXTS["custom"] + 'waiver = "each letter"\n'})


def test_what_a_file_says_anew_does_not_keep_the_source_of_the_file_it_is_based_on() -> None:
    child = HANDBOOK + 'based_on = "caspa"\nwaiver = "all letters"\n'
    with pytest.raises(ServiceFileError, match=r"^child.toml: waiver has no source; [^\n]*$"):
        catalogue({"caspa": TEXTS["caspa"], "child": child})


# -- how old it is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "today", "begun"),
    [
        ("amcas", date(2026, 11, 22), date(2026, 5, 1)),
        ("amcas", date(2027, 4, 30), date(2026, 5, 1)),
        ("amcas", date(2027, 5, 1), date(2027, 5, 1)),  # the next opening is not known: the day a year later
        ("amcas", date(2026, 3, 1), date(2025, 5, 1)),  # the next one is known
        ("amcas", date(2025, 1, 1), date(2024, 5, 1)),
        ("eras-residency", date(2027, 6, 2), date(2026, 6, 3)),
        ("sf-match", date(2027, 6, 2), None),
    ],
)
def test_when_the_season_opened(name: str, today: date, begun: date | None) -> None:
    assert opened(ALL[name], today) == begun


@pytest.mark.parametrize(
    ("name", "today", "is_stale"),
    [
        ("amcas", date(2027, 4, 30), False), ("amcas", date(2027, 5, 1), True),
        ("sf-match", date(2027, 11, 20), False), ("sf-match", date(2027, 11, 24), True),
        ("custom", date(2040, 1, 1), False), ("job", date(2040, 1, 1), False),
    ],
)  # fmt: skip
def test_rules_are_old_once_a_season_has_opened_since_they_were_checked(name: str, today: date, is_stale: bool) -> None:
    assert stale(ALL[name], today) is is_stale


def test_checking_again_makes_them_new() -> None:
    assert not stale(own(amcas="checked_on = 2027-05-02")["amcas"], date(2027, 6, 1))


def test_an_opening_on_a_leap_day_has_an_anniversary() -> None:
    leap = replace(ALL["amcas"], dates=(replace(ALL["amcas"].dates[0], opens="2028-02-29"),))
    assert opened(leap, date(2029, 3, 1)) == date(2029, 2, 28)


# -- what the applicant is told -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "specialty", "forms"),
    [
        ("eras-residency", "emergency medicine", ["SLOE"]), ("eras-residency", "EM", ["SLOE"]),
        ("eras-residency", "Orthopedic Surgery", ["eSLOR"]), ("eras-residency", "pediatrics", []),
        ("eras-residency", "", []), ("eras-residency", "Internal Medicine", ["Structured Evaluative Letter (IM SEL)"]),
        ("residencycas", "OB/GYN", ["APGO/CREOG SLOE"]),
        ("residencycas", "obstetrics and gynecology", ["APGO/CREOG SLOE"]),
        ("omsas", "", ["Confidential Assessment Form"]), ("amcas", "emergency medicine", []),
    ],
)  # fmt: skip
def test_the_form_of_a_specialty(name: str, specialty: str, forms: list[str]) -> None:
    assert [form.name for form in services.forms_for(ALL[name], specialty)] == forms


def test_letters_wanted_in_one_specialty_are_not_wanted_in_another() -> None:
    cas = ALL["residencycas"]
    assert [w.words for w in services.wanted_for(cas, "ob-gyn")] == [
        "one SLOE",
        "two letters from OB-GYN",
        "and one other",
    ]
    assert services.wanted_for(cas, "emergency medicine") == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("caspa", ["3 to 5", "complete with 2"]),
        ("omsas", ["exactly 3"]),
        ("eras-residency", ["no limit to how many", "at most 4 for each program", "usually 3 or 4"]),
        ("vslo", ["none needed"]),
        ("aacomas", ["at most 6", "a committee letter or packet counts as 1"]),
        ("carms", []),
    ],
)
def test_counts_in_words(name: str, said: list[str]) -> None:
    assert service_words.counted(ALL[name].counts) == said


@pytest.mark.parametrize(
    ("service", "purpose"),
    [
        ("eras-residency", "residency application in internal medicine"),
        ("sf-match", "application for specialty training in internal medicine"),
        ("amcas", "medical school application"),
        ("job", "job application"),
        ("interfolio", "application (Lakeside 2028)"),
        ("custom", "application (Lakeside 2028)"),
        ("academic-promotion", "promotion dossier"),
    ],
)
def test_what_a_letter_is_for(service: str, purpose: str) -> None:
    application = Application(id="a1", name="Lakeside 2028", service=service)
    assert view.purpose(replace(small().applicant, specialty="internal medicine"), application) == purpose


def test_a_job_is_no_portal_that_a_letter_goes_through() -> None:
    seen = view.of_application(small(), Application(id="a1", name="Lakeside", service="job"), POLICY, NOW)
    assert (seen["service"], seen["must_carry"]) == ("", list(service_words.GOOD_FORM))


def told(name: str, service: str, specialty: str = "") -> str:
    """The answer to `application` of somebody with that specialty, as one line."""
    dossier = replace(small(), applicant=replace(small().applicant, specialty=specialty))
    decision = decided(dossier, f"application {name}", f"service: {service}\ndeadline: 1 September 2027")
    return " ".join(answer(decision).split())


def test_the_applicant_is_told_the_rules_the_gaps_and_the_source() -> None:
    text = told("AMCAS 2028", "AMCAS")
    for said in (
        "What AMCAS wants:", "letters: at most 10 letter entries", "two letters from science faculty",
        "you hand your mentors the request; AMCAS does not write to them", "never the one who applies",
        "I do not know:", "how many letters each of your schools wants, from whom and by when",
        "https://students-residents.aamc.org/",
    ):  # fmt: skip
        assert said in text


def test_the_form_of_the_specialty_is_named() -> None:
    assert "a form for emergency medicine: SLOE (https://" in told("ERAS 2028", "ERAS", specialty="emergency medicine")
    assert "SLOE" not in told("ERAS 2028", "ERAS", specialty="pediatrics")


def test_old_rules_are_said_to_be_old() -> None:
    """The tests' today is in June 2027: the season of ERAS has opened since its rules were checked."""
    assert "These rules were checked on Sunday, November 22, 2026, before this season opened" in told(
        "ERAS 2028", "ERAS"
    )
    services.use(own(eras_residency="checked_on = 2027-06-05\n"))
    text = told("ERAS 2028", "ERAS")
    assert "before this season opened" not in text
    assert "as of Saturday, June 5, 2027" in text


def test_where_nothing_is_known_nothing_is_said() -> None:
    text = told("Garden grant", "custom")
    assert "wants:" not in text
    assert "I do not know" not in text


def test_a_template_finds_every_key() -> None:
    keys = set(view.of_application(rich(), rich().application("a1"), POLICY, NOW))
    assert {"sender", "forms", "waiver_scope", "uploaders", "unknown", "form_only", "salutation", "reuse"} <= keys
