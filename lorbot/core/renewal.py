"""Mail that waits, and the facts it was made from: made again, shown again, taken back.

Invariant: nothing goes to a mentor that today's facts would not make again, word for word. `lorbot.mail.write` makes
each waiting mail again and compares; here is decided what follows where they differ.
"""

from dataclasses import replace
from datetime import datetime

from lorbot.core import letters, threads, writing
from lorbot.core.correspondence import Mail, Preview, Progress, Purpose
from lorbot.core.decision import Decision, Draft
from lorbot.core.dossier import Dossier
from lorbot.core.message import Incoming
from lorbot.core.policy import Policy

_OF_THE_CLOCK = {Purpose.NUDGE: "nudge", Purpose.REMINDER: "reminder", Purpose.THANKS: "thanks"}
"""What the clock writes by itself, and how its steps begin."""


def remade(dossier: Dossier, mail: Mail, policy: Policy, now: datetime) -> Draft | None:
    """`mail` from today's facts, under its own key and in its own thread; None where it is not known what made it."""
    known = {letter.id for letter in dossier.letters}
    if not mail.template or not mail.letters or not known.issuperset(mail.letters):
        return None
    leaves = max(now, mail.not_before or now) if mail.progress is Progress.QUEUED else now
    draft = writing.to_mentor(
        dossier, mail.purpose, [dossier.letter(x) for x in mail.letters],
        policy=policy, now=leaves, template=mail.template, more=mail.more,
    )  # fmt: skip
    documents = mail.enclosures if mail.purpose is Purpose.NEW_VERSION else draft.enclosures
    return replace(
        draft,
        key=mail.key,
        enclosures=documents,  # a newer version than the new one is offered anew (`lorbot.core.versions`)
        to=mail.to if mail.purpose is Purpose.APOLOGY else draft.to,  # that is for whoever has the old address
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        thread_subject=threads.bare_subject(mail.subject) if _continues(mail) else "",
        answers_a_mail=mail.answers_a_mail,
    )


def _continues(mail: Mail) -> bool:
    """Whether a mail goes on with a thread, also with one whose last mail had no Message-ID to refer to."""
    return bool(mail.in_reply_to) or mail.answers_a_mail or mail.subject.startswith("Re: ")


def may_be_outdated(before: Dossier, after: Dossier, policy: Policy, now: datetime) -> bool:
    """Whether mail to a mentor waits that was made of something else before; not each template speaks of all of it."""
    waiting = [m for m in after.mails if m.progress is Progress.QUEUED and m.purpose not in letters.TO_APPLICANT]
    waiting += [p.mail for p in after.previews] + [q.prepared for q in after.questions if q.prepared]
    return any(_made_of(before, mail, policy, now) != _made_of(after, mail, policy, now) for mail in waiting)


def _made_of(dossier: Dossier, mail: Mail, policy: Policy, now: datetime) -> object:
    draft = remade(dossier, mail, policy, now)
    return draft and (draft.to, draft.cc, draft.context, draft.enclosures)


def shown_again(
    dossier: Dossier, preview: Preview, policy: Policy, now: datetime, because: str, answering: Incoming | None = None
) -> Decision:
    """The preview as today's facts make it, with what has changed; it waits anew, under the same name."""
    dossier = without(dossier, preview)
    draft = remade(dossier, preview.mail, policy, now) or _as_it_is(preview.mail)
    about = [dossier.letter(x) for x in preview.mail.letters]
    shown = writing.previewed(dossier, draft, about, policy=policy, now=now, because=because)
    mail = writing.to_applicant(
        dossier, Purpose.PREVIEW, "applicant/preview", key=f"{preview.id}-again", answering=answering, letters=about
    )
    together = sum(p.batch == preview.batch for p in dossier.previews) + 1 if preview.batch else 1
    mail = replace(mail, context={**shown.shown_as.context, "together": together})
    why = f"the {preview.mail.purpose.value} to {preview.mail.to.name} was shown again"
    again = replace(shown, shown_as=mail, was=preview)
    return Decision(dossier=dossier.noting(now, why, about[0].id), mails=(again,), why=(why,))


def is_taken_back(mail: Mail) -> bool:
    """Whether an approved mail has not left and says what is not so any more."""
    approved = mail.purpose not in letters.TO_APPLICANT and not mail.automatic
    return mail.outdated and approved and mail.progress is Progress.QUEUED


