"""Whether packages are installed only with a valid signature."""

from __future__ import annotations

import configparser
import re

from checks.fact import Absent, Fact, Missing, reads
from checks.source import FileText, Glob
from checks.text import Text

MOST = 20
INSECURE_OPTIONS = re.compile(
    r"(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories|Acquire::AllowWeakRepositories"
    r"|Acquire::AllowDowngradeToInsecureRepositories)\s+\"?(?:true|yes|1|on)\b",
    re.IGNORECASE,
)
YES = ("1", "yes", "true", "on")


class PackageSigning(Fact, frozen=True):
    """Package sources of the host and those whose signatures are not enforced, as "file:line" or "file [repository]".

    Never their addresses: those may hold credentials. Absent: no package sources are configured.
    """

    manager: str
    sources: int
    unsigned: tuple[str, ...] = ()


@reads(
    Glob("/etc/apt/sources.list"),
    Glob("/etc/apt/sources.list.d/*.list"),
    Glob("/etc/apt/sources.list.d/*.sources"),
    Glob("/etc/apt/apt.conf.d/*"),
)
def apt(
    main: tuple[FileText, ...], lists: tuple[FileText, ...], deb822: tuple[FileText, ...], options: tuple[FileText, ...]
) -> PackageSigning:
    sources, unsigned = 0, []
    for file in (*main, *lists):
        for number, raw in enumerate(file.text.splitlines(), 1):
            found = re.match(r"\s*deb(?:-src)?\s+(?:\[(?P<options>[^\]]*)\])?", raw)
            if found:
                sources += 1
                if re.search(r"(?:trusted|allow-insecure|allow-weak)\s*=\s*yes", found["options"] or "", re.IGNORECASE):
                    unsigned.append(f"{file.path}:{number}")
    for file in deb822:
        for number, stanza in enumerate(re.split(r"\n[ \t]*\n", file.text), 1):
            lines = [line for line in stanza.splitlines() if not line.startswith("#")]
            fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.*?)[ \t]*$", "\n".join(lines), re.MULTILINE))
            fields = {name.lower(): value.lower() for name, value in fields.items()}
            if "types" not in fields or fields.get("enabled", "yes") in ("no", "false", "0"):
                continue
            sources += 1
            if any(fields.get(name) in YES for name in ("trusted", "allow-insecure", "allow-weak")):
                unsigned.append(f"{file.path} [{number}]")
    if not sources:
        raise Absent(Text("tidak ada sumber apt", "no apt sources are configured"))
    for file in options:
        text = "\n".join(line for line in file.text.splitlines() if not line.lstrip().startswith(("//", "#")))
        if INSECURE_OPTIONS.search(text):
            unsigned.append(file.path)
    return PackageSigning("apt", sources, tuple(unsigned)[:MOST])


@reads(Glob("/etc/yum.repos.d/*.repo"), Glob("/etc/dnf/dnf.conf"), Glob("/etc/yum.conf"))
def dnf(
    repositories: tuple[FileText, ...], dnf_conf: tuple[FileText, ...], yum_conf: tuple[FileText, ...]
) -> PackageSigning:
    """The default of dnf and yum, where nothing is said, is not to check."""
    default, unsigned, sources = "0", [], 0
    for file in (dnf_conf or yum_conf)[:1]:
        main = _ini(file)
        default = main.get("main", "gpgcheck", fallback="0").strip().lower()
        if default not in YES:
            unsigned.append(f"{file.path} [main]")
    for file in repositories:
        parsed = _ini(file)
        for name in parsed.sections():
            if parsed.get(name, "enabled", fallback="1").strip().lower() not in YES:
                continue
            sources += 1
            if parsed.get(name, "gpgcheck", fallback=default).strip().lower() not in YES:
                unsigned.append(f"{file.path} [{name}]")
    if not sources:
        raise Absent(Text("tidak ada repositori dnf atau yum yang aktif", "no dnf or yum repositories are enabled"))
    return PackageSigning("dnf", sources, tuple(unsigned)[:MOST])


def _ini(file: FileText) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, strict=False, default_section="", empty_lines_in_values=True)
    try:
        parsed.read_string(file.text)
    except configparser.Error as error:
        raise Missing(
            Text(
                f"{file.path} tidak dapat dibaca sebagai konfigurasi: {type(error).__name__}",
                f"{file.path} cannot be read as a configuration: {type(error).__name__}",
            )
        ) from error
    return parsed
