"""The dossiers on disk: whole or not there, whatever happens to the process, the disk and the file."""

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from tinydb import TinyDB

from lorbot.core.application import Application
from lorbot.core.correspondence import Contact, Direction, Enclosure, Mail, Preview, Progress, Purpose, Question
from lorbot.core.dossier import Applicant, ApplicantWrote, Dossier, Entry, HeldCommand, Letter, Material, Mentor, State
from lorbot.core.erasure import Erasure
from lorbot.core.message import Address, Incoming
from lorbot.core.value import many_lines, one_line
from lorbot.errors import DossierTooNewError, DossierUnreadableError
from lorbot.shell import tables as tables_module
from lorbot.shell.atomic import AtomicStorage, previous_of, remove_strays, write_file
from lorbot.shell.store import TinyStore
from lorbot.shell.tables import Tables

ID = "d0123456789ab"
NOW = datetime(2027, 6, 1, 9, tzinfo=UTC)
SHA = "a" * 64


def a_mail(key: str, progress: Progress = Progress.SENT) -> Mail:
    return Mail(
        key=key,
        purpose=Purpose.ASK,
        to=Address(email="lopez@example.edu", name="Dr. Elena López"),
        subject="A letter for residency",
        text="Dear Dr. López,\n\nCould you write a strong letter?\n",
        enclosures=(Enclosure(name="CV.pdf", media_type="application/pdf", sha256=SHA),),
        decided_at=NOW,
        progress=progress,
    )


def a_command() -> ApplicantWrote:
    sender = Address(email="ada@example.com")
    incoming = Incoming(message_id="3@example.com", content_hash=SHA, sender=sender, subject="drop", text="Dr. López")
    return ApplicantWrote(incoming=incoming, words="Dr. López", genuine=False, doubt="no DKIM, no SPF")


def a_dossier(**changes: Any) -> Dossier:
    waiting = a_mail("waiting")
    dossier = Dossier(
        id=ID,
        applicant=Applicant(name="Ada Okafor", email="ada@example.com", identifiers={"AAMC ID": "14789321"}),
        mentors=(Mentor(id="m1", name="Dr. Elena López", email="lopez@example.edu", away_until=date(2027, 7, 1)),),
        applications=(Application(id="a1", name="ERAS 2028", deadline=NOW, letter_ids={"m1": "L-1"}),),
        letters=(Letter(id="l1", mentor="m1", application="a1", state=State.ASKED, done=("nudge1",)),),
        materials=(
            Material(
                kind="cv", version=1, name="CV.pdf", media_type="application/pdf", sha256=SHA, size=9, added_at=NOW
            ),
        ),
        mails=(a_mail("ask"),),
        previews=(Preview(id="p1", mail=waiting, step="ask", shown_at=NOW),),
        questions=(Question(id="q1", topic="lukewarm", letter="l1", choices=("thank", "wait"), asked_at=NOW),),
        held=(HeldCommand(id="h1", event=a_command(), held_at=NOW),),
        contacts=(
            Contact(
                direction=Direction.OUT,
                message_id="1@example.com",
                mentor="m1",
                letters=("l1",),
                purpose="ask",
                subject="A letter",
                at=NOW,
            ),
        ),
        handled=("1@example.com|0011", "2@example.com|0022"),
        erasures=(Erasure(id="f1", mentor="m1", asked_at=NOW),),
        spent=("l9-ask",),
        journal=(Entry(at=NOW, what="asked Dr. López", letter="l1"),),
        created_at=NOW,
    )
    return replace(dossier, **changes)


class Words(list[str]):
    """What the operator was told."""


@pytest.fixture
def told() -> Words:
    return Words()


@pytest.fixture
def store(tmp_path: Path, told: Words) -> TinyStore:
    return TinyStore(tmp_path, told.append)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / f"{ID}.json"


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


# What is saved comes back.


