"""`pantau-collector demo`: the main job on this machine, for real. What `make run` runs.

Collector on SQLite at 127.0.0.1, a demonstration provider, an agent enrolled on this very machine with a one-time token, one
survey pushed and judged, the verdicts printed. Then everything stays up until Ctrl-C. A second start goes on where it was.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

JUDGED_WITHIN = 60.0  # seconds


def add(commands: Any) -> None:
    """Add this command."""
    parser = commands.add_parser("demo", help="show the whole on this machine: collector, agent, survey, verdicts")
    parser.add_argument("--once", action="store_true", help="end after the first judged survey; the last line is JSON")
    parser.add_argument("--port", type=int, default=8443, help="port on 127.0.0.1 (default: 8443)")
    parser.add_argument("--lang", choices=("id", "en"), default="", help="language of what is printed")
    parser.set_defaults(run=run)


class Broken(Exception):
    """A step that did not work, with what to do."""


def run(options: argparse.Namespace) -> int:
    """Run the demonstration."""
    from django.conf import settings

    state = Path(settings.CONFIG.state).resolve()
    said = options.lang or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    lang = "en" if said.lower().startswith("en") else "id"
    demo = Demonstration(state, options.port, lang)
    try:
        with demo.collector():
            demo.enrol()
            demo.survey()
            summary = demo.show()
            if options.once:
                print(json.dumps(summary))
                return 0
            demo.stay()
    except Broken as error:
        print(f"pantau-collector demo: {error}", file=sys.stderr)
        return 1
    return 0


class Demonstration:
    """The parts, as processes of their own, with their state below one directory."""

    def __init__(self, state: Path, port: int, lang: str) -> None:
        self.state = state
        self.agent_state = state.parent / "agent"
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.lang = lang
        self.first = False  # whether this start made the administrator
        self.environment = {
            **os.environ,
            "PANTAU_COLLECTOR_STATE": str(state),
            "PANTAU_COLLECTOR_LISTEN": f"127.0.0.1:{port}",
            "PANTAU_STATE": str(self.agent_state),
            "PANTAU_COLLECTOR": self.url,
            "PANTAU_METRICS": "",
            "PYTHONUNBUFFERED": "1",
        }
        self._collector: subprocess.Popen[bytes] | None = None

    def say(self, indonesian: str, english: str) -> None:
        """Print one line in the reader's language."""
        print(english if self.lang == "en" else indonesian, flush=True)

    def command(self, name: str) -> str:
        """The console script beside this one."""
        beside = Path(sys.argv[0]).resolve().parent / name
        found = str(beside) if beside.exists() else shutil.which(name)
        if not found:
            raise Broken(f"the command {name} is not installed beside pantau-collector")
        return found

    @contextlib.contextmanager
    def collector(self) -> Iterator[None]:
        """The collector, initialised and serving; ended when the block ends."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise Broken(
                    f"port {self.port} is taken ({error.strerror}); choose another: make run PORT=8444"
                ) from error
        said = self._call("pantau-collector", "init", "--demo")
        self.first = any(line.startswith("administrator: ") for line in said.splitlines())
        log_path = self.state.parent / "collector.log"
        self.say(
            f"Menjalankan collector di {self.url} (log: {log_path}) …",
            f"Starting the collector at {self.url} (log: {log_path}) …",
        )
        with log_path.open("ab") as log:
            start = log.tell()
            self._collector = subprocess.Popen(
                [self.command("pantau-collector"), "serve"],
                env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            self._wait_ready(log_path, start)
            yield
        finally:
            _end(self._collector)

    def _wait_ready(self, log_path: Path, start: int) -> None:
        """Wait until our own collector says that it listens: another may have taken the port meanwhile."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self._collector is not None and self._collector.poll() is not None:
                raise Broken(f"the collector ended at once; see {log_path}")
            with log_path.open("rb") as log:
                log.seek(start)
                if b"Pantau collector: " in log.read():
                    return
            time.sleep(0.1)
        raise Broken(f"the collector does not answer; see {log_path}")

    def enrol(self) -> None:
        """Enrol this machine's agent, unless it is enrolled already."""
        from collector.registry.demo import SLUG

        if (self.agent_state / "identity.json").exists():
            self.say("Agen di mesin ini sudah terdaftar.", "The agent of this machine is enrolled already.")
            return
        token = self._call("pantau-collector", "token", SLUG, "--note", "make run").strip()
        enrol = ("--lang", self.lang, "enrol", "--collector", self.url, "--token", "-")
        print(self._call("pantau-agent", *enrol, stdin=token).strip())

    def survey(self) -> None:
        """Survey this machine, push, and wait until it is judged."""
        from django.db.models import Max

        from collector.ledger.models import Cursor, Entry

        self.say("Memeriksa mesin ini …", "Surveying this machine …")
        self._call("pantau-agent", "run", "--once")
        last = Entry.objects.aggregate(last=Max("id"))["last"] or 0
        deadline = time.monotonic() + JUDGED_WITHIN
        while time.monotonic() < deadline:
            if Cursor.objects.filter(consumer="judge", position__gte=last).exists():
                return
            time.sleep(0.1)
        raise Broken(f"the survey was not judged within {JUDGED_WITHIN:g} s; see {self.state.parent / 'collector.log'}")

    def show(self) -> dict[str, object]:
        """Print the verdicts; returns the summary."""
        from collector.cli.summary import show

        summary = show("en" if self.lang == "en" else "id")
        self.say(f"\nKonsol: {self.url}  pengguna: admin", f"\nConsole: {self.url}  user: admin")
        self._password()
        return summary

    def _password(self) -> None:
        """Print the administrator's password when it was just made; later, where it stands and how to set another."""
        path = self.state / "administrator_password"
        if self.first:
            password = path.read_text(encoding="utf-8").strip()
            self.say(f"Kata sandi: {password}", f"Password: {password}")
            return
        if path.exists():
            self.say(f"Kata sandi awal ada di {path}", f"The first password is in {path}")
        reset = f"{self.command('pantau-collector')} --state {self.state} account admin --reset-password"
        self.say(f"Kata sandi baru: {reset}", f"A new password: {reset}")

    def stay(self) -> None:
        """Keep collector and agent up until Ctrl-C."""
        self.say(
            "Collector dan agen tetap berjalan; Ctrl-C untuk berhenti.", "Collector and agent stay up; Ctrl-C to stop."
        )
        with (self.state.parent / "agent.log").open("ab") as log:
            agent = subprocess.Popen(
                [self.command("pantau-agent"), "run"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _interrupt)
        try:
            while True:
                for process, name in ((self._collector, "collector"), (agent, "agent")):
                    if process is not None and process.poll() is not None:
                        raise Broken(f"the {name} ended; see {self.state.parent / name}.log")
                time.sleep(1)
        except KeyboardInterrupt:
            self.say("\nBerhenti …", "\nStopping …")
        finally:
            _end(agent)

    def _call(self, name: str, *arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            [self.command(name), *arguments],
            env=self.environment, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Broken(f"{name} {arguments[0]} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
        return done.stdout


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
