"""What does a real server do when its disk is full?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from server_process import ServerProcess

from storycluster import Article, Client, StoreFull

pytestmark = pytest.mark.slow


def long_article(number: int) -> Article:
    words = " ".join(f"word{number}x{place}" for place in range(4_000))
    return Article(f"long-{number}", text=f"Report {number}. {words}.")


@pytest.fixture
def server(small_disk: Path) -> Iterator[ServerProcess]:
    """A server whose data folder is on the small disk, beside 2 MB of ballast."""
    (small_disk / "ballast").write_bytes(bytes(2_000_000))
    running = ServerProcess(small_disk / "data")
    yield running
    running.kill()


def ingest_until_refused(client: Client) -> int:
    """How many articles were acknowledged before the first refusal as STORE_FULL."""
    for number in range(200):
        try:
            client.ingest_article(long_article(number), view=False)
        except StoreFull:
            return number
    pytest.fail("200 long articles fit on a small disk")


def test_a_full_disk_is_a_typed_error_and_the_server_goes_on(
    server: ServerProcess, small_disk: Path
) -> None:
    """Refused as STORE_FULL; what was acknowledged is served meanwhile, and with space again the
    refused article is taken."""
    with Client(server.wait_ready(), retry=None, timeout=60) as client:
        accepted = ingest_until_refused(client)
        assert accepted > 0
        last = long_article(accepted - 1)
        assert client.get_article(last.article_id).article == replace(last, revision=1)
        (small_disk / "ballast").unlink()
        result = client.ingest_article(long_article(accepted), view=False)
        assert result.assignment.sequence == accepted + 1
    code, _ = server.end()
    assert code == 0
