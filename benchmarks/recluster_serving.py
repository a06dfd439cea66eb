"""What do calls wait for while a server looks again at a whole collection?

    python -m benchmarks.recluster_serving [--quick] [--write] [--count COUNT]

A server process with real headlines, and one client that makes a call after the other. Rounds with
a running job and rounds without alternate, so that what else the machine does is in both; what is
reported is their ratio. A job that ends within a round is followed by the next one. The server
rests as it does by default (`recluster.rest`), and its job runs on a thread beside the calls.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests/process"))
from labelled import data_folder, read
from server_process import ServerProcess

from storycluster import Client
from storycluster.domain import Article

RESULTS = Path(__file__).parent / "results/recluster_serving.md"
ROUNDS, CALLS = 6, 60
HEAD = (
    "| call | p50 ms | p50 with a job | ratio | p99 ms | p99 with a job | ratio | calls each |",
    "|---|---|---|---|---|---|---|---|",
)

Times = dict[tuple[str, bool], list[float]]


@contextmanager
def serving(folder: Path) -> Iterator[Client]:
    """A client of a server process over that folder."""
    server = ServerProcess(folder)
    try:
        with Client(server.wait_ready()) as client:
            yield client
    finally:
        server.kill()


def fill(client: Client, articles: Sequence[Article]) -> list[str]:
    """Ingest them; the ids of some stories."""
    for outcome in client.ingest_results(articles):
        assert outcome is not None
    return [one.story_id for one in itertools.islice(client.list_stories(), 200)]


def once(client: Client, article: Article, story_id: str) -> Iterator[tuple[str, float]]:
    """(call, seconds) of each kind of call."""
    calls: dict[str, Callable[[], object]] = {
        "IngestArticle": lambda: client.ingest_article(article),
        "GetStory": lambda: client.get_story(story_id),
        "ListStories": lambda: list(itertools.islice(client.list_stories(page_size=50), 50)),
        "MatchArticles": lambda: list(client.match([article])),
    }
    for name, call in calls.items():
        began = time.perf_counter()
        call()
        yield name, time.perf_counter() - began


class Looking:
    """Jobs, one after the other, while it is wanted."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._job_id = ""

    def on(self) -> None:
        """Have a job that runs."""
        if self._job_id and self._client.get_recluster_job(self._job_id).state.under_way:
            return
        self._job_id = self._client.create_recluster_job().job_id
        while self._client.get_recluster_job(self._job_id).state.value == "queued":
            time.sleep(0.01)

    def off(self) -> None:
        """Have none, and wait until its thread has seen it."""
        if self._job_id and self._client.get_recluster_job(self._job_id).state.under_way:
            self._client.cancel_recluster_job(self._job_id)
            time.sleep(3.0)
        self._job_id = ""


def measured(client: Client, articles: Iterator[Article], stories: Sequence[str]) -> Times:
    """{(call, whether a job ran): seconds of each}."""
    found: Times = defaultdict(list)
    looking = Looking(client)
    for turn in range(2 * ROUNDS):
        running = turn % 2 == 1
        for number in range(CALLS):
            if running:
                looking.on()
            for name, seconds in once(client, next(articles), stories[number % len(stories)]):
                found[name, running].append(seconds)
        looking.off()
    return found


def table(found: Times) -> list[str]:
    """The lines of the table."""
    lines = list(HEAD)
    for name in dict.fromkeys(call for call, _ in found):
        cells = [name]
        for share in (50, 99):
            without, beside = (
                1000.0 * float(np.percentile(found[name, running], share))
                for running in (False, True)
            )
            cells += [f"{without:.1f}", f"{beside:.1f}", f"{beside / without:.2f}"]
        lines.append(f"| {' | '.join([*cells, str(len(found[name, True]))])} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="1000 headlines")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    parser.add_argument("--count", type=int, default=10_000, help="headlines in the store")
    options = parser.parse_args()
    if not data_folder().is_dir():
        raise SystemExit(f"no headlines in {data_folder()}; set STORYCLUSTER_SHARED")
    count = 1_000 if options.quick else options.count
    articles = (row.article for row in read("headlines_2026_scale"))
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "data") as client:
        stories = fill(client, list(itertools.islice(articles, count)))
        lines = [
            f"{count} headlines in the store.",
            "",
            *table(measured(client, articles, stories)),
        ]
    print("\n".join(lines))
    if options.write:
        intro = f"# Calls beside a running job\n\n{(__doc__ or '').strip()}\n\n"
        RESULTS.write_text(intro + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
