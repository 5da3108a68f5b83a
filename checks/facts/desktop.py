"""Programs of a graphical desktop."""

from __future__ import annotations

from checks.fact import Fact, Missing, reads
from checks.source import FileStat, Stat
from checks.text import Text

PLACES = ("/usr/bin", "/usr/sbin")
PROGRAMS = (
    "/usr/bin/Xorg", "/usr/lib/xorg/Xorg", "/usr/libexec/Xorg", "/usr/bin/Xwayland", "/usr/sbin/gdm", "/usr/sbin/gdm3",
    "/usr/sbin/lightdm", "/usr/bin/sddm", "/usr/bin/lxdm", "/usr/sbin/lxdm", "/usr/bin/xdm", "/usr/bin/gnome-shell",
    "/usr/bin/plasmashell", "/usr/bin/xfce4-session", "/usr/bin/mate-session", "/usr/bin/cinnamon", "/usr/sbin/xrdp",
    "/usr/bin/vncserver", "/usr/bin/Xvnc", "/usr/bin/anydesk", "/usr/bin/teamviewer",
)  # fmt: skip


class Desktop(Fact, frozen=True):
    """Programs of a desktop, its login screen or its remote control that are installed. Never absent."""

    programs: tuple[str, ...] = ()


@reads(Stat((*PLACES, *PROGRAMS)))
def desktop(seen: tuple[FileStat, ...]) -> Desktop:
    paths = {one.path for one in seen}
    if not paths.issuperset(PLACES):
        raise Missing(Text("/usr/bin atau /usr/sbin tidak terlihat", "/usr/bin or /usr/sbin cannot be seen"))
    return Desktop(tuple(program for program in PROGRAMS if program in paths))
