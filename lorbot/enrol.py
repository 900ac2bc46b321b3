"""`lorbot enrol`: the applicants of a table, each with a dossier of their own. No mail is sent to them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from lorbot import enrolment as dossier_of
from lorbot.config import Settings
from lorbot.core import enrolment, sheets
from lorbot.dossiers import Dossiers
from lorbot.errors import ConfigurationError
from lorbot.parts import Parts


def enrol(file: Path, settings: Settings, parts: Parts, now: datetime, say: Callable[[str], None]) -> bool:
    """Enrol every row that is right; the others are written beside the file, to be mended. Whether all were right.

    Raises ConfigurationError for a file that is no table, or a mailbox that is an applicant's own, and
    StateInUseError while a daemon runs.
    """
    if settings.personal:
        raise ConfigurationError(f"{settings.mailbox.address} is an applicant's own mailbox; lists are for an office")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read ({error.strerror})") from error
    (seen,) = parts.examiner.examine([content])
    sheet, problem = enrolment.table(seen)
    if sheet is None:
        raise ConfigurationError(f"{file}: {problem}")
    with parts.state.lock():
        dossiers = Dossiers(parts)
        dossiers.open(now)
        known = {dossier.applicant.email.lower() for dossier in dossiers}
        done = enrolment.enrolled(sheet, known, settings.mailbox.address)
        for each in done:
            if each.applicant is not None:
                dossiers.keep(dossier_of.enrolled(parts, each.applicant, now), now)
    for each in done:
        say(f"row {each.number}: {each.name or '(no name)'}: {each.wrong or each.remark or 'enrolled'}")
    wrong = {each.number: each.wrong for each in done if each.wrong}
    say(f"\n{sum(each.applicant is not None for each in done)} enrolled, {len(wrong)} to mend")
    if sheet.unknown:
        say(f"left out, as I do not know what they mean: {', '.join(sheet.unknown)}")
    if wrong:
        mend = file.with_name(f"{file.stem}_to_mend.csv")
        mend.write_bytes(sheets.sent_back(sheet, wrong))
        say(f"the rows to mend, each with what is wrong: {mend}")
    return not wrong
