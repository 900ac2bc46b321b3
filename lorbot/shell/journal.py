"""The log: words for a person on a terminal, JSON lines otherwise. No mail text, no secret."""

import logging
import sys
from typing import Literal

import structlog


def set_up_logging(level: str = "info", form: Literal["auto", "text", "json"] = "auto") -> None:
    """Log to stderr from now on. `auto` means text on a terminal."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    final: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if text else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            final,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
