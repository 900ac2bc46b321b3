"""The command line: what an operator touches. Each command is thin; errors name the remedy and show no traceback.

Exit codes: 0 done, 1 failed, 2 wrong use or configuration.
"""

import json
import signal
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from lorbot import __version__, cli_dossiers, cli_services
from lorbot.cli_options import CONFIG, guarded
from lorbot.errors import ConfigurationError


class Moment(click.ParamType[datetime]):
    """An aware moment in ISO 8601: 2027-06-01T09:00:00Z."""

    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a moment; write it as 2027-06-01T09:00:00Z", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no time zone; write it as {moment:%Y-%m-%dT%H:%M:%S}Z", param, ctx)
        return moment.astimezone(UTC)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lorbot")
def main() -> None:
    """lorbot does the mail of letters of recommendation in medicine: it asks, reads the answer, sends the packet,
    reminds, and thanks. Start with: lorbot demo
    """


@main.command()
@click.option("--folder", type=click.Path(path_type=Path), default=Path("lorbot-demo"), show_default=True)
@click.option("--quiet", is_flag=True, help="Print the end only.")
@guarded
def demo(folder: Path, quiet: bool) -> None:
    """A whole season in a minute: an embedded mail server, the real daemon, simulated people, sped-up time.

    Leaves every mail as .eml and the correspondence as one HTML page. Exits 0 only if every letter reached its
    proper end.
    """
    from lorbot.sandbox.demo import play

    sys.exit(0 if play(folder, echo=(lambda _: None) if quiet else click.echo, say=click.echo) else 1)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the addresses, passwords and ports as one JSON line.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the state here.  [default: a passing folder]")
@click.option("--imap-port", type=int, default=0, help="[default: a free one]")
@click.option("--smtp-port", type=int, default=0, help="[default: a free one]")
@guarded
def sandbox(as_json: bool, folder: Path | None, imap_port: int, smtp_port: int) -> None:
    """An embedded mail server and the daemon, left running for you to play applicant and mentor with a mail program."""
    from lorbot.sandbox.play import serve

    serve(folder, imap_port=imap_port, smtp_port=smtp_port, say=click.echo, as_json=as_json)


@main.command()
@CONFIG
@click.option("--force", is_flag=True, help="Replace the file that is there.")
@guarded
def init(config: Path, force: bool) -> None:
    """Ask what lorbot needs to know, and write the configuration."""
    from lorbot.init import next_steps, refuse_to_overwrite, write, written
    from lorbot.questions import ask

    if not force:
        refuse_to_overwrite(config)
    answers = ask()
    write(config, written(answers))
    click.echo(f"\n{next_steps(config, answers)}")


@main.command()
@CONFIG
@click.option("--once", is_flag=True, help="Handle what is there and what is due, empty the outbox, and exit.")
@click.option("--now", type=Moment(), help="With --once: do so as of that moment.")
@click.option("--dry-run", is_flag=True, help="Send and change nothing; print what would be sent.")
@guarded
def run(config: Path, once: bool, now: datetime | None, dry_run: bool) -> None:
    """The daemon."""
    if now is not None and not (once or dry_run):
        raise click.UsageError("--now goes with --once")
    from lorbot.config import load
    from lorbot.daemon import Daemon
    from lorbot.dryrun import dry
    from lorbot.shell.journal import set_up_logging
    from lorbot.wiring import parts_of

    settings = load(config)
    set_up_logging(settings.log.level, settings.log.format)
    parts = parts_of(settings)
    if not settings.applicants and not parts.store.ids():
        raise ConfigurationError(f"{config}: no [[applicants]]; add at least one with name and email")
    with ExitStack() as stack:
        if dry_run:
            parts = stack.enter_context(dry(parts, settings.imap_account(), click.echo))
        else:
            stack.enter_context(parts.state.lock())
        daemon = Daemon(parts)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: daemon.stop())
        moment = now or datetime.now(UTC)
        daemon.open(moment)
        if once or dry_run:
            daemon.once(moment)
        else:
            daemon.run()


@main.command()
@CONFIG
@guarded
def check(config: Path) -> None:
    """Try every setting against the real servers; each step says ok or what to do."""
    from lorbot.config import load
    from lorbot.shell.check import check as steps

    failed = False
    for finding in steps(load(config), now=datetime.now(UTC)):
        failed = failed or not finding.ok
        click.echo(f"{'ok  ' if finding.ok else 'FAIL'} {finding.name}: {finding.says}")
        if finding.remedy:
            click.echo(f"       {'' if finding.ok else 'do: '}{finding.remedy}")
    sys.exit(1 if failed else 0)


