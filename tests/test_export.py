"""An export: what is in it, that it comes back equal, what is refused, and that nothing is sent twice because of it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from stage import CV, KIM, LORBOT, NADIA, PASSWORD, Received, Stage, Style, apple, gmail, outlook
from test_cli import as_before, everything_in, lorbot
from test_store import dossiers

from lorbot import importing
from lorbot.config import load
from lorbot.core import outgoing
from lorbot.core.correspondence import Mail, Progress
from lorbot.core.dossier import Dossier, Material
from lorbot.core.portable import Scope, scope_within
from lorbot.errors import ImportRefusedError
from lorbot.export import exported, material_names, safe_name
from lorbot.mail.message import parse
from lorbot.sandbox.people import File
from lorbot.sandbox.server import MailServer
from lorbot.shell import tables
from lorbot.wiring import parts_of

pytestmark = pytest.mark.usefixtures("as_before")
__all__ = ["as_before"]

ROOT = Path(__file__).parent.parent
NOW = datetime(2027, 6, 20, 9, tzinfo=UTC)
YES = "Dear Nadia,\n\nI would be delighted to write you a strong letter.\n\nElena Lopez"


@pytest.fixture
def stage(tmp_path: Path, mail_server: MailServer) -> Stage:
    return Stage(tmp_path, mail_server)


def attached(mail: Received) -> dict[str, bytes]:
    """The files of the zip file that came with a mail."""
    ((name, content),) = [
        (a.name, parse(mail.raw).files[a.sha256]) for a in mail.incoming.attachments
    ]  # fmt: skip
    assert name == "lorbot-Rahman.zip"
    return unpacked(content)


def unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def season(stage: Stage) -> Dossier:
    """Dr. Lopez has the packet; the ask to Dr. Kim waits for a word."""
    stage.lopez.answers(stage.asked(), YES)
    stage.turn()
    stage.nadia.writes(
        "mentor Dr. Harold Kim", f"email: {KIM}\nhow: two years in your laboratory\nfor: ERAS\nas it is: yes"
    )
    stage.nadia.writes("ask Dr. Kim")
    stage.nadia.writes("cv", "A newer one.", files=(File(name="../../etc/passwd.pdf", content=b"%PDF-1.7 new"),))
    stage.turn()
    return stage.dossier


# -- what is in it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", [gmail, outlook, apple])
def test_export_answers_with_everything(stage: Stage, style: Style) -> None:
    season(stage)
    status = stage.nadia.reads()[-1]
    stage.nadia.answers(status, "export", style)
    stage.turn()

    answer = stage.nadia.reads_one()
    files = attached(answer)

    assert "Attached is lorbot-Rahman.zip" in answer.text
    assert list(files)[:1] == ["README.txt"]
    assert {name.split("/")[0] for name in files} == {
        "README.txt", "history.txt", "calendar.ics", "dossier.json", "mails", "materials",
    }  # fmt: skip
    assert files["materials/Rahman_CV-version-1.pdf"] == CV.content
    assert files["materials/Rahman_CV.pdf"] == b"%PDF-1.7 new"
    assert "Dr. Elena Lopez wrote: “I would be delighted" in files["history.txt"].decode()
    assert "`lorbot import` reads this zip file back" in files["README.txt"].decode()
    assert {name for name in files if "not-sent" in name} == set()


def test_a_mail_in_it_is_byte_for_byte_what_left(stage: Stage) -> None:
    stage.now = stage.now.astimezone(UTC)  # as the daemon's clock
    season(stage)
    stage.nadia.writes("export")
    stage.turn()
    files = attached(stage.nadia.reads()[-1])

    sent = {parse(raw).incoming.message_id: raw for raw in stage.server.mails(LORBOT, "Sent")}
    written = {parse(raw).incoming.message_id: raw for name, raw in files.items() if name.endswith(".eml")}

    assert len(written) > 8
    assert {mid: sent[mid] for mid in written} == written
    assert any(b"application/pdf" in raw for raw in written.values())  # the packet, with the CV


def test_no_secret_is_in_it(stage: Stage) -> None:
    season(stage)
    key = stage.daemon.parts.state.key()
    stage.daemon.parts.state.forgotten.promise_silence("stein@college.example")
    kept = (stage.daemon.parts.state.path / "forgotten.json").read_text()
    content = made(stage).content
    everything = b"\n".join(unpacked(content).values())
    for secret in (
        key,
        key.hex().encode(),
        PASSWORD.encode() + b"\n",
        *(h.encode() for h in json.loads(kept)["never"]),
    ):
        assert secret not in everything


def made(stage: Stage, scope: Scope = Scope.WHOLE) -> Any:
    return exported(stage.dossier, stage.daemon.parts, scope, NOW)


def test_over_the_limit_the_documents_stay_out_and_the_answer_says_so(tmp_path: Path, mail_server: MailServer) -> None:
    stage = Stage(tmp_path, mail_server, mailbox={"attachment_max_mb": 1})
    stage.prepared()
    for number in (1, 2):
        large = File(name="t.pdf", content=b"%PDF-1.7" + bytes([number]) * 700_000)
        stage.nadia.writes("material transcript", "Here.", files=(large,))
    stage.turn()
    stage.nadia.reads()

    stage.nadia.writes("export")
    stage.turn()

    answer = stage.nadia.reads_one()
    files = attached(answer)
    assert "Your documents are not in it" in answer.text
    assert "over the limit of 1 MB" in answer.text
    assert [name for name in files if name.startswith("materials")] == []
    assert "too large to be mailed" in files["README.txt"].decode()


def test_how_much_goes_in_follows_from_the_sizes(stage: Stage) -> None:
    dossier = season(stage)
    sizes = [scope_within(dossier, mb * 1_000_000) for mb in (10, 0)]
    assert sizes == [Scope.WHOLE, Scope.BARE]
    packet = next(m for m in dossier.mails if m.enclosures)
    large = replace(dossier.materials[0], size=600_000)
    many = tuple(replace(packet, key=f"k{n}") for n in range(3))
    heavy = replace(dossier, materials=(large,), mails=(*dossier.mails, *many))
    assert scope_within(heavy, 1_000_000) is Scope.LIGHT
    light = unpacked(made(stage, Scope.LIGHT).content)
    assert "materials/Rahman_CV.pdf" in light
    assert not any(b"application/pdf" in raw for name, raw in light.items() if name.endswith(".eml"))


def test_a_document_that_is_lost_does_not_stop_the_export(stage: Stage) -> None:
    dossier = season(stage)
    for material in dossier.materials:
        (stage.daemon.parts.state.files / material.sha256).unlink()
    result = made(stage)
    assert set(result.unreadable) == {"Rahman_CV.pdf"}
    assert "are missing: Rahman_CV.pdf" in unpacked(result.content)["README.txt"].decode()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"), ("..", "x"), ("C:\\temp\\CV.pdf", "CV.pdf"), (".hidden", "hidden"), ("", "x"),
        ("con.pdf", "x_con.pdf"), ("a\x00b/c:d.pdf", "c_d.pdf"), ("Lebenslauf Müller.pdf", "Lebenslauf_Müller.pdf"),
        ("x" * 300 + ".pdf", "x" * 76 + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_leads_nowhere(given: str, name: str) -> None:
    assert safe_name(given, "x") == name


def test_two_documents_of_one_name_are_two_files(stage: Stage) -> None:
    dossier = season(stage)
    first = dossier.materials[0]
    other = replace(first, kind="other", sha256="b" * 64, version=1, name=first.name.upper())
    named = material_names(replace(dossier, materials=(first, other)))
    assert len({name.casefold() for name in named.values()}) == 2


def test_every_part_of_a_dossier_is_described() -> None:
    page = (ROOT / "docs/export.md").read_text()
    for part in (Dossier, Mail, Material):
        assert [f.name for f in fields(part) if f"`{f.name}`" not in page] == []


# -- and back ------------------------------------------------------------------------------------------------------


def test_what_was_exported_comes_back_equal(stage: Stage) -> None:
    before = season(stage)
    contents = {m.sha256: stage.daemon.parts.state.content(m.sha256) for m in before.materials}
    file = stage.folder / "nadia.zip"
    assert lorbot("export", NADIA, "--to", file, "--config", stage.config).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert lorbot("forget", NADIA, "--yes", "--config", stage.config).exit_code == 0
    assert stage.daemon.parts.store.ids() == ()

    result = lorbot("import", file, "--config", stage.config)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"Nadia Rahman <{NADIA}>: read from {file}\n"
    assert replace(stage.dossier, restored_at=None) == before
    assert {m.sha256: stage.daemon.parts.state.content(m.sha256) for m in before.materials} == contents


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dossier=dossiers)
def test_any_dossier_comes_back_equal(plain: Callable[[], Any], tmp_path: Path, dossier: Dossier) -> None:
    parts = plain()
    bytes_of = b"the document"
    sha = hashlib.sha256(bytes_of).hexdigest()
    parts.state.keep(sha, bytes_of)
    email = "ada@example.com"
    dossier = replace(
        dossier, applicant=replace(dossier.applicant, email=email),
        materials=tuple(replace(m, sha256=sha) for m in dossier.materials),
    )  # fmt: skip
    file = tmp_path / "export.zip"
    file.write_bytes(exported(dossier, parts, Scope.WHOLE, NOW).content)

    found = importing.read(file)

    assert found.dossier == dossier
    assert found.materials == ({sha: bytes_of} if dossier.materials else {})
    assert found.missing == ()


@pytest.fixture
def plain(tmp_path: Path) -> Callable[[], Any]:
    """Parts that need no server."""
    config = tmp_path / "config.toml"
    config.write_text(
        f'[mailbox]\naddress = "{LORBOT}"\nimap_host = "127.0.0.1"\nimap_security = "plain"\npassword = "pw"\n'
        f'[smtp]\nhost = "127.0.0.1"\nsecurity = "plain"\n[[applicants]]\nname = "Ada"\nemail = "ada@example.com"\n'
    )
    config.chmod(0o600)
    parts = parts_of(load(config, {}))
    return lambda: parts


def test_another_lorbot_gives_the_dossier_an_id_of_its_own(
    tmp_path: Path, stage: Stage, mail_server: MailServer
) -> None:
    before = season(stage)
    file = tmp_path / "x.zip"
    file.write_bytes(made(stage).content)
    (tmp_path / "there").mkdir()
    there = Stage(tmp_path / "there", mail_server)
    with there.daemon.parts.state.lock():
        importing.install(importing.read(file), there.daemon.parts, NOW, over_existing=True, path=file)
    (preview,) = there.dossier.previews
    assert there.dossier.id != before.id
    assert preview.mail.message_id != before.previews[0].mail.message_id
    assert preview.mail.text == before.previews[0].mail.text
    assert there.dossier.letters == before.letters


# -- what is refused -----------------------------------------------------------------------------------------------


def changed(content: bytes, **changes: Any) -> bytes:
    """The export with files changed: a name that is None is left out; `manifest` changes dossier.json."""
    files: dict[str, bytes] = dict(unpacked(content))
    manifest = changes.pop("manifest", None)
    if manifest:
        files["dossier.json"] = json.dumps(manifest(json.loads(files["dossier.json"]))).encode()
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name, raw in (files | changes).items():
            if raw is not None:
                archive.writestr(name, raw)
    return written.getvalue()


def linked(content: bytes) -> bytes:
    written = io.BytesIO(content)
    with ZipFile(written, "a") as archive:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return written.getvalue()


def doubled(content: bytes) -> bytes:
    written = io.BytesIO(content)
    with ZipFile(written, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("README.txt", "again")
    return written.getvalue()


def bomb(content: bytes) -> bytes:
    """What would unpack to 400 MB."""
    written = io.BytesIO(content)
    with ZipFile(written, "a", ZIP_DEFLATED) as archive, archive.open("zeros", "w") as entry:
        for _ in range(400):
            entry.write(bytes(1_000_000))
    return written.getvalue()


def newer_schema(manifest: dict[str, Any]) -> dict[str, Any]:
    held = {k: v for k, v in manifest["dossier"].items() if k != "schema"}
    schema = tables.SCHEMA + 1
    seal = {"schema": schema, "sha256": tables._checksum(schema, held)}
    return manifest | {"dossier": {"schema": {"1": seal}} | held}


def with_email(manifest: dict[str, Any]) -> dict[str, Any]:
    manifest["dossier"]["dossier"]["1"]["applicant"]["email"] = "mallory@evil.example"
    return manifest


REFUSED: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("no zip", lambda _: b"Hello", "is no zip file, or a damaged one"),
    ("empty", lambda _: b"", "is no zip file, or a damaged one"),
    ("cut", lambda c: c[: len(c) // 2], "is no zip file, or a damaged one"),
    ("foreign", lambda c: changed(c, **{"dossier.json": None}), "is no export of lorbot"),
    ("other json", lambda c: changed(c, manifest=lambda _: {"a": 1}), "is no export of lorbot"),
    ("no json", lambda c: changed(c, **{"dossier.json": b"{"}), "dossier.json is no JSON"),
    ("deep json", lambda c: changed(c, **{"dossier.json": b"[" * 200_000}), "dossier.json is no JSON"),
    ("newer", lambda c: changed(c, manifest=lambda m: m | {"version": 2}), "was written by a newer lorbot (version 2"),
    ("newer schema", lambda c: changed(c, manifest=newer_schema), "was written by a newer lorbot (schema 2"),
    ("no version", lambda c: changed(c, manifest=lambda m: m | {"version": "x"}), "names no version"),
    ("changed", lambda c: changed(c, manifest=with_email), "its dossier cannot be read"),
    ("changed file", lambda c: changed(c, **{"history.txt": b"x"}), "history.txt is not what was exported"),
    ("missing file", lambda c: changed(c, **{"history.txt": None}), "history.txt is missing"),
    (
        "swapped",
        lambda c: changed(c, manifest=lambda m: m | {"materials": {"a" * 64: "README.txt"}}),
        "is not the document",
    ),
    (
        "odd hash",
        lambda c: changed(c, manifest=lambda m: m | {"materials": {"../x": "README.txt"}}),
        "a checksum that is none",
    ),
    ("no files", lambda c: changed(c, manifest=lambda m: m | {"files": [1]}), "which files belong to it"),
    ("slip", lambda c: changed(c, **{"../../evil.txt": b"x"}), "holds a name that leads out of its folder"),
    ("slip \\", lambda c: changed(c, **{"..\\evil.txt": b"x"}), "holds a name that leads out of its folder"),
    ("absolute", lambda c: changed(c, **{"/etc/evil": b"x"}), "holds a name that leads out of its folder"),
    ("drive", lambda c: changed(c, **{"C:evil": b"x"}), "holds a name that leads out of its folder"),
    ("link", linked, "holds a name that leads out of its folder"),
    ("twice", doubled, "it holds the same name twice"),
    ("bomb", bomb, "would unpack to more than 300 MB"),
]


@pytest.mark.parametrize(("spoil", "says"), [(s, w) for _, s, w in REFUSED], ids=[n for n, _, _ in REFUSED])
def test_what_is_no_whole_export_is_refused_and_changes_nothing(
    stage: Stage, spoil: Callable[[bytes], bytes], says: str
) -> None:
    stage.prepared()
    content = made(stage).content
    lorbot("forget", NADIA, "--yes", "--config", stage.config)
    before = everything_in(stage.folder / "state")
    file = stage.folder / "export.zip"
    file.write_bytes(spoil(content))

    result = lorbot("import", file, "--config", stage.config)

    assert result.exit_code == 1
    assert says in result.stderr
    assert result.stderr.startswith(f"lorbot: {file} ")
    assert result.stderr.endswith("Nothing was changed.\n")
    assert everything_in(stage.folder / "state") == before
    assert not (stage.folder.parent / "evil.txt").exists()


def test_a_flipped_bit_anywhere_is_never_taken_for_something_else(stage: Stage) -> None:
    before = season(stage)
    content = made(stage).content
    file = stage.folder / "export.zip"
    for at in range(0, len(content), len(content) // 97):
        file.write_bytes(content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :])
        try:
            assert importing.read(file).dossier == before
        except ImportRefusedError:
            continue


def test_an_existing_dossier_is_replaced_only_on_demand(stage: Stage) -> None:
    season(stage)
    file = stage.folder / "export.zip"
    file.write_bytes(made(stage).content)
    stage.nadia.writes("profile", "stage: intern")
    stage.turn()

    refused = lorbot("import", file, "--config", stage.config)
    assert refused.exit_code == 1
    assert "who has a dossier here already; to put the one in the file in its place, add --replace" in refused.stderr
    assert stage.dossier.applicant.stage == "intern"

    done = lorbot("import", file, "--replace", "--config", stage.config)
    assert (done.exit_code, done.stdout) == (0, f"Nadia Rahman <{NADIA}>: replaced by {file}\n")
    assert stage.dossier.applicant.stage == "fourth-year medical student"


def test_an_export_without_documents_says_what_to_send_again(stage: Stage) -> None:
    season(stage)
    file = stage.folder / "export.zip"
    file.write_bytes(made(stage, Scope.BARE).content)
    lorbot("forget", NADIA, "--yes", "--config", stage.config)
    result = lorbot("import", file, "--config", stage.config)
    assert result.exit_code == 0
    assert "not in it, to be sent in again: Rahman_CV.pdf" in result.stdout


def test_a_running_daemon_is_not_worked_against(stage: Stage) -> None:
    season(stage)
    file = stage.folder / "export.zip"
    file.write_bytes(made(stage).content)
    with stage.daemon.parts.state.lock():
        for command in (["import", file, "--replace"], ["forget", NADIA, "--yes"]):
            result = lorbot(*command, "--config", stage.config)
            assert result.exit_code == 1
            assert "another lorbot is using the state folder" in result.stderr
        assert lorbot("history", NADIA, "--config", stage.config).exit_code == 0


# -- nothing is sent twice -------------------------------------------------------------------------------------------


def imported(stage: Stage, content: bytes) -> None:
    file = stage.folder / "export.zip"
    file.write_bytes(content)
    assert lorbot("import", file, "--replace", "--config", stage.config).exit_code == 0
    stage.restart()


def test_a_mail_that_waited_and_has_left_since_is_not_sent_again(stage: Stage) -> None:
    stage.nadia.answers(stage.previewed(), "send")
    stage.now += timedelta(hours=12)  # ten at night
    stage.turn()
    stage.nadia.reads()
    assert [m.progress for m in stage.dossier.mails if m.mentor and m.key == "l1-ask"] == [Progress.QUEUED]
    before = made(stage).content
    stage.passes(hours=12)
    ask = stage.lopez.reads_one()

    imported(stage, before)
    assert next(m for m in stage.dossier.mails if m.key == "l1-ask").progress is Progress.QUEUED  # as it was
    stage.turn()
    stage.passes(days=1)

    assert stage.lopez.reads() == []
    assert next(m for m in stage.dossier.mails if m.key == "l1-ask").remark == "found in Sent"
    assert stage.dossier.letters[0].state.value == "asked"
    assert ask.incoming.message_id == next(m for m in stage.dossier.mails if m.key == "l1-ask").message_id


def test_a_mail_of_which_nobody_knows_whether_it_left_is_asked_about(stage: Stage) -> None:
    stage.nadia.answers(stage.previewed(), "send")
    stage.now += timedelta(hours=12)
    stage.turn()
    stage.nadia.reads()

    imported(stage, made(stage).content)
    stage.passes(hours=12)
    assert stage.lopez.reads() == []
    question = stage.nadia.reads_one()
    assert "it arrived" in question.text

    stage.nadia.answers(question, "send again")
    stage.turn()
    stage.restart()
    stage.passes(hours=1)
    assert len(stage.lopez.reads()) == 1
    assert "is sent again" in stage.nadia.reads_one().text


def test_until_it_is_known_whether_it_left_nothing_that_waited_leaves(stage: Stage) -> None:
    stage.nadia.writes("status")
    stage.prepared()
    waiting = tuple(replace(m, progress=Progress.QUEUED, sent_at=None) for m in stage.dossier.mails)
    dossier = replace(stage.dossier, mails=waiting)
    assert len(outgoing.waiting(dossier, NOW)) == len(waiting)
    restored = outgoing.restored(dossier, NOW - timedelta(days=400))  # the clock was set back
    assert outgoing.waiting(restored, NOW) == ()
    assert outgoing.interrupted(restored) == tuple(m.key for m in waiting)


def test_what_the_clock_decides_anew_and_has_left_before_is_not_sent_again(stage: Stage) -> None:
    stage.asked()
    before = made(stage).content
    stage.passes(days=7, minutes=5)
    assert "slipped past you" in stage.lopez.reads_one().text

    imported(stage, before)
    stage.turn()
    stage.passes(days=1)

    assert stage.lopez.reads() == []
    assert stage.dossier.letters[0].unanswered == 2  # the note counts as sent


def test_a_preview_that_was_approved_since_is_not_sent_again_however_often_it_is_approved(stage: Stage) -> None:
    preview = stage.previewed()
    before = made(stage).content
    stage.nadia.answers(preview, "send")
    stage.turn()
    assert len(stage.lopez.reads()) == 1

    imported(stage, before)
    stage.nadia.answers(preview, "yes, send it")
    stage.passes(minutes=5)

    assert stage.lopez.reads() == []
    assert stage.dossier.letters[0].state.value == "asked"


# -- the command line ------------------------------------------------------------------------------------------------


def test_export_takes_a_name_of_its_own_and_overwrites_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    season(stage)
    monkeypatch.chdir(stage.folder)
    assert "exported to" in lorbot("export", "Nadia Rahman", "--config", stage.config).stdout
    assert unpacked((stage.folder / "lorbot-Rahman.zip").read_bytes())
    again = lorbot("export", NADIA, "--config", stage.config)
    assert again.exit_code == 1
    assert "is there already; name another file with --to" in again.stderr


@pytest.mark.parametrize("command", ["export", "forget", "history"])
def test_who_is_not_there_is_told_who_is(stage: Stage, command: str) -> None:
    result = lorbot(command, "who@else.example", "--config", stage.config)
    assert result.exit_code == 1
    assert f"there is no dossier of who@else.example; there are: {NADIA}" in result.stderr


def test_forget_asks_on_a_terminal_and_refuses_elsewhere(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    season(stage)
    refused = lorbot("forget", NADIA, "--config", stage.config)
    assert refused.exit_code == 1
    assert "add --yes" in refused.stderr
    monkeypatch.setattr("lorbot.cli_dossiers._is_terminal", lambda: True)
    assert lorbot("forget", NADIA, "--config", stage.config, given="n\n").exit_code == 1
    assert len(stage.daemon.parts.store.ids()) == 1
    assert "Nadia Rahman is forgotten" in lorbot("forget", NADIA, "--config", stage.config, given="y\n").stdout
    assert stage.daemon.parts.store.ids() == ()
    stage.restart()
    assert stage.daemon.parts.store.ids() == ()


def test_forget_a_mentor_alone(stage: Stage) -> None:
    season(stage)
    done = lorbot("forget", NADIA, "--mentor", "Lopez", "--yes", "--config", stage.config)
    assert (done.exit_code, done.stdout) == (0, "Dr. Elena Lopez is forgotten\n")
    folder = stage.daemon.parts.state.path
    assert [p.name for p in folder.rglob("*") if p.is_file() and b"Lopez" in p.read_bytes()] == []
    assert [m.name for m in stage.dossier.mentors] == ["Dr. Harold Kim"]
    wrong = lorbot("forget", NADIA, "--mentor", "Stein", "--yes", "--config", stage.config)
    assert "“Stein” is not one mentor of Nadia Rahman; there are: Dr. Harold Kim" in wrong.stderr


def test_history_for_the_operator_of_an_office_is_without_what_was_said(stage: Stage) -> None:
    season(stage)
    shown = lorbot("history", NADIA, "Lopez", "--config", stage.config).stdout
    assert "the packet: sent" in shown
    assert "Dr. Elena Lopez wrote\n" in shown
    assert "delighted" not in shown
    assert "Kim" not in shown
