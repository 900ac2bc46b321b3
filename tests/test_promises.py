"""A mail to a mentor that ends something is the last about it: nothing more is asked, whatever the clock says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from dossiers import NOW, POLICY, rich

from lorbot.core.decide import decide
from lorbot.core.decision import Draft, PreviewDraft
from lorbot.core.dossier import State
from lorbot.core.events import Ticked
from lorbot.core.letters import TO_APPLICANT

ENDINGS = (State.DECLINED, State.WITHDRAWN, State.CANCELLED, State.THANKED)
"""Where a letter stands after the mails graceful and declined, cancelled, and thanks."""


@pytest.mark.parametrize("ended", ENDINGS)
def test_after_an_ending_the_clock_is_silent(ended: State) -> None:
    dossier = rich()
    for letter in dossier.letters:
        was = replace(letter, state=ended, asked_at=NOW - timedelta(days=20), last_sent_at=NOW - timedelta(days=1))
        dossier = dossier.with_letter(replace(was, received_at=NOW if ended is State.THANKED else None))
    to_mentors = []
    for day in range(180):
        decision = decide(dossier, Ticked(), NOW + timedelta(days=day), POLICY)
        dossier = decision.dossier
        to_mentors += [m for m in decision.mails if isinstance(m, PreviewDraft) or (isinstance(m, Draft) and m.mentor)]
    assert to_mentors == []


def test_without_an_ending_it_is_not() -> None:
    """The same letters, on their way: so the test above can fail."""
    decision = decide(rich(), Ticked(), datetime(2027, 8, 18, 15, tzinfo=UTC), POLICY)
    to_mentors = [m for m in decision.mails if isinstance(m, Draft) and m.purpose not in TO_APPLICANT]
    assert [m.mentor for m in to_mentors] == ["m3"]
