"""The operator's commands on dossiers: the same data as the applicants' mail commands, from the same core.

What changes a dossier takes the lock of the state folder, so that no daemon works on it meanwhile.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lorbot.cli_options import CONFIG, guarded
from lorbot.errors import LorbotError, NoDossierError

if TYPE_CHECKING:
    from lorbot.core.dossier import Dossier, Mentor
    from lorbot.parts import Parts


@click.command()
@CONFIG
@click.argument("applicant", required=False)
@guarded
def status(config: Path, applicant: str | None) -> None:
    """Every applicant's letters, or one applicant's. In an office without what the mentors wrote."""
    from lorbot.config import load
    from lorbot.core.season import overview, without_words
    from lorbot.core.view import of_applicant
    from lorbot.wiring import parts_of

    settings = load(config)
    parts = parts_of(settings)
    now = datetime.now(UTC)
    for dossier_id in parts.store.ids():
        dossier = parts.store.load(dossier_id)
        if applicant and applicant.lower() not in _names(dossier):
            continue
        whole = overview(dossier, parts.policy, now)
        season = whole if settings.personal else without_words(whole)
        context = {
            "applicant": of_applicant(dossier.applicant), "season": season,
            "command": "status", "unknown": [], "too_large": [], "limit_mb": 0,
        }  # fmt: skip
        rendered = parts.writer.rendered("applicant/status", context)
        click.echo(f"=== {dossier.applicant.name} <{dossier.applicant.email}>\n\n{rendered.text}\n")


@click.command()
@CONFIG
@click.argument("applicant")
@click.argument("mentor", required=False)
@guarded
def history(config: Path, applicant: str, mentor: str | None) -> None:
    """An applicant's correspondence, with all mentors or one. In an office without what anybody wrote."""
    from lorbot.config import load
    from lorbot.core.history import overview, without_words
    from lorbot.core.view import zone_of
    from lorbot.export import history_text
    from lorbot.wiring import parts_of

    settings = load(config)
    parts = parts_of(settings)
    dossier = _dossier_of(parts, applicant)
    wanted = [_mentor_of(dossier, mentor).id] if mentor else None
    whole = overview(dossier, zone_of(dossier.applicant, parts.policy), wanted)
    click.echo(history_text(dossier, parts, whole if settings.personal else without_words(whole)))


@click.command()
@CONFIG
@click.option("--to", "target", type=click.Path(path_type=Path), help="The file to write.  [default: lorbot-NAME.zip]")
@click.argument("applicant")
@guarded
def export(config: Path, target: Path | None, applicant: str) -> None:
    """Everything that is kept about an applicant, as a zip file for the applicant. Holds what mentors wrote."""
    from lorbot.config import load
    from lorbot.core.commands.export import file_name
    from lorbot.core.portable import Scope
    from lorbot.export import exported
    from lorbot.shell.atomic import write_file
    from lorbot.wiring import parts_of

    parts = parts_of(load(config))
    dossier = _dossier_of(parts, applicant)
    path = (target or Path(file_name(dossier))).absolute()
    if path.exists():
        raise LorbotError(f"{path} is there already; name another file with --to, or remove it")
    made = exported(dossier, parts, Scope.WHOLE, datetime.now(UTC))
    try:
        write_file(path, made.content)
    except OSError as error:
        raise LorbotError(f"{path} cannot be written ({error.strerror}); name another file with --to") from error
    click.echo(f"{dossier.applicant.name}: exported to {path}, which only you can read")
    for name in made.unreadable:
        click.echo(f"lorbot: {name} could not be read any more and is not in it", err=True)


@click.command("import")
@CONFIG
@click.option("--replace", "over_existing", is_flag=True, help="Put it in the place of the dossier that is there.")
@click.argument("file", type=click.Path(path_type=Path))
@guarded
def import_(config: Path, over_existing: bool, file: Path) -> None:
    """Read an export back. Nothing that waited when it was made is sent without being asked about."""
    from lorbot.config import load
    from lorbot.importing import install, read
    from lorbot.wiring import parts_of

    parts = parts_of(load(config))
    with parts.state.lock():
        done = install(read(file), parts, datetime.now(UTC), over_existing=over_existing, path=file)
    who = done.dossier.applicant
    click.echo(f"{who.name} <{who.email}>: {'replaced by' if done.replaced else 'read from'} {file}")
    if done.missing:
        click.echo(f"not in it, to be sent in again: {', '.join(done.missing)}")


@click.command()
@CONFIG
@click.option("--mentor", help="Forget this mentor alone.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.argument("applicant")
@guarded
def forget(config: Path, mentor: str | None, yes: bool, applicant: str) -> None:
    """Erase an applicant, or one mentor of the applicant's, with every copy in the state folder. Nobody is told."""
    from lorbot.config import load
    from lorbot.core.erasure import Erasure
    from lorbot.dossiers import Dossiers
    from lorbot.eraser import Eraser
    from lorbot.shell.journal import set_up_logging
    from lorbot.wiring import parts_of

    settings = load(config)
    set_up_logging("warning", settings.log.format)
    parts = parts_of(settings)
    now = datetime.now(UTC)
    with parts.state.lock():
        dossier = _dossier_of(parts, applicant)
        person = _mentor_of(dossier, mentor) if mentor else None
        _confirm(dossier, person, yes=yes)
        dossiers = Dossiers(parts)
        dossiers.look(now)
        erasure = Erasure(
            id="f-operator", mentor=person.id if person else "", asked_at=now, confirmed_at=now
        )  # fmt: skip
        dossiers.keep(replace(dossier, erasures=(*dossier.erasures, erasure)), now)
        Eraser(parts, dossiers).work(now)
    if dossiers.faults:
        raise LorbotError("not everything could be erased; the log says what, and it is tried again by `lorbot run`")
    click.echo(f"{person.name if person else dossier.applicant.name} is forgotten")


COMMANDS = (status, history, export, import_, forget)


def _confirm(dossier: "Dossier", person: "Mentor | None", *, yes: bool) -> None:
    """Raises LorbotError where nobody can be asked, or the answer is no."""
    what = f"{person.name}, a mentor of {dossier.applicant.name}," if person else f"{dossier.applicant.name}"
    if yes:
        return
    if not _is_terminal():
        raise LorbotError(
            f"nothing was erased: nobody can be asked here; to erase {what} without being asked, add --yes"
        )
    counted = "" if person else f" ({len(dossier.mentors)} mentors, {len(dossier.letters)} letters)"
    if not click.confirm(f"Erase {what}{counted} for good?"):
        raise LorbotError("nothing was erased; the answer was no")


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _dossier_of(parts: "Parts", applicant: str) -> "Dossier":
    """The dossier of the applicant with this address or name. Raises NoDossierError where there is none, or several."""
    dossiers = [parts.store.load(dossier_id) for dossier_id in parts.store.ids()]
    found = [d for d in dossiers if applicant.lower() in _names(d)]
    if len(found) != 1:
        raise NoDossierError(applicant, tuple(sorted(d.applicant.email for d in found or dossiers)))
    return found[0]


def _mentor_of(dossier: "Dossier", wanted: str) -> "Mentor":
    from lorbot.core.commands.people import find_mentors

    found = find_mentors(dossier, wanted)
    if len(found) != 1:
        there = ", ".join(m.name for m in found or dossier.mentors) or "nobody"
        raise LorbotError(f"“{wanted}” is not one mentor of {dossier.applicant.name}; there are: {there}")
    return found[0]


def _names(dossier: "Dossier") -> set[str]:
    return {dossier.applicant.email.lower(), dossier.applicant.name.lower()}