def taken_back(dossier: Dossier, policy: Policy, now: datetime) -> Decision:
    """Approved mail that says what is not so any more does not go; it is shown again, with what has changed."""
    decision = Decision(dossier=dossier)
    for mail in dossier.mails:
        if is_taken_back(mail) and not dossier.mentor(mail.mentor).never:
            decision = decision.followed_by(_taken_back(decision.dossier, mail, policy, now))
    return decision


def _taken_back(dossier: Dossier, mail: Mail, policy: Policy, now: datetime) -> Decision:
    dropped = replace(mail, progress=Progress.DROPPED, outdated=False, remark="taken back: the facts have changed")
    dossier = dossier.with_mail(dropped)
    why = f"the {mail.purpose.value} to {mail.to.name} was taken back: the facts have changed"
    return Decision(dossier=dossier.noting(now, why, mail.letters[0]), why=(why,)).then(
        lambda made: _offered(made, mail, policy, now, "taken back")
    )


def offered(dossier: Dossier, mail: Mail, policy: Policy, now: datetime) -> Decision:
    """A ready text whose facts have changed since it was shown goes only once the applicant has seen the new one."""
    return _offered(dossier, mail, policy, now, "changed")


def _offered(dossier: Dossier, mail: Mail, policy: Policy, now: datetime, because: str) -> Decision:
    about = [dossier.letter(x) for x in mail.letters]
    draft = remade(dossier, mail, policy, now) or _as_it_is(mail)
    named = f"{about[0].id}-{mail.purpose.value.replace(' ', '-')}"
    draft = replace(draft, key=writing.fresh_key(dossier, named))
    shown = writing.previewed(dossier, draft, about, policy=policy, now=now, because=because)
    was = Preview(id=shown.shown_as.key, mail=mail, step=shown.step, shown_at=now)
    return Decision(dossier=dossier, mails=(replace(shown, was=was),))


def for_others(dossier: Dossier, mail: Mail, gone: str, policy: Policy, now: datetime) -> Decision:
    """A queued mail was dropped with the letter `gone`; the others that it was for still need theirs: the clock writes
    its own again, what else nobody saw is written anew, and what the applicant approved is shown again.
    """
    others = tuple(x for x in mail.letters if x != gone)
    if not others:
        return Decision(dossier=dossier)
    mail = replace(mail, letters=others)
    if mail.automatic and mail.purpose in _OF_THE_CLOCK:
        for letter_id in others:
            dossier = _not_taken(dossier, letter_id, _OF_THE_CLOCK[mail.purpose])
        return Decision(dossier=dossier)
    draft = remade(dossier, mail, policy, now)
    if draft is None or not mail.automatic:
        return _offered(dossier, mail, policy, now, "taken back")
    draft = replace(draft, key=writing.fresh_key(dossier, mail.key))
    return Decision(dossier=dossier, mails=(draft,), why=(f"the {mail.purpose.value} was written anew",))


def shown_for_others(dossier: Dossier, preview: Preview, gone: str, policy: Policy, now: datetime) -> Decision:
    """The same for a preview."""
    others = tuple(x for x in preview.mail.letters if x != gone)
    if not others:
        return Decision(dossier=dossier)
    anew = replace(preview, mail=replace(preview.mail, letters=others), shown_at=now, later_until=None, repeated=False)
    return shown_again(dossier, anew, policy, now, "changed")


def _not_taken(dossier: Dossier, letter_id: str, step: str) -> Dossier:
    """The latest step of that kind as one that is still to be taken."""
    letter = dossier.letter(letter_id)
    latest = next((name for name in reversed(letter.done) if name.startswith(step)), "")
    return dossier.with_letter(replace(letter, done=tuple(name for name in letter.done if name != latest)))


def _as_it_is(mail: Mail) -> Draft:
    """A mail of which nothing is known but its text: without a template it stays what it is."""
    return Draft(
        key=mail.key, purpose=mail.purpose, to=mail.to, template="", context={}, letters=mail.letters,
        mentor=mail.mentor, enclosures=mail.enclosures, in_reply_to=mail.in_reply_to, references=mail.references,
        answers_a_mail=mail.answers_a_mail, not_before=mail.not_before,
    )  # fmt: skip


def without(dossier: Dossier, preview: Preview) -> Dossier:
    return replace(dossier, previews=tuple(p for p in dossier.previews if p.id != preview.id))
