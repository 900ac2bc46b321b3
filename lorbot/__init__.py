"""lorbot does the mail of letters of recommendation in medicine."""

__version__ = "0.1.0"
