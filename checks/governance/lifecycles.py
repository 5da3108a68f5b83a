"""Until when the makers of web servers and of ModSecurity mend a branch. Data only.

From the projects' own release pages and endoflife.date, as of `AS_OF`; a branch of ModSecurity ended when the next came
out. "-": still mended on that day, with no end announced. Operating systems stand in `checks.security.releases`, PostgreSQL
and Java beside K-PG-01 and K-APP-07; all were compared on the same day.
"""

from __future__ import annotations

from datetime import date

AS_OF = date(2026, 11, 23)

MENDED_UNTIL = (
    "apache 1.3 2010-02-03", "apache 2.0 2013-07-10", "apache 2.2 2017-07-11", "apache 2.4 -",
    "nginx 1.18 2021-04-20", "nginx 1.20 2022-05-24", "nginx 1.21 2022-06-21", "nginx 1.22 2023-04-11",
    "nginx 1.23 2023-05-23", "nginx 1.24 2024-04-23", "nginx 1.25 2024-05-29", "nginx 1.26 2025-04-23",
    "nginx 1.27 2025-06-24", "nginx 1.28 2026-04-14", "nginx 1.29 2026-05-13", "nginx 1.30 -", "nginx 1.31 -",
    "haproxy 1.8 2022-12-31", "haproxy 2.0 2024-04-01", "haproxy 2.2 2025-04-01", "haproxy 2.4 2026-04-01",
    "haproxy 2.6 2027-04-01", "haproxy 2.8 2028-04-01", "haproxy 3.0 2029-04-01", "haproxy 3.1 2026-01-01",
    "haproxy 3.2 2030-04-01", "haproxy 3.3 2027-01-01",
    "modsecurity 2.5 2011-07-18", "modsecurity 2.6 2012-10-16", "modsecurity 2.7 2014-04-15",
    "modsecurity 2.8 2015-02-12", "modsecurity 2.9 -", "modsecurity 3.0 -",
)  # fmt: skip
"""Rows "product branch date"; the branch is the first two numbers of a version."""
