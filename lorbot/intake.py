"""From a mail that concerns a dossier to the event it is: authenticate, cut quotes, read. Pure.

What is believed: an answer to a mail of lorbot's that only its receiver could have; an aligned pass that our own
server states; in personal mode a copy in the Sent folder. Everything else is a claim.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lorbot.core import commands, wishes
from lorbot.core.correspondence import Mail, Purpose
from lorbot.core.dossier import Dossier, Letter
from lorbot.core.events import ApplicantWrote, Event, MailBounced, MentorWrote, SomebodyElseWrote
from lorbot.core.letters import CLOSED, STAGE_OF, TO_APPLICANT
from lorbot.core.message import Attachment, Incoming, Origin
from lorbot.core.policy import Policy
from lorbot.core.previews import MARK_BEGIN, MARK_END
from lorbot.core.reading import Stage, Stance
from lorbot.core.standing import standing
from lorbot.core.threads import bare_subject
from lorbot.core.value import value
from lorbot.mail.authentic import Verdict, verdict
from lorbot.mail.forwarded import PassedOn, passed_on
from lorbot.mail.match import Match, Party
from lorbot.mail.message import Parsed
from lorbot.mail.quotes import Words, between_markers, own_words, typed_words
from lorbot.reading.notices import notice_passed_on
from lorbot.reading.portals import is_about_letters
from lorbot.reading.reader import Reader, Said

OVERSIZE = "X-Lorbot-Oversize"
"""The header that stands for the body of a mail over the limit: its size in bytes."""

_REMINDING = frozenset({Purpose.REMINDER, Purpose.LAST_CALL})


@value
class Trust:
    """What the configuration says about believing a sender."""

    authserv_id: str = ""
    trust_from: bool = False
    personal_address: str = ""  # in personal mode the mailbox's own address
    attachment_limit_mb: int = 10
    mail_limit_mb: int = 25


def is_for_lorbot(incoming: Incoming, found: Match, trust: Trust, words: str) -> bool:
    """In personal mode people write to themselves for reasons of their own: only an answer or a command counts."""
    if found.party is not Party.APPLICANT or found.key or not trust.personal_address:
        return True
    subject = bare_subject(incoming.subject)
    line = subject or words.lstrip().partition("\n")[0]
    return commands.find(line) is not None or wishes.may_be(line)


def may_pass_on_notice(header: Incoming) -> bool:
    """Whether a mail to oneself may be a portal's notice that is passed on, as far as its subject tells."""
    subject = bare_subject(header.subject)
    return subject != header.subject.strip() and is_about_letters(subject)


def event_of(
    parsed: Parsed,
    found: Match,
    dossier: Dossier,
    *,
    reader: Reader,
    trust: Trust,
    policy: Policy,
    now: datetime,
    in_sent: Callable[[str], bool],
) -> Event | None:
    """What happened, or None where nothing follows (a robot in the applicant's name, a bounce of nothing)."""
    incoming = parsed.incoming
    match found.party:
        case Party.MAIL_SYSTEM:
            return MailBounced(incoming=incoming, bounce=incoming.bounce, key=found.key) if incoming.bounce else None
        case Party.APPLICANT:
            return _guessed(_from_applicant(parsed, found, dossier, trust, in_sent), reader, now)
        case Party.MENTOR | Party.SOMEBODY_ELSE:
            return _from_mentor_thread(parsed, found, dossier, reader=reader, trust=trust, policy=policy, now=now)
        case Party.OURSELVES | Party.STRANGER:
            return None


