"""What can be told of a data folder before it is opened, and which one may not be?"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from store_nouns import SCHEME, START, add, features_of, held_article

from storycluster.backends import open_store, stored_scheme, unfinished
from storycluster.domain import CollectionSettings, EventKind
from storycluster.errors import NotFound, PreconditionFailed, SchemeMismatch
from storycluster.ports import OF_THE_STORE, Store


def test_the_scheme_of_a_folder_can_be_asked(tmp_path: Path) -> None:
    """Also while a store has it open; a folder without a store has none, and stays as it is."""
    with closing(open_store(str(tmp_path / "data"), SCHEME)):
        assert stored_scheme(str(tmp_path / "data")) == SCHEME
    assert stored_scheme(str(tmp_path / "data")) == SCHEME
    (tmp_path / "empty").mkdir()
    for name in ("empty", "nowhere"):
        with pytest.raises(NotFound, match=name):
            stored_scheme(str(tmp_path / name))
    assert not list((tmp_path / "empty").iterdir())


def test_a_folder_that_is_not_finished_is_refused(tmp_path: Path) -> None:
    """With what its maker says, until he says that it is whole; nothing is put into it."""
    data = tmp_path / "data"
    data.mkdir()
    unfinished.begin(data, "the mason is at work")
    with pytest.raises(PreconditionFailed, match="not finished: the mason is at work"):
        open_store(str(data), SCHEME)
    assert [path.name for path in data.iterdir()] == [unfinished.MARK]
    unfinished.end(data)
    open_store(str(data), SCHEME).close()


def test_another_encoder_is_told_what_to_do(tmp_path: Path) -> None:
    """The command that makes a folder of the new encoder."""
    open_store(str(tmp_path), SCHEME).close()
    with pytest.raises(SchemeMismatch, match="storycluster recluster upgrade"):
        open_store(str(tmp_path), replace(SCHEME, encoder_id="encoder/2"))


def test_every_name_is_listed(store: Store) -> None:
    """Also of what holds settings, something held or an audit alone, within a write and after; a
    dropped one is not."""
    with store.write() as transaction:
        add(transaction, "a1", collection="articles")
        add(transaction, "a1", collection="dropped")
        transaction.put_settings("settings", CollectionSettings("longest"))
        transaction.put_held("held", held_article("a2", number=1), features_of(1))
        transaction.add_event(OF_THE_STORE, EventKind.COLLECTION_DELETED, time=START)
        assert transaction.names() == (OF_THE_STORE, "articles", "dropped", "held", "settings")
        transaction.drop_collection("dropped")
    with store.read() as reader:
        assert reader.names() == (OF_THE_STORE, "articles", "held", "settings")
        assert reader.collections() == ("articles",)
