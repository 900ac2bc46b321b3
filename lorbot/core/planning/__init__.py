"""The plan: for every application the letters that are wanted, who should write them, and what is missing."""
