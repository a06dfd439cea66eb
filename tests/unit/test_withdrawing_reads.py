"""withdrawing: what do readers see while the canonical of a story is killed?"""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest
from test_withdrawing import ARTICLES, DESK, home

from storycluster.backends import open_store
from storycluster.domain import Comparison, StoryView
from storycluster.engine import Engine, scheme_of
from storycluster.errors import ArticleWithdrawn
from storycluster.ports import Encoder
from storycluster.settings import Settings

ROUNDS = 12


@pytest.mark.parametrize("kind", ["memory:", "folder"])
def test_a_canonical_may_be_killed_while_it_is_read(
    encoder: Encoder, tmp_path: Path, kind: str
) -> None:
    """Each view is of before or after the kill: its canonical is a member of it; each comparison is
    with the killed article or, from the kill on, refused or with its successor."""
    url = kind if kind == "memory:" else str(tmp_path)
    seen: list[StoryView | Comparison] = []
    done = threading.Event()

    def read(engine: Engine, story_id: str) -> None:
        while not done.is_set():
            seen.append(engine.get_story("", story_id))
            try:
                seen.append(engine.compare_to_canonical("", "report"))
            except ArticleWithdrawn:
                continue

    with closing(Engine(open_store(url, scheme_of(encoder, Settings())), encoder)) as engine:
        engine.ingest("", ARTICLES)
        story_id = home(engine)
        readers = [threading.Thread(target=read, args=(engine, story_id)) for _ in range(3)]
        for reader in readers:
            reader.start()
        try:
            for _ in range(ROUNDS):
                engine.withdraw("", "first", DESK)
                assert [one.article_id for one in engine.get_story("", story_id).members] == [
                    "copy",
                    "near",
                    "report",
                ]
                engine.reinstate("", "first", DESK)
        finally:
            done.set()
            for reader in readers:
                reader.join()
    views = [one for one in seen if isinstance(one, StoryView)]
    assert views
    assert {len(view.members) for view in views} <= {3, 4}
    for view in views:
        assert view.story.canonical is not None
        ids = [member.article_id for member in view.members]
        assert view.story.canonical.article_id in ids
        assert view.story.article_count == len(ids)
    compared = {one.base_article_id for one in seen if isinstance(one, Comparison)}
    assert compared <= {one.article_id for one in ARTICLES}