def _from_applicant(
    parsed: Parsed, found: Match, dossier: Dossier, trust: Trust, in_sent: Callable[[str], bool]
) -> ApplicantWrote | None:
    incoming = parsed.incoming
    if incoming.origin is not Origin.PERSON:
        return None  # RFC 3834: nothing automatic is answered, and no robot gives commands
    answered = dossier.mail(found.key)
    passed = _passed_on(incoming, answered)
    words = own_words(passed.above).kept if passed else _words(parsed, answered)
    is_notice = passed is not None and notice_passed_on(passed.mail) is not None
    if not (is_notice or is_for_lorbot(incoming, found, trust, words)) or _is_for_a_mentor(incoming, answered, dossier):
        return None
    sure = _applicant_is_genuine(parsed, answered, trust, in_sent)
    incoming, too_large = _within_limit(incoming, trust.attachment_limit_mb * 1_000_000)
    whole = _oversize(parsed)
    return ApplicantWrote(
        incoming=incoming,
        words=words,
        typed=typed_words(parsed.incoming.text),
        between_markers=between_markers(parsed.incoming.text, MARK_BEGIN, MARK_END),
        answers=found.key,
        genuine=sure.genuine,
        doubt="" if sure.genuine else sure.why,
        too_large=whole or too_large,
        limit_mb=trust.mail_limit_mb if whole else trust.attachment_limit_mb,
        forwarded=passed.mail if passed else None,
    )


def _passed_on(incoming: Incoming, answered: Mail | None) -> PassedOn | None:
    """Somebody's mail that the applicant passes on; an answer to lorbot quotes lorbot's own."""
    if answered is not None and answered.purpose in TO_APPLICANT:
        return None
    found = passed_on(incoming.text)
    ours = {incoming.sender.email, *(a.email for a in (*incoming.to, *incoming.cc)), *incoming.delivered_to}
    return found if found and found.mail.sender.email not in ours else None


def _guessed(event: ApplicantWrote | None, reader: Reader, now: datetime) -> ApplicantWrote | None:
    """The event with what the reader takes a forwarded mail for: a hint for the question, never acted on."""
    if event is None or event.forwarded is None:
        return event
    mail = event.forwarded
    told = notice_passed_on(mail)
    if told is not None:
        return replace(event, forwarded=replace(mail, notice=told))
    words = own_words(mail.text).kept
    reading = reader.read(Said(words=words, stage=Stage.ASKED, written_on=now.date(), subject=mail.subject))
    guess = "" if reading.stance is Stance.NONE else reading.stance.value
    return replace(event, forwarded=replace(mail, guess=guess))


def _from_mentor_thread(
    parsed: Parsed, found: Match, dossier: Dossier, *, reader: Reader, trust: Trust, policy: Policy, now: datetime
) -> ApplicantWrote | MentorWrote | SomebodyElseWrote | None:
    incoming, answered = parsed.incoming, dossier.mail(found.key)
    if answered is not None and answered.purpose in TO_APPLICANT:
        if found.party is Party.SOMEBODY_ELSE:
            return _from_other_address(parsed, found, answered, trust)
        answered = None  # the applicant passed it on to the mentor: an answer to that, not to lorbot
    mentor = answered.mentor if answered else found.mentor  # whose thread it is; another mentor is somebody else there
    if not mentor:
        return None
    letters = answered.letters if answered else ()
    own = _own_words(parsed, answered)
    reading = reader.read(
        Said(
            words=own.kept,
            stage=_stage(dossier, mentor, letters, answered),
            written_on=_written_on(incoming, dossier, mentor, policy, now),
            origin=incoming.origin,
            subject=incoming.subject,
            attachments=incoming.attachments,
            whole=incoming.text,
        )
    )
    if own.unsure and incoming.origin is Origin.PERSON:
        reading = replace(reading, acts=False)  # others' words may be among them, or some of the mentor's missing
    if mentor != found.mentor:
        return SomebodyElseWrote(incoming=incoming, mentor=mentor, reading=reading, letters=letters)
    sure = answered is not None or trust.trust_from or _stated(parsed, trust).genuine
    return MentorWrote(
        incoming=incoming,
        mentor=mentor,
        reading=reading,
        genuine=sure and incoming.senders == 1,
        letters=letters,
        purpose=answered.purpose if answered else None,
        answers=found.key if answered else "",
    )