@main.command()
@CONFIG
@guarded
def health(config: Path) -> None:
    """Whether the running daemon works, by the age of its last turn: for monitoring. Exits 1 when it does not."""
    from lorbot.config import load
    from lorbot.health import health as found

    state = found(load(config), now=datetime.now(UTC))
    click.echo(state.says, err=not state.well)
    sys.exit(0 if state.well else 1)


@main.command()
@click.option(
    "--stage", type=click.Choice(["asked", "agreed", "reminded", "updated"]), default="asked", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of words for a person.")
@click.option(
    "--jsonl",
    "lines",
    type=click.File("r", encoding="utf-8"),
    help="Lines of {id, stage, body}; prints one JSON line each.",
)
@click.argument("mail", type=click.File("rb"), required=False)
@guarded
def read(stage: str, as_json: bool, lines: Iterable[str] | None, mail: Any) -> None:
    """How a mentor's mail is understood, with the words that led to it."""
    from lorbot.core.reading import Stage
    from lorbot.reading import default_reader
    from lorbot.reading.report import explain, read_lines, row
    from lorbot.understood import understood

    if (lines is None) == (mail is None):
        raise click.UsageError("give a mail (a file, or - for standard input) or --jsonl FILE")
    if lines is not None:
        for out in read_lines(lines, default_reader()):
            click.echo(json.dumps(out))
        return
    said, reading, cut = understood(mail.read(), Stage(stage), datetime.now(UTC))
    click.echo(json.dumps(row(getattr(mail, "name", "mail"), reading)) if as_json else explain(said, reading, cut))


@main.command("eval")
@click.option("--reader", type=click.Choice(["default", "rules", "trained"]), default="default", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables for a person.")
@click.option("--plot", type=click.File("w", encoding="utf-8"), help="Write the risk-coverage curve there, as SVG.")
@click.argument("replies", type=click.File("r", encoding="utf-8", errors="surrogateescape"))
@guarded
def evaluate(reader: str, as_json: bool, plot: Any, replies: Iterable[str]) -> None:
    """How well labelled replies are read: lines of {id, stage, body, stance, signals}. A bad line is left out."""
    from lorbot.reading import READERS
    from lorbot.reading.curve import risk_coverage, svg
    from lorbot.reading.evaluate import NoLabelsError, read_all, readable_lines
    from lorbot.reading.report import WRITTEN_ON
    from lorbot.reading.scorecard import figures, text

    labelled, bad = readable_lines(replies, WRITTEN_ON)
    for line in bad:
        click.echo(f"lorbot: left out: {line}", err=True)
    if not labelled:
        raise NoLabelsError
    read = read_all(READERS[reader](), labelled)
    if plot is not None:
        plot.write(svg(risk_coverage(read), f"{len(read)} replies, reader: {reader}"))
    click.echo(json.dumps({"reader": reader, "left_out": len(bad), **figures(read)}) if as_json else text(read))


@main.command()
@CONFIG
@click.argument("file", type=click.Path(path_type=Path))
@guarded
def enrol(config: Path, file: Path) -> None:
    """Enrol the applicants of a table (CSV or Excel): name, email, time zone. For an office; sends nothing."""
    from lorbot.config import load
    from lorbot.enrol import enrol as enrol_all
    from lorbot.wiring import parts_of

    settings = load(config)
    sys.exit(0 if enrol_all(file, settings, parts_of(settings), datetime.now(UTC), click.echo) else 1)


@main.command()
@CONFIG
@click.option("--html", is_flag=True, help="The HTML form instead of the text.")
@click.argument("template", required=False)
@click.pass_context
@guarded
def preview(context: click.Context, config: Path, html: bool, template: str | None) -> None:
    """A mail template filled in with an example; without TEMPLATE, which there are."""
    from lorbot import example
    from lorbot.config import Settings, load
    from lorbot.core import services
    from lorbot.mail.render import Renderer
    from lorbot.shell.service_folder import own_files

    named = context.get_parameter_source("config") is not ParameterSource.DEFAULT
    settings = load(config) if named or config.exists() else Settings()
    services.use(services.with_own(own_files(settings.services_folder)))
    renderer = Renderer(settings.templates_folder)
    if template is None:
        click.echo("\n".join(renderer.names()))
        return
    name = example.find(renderer.names(), template)
    rendered = renderer.render(name, example.context(name, settings.policy()))
    if html and not rendered.html:
        raise click.UsageError(f"{name} goes to a mentor as text alone")
    click.echo(rendered.html if html else f"Subject: {rendered.subject}\n\n{rendered.text}")


for command in (*cli_dossiers.COMMANDS, cli_services.services):
    main.add_command(command)
