"""Decree 152/2022, 2.2, 2.3 and III: non-conformities, cases, the ladder of acts, notices, objections, deadlines, offers.

Pure machines: `ladder`, `nonconformity`, `notice`, `objection`, `offer`, `calendar`, `deadline`, `rules`. `models` keeps their
states and transitions; `acts` performs what people decide.
"""
