"""Known signs of web shells in scripts below SPSE and below what the web server serves.

All scripts are looked at each time; read are those that changed since the search before, and all of them once a day.

Laws:
- Document stores, and Play's folders of uploads on their way, are never entered: bid documents are not opened.
- Only files with the suffix of a script, and .htaccess, are searched, up to 2 MiB each; nothing is executed or kept of them.
- What changed is told by the time of the inode, which nobody can set: that of a file, and those of the folders above it, for a
  file that comes with its folder keeps its own. Other folders, other signs, a clock that was set back: all are read.
- Only a search that found nothing is remembered: what was found is read again until it is gone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from checks.fact import Absent, After, Fact, Missing, reads
from checks.facts.clock import CLOCK, moment
from checks.facts.privilege import ROOT_OUTSIDE
from checks.facts.script_folders import STORES, ScriptFolders, is_store
from checks.facts.scripts import PASSING, SUFFIXES, find, said
from checks.source import Command, History, Samples
from checks.text import Text
from checks.trend import DAY

SEARCHED = (
    *(f"*.{suffix}" for suffix in SUFFIXES if suffix not in {"war", "class", "exe"}),
    ".htaccess",
    ".user.ini",
)
MOST = 10
MOST_CHANGED, LONGEST = 50, 20_000  # folders, and characters of their paths: where more have changed all is read
MARGIN = 600.0  # seconds by which two clocks (of a file server, of who remembers) may differ
WORD = 12  # hex digits that a float holds exactly
FOLDER = re.compile(r"dir (\d{1,11})(?:\.\d*)? (\d{1,20}\.\d{1,20}) (/.*)", re.DOTALL | re.ASCII)
PATTERN = re.compile(r"([\\*?\[])")
LOST = "\N{REPLACEMENT CHARACTER}"  # stands for bytes of a name that are no text
INPUT = r"\$_(get|post|request|cookie|server|files)"
CODED = r"(base64_decode|gzinflate|gzuncompress|str_rot13|hex2bin|strrev)"
RUNS = r"(eval|assert|system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec|create_function)"
SIGNS = (  # extended regular expressions, whatever the case; our own, from how such shells work
    rf"\b{RUNS}[[:space:]]*\([[:space:]]*(@?[[:space:]]*{INPUT}|(stripslashes|trim)[[:space:]]*\([[:space:]]*@?{INPUT})",
    rf"\b(eval|assert)[[:space:]]*\([[:space:]]*@?({CODED})[[:space:]]*\(",
    rf"{INPUT}[[:space:]]*\[[^]]*\][[:space:]]*\(",
    rf"\b(include|require)(_once)?[[:space:]]*\(?[[:space:]]*@?{INPUT}[[:space:]]*\[",
    r"\bpreg_replace[[:space:]]*\([[:space:]]*['\"]/[^'\"]*/[a-z]*e[a-z]*['\"]",
    r"move_uploaded_file[[:space:]]*\([[:space:]]*\$_files\[[^]]*\]\[[^]]*\][[:space:]]*,[[:space:]]*\$_(get|post|request|files)",
    r"getruntime\(\)[[:space:]]*\.[[:space:]]*exec[[:space:]]*\([^;]*(request\.)?getparameter",
    r"processbuilder[[:space:]]*\([^;]*getparameter",
    r"extends[[:space:]]+classloader[^;]*\{[^}]*defineclass",
    r"/dev/tcp/[0-9a-z.$]+/[0-9$]",
    r"\bos\.dup2[[:space:]]*\([[:space:]]*(s|so|sk|sock|conn|client)\.fileno\(\)[^)]*,[[:space:]]*0",
    r"<%[^%]*(\b(eval|execute)[[:space:]]*\(?[[:space:]]*request|request\.(form|item|querystring)[^%]*\b(eval|execute)\b)",
    r"addhandler[[:space:]]+application/x-httpd-[^[:space:]]+[[:space:]]+\.(jpe?g|png|gif|ico|txt|pdf)",
    r"auto_prepend_file[[:space:]=]+.*\.(jpe?g|png|gif|ico|txt)",
    r"\b(c99|r57|wso|b374k|p0wny|weevely|indoxploit|antsword|behinder|godzilla|regeorg|alfa)[ _-]?(shell|team)\b",
    r"\b(filesman|indoxploit|b374k|anonymousfox|p0wny@shell)\b",
)


class WebShells(Fact, frozen=True):
    """Scripts that were searched, and those with a sign of a web shell: the first ten of `total`, by path.

    `began`: when this search began; `whole`: when the last one began that read every script (seconds since the epoch);
    `scope`: which folders and signs it was about. Absent: there is neither a folder of SPSE nor one of a web server.
    """

    folders: tuple[str, ...]
    searched: int
    total: int = 0
    paths: tuple[str, ...] = ()
    began: float = 0.0
    whole: float = 0.0
    scope: str = ""


class ShellSearch(Fact, frozen=True):
    """What is to be read in `folders`: all scripts, or, where `since` is known (seconds since the epoch), those that changed
    after it and all below the folders that `changed` after it. Absent: as `WebShells`.
    """

    folders: tuple[str, ...]
    since: int | None
    changed: tuple[str, ...]
    began: float
    whole: float
    scope: str


def _remembered(found: WebShells) -> dict[str, float]:
    """A search that found nothing, and no other."""
    if found.total or not found.scope:
        return {}
    return {"began": found.began, "whole": found.whole, "scope": float(int(found.scope, 16))}


def _walk(folders: tuple[str, ...], *actions: str, entered: tuple[str, ...] = ()) -> Command:
    """A `find` over `folders` that enters no folder of documents."""
    paths = (*STORES, *(f"*/webapp/{name}" for name in PASSING))
    skipped = [part for path in paths for part in ("-path", path, "-o")]
    argv = find(
        folders, *actions, skipped=(*skipped, "-name", "file_prod*", "-o", "-name", "file_lat*"), entered=entered
    )
    # grep's code 1, that nothing was found, becomes find's; a walk that takes too long is Missing
    return Command(argv, ok=(0, 1), timeout=30.0, max_bytes=16 << 20, heavy=True)


def _list(found: ScriptFolders) -> Command:
    folders = (*found.applications, *found.web)
    if not folders:
        raise Absent(
            Text("tidak ada folder SPSE maupun folder web", "there is neither a folder of SPSE nor one of the web")
        )
    return _walk(folders, "-true", entered=("-printf", r"dir %C@ %D.%i %p\0"))


def _search(found: ShellSearch) -> Command:
    names = [part for name in SEARCHED for part in ("-o", "-iname", name)][1:]
    signs = [part for sign in SIGNS for part in ("-e", sign)]
    recent: list[str] = []
    if found.since is not None:
        below = [part for path in found.changed for part in ("-o", "-path", PATTERN.sub(r"\\\1", path) + "/*")]
        recent = ["(", "-newerct", f"@{found.since}", *below, ")"]
    return _walk(
        found.folders, "-type", "f", "(", *names, ")", "-size", "-4096", "-printf", r"seen 0\0", *recent,
        "-exec", "grep", "-laiZE", *signs, "--", "{}", "+",
    )  # fmt: skip


FOLDERS = After(ScriptFolders, "command find SPSE WEB -type d -printf (time of the inode)", _list)
FOUND = After(
    ShellSearch,
    "command find SPSE WEB (scripts) -newerct @{search before} -exec grep -l (signs of web shells)",
    _search,
)
MEMORY = History(WebShells, "search", _remembered, days=1.0, needs=0.0, step=300)


# the clock comes first: what changes while it is looked at is looked at again
@reads(CLOCK, FOLDERS, MEMORY, root=True)
def search_for_changes(clock: str, listed: str, remembered: tuple[Samples, ...]) -> ShellSearch:
    return _plan(clock, listed, remembered)


@reads(CLOCK, FOLDERS, root=True)
def search_everything(clock: str, listed: str) -> ShellSearch:
    return _plan(clock, listed, ())


@reads(CLOCK, FOLDERS, FOUND, MEMORY, root=True)
def web_shells(clock: str, listed: str, printed: str, remembered: tuple[Samples, ...]) -> WebShells:
    return _shells(_plan(clock, listed, remembered), printed)


@reads(CLOCK, FOLDERS, FOUND, root=True)
def web_shells_at_once(clock: str, listed: str, printed: str) -> WebShells:
    return _shells(_plan(clock, listed, ()), printed)


def _plan(clock: str, listed: str, remembered: tuple[Samples, ...]) -> ShellSearch:
    at = moment(clock).timestamp()
    words = listed.split("\0")[:-1]
    starts = tuple(word.removeprefix("in 0 ") for word in words if word.startswith("in 0 /"))
    rows = [FOLDER.fullmatch(word) for word in words if not word.startswith("in 0 /") and word != "closed 0"]
    folders = [(float(row[1]), row[2], row[3]) for row in rows if row is not None]
    if not starts or len(folders) != len(rows):
        raise Missing(
            Text("find tidak menyebut folder yang diminta", "find did not name the folders that were asked for")
        )
    places = sorted(f"{path} {inode}" for _, inode, path in folders if path in starts)
    scope = hashlib.sha256("\0".join((*SIGNS, *SEARCHED, *places)).encode("utf-8", "replace")).hexdigest()[:WORD]
    everything = ShellSearch(starts, None, (), at, at, scope)

    last = {one.subject: max(one.points) for one in remembered if one.points}
    if set(last) != {"began", "whole", "scope"} or len({kept for kept, _ in last.values()}) != 1:
        return everything
    began, whole, known = (last[subject][1] for subject in ("began", "whole", "scope"))
    if known != float(int(scope, 16)) or not at - DAY < whole <= began <= at:
        return everything
    since = int(began - MARGIN)
    changed = _outermost(path for when, _, path in folders if when >= since)
    if len(changed) > MOST_CHANGED or sum(map(len, changed)) > LONGEST or any(LOST in path for path in changed):
        return everything
    return ShellSearch(starts, since, changed, at, whole, scope)


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """`paths` without those that lie in another."""
    kept: list[str] = []
    for path in sorted(paths, key=lambda one: one.split("/")):
        if not (kept and path.startswith(f"{kept[-1]}/")):
            kept.append(path)
    return tuple(kept)


def _shells(search: ShellSearch, printed: str) -> WebShells:
    words = printed.split("\0")[:-1]
    folders = [word.removeprefix("in 0 ") for word in words if word.startswith("in 0 /")]
    if not folders:
        raise Missing(Text("find tidak memasuki folder mana pun", "find entered no folder at all"))
    if "closed 0" in words:
        raise Missing(
            Text(
                f"sebagian folder tidak dapat dibuka; {ROOT_OUTSIDE.id}",
                f"some folders cannot be opened; {ROOT_OUTSIDE.en}",
            )
        )
    found = [word for word in words if word.startswith("/")]
    searched = words.count("seen 0")
    if len(folders) + len(found) + searched != len(words) or len(found) > searched:
        raise Missing(Text("find mencetak sesuatu yang tidak diminta", "find printed something nobody asked for"))
    shown = sorted(said(path) for path in found if not is_store(path))
    return WebShells(
        tuple(said(folder) for folder in folders), searched, len(found), tuple(shown[:MOST]),
        search.began, search.whole, search.scope,
    )  # fmt: skip
