"""Does every article of a bulk ingest get exactly one result, in order, whatever breaks?"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.client.window import FRAME_BYTES, Batch, IngestWindow, Outcome, ServerBounds
from storycluster.domain import Assignment, Canonical, IngestFailure, IngestResult, Relation
from storycluster.errors import InvalidInput, StoryClusterError, TooLarge


def result_of(article_id: str) -> IngestResult:
    """An answer for that article."""
    placed = Assignment(article_id, 1, "s", Relation.NEW_STORY, 1.0, 1)
    return IngestResult(article_id, placed, Canonical(article_id, "p", "r"))


def window_with(sizes: list[int], *, batch_articles: int = 4, ended: bool = True) -> IngestWindow:
    """A window that was given articles a0, a1, ... of those message sizes."""
    window = IngestWindow(batch_articles=batch_articles)
    for number, size in enumerate(sizes):
        window.add(f"a{number}", f"payload {number}", size=size, text_bytes=size)
    if ended:
        window.end()
    return window


def ids(batch: Batch | None) -> list[str]:
    """The articles of a batch."""
    return [] if batch is None else [entry.article_id for entry in batch.entries]


def acknowledge(window: IngestWindow, batch: Batch) -> None:
    """Answer a batch with a result for each article."""
    assert window.answered(batch.sequence, [result_of(one) for one in ids(batch)])


def told(outcomes: list[Outcome]) -> list[str]:
    """Article ids of outcomes, in order."""
    return [outcome.article_id for outcome in outcomes]


def test_batches_are_packed_by_count_and_numbered_on_from_the_last_committed() -> None:
    """The first batch of a stream is the one after the last committed."""
    window = window_with([10] * 10)
    window.opened(7, allowed=9, bounds=ServerBounds())
    batches = [window.next_batch() for _ in range(4)]
    assert [ids(batch) for batch in batches] == [
        ["a0", "a1", "a2", "a3"], ["a4", "a5", "a6", "a7"], ["a8", "a9"], [],
    ]  # fmt: skip
    assert [batch.sequence for batch in batches if batch] == [8, 9, 10]


def test_batches_are_packed_by_bytes_within_the_servers_bound() -> None:
    """No message is over the bound, and none is smaller than it has to be."""
    window = window_with([100] * 7)
    window.opened(0, allowed=9, bounds=ServerBounds(message_bytes=FRAME_BYTES + 3 * 106))
    batches = [window.next_batch() for _ in range(3)]
    assert [len(ids(batch)) for batch in batches] == [3, 3, 1]


def test_the_servers_count_holds_over_our_own() -> None:
    """A server that takes two at once is sent two at once."""
    window = window_with([10] * 4)
    window.opened(0, allowed=9, bounds=ServerBounds(batch_articles=2))
    assert ids(window.next_batch()) == ["a0", "a1"]


def test_no_more_batches_are_under_way_than_allowed() -> None:
    """The window closes, and opens again with an answer or a word of the server."""
    window = window_with([10] * 16)
    window.opened(0, allowed=2, bounds=ServerBounds())
    first, second = window.next_batch(), window.next_batch()
    assert first is not None
    assert second is not None
    assert window.next_batch() is None
    acknowledge(window, first)
    third = window.next_batch()
    assert third is not None
    assert window.next_batch() is None
    window.resized(3)
    assert window.next_batch() is not None


def test_a_closed_window_sends_nothing() -> None:
    """Zero means none until another word."""
    window = window_with([10])
    window.opened(0, allowed=0, bounds=ServerBounds())
    assert window.next_batch() is None
    window.resized(1)
    assert ids(window.next_batch()) == ["a0"]


def test_a_lone_article_is_sent_at_once_while_nothing_is_under_way() -> None:
    """A slow input does not wait for a full batch; while one is under way, the next one fills."""
    window = window_with([10], ended=False)
    window.opened(0, allowed=9, bounds=ServerBounds())
    first = window.next_batch()
    assert ids(first) == ["a0"]
    window.add("a1", "payload", size=10)
    assert window.next_batch() is None
    assert first is not None
    acknowledge(window, first)
    assert ids(window.next_batch()) == ["a1"]


def test_what_has_no_answer_is_sent_again_under_its_number() -> None:
    """After a break the same articles go out in the same order, numbered as before."""
    window = window_with([10] * 12)
    window.opened(0, allowed=9, bounds=ServerBounds())
    batches = [window.next_batch() for _ in range(3)]
    assert batches[0] is not None
    acknowledge(window, batches[0])
    window.broken()
    window.opened(2, allowed=9, bounds=ServerBounds())
    again = [window.next_batch() for _ in range(2)]
    assert [ids(batch) for batch in again] == [ids(batch) for batch in batches[1:]]
    assert [batch.sequence for batch in again if batch] == [2, 3]


def test_a_server_that_forgot_is_counted_with_from_what_it_remembers() -> None:
    """A stream whose position was lost begins anew; a number it never saw would be a gap."""
    window = window_with([10] * 12)
    window.opened(0, allowed=9, bounds=ServerBounds())
    first = window.next_batch()
    assert first is not None
    acknowledge(window, first)
    window.next_batch()
    window.broken()
    window.opened(0, allowed=9, bounds=ServerBounds())
    again = window.next_batch()
    assert again is not None
    assert (again.sequence, ids(again)) == (1, ["a4", "a5", "a6", "a7"])


def test_a_draining_stream_is_sent_nothing_more() -> None:
    """What is under way is still answered."""
    window = window_with([10] * 12)
    window.opened(0, allowed=9, bounds=ServerBounds())
    first = window.next_batch()
    window.drain()
    assert window.next_batch() is None
    assert first is not None
    acknowledge(window, first)
    assert window.is_draining
    assert window.under_way == 0


def test_a_batch_that_proved_too_large_is_sent_in_pieces_until_one_article_is_to_blame() -> None:
    """Only the offender is refused; its neighbours pass."""
    window = window_with([10, 10, 9_000, 10])
    refusals = 0
    while not window.done:
        window.opened(0, allowed=1, bounds=ServerBounds())
        batch = window.next_batch()
        if batch is not None and batch.size() > 1_000:
            assert window.proved_too_large(TooLarge("over the limit"))
            refusals += 1
        elif batch is not None:
            acknowledge(window, batch)
        outcomes = window.take()
        for outcome in outcomes:
            failed = isinstance(outcome, IngestFailure)
            assert failed == (outcome.article_id == "a2")
    assert refusals == 2  # all four, then a2 alone: a0 and a1 fit into half


def test_a_refused_opening_is_no_article_that_is_too_large() -> None:
    """With nothing under way there is nothing to split."""
    window = window_with([10])
    assert not window.proved_too_large(TooLarge("metadata"))


@pytest.mark.parametrize(
    ("bounds", "kind"),
    [
        (ServerBounds(text_bytes=500), InvalidInput),
        (ServerBounds(message_bytes=500), TooLarge),
    ],
    ids=["text", "message"],
)
def test_an_impossible_article_is_refused_by_name_and_never_sent(
    bounds: ServerBounds, kind: type[StoryClusterError]
) -> None:
    """The error names `text`; the articles around it go out."""
    window = window_with([10, 600, 10])
    window.opened(0, allowed=9, bounds=bounds)
    batch = window.next_batch()
    assert ids(batch) == ["a0", "a2"]
    assert batch is not None
    acknowledge(window, batch)
    outcomes = window.take()
    assert told(outcomes) == ["a0", "a1", "a2"]
    refused = outcomes[1]
    assert isinstance(refused, IngestFailure)
    assert (refused.index, type(refused.error)) == (1, kind)
    assert "text" in str(refused.error)


def test_an_answer_to_another_batch_is_not_believed() -> None:
    """Neither a wrong number nor a wrong count of results settles anything."""
    window = window_with([10] * 8)
    window.opened(0, allowed=9, bounds=ServerBounds())
    batch = window.next_batch()
    answers = [result_of(one) for one in ids(batch)]
    assert not window.answered(2, answers)
    assert not window.answered(1, answers[:-1])
    assert window.take() == []


def test_memory_is_bounded_by_the_window() -> None:
    """An endless input is not read while nothing is answered."""
    window = IngestWindow(batch_articles=4)
    window.add("first", "payload", size=1)
    window.opened(0, allowed=3, bounds=ServerBounds())
    taken = 1
    while taken < 1_000 and (window.wants_articles() or window.next_batch()):
        if window.wants_articles():
            window.add(f"a{taken}", "payload", size=1)
            taken += 1
    assert taken <= (3 + 2) * 4


@dataclass
class Server:
    """Checks what a server would refuse, and keeps what it stored."""

    positions: int = 0
    accepted: int = 0
    stored: list[str] = field(default_factory=list)
    inbox: list[Batch] = field(default_factory=list)

    def open(self, *, forget: bool) -> int:
        """Begin a stream; unanswered batches of the one before are gone."""
        self.inbox.clear()
        self.positions = 0 if forget else self.positions
        self.accepted = self.positions
        return self.positions

    def receive(self, batch: Batch, bounds: ServerBounds) -> None:
        """Take a batch, or fail the test."""
        assert 1 <= batch.sequence <= self.accepted + 1, "a gap"
        assert batch.entries, "an empty batch"
        assert len(batch.entries) <= bounds.batch_articles
        assert batch.size() <= bounds.message_bytes
        self.accepted = max(self.accepted, batch.sequence)
        self.inbox.append(batch)

    def commit(self) -> Batch:
        """Store the oldest one."""
        batch = self.inbox.pop(0)
        self.positions = max(self.positions, batch.sequence)
        self.stored += [one for one in ids(batch) if one not in self.stored]
        return batch


EVENTS = st.sampled_from(
    ["add", "add", "add", "send", "send", "answer", "answer", "commit", "cut", "forget", "drain",
     "too large", "narrow", "shut", "wide", "take"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 400), min_size=1, max_size=40),
    events=st.lists(EVENTS, max_size=120),
    batch_articles=st.integers(1, 6),
)
def test_any_course_of_breaks_gives_each_article_one_result_in_order(
    sizes: list[int], events: list[str], batch_articles: int
) -> None:
    """Whatever is cut, forgotten, drained, split or resized, nothing is lost, doubled or moved."""
    bounds = ServerBounds(batch_articles=4, message_bytes=360, text_bytes=380)
    window = IngestWindow(batch_articles=batch_articles)
    server = Server()
    outcomes: list[Outcome] = []
    added = 0

    def play(event: str) -> None:
        nonlocal added
        if event == "add" and added < len(sizes):
            window.add(f"a{added}", "x", size=sizes[added], text_bytes=sizes[added])
            added += 1
        elif event == "send" and window.is_open and (batch := window.next_batch()):
            server.receive(batch, bounds)
        elif event == "answer" and window.is_open and server.inbox:
            acknowledge(window, server.commit())
        elif event == "commit" and server.inbox:
            server.commit()  # and the answer is lost
            play("cut")
        elif event in ("cut", "forget"):
            window.broken()
            last = server.open(forget=event == "forget")
            window.opened(last, allowed=2, bounds=bounds)
        elif event == "drain" and window.is_open:
            window.drain()
        elif event == "too large" and window.is_open:
            window.proved_too_large(TooLarge("over"))
            play("cut")
        elif event in ("narrow", "shut", "wide"):
            window.resized({"narrow": 1, "shut": 0, "wide": 5}[event])
        elif event == "take":
            outcomes.extend(window.take())

    for event in ["cut", *events]:
        play(event)
    while added < len(sizes):
        play("add")
    window.end()
    play("cut")
    for _ in range(3 * len(sizes) + 10):
        play("send")
        play("answer")
    outcomes.extend(window.take())
    assert window.done
    assert told(outcomes) == [f"a{number}" for number in range(len(sizes))]
    for number, outcome in enumerate(outcomes):
        if isinstance(outcome, IngestFailure):
            assert outcome.index == number
            assert isinstance(outcome.error, TooLarge | InvalidInput)
        else:
            assert outcome.article_id in server.stored
    sent = [one for one in server.stored if one in told(outcomes)]
    assert sent == sorted(sent, key=lambda one: int(one[1:]))