def _from_other_address(parsed: Parsed, found: Match, answered: Mail, trust: Trust) -> ApplicantWrote | None:
    """An answer to mail that only the applicant got, from an address nobody registered: in an office most likely the
    applicant's second one, so that the registered one is asked. In a personal mailbox it is anybody's mail.
    """
    incoming = parsed.incoming
    if trust.personal_address or incoming.origin is not Origin.PERSON:
        return None
    return ApplicantWrote(
        incoming=incoming,
        words=_words(parsed, answered),
        typed=typed_words(incoming.text),
        between_markers=between_markers(incoming.text, MARK_BEGIN, MARK_END),
        answers=found.key,
        genuine=False,
        doubt=f"it came from {incoming.sender.email}",
    )


def _is_for_a_mentor(incoming: Incoming, answered: Mail | None, dossier: Dossier) -> bool:
    """Whether the applicant writes to a mentor and lorbot only gets a copy: that is no command."""
    mentors = {email for m in dossier.mentors for email in (m.email, *m.addresses) if email}
    if not mentors & {a.email for a in (*incoming.to, *incoming.cc)}:
        return False
    return answered is not None or standing(dossier, bare_subject(incoming.subject)) is None


def _applicant_is_genuine(
    parsed: Parsed, answered: Mail | None, trust: Trust, in_sent: Callable[[str], bool]
) -> Verdict:
    """Answers to mail that a mentor got too prove nothing: only mail that went to the applicant alone does."""
    incoming = parsed.incoming
    if answered is not None and answered.purpose in TO_APPLICANT and incoming.senders == 1:
        return Verdict(genuine=True, why="it answers a mail that only the applicant got")
    if trust.trust_from and incoming.senders == 1:
        return Verdict(genuine=True, why="trust_from is set")
    own = trust.personal_address and incoming.sender.email == trust.personal_address
    if own and incoming.senders == 1 and incoming.message_id and in_sent(incoming.message_id):
        return Verdict(genuine=True, why="a copy is in the Sent folder")
    return _stated(parsed, trust)


def _stated(parsed: Parsed, trust: Trust) -> Verdict:
    incoming = parsed.incoming
    return verdict(parsed.authentication, incoming.sender, senders=incoming.senders, authserv_id=trust.authserv_id)


def _words(parsed: Parsed, answered: Mail | None) -> str:
    """The applicant's own words; none, where all of an answer is the quoted mail, with a form filled in perhaps."""
    own = _own_words(parsed, answered)
    return "" if own.all_quoted and answered is not None else own.kept


def _own_words(parsed: Parsed, answered: Mail | None) -> Words:
    return own_words(parsed.incoming.text, html=parsed.html, sent=answered.text if answered else "")


def _oversize(parsed: Parsed) -> tuple[Attachment, ...]:
    """The mail itself, where it was too large to be opened."""
    size = parsed.headers.first(OVERSIZE.lower())[:15]  # anybody may write such a header
    if not (size.isascii() and size.isdecimal()):
        return ()
    return (Attachment(name="the mail", media_type="message/rfc822", sha256="", size=int(size)),)


def _within_limit(incoming: Incoming, limit: int) -> tuple[Incoming, tuple[Attachment, ...]]:
    small = tuple(a for a in incoming.attachments if a.size <= limit)
    large = tuple(a for a in incoming.attachments if a.size > limit)
    return replace(incoming, attachments=small), large


def _stage(dossier: Dossier, mentor: str, letters: tuple[str, ...], answered: Mail | None) -> Stage:
    """What the mentor is answering: by where the letter stands, and whether it was a reminder."""
    about = [x for x in dossier.letters if x.id in letters] or list(dossier.letters_of(mentor))
    open_first: list[Letter] = sorted(about, key=lambda x: x.state in CLOSED)
    if not open_first:
        return Stage.UPDATED
    stage = STAGE_OF[open_first[0].state]
    reminded = answered is not None and answered.purpose in _REMINDING and stage is Stage.AGREED
    return Stage.REMINDED if reminded else stage


def _written_on(incoming: Incoming, dossier: Dossier, mentor: str, policy: Policy, now: datetime) -> date:
    """The day in the mentor's zone on which the mail was written, from which "in two weeks" counts."""
    moment = incoming.date if incoming.date and incoming.date <= now else now
    return moment.astimezone(ZoneInfo(dossier.mentor(mentor).time_zone or policy.time_zone)).date()
