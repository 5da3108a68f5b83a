"""Until when each operating system release gets security updates without a contract. Data only.

Debian: end of long-term support; Ubuntu LTS: end of standard support (no Ubuntu Pro); the RHEL family: end of
maintenance. Compared with Debian's distro-info-data of November 2026, and with the vendors' life-cycle pages for EL.
Policy may add rows to K-OS-01 (`also`), for example for a contract of extended support.
"""

from __future__ import annotations

SUPPORTED_UNTIL = (
    "debian 8 2020-06-30", "debian 9 2022-06-30", "debian 10 2024-06-30", "debian 11 2026-08-31",
    "debian 12 2028-06-30", "debian 13 2030-06-30",
    "ubuntu 14.04 2019-04-25", "ubuntu 16.04 2021-04-30", "ubuntu 18.04 2023-05-31", "ubuntu 20.04 2025-05-29",
    "ubuntu 22.04 2027-06-01", "ubuntu 23.10 2024-07-11", "ubuntu 24.04 2029-05-31", "ubuntu 24.10 2025-07-10",
    "ubuntu 25.04 2026-01-15", "ubuntu 25.10 2026-07-09", "ubuntu 26.04 2031-05-29",
    "centos 5 2017-03-31", "centos 6 2020-11-30", "centos 7 2024-06-30", "centos 8 2021-12-31",
    "centos-stream 8 2024-05-31", "centos-stream 9 2027-05-31", "centos-stream 10 2030-05-31",
    "rhel 6 2020-11-30", "rhel 7 2024-06-30", "rhel 8 2029-05-31", "rhel 9 2032-05-31", "rhel 10 2035-05-31",
    "almalinux 8 2029-05-31", "almalinux 9 2032-05-31", "almalinux 10 2035-05-31",
    "rocky 8 2029-05-31", "rocky 9 2032-05-31", "rocky 10 2035-05-31",
    "ol 6 2021-03-31", "ol 7 2024-12-31", "ol 8 2029-07-31", "ol 9 2032-06-30", "ol 10 2035-06-30",
    "scientific 6 2020-11-30", "scientific 7 2024-06-30",
)  # fmt: skip
"""Rows "distribution version date", as /etc/os-release names them; the version is its leading part."""
