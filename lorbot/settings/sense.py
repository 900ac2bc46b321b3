"""What is wrong with settings though each of them is well formed: what is missing, exposed or contradicts another."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from itertools import pairwise

import holidays

from lorbot.core.policy import Policy
from lorbot.errors import ConfigurationError
from lorbot.settings import MailboxSection, ReaderSection, Settings
from lorbot.settings.kinds import nearest_zone, zones
from lorbot.settings.mistakes import Problem
from lorbot.settings.providers import PROVIDERS
from lorbot.shell.accounts import Auth
from lorbot.shell.model_client import wrong_with_url


def senseless(settings: Settings) -> Iterator[Problem]:
    """What is wrong though each value is well formed."""
    yield from _senseless_mailbox(settings.mailbox)
    yield from _senseless_servers(settings)
    yield from _senseless_secrets(settings)
    yield from _senseless_applicants(settings)
    yield from _senseless_clock(settings.clock)
    yield from _senseless_reader(settings.reader)


def _senseless_mailbox(box: MailboxSection) -> Iterator[Problem]:
    if not box.address:
        yield Problem("mailbox.address", "is missing; write the address of the mailbox that lorbot is to work in")
    if box.attachment_max_mb > box.mail_max_mb:
        yield Problem("mailbox.attachment_max_mb", "is more than mail_max_mb; write at most that")


def _senseless_servers(settings: Settings) -> Iterator[Problem]:
    imap_host = settings.mailbox.imap_host or settings.provider.imap.host
    smtp_host = settings.smtp.host or settings.provider.smtp.host
    if settings.mailbox.address and not imap_host:
        names = ", ".join(name for name in PROVIDERS if name != "custom")
        yield Problem(
            "mailbox.provider", f"is missing; write one of {names}, or name your servers in imap_host and smtp.host"
        )
    elif settings.mailbox.address and not smtp_host:
        yield Problem("smtp.host", "is missing; write the name of the server that takes outgoing mail")
    for key, host, account in (
        ("mailbox.imap_security", imap_host, settings.imap_account),
        ("smtp.security", smtp_host, settings.smtp_account),
    ):
        try:
            account()
        except ConfigurationError as refused:
            if host:
                yield Problem(key, f"is not safe: {refused}")


def _senseless_secrets(settings: Settings) -> Iterator[Problem]:
    if not settings.mailbox.given:
        kinds = "password_command, password_file or password"
        yield Problem("mailbox.password", f"is missing; write {kinds}: {settings.provider.login}")
    auth = settings.mailbox.auth or settings.provider.auth
    for section, keys, used_as in (
        ("mailbox", settings.mailbox, auth),
        ("smtp", settings.smtp, settings.smtp.auth or auth),
    ):
        if len(keys.given) > 1:
            yield Problem(
                f"{section}.{keys.given[0]}", f"stands beside {' and '.join(keys.given[1:])}; keep one of them"
            )
        elif keys.given == ("password",) and used_as == Auth.XOAUTH2:
            yield Problem(
                f"{section}.password", "is no access token that lasts; write a password_command that prints one"
            )


def _senseless_applicants(settings: Settings) -> Iterator[Problem]:
    counted = Counter(applicant.email.casefold() for applicant in settings.applicants)
    for email in (email for email, times in counted.items() if times > 1):
        yield Problem("applicants.email", f"has {email} more than once; give each applicant an address of their own")
    if settings.personal and len(counted) > 1:
        yield Problem(
            "applicants",
            f"are several, but {settings.mailbox.address} is the own mailbox of one of them; "
            "keep that one, or give lorbot a mailbox of its own",
        )


def _senseless_reader(reader: ReaderSection) -> Iterator[Problem]:
    if not reader.model_url:
        return
    if says := wrong_with_url(reader.model_url):
        yield Problem("reader.model_url", says)
    if not reader.model_name:
        yield Problem("reader.model_name", "is missing; write the name of the model that is to be asked")
    given = [key.replace("password", "model_key") for key in reader.key.given]
    if len(given) > 1:
        yield Problem(f"reader.{given[0]}", f"stands beside {' and '.join(given[1:])}; keep one of them")


def _senseless_clock(clock: Policy) -> Iterator[Problem]:
    nudges, reminders = clock.nudge_after_days, clock.remind_before_days
    rules = (
        ("nudge_after_days", _rises(0, *nudges), "does not rise from 1 on; write it like [7, 14]"),
        (
            "choose_after_days",
            _rises(*nudges[-1:], clock.choose_after_days),
            "is not after nudge_after_days; write a later day",
        ),
        ("remind_before_days", _rises(0, *reversed(reminders)), "does not fall to 1 or more; write it like [14, 7]"),
        ("hours_to", clock.hours_from < clock.hours_to, "is not after hours_from; write a later hour"),
        ("holidays", _has_holidays(clock.holidays), 'is no country with known holidays; write "US", or "" for none'),
        ("quiet_from", _is_month_day(clock.quiet_from), 'is no month and day; write it like "12-24", or ""'),
        (
            "quiet_to",
            _is_short(clock.quiet_from, clock.quiet_to),
            "is more than half a year after quiet_from; shorten it",
        ),
        ("quiet_to", _is_month_day(clock.quiet_to), 'is no month and day; write it like "01-02", or ""'),
        (
            "time_zone",
            clock.time_zone in zones(),
            "names no time zone; write one such as " + nearest_zone(clock.time_zone),
        ),
    )
    yield from (Problem(f"clock.{key}", says) for key, holds, says in rules if not holds)
    for key in (field.name for field in fields(Policy)):
        numbers = getattr(clock, key)
        for number in numbers if isinstance(numbers, tuple) else (numbers,):
            least = 1 if key in AT_LEAST_ONE else 0
            if isinstance(number, int) and not least <= number <= MOST:
                yield Problem(f"clock.{key}", f"is out of bounds; write {least} to {MOST}")


AT_LEAST_ONE = frozenset({"most_unanswered", "send_attempts", "retry_after_minutes"})
MOST = 3650  # ten years in days; more is a slip, and would overflow dates


def _rises(*numbers: int) -> bool:
    return all(one < next_one for one, next_one in pairwise(numbers))


def _has_holidays(country: str) -> bool:
    try:
        holidays.country_holidays(country or "US")
    except NotImplementedError:
        return False
    return True


def _is_month_day(given: str) -> bool:
    return not given or _in_leap_year(given) is not None


def _is_short(first: str, last: str) -> bool:
    """Whether the days from `first` to `last` leave at least half of the year."""
    begin, end = _in_leap_year(first), _in_leap_year(last)
    return begin is None or end is None or (end - begin).days % 366 < 183


def _in_leap_year(month_day: str) -> date | None:
    try:
        return date.fromisoformat(f"2028-{month_day}") if re.fullmatch(r"\d\d-\d\d", month_day) else None
    except ValueError:
        return None
