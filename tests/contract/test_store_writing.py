"""Does every store keep what a transaction promises?"""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from store_nouns import (
    DIMENSIONS,
    START,
    add,
    assignment_of,
    features_of,
    stored_article,
    story_of,
)

from storycluster.domain import EventKind, Relation
from storycluster.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    SchemeMismatch,
    StoreError,
)
from storycluster.features import VIEWS, Features, Terms, pack
from storycluster.ports import NEWEST_OF_BAND, Reader, Store

NAME = "default"


def everything(reader: Reader, collection: str = NAME) -> object:
    """All that a reader can tell about a collection, comparable."""
    stories = reader.stories(collection, limit=1000, min_article_count=0, include_merged=True)
    index = list(reader.index_rows(collection))
    names = sorted({row.article_id for row in index})
    return {
        "collections": reader.collections(),
        "counts": reader.counts(collection),
        "last": reader.last_sequence(collection),
        "articles": [reader.revisions(collection, name) for name in names],
        "assignments": [reader.assignments(collection, name) for name in names],
        "stories": stories,
        "members": [reader.members(collection, story.story_id) for _, story in stories],
        "events": reader.events(collection, after=0, limit=1000),
        "index": [(row.sequence, row.story_id, pack(row.features)) for row in index],
        "bands": reader.band_hits(collection, range(1000)),
        "stream": reader.stream_position(collection, "stream"),
        "mark": reader.mark(collection, "work"),
    }


def fill(store: Store) -> None:
    """Two articles in one story, one revised, and a merged story."""
    with store.write() as transaction:
        transaction.put_story(NAME, story_of("s1", article_count=2))
        add(transaction, "a1", story_id="s1", bands=[1, 2, 3])
        add(transaction, "a2", story_id="s1", bands=[3, 4])
        transaction.add_event(NAME, EventKind.STORY_CREATED, time=START, story_id="s1")
        transaction.set_stream_position(NAME, "stream", 7)
        transaction.set_mark(NAME, "work", 7)
    with store.write() as transaction:
        add(transaction, "a1", story_id="s1", revision=2, bands=[4, 5])
        transaction.put_story(NAME, story_of("s2", merged_into="s1", article_count=0))


def test_a_transaction_reads_its_own_writes(store: Store) -> None:
    """What was written is seen inside the transaction and, once committed, outside, equally."""
    with store.write() as transaction:
        transaction.put_story(NAME, story_of("s1"))
        add(transaction, "a1", story_id="s1", bands=[1])
        transaction.add_event(NAME, EventKind.ARTICLE_INGESTED, time=START, article_id="a1")
        transaction.set_stream_position(NAME, "stream", 3)
        transaction.set_mark(NAME, "work", 3)
        inside = everything(transaction)
        assert transaction.counts(NAME) == {
            "articles": 1, "revisions": 1, "stories": 1, "events": 1,
        }  # fmt: skip
    with store.read() as reader:
        assert everything(reader) == inside


def test_nothing_is_seen_before_the_commit(store: Store) -> None:
    """A reader that starts during a transaction sees the state before it, to its own end."""
    fill(store)
    with store.read() as reader:
        before = everything(reader)
    with store.write() as transaction:
        add(transaction, "a3", bands=[1, 2])
        transaction.add_assignment(NAME, assignment_of("a2", "s9", sequence=3))
        transaction.put_story(NAME, story_of("s1", article_count=9))
        transaction.put_story(NAME, story_of("s3"))
        transaction.add_event(NAME, EventKind.STORY_CREATED, time=START)
        transaction.set_stream_position(NAME, "stream", 8)
        transaction.set_mark(NAME, "work", 8)
        add(transaction, "b1", collection="new")
        started_during = store.read()
        reader = started_during.__enter__()
        assert everything(reader) == before
    assert everything(reader) == before
    assert reader.article("new", "b1") is None
    started_during.__exit__(None, None, None)
    with store.read() as reader:
        assert everything(reader) != before


def _change_everything_and_fail(store: Store) -> None:
    with store.write() as transaction:
        assert add(transaction, "a3", bands=[1, 2]).sequence == 4
        add(transaction, "a2", revision=2, story_id="s9", bands=[700])
        transaction.add_assignment(NAME, assignment_of("a1", "s9", revision=2, sequence=5))
        transaction.put_story(NAME, story_of("s1", merged_into="s9"))
        transaction.put_story(NAME, story_of("s3"))
        event = transaction.add_event(NAME, EventKind.STORY_CREATED, time=START)
        assert event.sequence == 2
        transaction.set_stream_position(NAME, "stream", 8)
        transaction.set_mark(NAME, "work", 8)
        add(transaction, "b1", collection="new", bands=[1])
        raise KeyError


def _add_and_fail(store: Store) -> None:
    with store.write() as transaction:
        add(transaction, "lost", bands=[1])
        transaction.add_event(NAME, EventKind.ARTICLE_INGESTED, time=START)
        raise KeyError


