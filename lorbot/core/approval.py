"""The applicant's word on a mail that was shown: whether it may still go, and what going or not going means."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from lorbot.core import letters, renewal, writing
from lorbot.core.commands import ask
from lorbot.core.correspondence import Mail, Preview, Progress, Purpose
from lorbot.core.dossier import Dossier, State
from lorbot.core.policy import Policy


def approved(dossier: Dossier, preview: Preview, policy: Policy, now: datetime) -> tuple[Dossier, datetime]:
    """The dossier with the mail on its way, and when it leaves."""
    mentor = dossier.mentor(preview.mail.mentor)
    leaves = writing.departure(dossier, preview.mail.purpose, mentor, policy, now)
    mail = replace(preview.mail, not_before=leaves, progress=Progress.QUEUED, decided_at=now, automatic=False)
    dossier = renewal.without(dossier, preview).with_mail(mail)
    if preview.step != mail.purpose.value:
        for letter_id in mail.letters:
            dossier = letters.stepped(dossier, letter_id, preview.step)
    why = f"the applicant approved the {mail.purpose.value} to {mentor.name}"
    return dossier.noting(now, why, mail.letters[0]), leaves


def put_back(dossier: Dossier, preview: Preview) -> Dossier:
    """The dossier without the preview; a letter whose ask it was is planned again."""
    dossier = renewal.without(dossier, preview)
    for letter_id in preview.mail.letters:
        if preview.mail.purpose is Purpose.ASK and dossier.letter(letter_id).state is State.PREVIEWED:
            dossier = letters.moved(dossier, letter_id, State.PLANNED)
    return dossier


def obstacles(dossier: Dossier, mail: Mail, now: datetime) -> list[str]:
    """Why `mail` cannot go any more, in sentences for the applicant; [] where nothing stands in the way."""
    mentor, letter = dossier.mentor(mail.mentor), dossier.letter(mail.letters[0])
    if mail.purpose is Purpose.ASK:
        found = ask.obstacles(dossier, letter, now)
        return [problem[:1].upper() + problem[1:] for problem in found]
    if mentor.never:
        return [f"{mentor.name} asked to get no more mail"]
    if not mentor.email:
        return [f"The address of {mentor.name} is missing; send: mentor {mentor.name}, with a line: email: ..."]
    fitting = _FITS.get(mail.purpose, frozenset(State))
    if not any(dossier.letter(x).state in fitting for x in mail.letters):
        if mail.purpose is Purpose.NEW_VERSION:
            return [f"{mentor.name} is no longer writing this letter"]
        return [f"The letter of {mentor.name} has moved on since, and the mail does not fit any more"]
    return []


_FITS: Mapping[Purpose, frozenset[State]] = {
    Purpose.LAST_CALL: letters.UNDER_WAY,
    Purpose.OUTCOME: letters.WROTE,
    Purpose.UPDATE: letters.WROTE | letters.UNDER_WAY,
    Purpose.NEW_VERSION: letters.UNDER_WAY,  # it is for writing with: once all is written it only disturbs
}
"""Where the letter must stand for a mail that was shown to make sense; one of several letters is enough."""
