"""What an applicant should know before an ask: the fit review, the talk in person, the waiver, the backup."""

from datetime import date

from lorbot.core import fit, view
from lorbot.core.application import Application
from lorbot.core.backups import backup_for
from lorbot.core.dossier import Dossier, Letter, Mentor
from lorbot.core.view import View


def before_asking(dossier: Dossier, mentor: Mentor, application: Application | None, today: date) -> View:
    """What the templates say before an ask, as plain values."""
    known = fit.known_of(dossier, mentor, application, today)
    return {
        "findings": [{"name": f.name, "weight": f.weight.value} for f in fit.review(known)],
        "unsaid": fit.unsaid(mentor),
        "purpose": view.purpose(dossier.applicant, application) if application else "",
        "kin": known.kin,
        "role": mentor.role,
        "asked": known.asked,
        "episodes": known.episodes,
        "in_person": mentor.in_person,
        "waiver": dossier.applicant.waiver,
    }


def backup_view(dossier: Dossier, letter: Letter, today: date) -> View | None:
    """The backup of a letter as a template sees it, `named` or proposed; None where nobody is left."""
    found = backup_for(dossier, letter, today)
    return {**view.of_mentor(found.mentor), "named": found.named, "planned": found.planned} if found else None
