"""A refusal as the dossier keeps it: known by the address alone, so that it outlives the mentor's entry."""

from lorbot.core.value import Line, value


@value
class Refusal:
    """Somebody who is not to be asked again."""

    address: Line  # SHA-256 of the address in lower case
    application: Line = ""  # "" means: no mail at all
