"""`lorbot services`: what is known of application services, from where, and how old it is."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click
from click.core import ParameterSource

from lorbot.cli_options import CONFIG, guarded
from lorbot.errors import NoServiceError


@click.command()
@CONFIG
@click.option("--json", "as_json", is_flag=True, help="JSON instead of words for a person.")
@click.argument("name", nargs=-1)
@click.pass_context
@guarded
def services(context: click.Context, config: Path, as_json: bool, name: tuple[str, ...]) -> None:
    """What each application service wants, from where that is known, and how old it is; or all about one of them.

    NAME is one of the table, or what people call it: lorbot services MD-PhD
    """
    from lorbot.config import Settings, load
    from lorbot.core import services as known
    from lorbot.services_report import about, as_data, table
    from lorbot.shell.service_folder import own_files

    named = context.get_parameter_source("config") is not ParameterSource.DEFAULT
    settings = load(config) if named or config.exists() else Settings()
    known.use(known.with_own(own_files(settings.services_folder)))
    today, everything = datetime.now(UTC).date(), known.all_services()
    wanted = " ".join(name)
    if not wanted:
        rows = [as_data(service, today) for service in everything.values()]
        click.echo(json.dumps(rows, indent=2) if as_json else table(everything.values(), today))
        return
    service = everything.get(wanted.lower()) or everything.get(known.find(wanted))
    if service is None:
        raise NoServiceError(wanted, tuple(everything))
    click.echo(json.dumps(as_data(service, today), indent=2) if as_json else about(service, today))
