"""How long does an article of a quiet collection take beside a flood of another?

    python -m benchmarks.fairness [--before DIR] [--rounds 3] [--pings 60] [--write]

A real server in a process of its own, memory store and shipped encoder. One client sends single
articles of the collection "quiet", one after the other, first alone, then while many clients send
articles of "flood" without a pause: single ones, batches and streams. Time is from the first try to
the answer; a refused try waits as long as it was told and counts. Figures are compared within a
round, so that a busy machine slows all alike. `--before DIR` is another checkout, measured in
turn with this one. With `--write` benchmarks/results/fairness.md is written.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "fairness.md"

SINGLES, BATCHES, STREAMS = 32, 8, 8
"""Clients of the flood, by what they send."""
BATCH = 64
WARM_S = 6.0
"""Until the flood has filled what it can."""
BESIDE_S = 40.0
"""After which nothing more is begun beside the flood."""
PATIENCE_S = 60.0
"""After which an article is given up; it counts as so long."""

_WORDS = [
    a + b
    for a in ("har", "min", "orch", "bri", "gla", "rail", "mer", "vol", "mus", "cyc", "quar", "fes")
    for b in (
        "bour",
        "ster",
        "ard",
        "dge",
        "cier",
        "way",
        "ger",
        "cano",
        "eum",
        "lone",
        "ry",
        "tal",
    )
]


def article(number: int) -> dict[str, str]:
    """An invented article of 120 words; each number has its own."""
    chance = random.Random(number)
    words = [f"{chance.choice(_WORDS)}{chance.randrange(5_000)}" for _ in range(120)]
    text = ". ".join(" ".join(words[at : at + 15]).capitalize() for at in range(0, 120, 15))
    return {"article_id": f"a{number}", "title": " ".join(words[:7]).capitalize(), "text": text}


def measured(pings: int) -> dict[str, Any]:
    """Seconds of each ping alone and beside the flood, refusals, and what the flood got done."""
    from storycluster_server.testing import RunningServer

    server = RunningServer({"log.access": "false"})  # ends with the process
    quiet = _Quiet(server.address)
    quiet.pings(20)  # the first ones load what is loaded once
    alone, refused_alone = quiet.pings(pings)
    assert not refused_alone
    with flooding(server.address) as done:
        time.sleep(WARM_S)
        began, before = time.perf_counter(), done()
        beside, refused = quiet.pings(pings, within_s=BESIDE_S)
        rate = (done() - before) / (time.perf_counter() - began)
    return {"alone": alone, "beside": beside, "refused": refused, "flood": rate}


class _Quiet:
    """The one client of the quiet collection."""

    def __init__(self, address: str) -> None:
        self._stub = _stub(address)
        self._numbers = iter(range(10**6))

    def pings(self, number: int, *, within_s: float = 1e9) -> tuple[list[float], int]:
        """Seconds of each article; how many tries were refused. None is begun after a time."""
        seconds: list[float] = []
        refused, ends = 0, time.perf_counter() + within_s
        while len(seconds) < number and (began := time.perf_counter()) < ends:
            request = _request(next(self._numbers), "quiet")
            refused += _sent_until_taken(self._stub.IngestArticle, request, within_s=PATIENCE_S)
            seconds.append(min(time.perf_counter() - began, PATIENCE_S))
            time.sleep(0.02)
        return seconds, refused


@contextlib.contextmanager
def flooding(address: str) -> Iterator[Callable[[], int]]:
    """Many clients send without a pause; yields what tells how many articles were answered."""
    stop = threading.Event()
    lock, answered = threading.Lock(), [0]
    numbers = iter(range(10**6, 10**9))

    def took(articles: int) -> None:
        with lock:
            answered[0] += articles

    def fresh(articles: int) -> list[int]:
        with lock:
            return [next(numbers) for _ in range(articles)]

    kinds = [_singles] * SINGLES + [_batches] * BATCHES + [_streams] * STREAMS
    stubs = [_stub(address) for _ in range(8)]
    threads = [
        threading.Thread(target=kind, args=(stubs[n % 8], stop, fresh, took), daemon=True)
        for n, kind in enumerate(kinds)
    ]
    for thread in threads:
        thread.start()
    try:
        yield lambda: answered[0]
    finally:
        stop.set()


def _singles(stub: Any, stop: threading.Event, fresh: Any, took: Any) -> None:
    while not stop.is_set():
        with contextlib.suppress(Exception):  # the server goes down at the end
            _sent_until_taken(stub.IngestArticle, _request(fresh(1)[0], "flood"))
            took(1)


def _batches(stub: Any, stop: threading.Event, fresh: Any, took: Any) -> None:
    from storycluster.v1 import ingest_service_pb2 as pb

    while not stop.is_set():
        articles = [article(number) for number in fresh(BATCH)]
        with contextlib.suppress(Exception):
            _sent_until_taken(
                stub.BatchIngestArticles,
                pb.BatchIngestArticlesRequest(articles=articles, collection="flood"),
            )
            took(BATCH)


def _streams(stub: Any, stop: threading.Event, fresh: Any, took: Any) -> None:
    from storycluster.v1 import ingest_service_pb2 as pb

    request = pb.StreamIngestArticlesRequest
    room = threading.Semaphore(8)

    def requests() -> Iterator[Any]:
        yield request(open=request.Open(collection="flood"))
        sequence = 0
        while not stop.is_set():
            if room.acquire(timeout=0.2):
                sequence += 1
                articles = [article(number) for number in fresh(BATCH)]
                yield request(batch=request.Batch(sequence=sequence, articles=articles))

    with contextlib.suppress(Exception):
        for answer in stub.StreamIngestArticles(requests(), timeout=600):
            if answer.HasField("batch_result"):
                took(BATCH)
                room.release()


def _sent_until_taken(call: Callable[..., Any], request: Any, *, within_s: float = 600.0) -> int:
    """How often it was refused; each time it waits as it was told, until the time is over."""
    import grpc

    refused, ends = 0, time.perf_counter() + within_s
    while (left := ends - time.perf_counter()) > 0:
        try:
            call(request, timeout=left)
        except grpc.RpcError as failure:
            if failure.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
                break
            if failure.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
                raise
            refused += 1
            told = dict(failure.trailing_metadata()).get("grpc-retry-pushback-ms", "1000")
            time.sleep(min(int(told) / 1000, max(ends - time.perf_counter(), 0.0)))
        else:
            break
    return refused


def _request(number: int, collection: str) -> Any:
    from storycluster.v1 import ingest_service_pb2 as pb

    return pb.IngestArticleRequest(article=article(number), collection=collection)


def _stub(address: str) -> Any:
    import grpc

    from storycluster.v1 import ingest_service_pb2_grpc

    channel = grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
    return ingest_service_pb2_grpc.IngestServiceStub(channel)


# -- the rounds -----------------------------------------------------------------------------------


def run_one(checkout: Path, pings: int) -> dict[str, Any]:
    """Measure the code of a checkout in a process of its own."""
    path = os.pathsep.join(map(str, (checkout / "src", checkout / "server")))
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--one", "--pings", str(pings)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    read: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return read


def percentile(seconds: list[float], share: float) -> float:
    """The value that a share of them does not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def row(name: str, runs: list[dict[str, Any]]) -> str:
    """One line of the table: medians over the rounds; ratios are of the same round."""
    cells = [name]
    for share in (0.5, 0.99):
        alone = [percentile(run["alone"], share) for run in runs]
        beside = [percentile(run["beside"], share) for run in runs]
        ratios = [b / a for a, b in zip(alone, beside, strict=True)]
        cells += [
            f"{statistics.median(alone) * 1000:.0f}",
            f"{statistics.median(beside) * 1000:.0f}",
            f"**{statistics.median(ratios):.1f}**",
        ]
    cells.append(f"{sum(len(run['beside']) for run in runs)}")
    cells.append(f"{sum(run['refused'] for run in runs)} of {sum(_tries(run) for run in runs)}")
    cells.append(f"{statistics.median(run['flood'] for run in runs):.0f}")
    return "| " + " | ".join(cells) + " |"


