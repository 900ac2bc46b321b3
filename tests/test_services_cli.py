"""`lorbot services`, an operator's folder through the program, and the page that describes the files."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from stage import Stage
from structlog.testing import capture_logs

from lorbot import cli, services_report
from lorbot.core import services
from lorbot.core.service import ADVICE
from lorbot.core.service_files import ABOUT_FILES
from lorbot.core.service_mistakes import TABLES, keys_of
from lorbot.sandbox.server import MailServer

PAGE = (Path(__file__).parent.parent / "docs/services.md").read_text()
EXAMPLES = dict(re.findall(r"^<!-- example: ([\w-]+) -->\n```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
ALL = services.with_own({})


@pytest.fixture(autouse=True)
def the_built_in_ones() -> Iterator[None]:
    yield
    services.use(None)


def lorbot(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(cli.main, [str(a) for a in arguments])
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


def folder_with(tmp_path: Path, **files: str) -> Path:
    """A configuration with a folder of service files; nothing else of it is used."""
    (tmp_path / "services").mkdir()
    for name, text in files.items():
        (tmp_path / "services" / f"{name.replace('_', '-')}.toml").write_text(text)
    config = tmp_path / "config.toml"
    config.write_text(
        '[mailbox]\naddress = "a@school.example"\nprovider = "gmail"\npassword_command = "true"\n'
        '[services]\nfolder = "services"\n'
    )
    return config


# -- the command --------------------------------------------------------------------------------------------------


def test_without_a_name_there_is_a_table_of_all() -> None:
    lines = services_report.table(ALL.values(), date(2026, 12, 4)).splitlines()
    assert lines[0].split() == ["NAME", "LETTERS", "WHO", "ASKS", "CHECKED"]
    assert [line.split()[0] for line in lines[1:17]] == sorted(ALL)
    assert re.split(r" {2,}", lines[3]) == ["amcas", "usually 3, up to 10", "applicant", "2026-11-22 (12 d)"]
    assert lines[17:] == [
        "",
        "WHO ASKS: who sends a writer the request.  ?: no source says.",
        "All about one: lorbot services NAME",
    ]
    assert max(map(len, lines)) <= 80


def test_what_is_older_than_the_season_is_marked() -> None:
    text = services_report.table(ALL.values(), date(2027, 5, 20))
    marked = [line.split()[0] for line in text.splitlines() if line.endswith(" !")]
    assert marked == ["aacomas", "amcas", "amcas-md-phd", "tmdsas"]
    assert "!: checked before the season opened (aacomas, amcas, amcas-md-phd, tmdsas)." in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("name", sorted(ALL))
def test_all_that_is_known_is_shown_with_its_sources_and_fits_a_terminal(name: str) -> None:
    service = ALL[name]
    text = services_report.about(service, date(2026, 12, 4))
    flat = " ".join(text.split())
    wide = [line for line in text.splitlines() if len(line) > 80 and "http" not in line]
    assert wide == []
    said = (*service.steps, *service.must_carry, *service.format, *service.unknown, *service.reuse.words,
            service.waiver, service.access, service.uploaders, service.letters, service.salutation,
            service.signature, service.form_rule, service.reminds_writers,
            *(w.words for w in service.wanted), *(d.words for d in service.dates),
            *(f.name for f in service.forms), *(word for f in service.forms for word in f.words),
            *service.identifiers, service.letter_id, service.guideline_url, service.remark)  # fmt: skip
    assert [text for text in said if " ".join(text.split()) not in flat] == []
    used = {key for by in service.said_by.values() for key in by}
    assert [key for key in used if f"{key}" not in flat or service.sources[key].url not in flat] == []


def test_one_service_may_be_named_as_people_name_it(tmp_path: Path) -> None:
    config = folder_with(tmp_path)
    found = {words: lorbot("services", "-c", config, *words.split()).stdout.splitlines()[0]
             for words in ("MD/PhD", "ERAS fellowship", "sf-match", "AMCAS 2028")}  # fmt: skip
    assert found == {
        "MD/PhD": "AMCAS (MD-PhD)  (amcas-md-phd)",
        "ERAS fellowship": "ERAS (fellowship)  (eras-fellowship)",
        "sf-match": "SF Match  (sf-match)",
        "AMCAS 2028": "AMCAS  (amcas)",
    }


def test_a_service_that_nobody_knows_is_wrong_use(tmp_path: Path) -> None:
    result = lorbot("services", "-c", folder_with(tmp_path), "Hogwarts")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("lorbot: “Hogwarts” is no service I know; there are: aacomas, academic-promotion, ")


def test_it_needs_no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert lorbot("services").stdout.startswith("NAME")
    assert lorbot("services", "-c", "nowhere.toml").exit_code == 2


def test_json_has_every_field_and_the_age(tmp_path: Path) -> None:
    config = folder_with(tmp_path)
    one = json.loads(lorbot("services", "-c", config, "amcas", "--json").stdout)
    assert one["counts"]["most"] == 10
    assert one["said_by"]["counts.most"] == ["amcas-guide"]
    assert {"age_days", "season_opened", "stale"} <= set(one)
    assert [row["name"] for row in json.loads(lorbot("services", "-c", config, "--json").stdout)] == sorted(ALL)


# -- an operator's folder, through the program --------------------------------------------------------------------


def test_an_operators_files_are_shown_with_their_source(tmp_path: Path) -> None:
    config = folder_with(tmp_path, **EXAMPLES)
    text = lorbot("services", "-c", config, "amcas").stdout
    assert "at most 12; usually 3" in text
    assert re.search(r"at most 12; usually 3;[^\[]* \[[^\]]*operator[^\]]*\]", " ".join(text.split()))
    assert "in the operator's folder" in text
    assert "2028              opens 4 May 2027; applications from 1 Jun 2027 [operator]" in text
    assert "Lakeside committee" in lorbot("services", "-c", config, "lakeside", "committee").stdout


@pytest.mark.parametrize("command", [["services"], ["run", "--once"], ["status"], ["check"]])
def test_a_wrong_file_is_told_and_nothing_is_started(
    tmp_path: Path, mail_server: MailServer, command: list[str]
) -> None:
    stage = Stage(tmp_path, mail_server)
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "caspa.toml").write_text("counts.least = 7\n")
    with stage.config.open("a") as config:
        config.write('[services]\nfolder = "wrong"\n')
    result = lorbot(*command, "--config", stage.config)
    assert result.exit_code == (1 if command == ["check"] else 2)
    assert f"{tmp_path}/wrong/caspa.toml: counts.least is more than counts.most" in result.output
    assert "lower it, or raise counts.most" in result.output


def test_an_applicant_uses_a_service_of_the_operators_own(tmp_path: Path, mail_server: MailServer) -> None:
    (tmp_path / "own").mkdir()
    for name, text in EXAMPLES.items():
        (tmp_path / "own" / f"{name}.toml").write_text(text)
    stage = Stage(tmp_path, mail_server, services={"folder": "own"})
    stage.nadia.writes("application Lakeside committee 2028", "deadline: 1 September 2027")
    stage.turn()
    text = " ".join(stage.nadia.reads_one("Re: application Lakeside").text.split())
    assert "What AMCAS through the Lakeside committee wants:" in text
    assert "whether the committee takes a letter after 1 June" in text


def test_the_start_warns_of_old_rules_that_are_in_use_and_of_no_others(tmp_path: Path, mail_server: MailServer) -> None:
    stage = Stage(tmp_path, mail_server)
    stage.nadia.writes("application ERAS 2028", "deadline: 1 September 2027")
    stage.turn()
    with capture_logs() as in_june:
        stage.restart()
    stage.now = datetime(2027, 6, 1, tzinfo=UTC)  # two days before the anniversary of the opening
    with capture_logs() as before:
        stage.restart()
    told = [line["services"] for line in in_june if line["event"] == "rules of services are older than the season"]
    assert told == [["eras-residency"]]
    assert [line for line in before if line["log_level"] == "warning"] == []


# -- the page -----------------------------------------------------------------------------------------------------


def tables_of(page: str) -> dict[str, list[str]]:
    """The keys of each table of the page, by its heading."""
    found = {}
    for heading, body in re.findall(r"^#{2,3} ([^\n]+)\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL):
        if rows := re.findall(r"^\| `(\w+)`\*? \|", body, re.MULTILINE):
            found[heading] = rows
    return found


def test_the_page_has_every_key_and_no_other() -> None:
    shown = tables_of(PAGE)
    assert {name or "The keys of a file": list(keys_of(name)) for name in TABLES} == {
        name: shown[name or "The keys of a file"] for name in shown
    }


def test_the_page_marks_what_needs_no_source() -> None:
    starred = set(re.findall(r"^\| `(\w+)`\* \|", PAGE, re.MULTILINE))
    assert starred == (ADVICE - {"name"}) | set(ABOUT_FILES)


def test_the_examples_of_the_page_are_valid() -> None:
    known = services.with_own({name: (f"{name}.toml", text) for name, text in EXAMPLES.items()})
    amcas, lakeside = known["amcas"], known["lakeside-postbac"]
    assert (amcas.counts.most, amcas.formats.most_mb, amcas.checked_on) == (12, 0, date(2027, 5, 10))
    assert [d.cycle for d in amcas.dates] == ["2026", "2027", "2028"]
    assert (lakeside.counts.least, lakeside.counts.most, lakeside.must_carry) == (3, 12, amcas.must_carry)
    assert lakeside.said_by["letters"] == ("handbook",)
    assert lakeside.said_by["steps"] == ("operator",)
