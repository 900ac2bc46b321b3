"""Application services as data: one TOML file each, read by `lorbot.core.services`."""