def _tries(run: dict[str, Any]) -> int:
    return len(run["beside"]) + int(run["refused"])


def main() -> None:
    """Measure, print and perhaps write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="another checkout to compare with")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pings", type=int, default=60)
    parser.add_argument("--one", action="store_true", help="measure this code and print JSON")
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name}")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.pings)), flush=True)
        os._exit(0)  # the clients of the flood are not waited for
    checkouts = {"before": options.before} if options.before else {}
    checkouts["shared"] = ROOT
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in checkouts}
    for _ in range(options.rounds):
        for name, checkout in checkouts.items():
            runs[name].append(run_one(checkout, options.pings))
    text = report(runs, options)
    print(text)
    if options.write:
        RESULT.write_text(text + "\n", encoding="utf-8")


def report(runs: dict[str, list[dict[str, Any]]], options: argparse.Namespace) -> str:
    """The document."""
    load = os.getloadavg()[1] if hasattr(os, "getloadavg") else float("nan")
    rows = [row(name, measured_) for name, measured_ in runs.items()]
    return "\n".join(
        [
            "# A quiet collection beside a flood",
            "",
            f"{options.rounds} rounds in turn, each of at most {options.pings} single articles of "
            f"one collection, one after the other: alone, then for {BESIDE_S:.0f} s beside "
            f"{SINGLES} clients with single articles, {BATCHES} with batches of {BATCH} and "
            f"{STREAMS} streams of another collection. Milliseconds until the answer, refused "
            f"tries and their waits included, {PATIENCE_S * 1000:.0f} for one that was given up; "
            "medians of the rounds, ratios within a round. `before`: the commit before "
            "collections "
            f"shared the server. Python {platform.python_version()}, {platform.machine()}, "
            f"{os.cpu_count()} cores that clients and server share, load of 5 minutes {load:.1f}. "
            "Reproduce: `python -m benchmarks.fairness --before DIR --write`.",
            "",
            "| | p50 alone | beside | ratio | p99 alone | beside | ratio "
            "| articles beside | tries refused | flood, articles a second |",
            "|---|---|---|---|---|---|---|---|---|---|",
            *rows,
        ]
    )


if __name__ == "__main__":
    main()
