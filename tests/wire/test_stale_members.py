"""A correction that copies have not followed, over a real channel and on the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from storycluster import Article, Client
from storycluster.cli.app import app
from storycluster.errors import NotFound
from storycluster.testing import serve

WIRE = (
    "A boat with 36 people aboard sank off the island of Tarrow on Monday, the coast guard said. "
    "Rescuers searched the strait until nightfall and will go out again at dawn. The cause of the "
    "accident is not known, and the owner of the boat could not be reached."
)


def test_stale_copies_are_told_to_a_client_and_at_a_terminal() -> None:
    """Both name the copy with the old value; an unknown article is not found."""
    with serve() as address, Client(address) as client:
        for name, text in (("wire", WIRE), ("copy", WIRE), ("wire", WIRE.replace("36", "34"))):
            client.ingest_article(Article(name, title="Boat sinks off Tarrow", text=text))
        [found] = client.stale_members("wire")
        assert (found.base_article_id, found.other_article_id) == ("wire", "copy")
        assert ["36" in one.other.text for one in found.differences if one.other] == [True]
        with pytest.raises(NotFound):
            client.stale_members("nobody")
        run = CliRunner().invoke(app, ["article", "stale", "wire", "--server", address, "--json"])
        assert run.exit_code == 0
        assert json.loads(run.stdout)["other_article_id"] == "copy"
        told = CliRunner().invoke(app, ["article", "stale", "wire", "--server", address])
        assert "36" in told.stdout
        none = CliRunner().invoke(app, ["article", "stale", "copy", "--server", address])
        assert "nobody says" in none.stdout