def test_an_exception_undoes_everything(store: Store) -> None:
    """A block that raises leaves the store as it was, and the same numbers are given again."""
    fill(store)
    with store.read() as reader:
        before = everything(reader)
    for _ in range(2):
        with pytest.raises(KeyError):
            _change_everything_and_fail(store)
        with store.read() as reader:
            assert everything(reader) == before
            assert reader.collections() == (NAME,)


def test_an_undone_collection_leaves_no_trace(store: Store) -> None:
    """The first write into a collection can be undone and made again."""
    with pytest.raises(KeyError):
        _add_and_fail(store)
    with store.read() as reader:
        assert reader.collections() == ()
        assert reader.counts(NAME) == {"articles": 0, "revisions": 0, "stories": 0, "events": 0}
    with store.write() as transaction:
        assert add(transaction, "a1", bands=[1]).sequence == 1
        assert transaction.band_hits(NAME, [1]) == {1: 1}


def test_sequences_are_gap_free(store: Store) -> None:
    """Articles and events count 1, 2, 3 over transactions, undone ones left out."""
    for number in range(1, 6):
        with store.write() as transaction:
            assert add(transaction, f"a{number}").sequence == number
            event = transaction.add_event(NAME, EventKind.ARTICLE_INGESTED, time=START)
            assert event.sequence == number
        with pytest.raises(KeyError):
            _add_and_fail(store)
    with store.read() as reader:
        assert [row.sequence for row in reader.index_rows(NAME)] == [1, 2, 3, 4, 5]
        events = reader.events(NAME, after=0, limit=100)
        assert [event.sequence for event in events] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("sequence", [0, 1, 3, -1])
def test_a_wrong_sequence_is_refused(store: Store, sequence: int) -> None:
    """An article under any sequence but the next is refused, and the transaction goes on."""
    with store.write() as transaction:
        add(transaction, "a1")
        with pytest.raises(StoreError, match="does not follow 1"):
            transaction.add_article(
                NAME, stored_article("a2", sequence=sequence), features_of(), band_keys=[]
            )
        add(transaction, "a2")
    with store.read() as reader:
        assert reader.last_sequence(NAME) == 2


def test_the_same_revision_twice_is_refused(store: Store) -> None:
    """A stored revision is never overwritten."""
    with store.write() as transaction:
        first = add(transaction, "a1")
        with pytest.raises(Conflict, match="revision 1 of 'a1'"):
            add(transaction, "a1")
        assert transaction.revisions(NAME, "a1") == (first,)


def test_a_first_revision_that_is_not_the_latest_is_refused(store: Store) -> None:
    """An article always has one revision that stands in a story."""
    with store.write() as transaction, pytest.raises(StoreError, match="must be its latest"):
        add(transaction, "a1", latest=False)


def test_an_article_without_a_revision_number_is_refused(store: Store) -> None:
    """Revision 0 means "the next one" to a client and nothing to a store."""
    with store.write() as transaction, pytest.raises(StoreError, match="no revision number"):
        add(transaction, "a1", revision=0)


def test_another_dimension_is_refused(store: Store) -> None:
    """A vector of another length than the store's is refused by name."""
    wrong = Features(
        signature=np.zeros(0, np.uint32),
        shingles=np.zeros(0, np.uint32),
        embedding=np.zeros(DIMENSIONS + 1, np.float32),
        views={view: Terms.of([]) for view in VIEWS},
    )
    with store.write() as transaction, pytest.raises(SchemeMismatch, match="dimensions"):
        transaction.add_article(NAME, stored_article("a1", sequence=1), wrong, band_keys=[])


def test_an_assignment_of_another_article_is_refused(store: Store) -> None:
    """An article comes with its own assignment."""
    stored = replace(
        stored_article("a1", sequence=1), assignment=assignment_of("a2", "s", sequence=1)
    )
    with store.write() as transaction, pytest.raises(StoreError, match="another article"):
        transaction.add_article(NAME, stored, features_of(), band_keys=[])


def test_an_unknown_revision_cannot_be_assigned(store: Store) -> None:
    """A decision about nothing is refused, also for a known article's unknown revision."""
    with store.write() as transaction:
        with pytest.raises(NotFound):
            transaction.add_assignment(NAME, assignment_of("a1", "s1", sequence=1))
        add(transaction, "a1")
        with pytest.raises(NotFound):
            transaction.add_assignment(NAME, assignment_of("a1", "s1", sequence=2, revision=2))


