"""`export`: a zip file with everything that is kept about the applicant. It is made as the mail leaves."""

from dataclasses import replace

from lorbot.core import names
from lorbot.core.commands.base import Command, Request, reply
from lorbot.core.correspondence import Enclosure
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.core.portable import scope_within


def handle(request: Request, dossier: Dossier) -> Decision:
    """Answer with the export attached, without the documents where it would be too large."""
    scope = scope_within(dossier, request.event.limit_mb * 1_000_000)
    name = file_name(dossier)
    why = "an export was asked for"
    dossier = dossier.noting(request.now, why)
    answer = reply(
        dossier, request, "export",
        file=name, scope=scope.name.lower(), materials=sorted({m.name for m in dossier.materials}),
    )  # fmt: skip
    enclosure = Enclosure(name=name, media_type="application/zip", sha256=scope.value)
    return Decision(dossier=dossier, mails=(replace(answer, enclosures=(enclosure,)),), why=(why,))


def file_name(dossier: Dossier) -> str:
    """lorbot-Rahman.zip"""
    family = "".join(c for c in names.family_name(dossier.applicant.name) if c.isalnum() or c == "-")
    return f"lorbot-{family or 'export'}.zip"


COMMAND = Command(
    name="export",
    words=("export", "export my data", "export all my data", "my data", "send me my data"),
    does="sends you everything I keep about you in one zip file",
    example="Subject: export",
    handle=handle,
    alone=True,
)
