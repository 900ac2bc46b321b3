"""`python -m lorbot` is `lorbot`."""

from lorbot.cli import main

main()
