"""What each mail to a mentor can speak of besides what all of them get: the words of a caller, by template.

A template that does not use one of these would lose what somebody wrote; `lorbot.mail.lint` says so.
"""

OF_EACH = frozenset({"applicant", "mentor", "letters", "enclosures", "documents"})
"""What every mail to a mentor gets."""

OF_ONE: dict[str, frozenset[str]] = {
    "mentor/ask": frozenset({"personal"}),
    "mentor/answer": frozenset({"asked"}),
    "mentor/more_time": frozenset({"named"}),
    "mentor/nudge": frozenset({"last"}),
    "mentor/packet": frozenset({"holds"}),
    "mentor/cancelled": frozenset({"agreed"}),
    "mentor/new_version": frozenset({"documents"}),
    "mentor/update": frozenset({"news"}),
    "mentor/own_words": frozenset({"own_words"}),
}
"""What one template gets besides, and must use."""


OF_AN_ANSWER = frozenset({"taken_as", "wrote", "piece"})
"""What a mail to the applicant gets only where it answers a sentence, or is a part of another."""


def known_to(template: str, example: frozenset[str]) -> frozenset[str]:
    """The names that a template may use; of a mail to the applicant those of `example`."""
    if not template.startswith("mentor/"):
        return example | OF_AN_ANSWER
    return OF_EACH | OF_ONE.get(template, frozenset())
