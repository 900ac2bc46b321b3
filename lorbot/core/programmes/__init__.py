"""The programmes of an application: read from the applicant's table, ranked by the applicant's weights, with reasons.

Invariants: nothing about a programme is known but what the table says, and nothing here speaks of how a programme will
decide.
"""
