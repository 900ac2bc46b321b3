"""Several previews answered at once: "send all", "send all but Dr. Kim", "skip all".

Only those that one command made are meant; who is left out by name keeps waiting, and what has changed is shown again.
"""

from dataclasses import replace
from datetime import datetime

from lorbot.core import approval, dates, names, renewal, writing
from lorbot.core.commands import people
from lorbot.core.correspondence import Preview, Purpose
from lorbot.core.decision import Decision
from lorbot.core.dossier import Dossier
from lorbot.core.events import ApplicantWrote
from lorbot.core.policy import Policy
from lorbot.core.value import Line, Moment, value
from lorbot.core.words import Word


def batch_of(dossier: Dossier, preview: Preview) -> tuple[Preview, ...]:
    """The previews that were made together with this one; where none was, this one if no other waits at all."""
    if preview.batch:
        return shown_by(dossier, preview.batch)
    return (preview,) if len(dossier.previews) == 1 else ()


def shown_by(dossier: Dossier, batch: str) -> tuple[Preview, ...]:
    """The previews that wait, of those that the command answered by the mail of this key made."""
    return tuple(p for p in dossier.previews if batch and p.batch == batch)


def answered(
    dossier: Dossier, event: ApplicantWrote, batch: tuple[Preview, ...], word: Word, policy: Policy, now: datetime
) -> Decision:
    """Each preview sent or skipped; where it is not clear whom the word leaves out, nothing is done at all."""
    left_out, problems = _left_out(dossier, batch, word.rest)
    if not batch:
        problems = ["Several mails wait, and they were not made together, so I am not sure which you mean"]
    if problems:
        return _told(dossier, event, batch, _Told(unclear=tuple(problems)), policy, now)
    told, decision = _Told(), Decision(dossier=dossier)
    for preview in batch:
        if preview.mail.mentor in left_out:
            told = replace(told, waiting=(*told.waiting, preview))
            continue
        became, after = _one(decision.dossier, event, preview, word, policy, now)
        told, decision = told.and_also(became), decision.followed_by(after)
    return decision.then(lambda made: _told(made, event, batch, told, policy, now))


@value
class _Told:
    """What became of each."""

    sent: tuple[tuple[Preview, Moment], ...] = ()
    skipped: tuple[Preview, ...] = ()
    waiting: tuple[Preview, ...] = ()
    changed: tuple[Preview, ...] = ()
    gone: tuple[Line, ...] = ()  # why some cannot go any more
    unclear: tuple[Line, ...] = ()  # why nothing was done

    def and_also(self, other: "_Told") -> "_Told":
        return _Told(
            sent=self.sent + other.sent,
            skipped=self.skipped + other.skipped,
            waiting=self.waiting + other.waiting,
            changed=self.changed + other.changed,
            gone=self.gone + other.gone,
        )


def _one(
    dossier: Dossier, event: ApplicantWrote, preview: Preview, word: Word, policy: Policy, now: datetime
) -> tuple[_Told, Decision]:
    if word.verb == "skip":
        dossier = approval.put_back(dossier, preview)
        why = f"the applicant skipped the {preview.mail.purpose.value}"
        skipped = Decision(dossier=dossier.noting(now, why, preview.mail.letters[0]))
        return _Told(skipped=(preview,)), skipped
    problems = approval.obstacles(dossier, preview.mail, now)
    if problems:
        return _Told(gone=tuple(problems)), Decision(dossier=approval.put_back(dossier, preview))
    if preview.mail.outdated:
        anew = replace(preview, shown_at=now, later_until=None, repeated=False)
        again = renewal.shown_again(dossier, anew, policy, now, "changed", event.incoming)
        return _Told(changed=(preview,)), again
    dossier, leaves = approval.approved(dossier, preview, policy, now)
    return _Told(sent=((preview, leaves),)), Decision(dossier=dossier)


def _left_out(dossier: Dossier, batch: tuple[Preview, ...], who: str) -> tuple[set[str], list[str]]:
    """The mentors that "all but Dr. Kim" leaves out, and why it is not clear."""
    known = [dossier.mentor(p.mail.mentor) for p in batch]
    found, problems = set[str](), list[str]()
    for name in people.split_names(who):
        meant = [m for m in known if names.matches(m.name, name)]
        if len(meant) == 1:
            found.add(meant[0].id)
        else:
            listed = " · ".join(m.name for m in meant or known)
            problems.append(f"“{name}” could be several of them: {listed}" if meant else
                            f"“{name}” is none of those that wait: {listed}")  # fmt: skip
    return found, problems


def _told(
    dossier: Dossier, event: ApplicantWrote, batch: tuple[Preview, ...], told: _Told, policy: Policy, now: datetime
) -> Decision:
    zone = dossier.applicant.time_zone or policy.time_zone
    sent = [
        {"name": _name(dossier, p), "leaves": dates.say_moment(at, zone) if at > now else ""} for p, at in told.sent
    ]
    more = {
        "what": (batch or dossier.previews)[0].mail.purpose.value,
        "sent": sent,
        "paused": dossier.paused,
        "gone": list(told.gone),
        "unclear": list(told.unclear),
        **{key: [_name(dossier, p) for p in getattr(told, key)] for key in ("skipped", "waiting", "changed")},
    }
    mail = writing.to_applicant(
        dossier, Purpose.REPLY, "applicant/preview_all",
        key=f"r-{writing.key_of(event.incoming)}", answering=event.incoming, more=more,
    )  # fmt: skip
    why = f"all at once: {len(told.sent)} sent, {len(told.skipped)} skipped, {len(told.changed)} shown again"
    return Decision(dossier=dossier, mails=(mail,), why=(why,))


def _name(dossier: Dossier, preview: Preview) -> str:
    return dossier.mentor(preview.mail.mentor).name
