"""`pantau-collector serve`: the door, the ledger's writer and the console in one process, the judge in another beside it.

The event loop belongs to the door; the ledger's writer is a thread; the console runs in a small pool of threads through
WSGI. The judge computes all the time it can get, which in a thread would hold up every report at the door.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import resource
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import uvloop
from a2wsgi import WSGIMiddleware
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.embed import Server

from collector.config import Config
from collector.export.metrics import registry
from collector.ingest.app import Ingest, Send, in_thread
from collector.ingest.body import Budget, Receive, read_body
from collector.ingest.enrolled_keys import REFRESH, EnrolledKeys
from collector.ingest.metrics import IngestMetrics
from collector.ingest.refusal import Refused
from collector.judge_process import JudgeProcess
from collector.ledger.committer import Committer
from collector.wsgi import application

log = logging.getLogger(__name__)

HEADER_TIMEOUT = 10_000  # milliseconds until a connection that sends nothing is closed
MOST_HEAD = 64 << 10  # bytes of a request's head held for one connection
BACKLOG = 2048  # connections the kernel holds until we take them
SWITCH = 0.001  # seconds a thread keeps the interpreter while another waits: the writer and the door hand over often
CONNECTIONS = 16384  # open at once; further ones wait in the backlog


def serve(config: Config, *, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called once the port is open."""
    uvloop.run(_serve(config, ready))


async def _serve(config: Config, ready: Callable[[], None]) -> None:
    metrics = registry()
    counters = IngestMetrics(metrics)
    committer, judge, keys = Committer(), JudgeProcess(), EnrolledKeys()
    ingest = Ingest(config, committer, counters, keys, judge.wake if config.judge else lambda: None)
    wsgi = _with(application, {"pantau.registry": metrics}, behind_proxy=config.behind_proxy)
    console = _buffered(WSGIMiddleware(wsgi, config.worker_threads), config, ingest.budget)

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await (ingest if scope["path"].startswith("/v1/") else console)(scope, receive, send)

    await asyncio.to_thread(keys.refresh)
    sys.setswitchinterval(SWITCH)
    gc.freeze()  # what is loaded stays; the collector of garbage need not look at it again and again
    committer.start()
    if config.judge:
        judge.start()
    host, port = config.address
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        backlog=BACKLOG,
        backpressure=_open_files(CONNECTIONS),
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT, max_buffer_size=MOST_HEAD),
        websockets=False,
        log_enabled=False,
        ssl_protocol_min=SSLProtocols.tls12,
        ssl_cert=Path(config.tls_certificate) if config.tls_certificate else None,
        ssl_key=Path(config.tls_key) if config.tls_key else None,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    refreshing = loop.create_task(_refresh(keys))
    serving = loop.create_task(server.serve())
    try:
        await _listening(host, port, serving)
        log.info("event=serving address=%s pid=%d", config.url, os.getpid())
        ready()
        await serving
    finally:
        refreshing.cancel()
        await asyncio.to_thread(committer.stop)
        if config.judge:
            await judge.stop()
        log.info("event=stopped")


def _open_files(wanted: int) -> int:
    """How many connections this process may hold, of `wanted`; lifts its soft limit of open files for it."""
    reserve = 256  # database, log, sockets of our own
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted + reserve:
        soft = wanted + reserve if hard == resource.RLIM_INFINITY else min(wanted + reserve, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - reserve))


def _with(application: Callable[..., Any], extra: Mapping[str, object], *, behind_proxy: bool) -> Callable[..., Any]:
    """`application` with `extra` in its environment and, behind a proxy, the address the proxy saw (throttling is by it)."""

    def called(environ: dict[str, object], start_response: Callable[..., Any]) -> Any:
        environ.update(extra)
        if behind_proxy and (forwarded := str(environ.get("HTTP_X_FORWARDED_FOR", ""))):
            environ["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()
        return application(environ, start_response)

    return called


def _buffered(
    application: Callable[..., Awaitable[None]], config: Config, budget: Budget
) -> Callable[..., Awaitable[None]]:
    """`application` behind bodies that are there already: a sender that stops half-way occupies none of its threads."""

    async def called(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await application(scope, receive, send)
            return
        try:
            headers = {name: value for name, value in scope["headers"] if name != b"content-encoding"}
            body = await read_body(
                receive,
                headers,
                most=config.max_body,
                most_decoded=config.max_body,
                timeout=config.request_timeout,
                budget=budget,
            )
        except Refused as refused:
            said = str(refused).encode()
            plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(said))]
            await send({"type": "http.response.start", "status": refused.refusal.status, "headers": plain})
            await send({"type": "http.response.body", "body": said})
            return

        async def whole() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        await application(scope, whole, send)

    return called


async def _refresh(keys: EnrolledKeys) -> None:
    while True:
        await asyncio.sleep(REFRESH)
        try:
            await in_thread(keys.refresh)
        except Exception:  # whatever it was: the old keys stay, and the next round tries again
            log.exception("event=keys_not_refreshed")


async def _listening(host: str, port: int, serving: asyncio.Task[None]) -> None:
    """Return once the port answers. Raises what `serving` raised if it ended before."""
    for _ in range(200):
        if serving.done():
            break
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        return
    if serving.done():
        await serving
    raise RuntimeError(f"nothing listens on {host}:{port}; is the port taken?")
