"""Known signs of web shells in scripts below SPSE and below what the web server serves.

Laws:
- Document stores, and Play's folders of uploads on their way, are never entered: bid documents are not opened.
- Only files with the suffix of a script, and .htaccess, are searched, up to 2 MiB each; nothing is executed or kept of them.
"""

from __future__ import annotations

from checks.fact import Absent, After, Fact, Missing, reads
from checks.facts.privilege import ROOT_OUTSIDE
from checks.facts.script_folders import STORES, ScriptFolders, is_store
from checks.facts.scripts import PASSING, SUFFIXES, find, said
from checks.source import Command
from checks.text import Text

SEARCHED = (
    *(f"*.{suffix}" for suffix in SUFFIXES if suffix not in {"war", "class", "exe"}),
    ".htaccess",
    ".user.ini",
)
MOST = 10
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

    Absent: there is neither a folder of SPSE nor one of a web server.
    """

    folders: tuple[str, ...]
    searched: int
    total: int = 0
    paths: tuple[str, ...] = ()


def _search(found: ScriptFolders) -> Command:
    folders = (*found.applications, *found.web)
    if not folders:
        raise Absent(
            Text("tidak ada folder SPSE maupun folder web", "there is neither a folder of SPSE nor one of the web")
        )
    stores = [part for store in STORES for part in ("-path", store, "-prune", "-o")]
    names = [part for name in SEARCHED for part in ("-o", "-iname", name)][1:]
    signs = [part for sign in SIGNS for part in ("-e", sign)]
    skipped = [part for name in PASSING for part in ("-o", "-path", f"*/webapp/{name}")][1:]
    argv = find(
        folders, *stores, "-type", "d", "(", *skipped, "-o", "-name", "file_prod*", "-o", "-name", "file_lat*", ")", "-prune", "-o",
        "-type", "f", "-size", "-4096", "(", *names, ")", "-printf", "seen 0\\0",
        "-exec", "grep", "-laiZE", *signs, "--", "{}", "+",
    )  # fmt: skip
    # grep's code 1, that nothing was found, becomes find's; a walk that takes too long is Missing
    return Command(argv, ok=(0, 1), timeout=30.0, max_bytes=4 << 20, heavy=True)


@reads(After(ScriptFolders, "command find SPSE WEB (scripts) -exec grep -l (signs of web shells)", _search), root=True)
def web_shells(printed: str) -> WebShells:
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
    return WebShells(tuple(said(folder) for folder in folders), searched, len(found), tuple(shown[:MOST]))