def test_a_dossier_comes_back_as_it_was_saved(store: TinyStore, told: Words) -> None:
    store.save(a_dossier())
    assert store.load(ID) == a_dossier()
    assert store.ids() == (ID,)
    assert told == []


lines = st.text(st.characters(exclude_categories=("Cs",)), max_size=20).map(
    lambda text: one_line(one_line(one_line(text)))
)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=40).map(
    lambda text: many_lines(many_lines(many_lines(text)))
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive by contract
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
addresses = st.builds(Address, email=lines, name=lines)
mails = st.builds(
    Mail,
    key=lines,
    purpose=st.sampled_from(Purpose),
    to=addresses,
    subject=lines,
    text=texts,
    html=texts,
    cc=st.tuples(addresses),
    decided_at=moments,
    not_before=st.none() | moments,
    progress=st.sampled_from(Progress),
    attempts=st.integers(0, 2**40),
)
dossiers = st.builds(
    Dossier,
    id=st.just(ID),
    applicant=st.builds(
        Applicant, name=lines, email=lines, goal=texts, identifiers=st.dictionaries(lines, lines, max_size=2)
    ),
    mentors=st.lists(
        st.builds(Mentor, id=lines, name=lines, highlights=texts, away_until=st.none() | days), max_size=2
    ),
    applications=st.lists(
        st.builds(Application, id=lines, name=lines, deadline=st.none() | moments, preferred=st.none() | days),
        max_size=2,
    ),
    letters=st.lists(
        st.builds(
            Letter,
            id=lines,
            mentor=lines,
            application=lines,
            state=st.sampled_from(State),
            asked_at=st.none() | moments,
            done=st.lists(lines, max_size=2),
            waiting=st.booleans(),
        ),
        max_size=2,
    ),
    mails=st.lists(mails, max_size=2),
    previews=st.lists(st.builds(Preview, id=lines, mail=mails, step=lines, shown_at=moments), max_size=1),
    questions=st.lists(
        st.builds(
            Question,
            id=lines,
            topic=lines,
            letter=lines,
            choices=st.lists(lines, max_size=2),
            asked_at=moments,
            prepared=st.none() | mails,
        ),
        max_size=1,
    ),
    handled=st.lists(lines, max_size=3),
    erasures=st.lists(st.builds(Erasure, id=lines, mentor=lines, asked_at=moments), max_size=1),
    spent=st.lists(lines, max_size=2),
    restored_at=st.none() | moments,
    journal=st.lists(st.builds(Entry, at=moments, what=lines, letter=lines), max_size=3),
    paused=st.booleans(),
    created_at=st.none() | moments,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dossier=dossiers)
def test_any_dossier_comes_back_as_it_was_saved(store: TinyStore, told: Words, dossier: Dossier) -> None:
    store.save(dossier)
    assert store.load(ID) == dossier
    assert told == []


def test_plain_tinydb_reads_the_file(store: TinyStore, path: Path) -> None:
    store.save(a_dossier())
    with TinyDB(path, access_mode="r") as database:
        assert database.tables() == {
            *("schema", "dossier", "mentors", "applications", "letters", "materials", "mails", "previews"),
            *("questions", "held", "open_commands", "contacts", "handled", "journal", "erasures", "spent", "put_away"),
            *("refusals", "programmes", "published"),
        }
        assert [row["name"] for row in database.table("mentors")] == ["Dr. Elena López"]
        assert [row["key"] for row in database.table("handled")] == ["1@example.com|0011", "2@example.com|0022"]
        assert database.table("dossier").all()[0]["applicant"]["email"] == "ada@example.com"
        assert database.table("schema").all()[0]["schema"] == 1


def test_a_save_is_one_replacement_of_the_file(store: TinyStore, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replaced: list[Path] = []
    real = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, target: (replaced.append(Path(target)), real(self, target))[1])
    store.save(a_dossier())
    store.save(a_dossier(paused=True))
    assert replaced == [path, previous_of(path), path]


def test_files_are_for_the_owner_alone(store: TinyStore, path: Path) -> None:
    store.save(a_dossier())
    store.save(a_dossier(paused=True))
    assert [p.stat().st_mode & 0o777 for p in (path, previous_of(path))] == [0o600, 0o600]


@pytest.mark.parametrize(
    "bad", ["", "d1", "../etc/passwd", f"{ID}/..", f"{ID}\n", ID.upper(), f"{ID}0", "e0123456789ab", "d0123456789a٣"]
)
def test_what_is_not_an_id_never_becomes_a_path(store: TinyStore, tmp_path: Path, bad: str) -> None:
    for call in (store.load, store.delete):
        with pytest.raises(ValueError, match="not the id of a dossier"):
            call(bad)
    assert names(tmp_path) == []


def test_a_dossier_with_another_kind_of_id_is_not_saved(store: TinyStore, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not the id of a dossier"):
        store.save(a_dossier(id="../d0123456789ab"))
    assert names(tmp_path) == []
    assert not (tmp_path.parent / f"{ID}.json").exists()


def test_a_dossier_that_is_not_there_is_a_key_error(store: TinyStore, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match=ID):
        store.load(ID)
    assert names(tmp_path) == []


def test_delete_leaves_nothing_of_the_dossier_and_everything_of_another(store: TinyStore, tmp_path: Path) -> None:
    other = a_dossier(id="dffffffffffff")
    store.save(other)
    for suffix in ("json", "json.previous", "broken-1.json", "schema0.json"):
        (tmp_path / f"{ID}.{suffix}").write_text("Ada Okafor")
    (tmp_path / f".{ID}.json.tmp").write_text("Ada Okafor")
    store.delete(ID)
    store.delete(ID)
    assert names(tmp_path) == ["dffffffffffff.json"]
    assert store.ids() == ("dffffffffffff",)


# A file that is broken.


def two_generations(store: TinyStore) -> tuple[Dossier, Dossier]:
    older, newer = a_dossier(), a_dossier(paused=True).noting(NOW, "paused")
    store.save(older)
    store.save(newer)
    return older, newer


def flipped(content: bytes, bit: int) -> bytes:
    broken = bytearray(content)
    broken[bit // 8] ^= 1 << bit % 8
    return bytes(broken)


def without_checksum(content: bytes, change: Callable[[Tables], object]) -> bytes:
    tables: Tables = json.loads(content)
    del tables["schema"]["1"]["sha256"]
    change(tables)
    return json.dumps(tables).encode()


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "half of it": lambda content: content[: len(content) // 2],
    "all but the last byte": lambda content: content[:-1],
    "the old tail behind the new content": lambda content: content + content[-90:],
    "zeros, as after a power failure": lambda content: bytes(len(content)),
    "not UTF-8": lambda content: b"\xff\xfe" + content,
    "a letter of a name": lambda content: content.replace(b"Okafor", b"Okbfor"),
    "a list": lambda _: b"[]",
    "no tables": lambda _: b"{}",
    "a table that is a list": lambda content: without_checksum(content, lambda t: t.update(mails=[])),
    "a number for an address": lambda content: without_checksum(
        content, lambda t: t["dossier"]["1"]["applicant"].update(email=5)
    ),
    "an unknown field": lambda content: without_checksum(content, lambda t: t["mentors"]["1"].update(colour="red")),
    "an unknown table": lambda content: without_checksum(content, lambda t: t.update(_default={"1": {}})),
    "no dossier": lambda content: without_checksum(content, lambda t: t.pop("dossier")),
    "another dossier": lambda content: content.replace(ID.encode(), b"dffffffffffff"),
    "another dossier, by hand": lambda content: without_checksum(
        content, lambda t: t["dossier"]["1"].update(id="dffffffffffff")
    ),
    "no schema": lambda content: without_checksum(content, lambda t: t.pop("schema")),
    "a schema that is a word": lambda content: without_checksum(content, lambda t: t["schema"]["1"].update(schema="x")),
    "a flipped schema": lambda content: content.replace(b'"schema": 1', b'"schema": 3'),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gives_way_to_its_previous_version_aloud(
    store: TinyStore, told: Words, tmp_path: Path, path: Path, name: str
) -> None:
    older, _ = two_generations(store)
    broken = BROKEN[name](path.read_bytes())
    path.write_bytes(broken)
    assert store.load(ID) == older
    assert (tmp_path / f"{ID}.broken-1.json").read_bytes() == broken
    assert len(told) == 1
    assert str(path) in told[0]
    assert f"{ID}.broken-1.json" in told[0]
    assert store.load(ID) == older
    assert len(told) == 1
    assert names(tmp_path) == [f"{ID}.broken-1.json", f"{ID}.json", f"{ID}.json.previous"]


def test_no_flipped_bit_makes_a_third_dossier(store: TinyStore, told: Words, path: Path) -> None:
    older, newer = two_generations(store)
    content = path.read_bytes()
    for bit in range(3, len(content) * 8, len(content) * 8 // 251):
        path.write_bytes(flipped(content, bit))
        assert store.load(ID) in (older, newer)
    assert len(told) > 200


def test_a_lost_file_is_restored_from_its_previous_version(store: TinyStore, told: Words, path: Path) -> None:
    older, _ = two_generations(store)
    path.unlink()
    assert store.ids() == (ID,)
    assert store.load(ID) == older
    assert path.exists()
    assert len(told) == 1


def test_every_broken_file_is_kept(store: TinyStore, tmp_path: Path, path: Path) -> None:
    two_generations(store)
    for content in (b"one", b"two"):
        path.write_bytes(content)
        store.load(ID)
    assert [(tmp_path / f"{ID}.broken-{n}.json").read_bytes() for n in (1, 2)] == [b"one", b"two"]


def test_two_broken_versions_are_an_error_that_says_what_to_do_and_tells_nothing(
    store: TinyStore, told: Words, tmp_path: Path, path: Path
) -> None:
    two_generations(store)
    for file in (path, previous_of(path)):
        file.write_bytes(
            without_checksum(file.read_bytes(), lambda t: t["mentors"]["1"].update(id=["Dr. López", 5]))  # wrong type
        )
    found = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(DossierUnreadableError, match=re.escape(str(path))) as caught:
        store.load(ID)
    assert "restore it from a backup" in str(caught.value)
    assert "López" not in str(caught.value)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == found
    assert told == []


def test_a_file_that_the_system_will_not_read_is_an_error_and_no_repair(
    store: TinyStore, tmp_path: Path, path: Path
) -> None:
    two_generations(store)
    path.unlink()
    path.mkdir()
    with pytest.raises(DossierUnreadableError, match="Is a directory"):
        store.load(ID)
    assert names(tmp_path) == [path.name, previous_of(path).name]


def test_a_full_disk_during_a_migration_is_not_called_a_broken_file(
    store: TinyStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(schema_0(a_dossier()))
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full_disk)
        with pytest.raises(OSError, match="No space left"):
            store.load(ID)
    assert store.load(ID) == a_dossier()


def test_a_broken_first_version_is_an_error(store: TinyStore, path: Path) -> None:
    store.save(a_dossier())
    path.write_bytes(b"{")
    with pytest.raises(DossierUnreadableError):
        store.load(ID)


def test_a_mail_that_may_have_gone_is_in_doubt_after_a_repair(store: TinyStore, told: Words, path: Path) -> None:
    every = tuple(a_mail(progress.value, progress) for progress in Progress)
    store.save(a_dossier(mails=every))
    store.save(a_dossier())
    path.write_bytes(b"{")
    expected = {progress.value: progress for progress in Progress} | {
        "queued": Progress.UNKNOWN,
        "sending": Progress.UNKNOWN,
    }
    assert {mail.key: mail.progress for mail in store.load(ID).mails} == expected
    assert {mail.key: mail.progress for mail in store.load(ID).mails} == expected
    assert len(told) == 1


def test_without_a_listener_a_repair_is_a_warning(tmp_path: Path, path: Path) -> None:
    store = TinyStore(tmp_path)
    two_generations(store)
    path.write_bytes(b"{")
    with pytest.warns(RuntimeWarning, match="its previous version is used"):
        store.load(ID)


def test_a_file_mended_by_hand_without_its_checksum_is_read(store: TinyStore, told: Words, path: Path) -> None:
    store.save(a_dossier())
    path.write_bytes(
        without_checksum(path.read_bytes(), lambda t: t["dossier"]["1"]["applicant"].update(name="Ada Obi"))
    )
    assert store.load(ID).applicant.name == "Ada Obi"
    assert told == []


# Older and newer files.


def schema_0(dossier: Dossier) -> bytes:
    fields = TypeAdapter(Dossier).dump_python(dossier, mode="json")
    return json.dumps({"_default": {"1": fields}}).encode()


def test_a_file_of_schema_0_is_migrated_and_kept(store: TinyStore, told: Words, tmp_path: Path, path: Path) -> None:
    path.write_bytes(schema_0(a_dossier()))
    assert store.load(ID) == a_dossier()
    store.save(a_dossier(paused=True))
    assert store.load(ID) == a_dossier(paused=True)
    assert (tmp_path / f"{ID}.schema0.json").read_bytes() == schema_0(a_dossier())
    assert json.loads(path.read_bytes())["schema"]["1"]["schema"] == 1
    assert store.ids() == (ID,)
    assert told == []


def test_a_file_of_schema_0_as_plain_tinydb_writes_it_is_migrated(store: TinyStore, path: Path) -> None:
    with TinyDB(path) as database:
        database.insert(TypeAdapter(Dossier).dump_python(a_dossier(), mode="json"))
    assert store.load(ID) == a_dossier()


def test_the_first_copy_of_an_older_schema_is_the_one_kept(store: TinyStore, tmp_path: Path, path: Path) -> None:
    for dossier in (a_dossier(), a_dossier(paused=True)):
        path.write_bytes(schema_0(dossier))
        assert store.load(ID) == dossier
    assert (tmp_path / f"{ID}.schema0.json").read_bytes() == schema_0(a_dossier())


def test_a_file_of_schema_0_with_two_dossiers_is_broken(store: TinyStore, path: Path) -> None:
    path.write_bytes(b'{"_default": {"1": {}, "2": {}}}')
    with pytest.raises(DossierUnreadableError, match="holds 2 dossiers"):
        store.load(ID)


def test_a_broken_file_gives_way_to_a_previous_version_of_schema_0(
    store: TinyStore, told: Words, tmp_path: Path, path: Path
) -> None:
    path.write_bytes(b"{")
    previous_of(path).write_bytes(schema_0(a_dossier()))
    assert store.load(ID) == a_dossier()
    assert (tmp_path / f"{ID}.schema0.json").read_bytes() == schema_0(a_dossier())
    assert len(told) == 1


def test_migrations_run_one_after_another(store: TinyStore, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def call_the_pause_a_rest(tables: Tables) -> Tables:
        assert "mentors" in tables  # the step from 0 came first
        return tables | {"dossier": {"1": tables["dossier"]["1"] | {"paused": True}}}

    monkeypatch.setattr(tables_module, "SCHEMA", 2)
    monkeypatch.setitem(tables_module.MIGRATIONS, 1, call_the_pause_a_rest)
    path.write_bytes(schema_0(a_dossier()))
    assert store.load(ID) == a_dossier(paused=True)


def test_there_is_a_migration_from_every_schema() -> None:
    assert sorted(tables_module.MIGRATIONS) == list(range(tables_module.SCHEMA))


def test_a_newer_file_is_left_as_it_is(
    store: TinyStore, tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(tables_module, "SCHEMA", 7)
        two_generations(store)
    found = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(DossierTooNewError) as caught:
        store.load(ID)
    assert str(caught.value) == (
        f"the dossier {path} was written by a newer lorbot (schema 7; this one knows up to 1); "
        "upgrade lorbot to read it"
    )
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == found


# A disk that fails, a process that dies.


def full_disk(descriptor: int, content: memoryview) -> int:
    if len(content) < 40:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return real_write(descriptor, content[: len(content) // 2])


real_write = os.write


def test_a_full_disk_costs_neither_version(store: TinyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two_generations(store)
    found = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full_disk)
        with pytest.raises(OSError, match="No space left"):
            store.save(a_dossier(handled=()))
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == found


def test_a_failed_sync_or_rename_costs_neither_version(
    store: TinyStore, tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    two_generations(store)
    found = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="Input/output error"):
            store.save(a_dossier(handled=()))
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == found
    with monkeypatch.context() as disk:
        disk.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="Input/output error"):
            write_file(path, b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == found


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", lambda descriptor, content: real_write(descriptor, content[:7]))
        write_file(tmp_path / "letter", b"x" * 1000, mode=0o640)
    assert (tmp_path / "letter").read_bytes() == b"x" * 1000
    assert (tmp_path / "letter").stat().st_mode & 0o777 == 0o640


def test_a_stray_of_a_killed_process_lends_nothing_to_the_next_file(tmp_path: Path) -> None:
    stray = tmp_path / ".letter.tmp"
    stray.write_bytes(b"x" * 1000)
    stray.chmod(0o644)
    write_file(tmp_path / "letter", b"new")
    assert (tmp_path / "letter").read_bytes() == b"new"
    assert (tmp_path / "letter").stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["letter"]


def test_without_hard_links_the_previous_version_is_a_copy(
    store: TinyStore, tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    older, newer = two_generations(store)
    assert store.load(ID) == newer
    path.unlink()
    previous_of(path).rename(path)
    assert store.load(ID) == older
    assert names(tmp_path) == [path.name]


def test_a_crash_between_link_and_rename_leaves_no_stray_for_good(store: TinyStore, tmp_path: Path, path: Path) -> None:
    store.save(a_dossier())
    os.link(path, previous_of(path))  # as a process killed after keeping the previous version leaves it
    store.save(a_dossier(paused=True))
    assert names(tmp_path) == [path.name, previous_of(path).name]
    assert AtomicStorage(path).read() != AtomicStorage(previous_of(path)).read()


def test_strays_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".a.json.tmp", "a.json", ".hidden", "a.tmp"):
        (tmp_path / name).touch()
    remove_strays(tmp_path)
    assert names(tmp_path) == [".hidden", "a.json", "a.tmp"]


# The dossier gets shorter and longer in turn: a storage that writes in place then leaves an old tail.
KILLED_WRITER = """
import os, random, signal, sys, time
from dataclasses import replace
from pathlib import Path
from lorbot.core.dossier import Applicant, Dossier, Entry
from lorbot.core.value import Moment
from lorbot.shell.atomic import remove_strays
from lorbot.shell.store import TinyStore
from datetime import datetime, UTC

folder, repairs = Path(sys.argv[1]), []
store = TinyStore(folder, repairs.append)
base = Dossier(id="d0123456789ab", applicant=Applicant(name="Ada", email="ada@example.com"))
entry = Entry(at=datetime(2027, 6, 1, tzinfo=UTC), what="x" * 90)
shapes = [replace(base, journal=(entry,) * n) for n in (1, 200)]
store.save(shapes[0])
strays = 0
for _ in range(50):
    child = os.fork()
    if child == 0:
        while True:
            for shape in shapes:
                store.save(shape)
    time.sleep(random.uniform(0.002, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    strays += len(list(folder.glob(".*.tmp")))
    assert store.load(base.id) in shapes
    remove_strays(folder)
assert not repairs, repairs
print(strays)
"""


def test_a_killed_process_never_leaves_a_dossier_that_cannot_be_read(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", KILLED_WRITER, str(tmp_path)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert int(run.stdout) > 0, "no kill came in the middle of a write: the test proves nothing"
