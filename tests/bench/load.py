"""A load generator: N keep-alive connections that push prepared envelopes, closed loop or at a fixed rate.

    python -m tests.bench.load PORT CONNECTIONS SECONDS FILE [RATE]

FILE holds a MessagePack array of request bodies, dealt to the connections in turn (one agent, one of them). Prints a JSON line:
acknowledged, refused, seconds, p50, p99 (milliseconds; with RATE counted from the scheduled moment).
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

import msgspec
import uvloop

from evidence.envelope import PACKED_MEDIA_TYPE

KIND = PACKED_MEDIA_TYPE.encode()


async def connection(
    port: int,
    envelopes: list[bytes],
    until: float,
    latencies: list[float],
    refused: list[bytes],
    interval: float,
    start: float,
) -> None:
    """Push `envelopes` one after another until `until`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    due = start
    for body in envelopes:
        now = time.perf_counter()
        if now >= until:
            break
        if interval:
            due += interval
            if due > now:
                await asyncio.sleep(due - now)
            began = due
        else:
            began = now
        writer.write(
            b"POST /v1/reports HTTP/1.1\r\nhost: bench\r\ncontent-type: " + KIND + b"\r\ncontent-length: "
            + str(len(body)).encode() + b"\r\n\r\n" + body
        )  # fmt: skip
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            answer = await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError) as error:
            refused.append(f"the connection was dropped: {error}".encode())
            break
        if head.startswith(b"HTTP/1.1 200") and b'"accepted"' in answer:
            latencies.append(time.perf_counter() - began)
        else:
            refused.append(answer)
    writer.close()


async def main(port: int, connections: int, seconds: float, envelopes: list[bytes], rate: float) -> dict[str, object]:
    """Run the load; returns the figures."""
    latencies: list[float] = []
    refused: list[bytes] = []
    start = time.perf_counter() + 0.2
    until = start + seconds
    interval = connections / rate if rate else 0.0
    tasks = [
        connection(
            port, envelopes[n::connections], until, latencies, refused, interval, start + (n / rate if rate else 0)
        )
        for n in range(connections)
    ]
    began = time.monotonic()
    await asyncio.gather(*tasks)
    spent = time.monotonic() - began
    latencies.sort()
    return {
        "acknowledged": len(latencies),
        "refused": len(refused),
        "refusal": refused[0].decode(errors="replace")[:200] if refused else "",
        "seconds": round(spent, 3),
        "p50": round(latencies[len(latencies) // 2] * 1000, 2) if latencies else None,
        "p99": round(latencies[len(latencies) * 99 // 100] * 1000, 2) if latencies else None,
    }


if __name__ == "__main__":
    lines = msgspec.msgpack.decode(Path(sys.argv[4]).read_bytes(), type=list[bytes])
    rate_ = float(sys.argv[5]) if len(sys.argv) > 5 else 0.0
    print(json.dumps(uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), lines, rate_))))
