"""A mentor's words to a Reading."""
