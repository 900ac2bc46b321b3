"""Bytes to values and back: parsing, quotes, threads, authentication, rendering, composing. No network, no clock."""
