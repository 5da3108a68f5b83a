"""TCP ports of the public name that are open to anyone. Tried only with consent."""

from __future__ import annotations

from checks.fact import Fact, Missing, reads
from checks.outside import Port, Tcp
from checks.text import Text

PORTS = (
    21, 22, 23, 25, 53, 69, 79, 80, 81, 88, 110, 111, 113, 119, 135, 137, 139, 143, 161, 179, 199, 389, 443, 445, 464, 465,
    500, 512, 513, 514, 515, 543, 548, 554, 587, 623, 631, 636, 646, 873, 990, 993, 995, 1025, 1080, 1099, 1194, 1433, 1521,
    1723, 1883, 2022, 2049, 2082, 2083, 2086, 2087, 2121, 2181, 2222, 2375, 2376, 2379, 3000, 3128, 3306, 3389, 4443, 4848,
    5000, 5001, 5060, 5432, 5433, 5601, 5672, 5900, 5901, 5984, 6000, 6379, 6443, 7001, 8000, 8008, 8009, 8080, 8081, 8088,
    8443, 8888, 9000, 9009, 9090, 9100, 9200, 9418, 9909, 10000, 10050, 11211, 15672, 27017, 50000,
)  # fmt: skip
MOST = 40


class PublicPorts(Fact, frozen=True):
    """Of `tried` TCP ports the open ones (`open`, 40 at most of `open_total`), those that greet as SSH, and how many gave no
    answer at all (`filtered`). Without consent: missing. Never absent.
    """

    tried: int
    open: tuple[int, ...]
    open_total: int
    ssh: tuple[int, ...]
    filtered: int


@reads(Tcp(PORTS))
def scanned(ports: tuple[Port, ...]) -> PublicPorts:
    if not ports:
        raise Missing(Text("tidak ada port yang dicoba", "no port was tried"))
    found = sorted(port.number for port in ports if port.state == "open")
    ssh = sorted(port.number for port in ports if port.state == "open" and port.greeting.startswith("SSH-"))
    filtered = sum(port.state == "filtered" for port in ports)
    if filtered == len(ports):
        raise Missing(Text("tidak satu port pun menjawab prober", "not one port answers the prober"))
    return PublicPorts(len(ports), tuple(found[:MOST]), len(found), tuple(ssh[:MOST]), filtered)