def test_assignments_move_members_and_stay_in_the_history(store: Store) -> None:
    """The newest assignment says where an article stands; all of them stay, in order."""
    with store.write() as transaction:
        first = add(transaction, "a1", story_id="s1").assignment
        add(transaction, "a2", story_id="s1")
    moved = assignment_of("a1", "s2", sequence=1, relation=Relation.SAME_STORY)
    back = assignment_of("a1", "s1", sequence=1, relation=Relation.NEAR_COPY)
    for newest, story_id in ((moved, "s2"), (back, "s1")):
        with store.write() as transaction:
            transaction.add_assignment(NAME, newest)
        with store.read() as reader:
            found = reader.article(NAME, "a1")
            assert found is not None
            assert found.assignment == newest
            members = reader.members(NAME, story_id)
            assert members[0].article_id == "a1"
            assert members[0].relation == newest.relation
            row = next(reader.index_rows(NAME))
            assert (row.article_id, row.story_id) == ("a1", story_id)
    with store.read() as reader:
        assert reader.assignments(NAME, "a1") == (first, moved, back)
        assert reader.members(NAME, "s2") == ()
        assert [member.article_id for member in reader.members(NAME, "s1")] == ["a1", "a2"]


def test_an_assignment_of_an_older_revision_moves_nobody(store: Store) -> None:
    """Only the latest revision stands in a story."""
    with store.write() as transaction:
        add(transaction, "a1", story_id="s1")
        add(transaction, "a1", story_id="s1", revision=2)
        older = assignment_of("a1", "s2", sequence=1, revision=1)
        transaction.add_assignment(NAME, older)
        assert transaction.members(NAME, "s2") == ()
        found = transaction.article(NAME, "a1", revision=1)
        assert found is not None
        assert found.assignment == older


def test_a_lone_surrogate_is_refused_and_harms_nothing(store: Store) -> None:
    """A text that UTF-8 cannot hold is refused wherever it stands, and the store goes on."""
    fill(store)
    with store.read() as reader:
        before = everything(reader)
    good = stored_article("a3", sequence=4)
    for field in ("title", "text", "source", "article_id"):
        article = replace(good.article, **{field: "\ud800"})
        assignment = replace(good.assignment, article_id=article.article_id)
        bad = replace(good, article=article, assignment=assignment)
        with pytest.raises(InvalidInput), store.write() as transaction:
            transaction.add_article(NAME, bad, features_of(), band_keys=[1])
    with pytest.raises(InvalidInput), store.write() as transaction:
        transaction.put_story(NAME, replace(story_of("s5"), title="\udfff"))
    with pytest.raises(InvalidInput), store.write() as transaction:
        transaction.add_event(NAME, EventKind.ARTICLE_INGESTED, time=START, detail={"a": "\udfff"})
    with store.read() as reader:
        assert everything(reader) == before


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    """No store guesses a zone."""
    naive = replace(story_of("s1"), create_time=START.replace(tzinfo=None))
    with pytest.raises(InvalidInput, match="time zone"), store.write() as transaction:
        transaction.put_story(NAME, naive)


def test_a_write_inside_a_write_is_refused(store: Store) -> None:
    """There is one writer at a time, and the first is not disturbed by a second."""
    with store.write() as transaction:
        add(transaction, "a1")
        with pytest.raises(StoreError, match="in progress"), store.write():
            pass
    with store.read() as reader:
        assert reader.last_sequence(NAME) == 1


def test_a_transaction_cannot_be_used_after_its_end(store: Store) -> None:
    """A reader or a transaction kept beyond its block answers nothing."""
    with store.write() as transaction:
        add(transaction, "a1")
    with store.read() as reader:
        pass
    for ended in (transaction, reader):
        with pytest.raises(StoreError, match="has ended"):
            ended.story(NAME, "s1")


def test_a_closed_store_refuses_and_closes_twice(store: Store) -> None:
    """After close nothing is answered, and closing again does nothing."""
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"), store.read():
        pass
    with pytest.raises(StoreError, match="closed"), store.write():
        pass


@pytest.mark.slow
def test_readers_see_whole_transactions_while_a_writer_writes(store: Store) -> None:
    """Readers beside a writer see as many events as articles, and never fewer than before."""
    stop = threading.Event()
    faults: list[object] = []

    def read_on() -> None:
        last = 0
        while not stop.is_set():
            with store.read() as reader:
                counts = reader.counts(NAME)
                rows = [row.sequence for row in reader.index_rows(NAME)]
                events = reader.events(NAME, after=0, limit=10_000)
                hits = reader.band_hits(NAME, [5])
                members = reader.members(NAME, "s1")
            seen = {len(rows), len(events), len(hits), len(members), counts["articles"]}
            if len(seen) != 1 or len(rows) < last:
                faults.append(seen)
            last = len(rows)

    threads = [threading.Thread(target=read_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(NEWEST_OF_BAND - 10):
            with store.write() as transaction:
                add(transaction, f"a{number}", story_id="s1", bands=[5])
                transaction.add_event(NAME, EventKind.ARTICLE_INGESTED, time=START)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert faults == []
