"""StreamIngestArticles over a real channel: order, window, durability, resume, drain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import grpc
import pytest
from storycluster_server.testing import RunningServer
from wire_calls import Dialogue, GatedEncoder, Stubs, article, held_writer, refused, wait_until

from storycluster.errors import Conflict
from storycluster.v1 import article_service_pb2, ingest_service_pb2

Serve = Callable[..., RunningServer]
Connect = Callable[[str], Stubs]


def is_stored(stubs: Stubs, article_id: str) -> bool:
    request = article_service_pb2.GetArticleRequest(article_id=article_id)
    try:
        stubs.article.GetArticle(request, timeout=30)
    except grpc.RpcError:
        return False
    return True


def test_a_new_stream_begins_at_0_and_tells_the_limits(stubs: Stubs) -> None:
    """`opened` names position 0, the window and what the server accepts."""
    stream = Dialogue(stubs)
    opened = stream.open("s")
    assert opened.last_committed_sequence == 0
    assert opened.window.max_in_flight_batches == 8
    assert opened.limits.max_batch_articles == 128
    assert opened.limits.max_message_bytes == 8 * 1024 * 1024
    stream.close()
    assert stream.rest() == []


def test_the_client_may_ask_for_a_smaller_window(stubs: Stubs) -> None:
    """The window is the smaller of what client and server want."""
    for wanted, given in ((3, 3), (99, 8), (0, 8)):
        stream = Dialogue(stubs)
        opened = stream.open(max_in_flight_batches=wanted)
        assert opened.window.max_in_flight_batches == given
        stream.close()


def test_answers_come_in_order_and_a_wrong_article_keeps_its_place(stubs: Stubs) -> None:
    """Each batch has one answer, in order, one result for each article."""
    stream = Dialogue(stubs)
    stream.open("s")
    for sequence in range(1, 7):
        stream.send(sequence, article(sequence), article(100 + sequence, text="\x00"))
    for sequence in range(1, 7):
        answer = stream.results()
        assert answer.sequence == sequence
        good, wrong = answer.results
        assert good.assignment.article_id == f"a{sequence}"
        assert wrong.article_id == f"a{100 + sequence}"
        assert "batch.articles[1].text" in str(wrong.error)
    stream.close()
    assert stream.rest() == []


def test_an_answer_means_durable_and_visible(server: RunningServer, stubs: Stubs) -> None:
    """No answer comes while the writer is held; once it came the article can be read."""
    stream = Dialogue(stubs)
    stream.open("s")
    answers: list[object] = []
    reader = threading.Thread(target=lambda: answers.append(stream.results()))
    with held_writer(server):
        stream.send(1, article(1))
        reader.start()
        time.sleep(0.3)
        assert answers == []
        assert not is_stored(stubs, "a1")
    reader.join(30)
    assert len(answers) == 1
    assert is_stored(stubs, "a1")
    stream.close()


def test_a_cut_stream_goes_on_after_the_last_committed_batch(stubs: Stubs) -> None:
    """After a cut the same stream_id is told where it stands, and goes on with the next number."""
    stream = Dialogue(stubs)
    stream.open("s")
    for sequence in (1, 2):
        stream.send(sequence, article(sequence))
        stream.results()
    stream.cut()
    again = Dialogue(stubs)
    assert again.open("s").last_committed_sequence == 2
    again.send(3, article(3))
    assert again.results().sequence == 3
    again.close()


def test_what_was_sent_before_a_cut_and_not_answered_is_not_lost_track_of(
    server: RunningServer, stubs: Stubs
) -> None:
    """A batch that reached the writer before the cut is counted in the position told afterwards."""
    stream = Dialogue(stubs)
    stream.open("s")
    with held_writer(server):
        stream.send(1, article(1))
        wait_until(lambda: server.server.engine._writer._queue.qsize() == 1)
        stream.cut()
        again = Dialogue(stubs)
        opener = threading.Thread(target=lambda: opened.append(again.open("s")))
        opened: list[object] = []
        opener.start()
        time.sleep(0.2)
        assert opened == []
    opener.join(30)
    assert opened[0].last_committed_sequence == 1  # type: ignore[attr-defined]
    assert is_stored(stubs, "a1")
    again.close()


def test_streams_without_a_name_keep_no_position(stubs: Stubs) -> None:
    """Without a stream_id every stream begins at 0."""
    for _ in range(2):
        stream = Dialogue(stubs)
        assert stream.open().last_committed_sequence == 0
        stream.send(1, article(1))
        assert stream.results().sequence == 1
        stream.close()


def test_a_committed_number_is_answered_again_and_moves_nothing(stubs: Stubs) -> None:
    """A resent batch is answered as replayed; the position stays where it was."""
    stream = Dialogue(stubs)
    stream.open("s")
    for sequence in (1, 2):
        stream.send(sequence, article(sequence))
        stream.results()
    stream.send(1, article(1))
    answer = stream.results()
    assert answer.sequence == 1
    assert answer.results[0].replayed
    stream.send(3, article(3))
    assert stream.results().sequence == 3
    stream.cut()
    again = Dialogue(stubs)
    assert again.open("s").last_committed_sequence == 3
    again.close()


@pytest.mark.parametrize("sequence", [0, -1, 3, 99])
def test_a_wrong_number_ends_the_stream_and_is_named(stubs: Stubs, sequence: int) -> None:
    """No number, or one that leaves a gap, is INVALID_ARGUMENT with batch.sequence; what was
    accepted before is answered first."""
    stream = Dialogue(stubs)
    stream.open("s")
    stream.send(1, article(1))
    stream.send(sequence, article(2))
    assert stream.results().sequence == 1
    failure = stream.failure()
    assert failure.code is grpc.StatusCode.INVALID_ARGUMENT
    assert failure.fields == ("batch.sequence",)


def test_an_unanswered_number_cannot_be_sent_twice(server: RunningServer, stubs: Stubs) -> None:
    """A number sent again before its answer is INVALID_ARGUMENT with batch.sequence."""
    stream = Dialogue(stubs)
    stream.open("s")
    with held_writer(server):
        stream.send(1, article(1))
        stream.send(1, article(1))
        wait_until(lambda: server.server.engine._writer._queue.qsize() == 1)
        time.sleep(0.2)
    assert stream.results().sequence == 1
    assert stream.failure().fields == ("batch.sequence",)


def test_more_than_the_window_ends_the_stream(server: RunningServer, stubs: Stubs) -> None:
    """One batch over the window is refused by name; the accepted ones are answered first."""
    stream = Dialogue(stubs)
    stream.open("s", max_in_flight_batches=2)
    with held_writer(server):
        for sequence in (1, 2, 3):
            stream.send(sequence, article(sequence))
        time.sleep(0.3)
    assert [stream.results().sequence for _ in range(2)] == [1, 2]
    failure = stream.failure()
    assert failure.fields == ("batch.sequence",)
    assert "window" in failure.message
    assert not is_stored(stubs, "a3")


def test_a_stream_must_begin_with_open(stubs: Stubs) -> None:
    """A batch first, or nothing at all, is INVALID_ARGUMENT with `open`."""
    first = Dialogue(stubs)
    first.send(1, article(1))
    assert first.failure().fields == ("open",)
    silent = Dialogue(stubs)
    silent.close()
    assert silent.failure().fields == ("open",)


def test_only_batches_follow_open(stubs: Stubs) -> None:
    """A second `open`, an empty message and an empty batch each end the stream, named."""
    request = ingest_service_pb2.StreamIngestArticlesRequest
    for message, field in (
        (request(open=request.Open(stream_id="s")), "batch"),
        (request(), "batch"),
        (request(batch=request.Batch(sequence=1)), "batch.articles"),
    ):
        stream = Dialogue(stubs)
        stream.open("s")
        stream.send_message(message)
        assert stream.failure().fields == (field,)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"stream_id": "s" * 600}, "open.stream_id"),
        ({"stream_id": "a\x00b"}, "open.stream_id"),
        ({"collection": "c\x00"}, "open.collection"),
        ({"max_in_flight_batches": -1}, "open.max_in_flight_batches"),
    ],
)
def test_a_wrong_open_is_refused_by_field(
    stubs: Stubs, fields: dict[str, object], named: str
) -> None:
    """What `open` says is checked before anything is accepted."""
    request = ingest_service_pb2.StreamIngestArticlesRequest
    stream = Dialogue(stubs)
    stream.send_message(request(open=request.Open(**fields)))
    assert stream.failure().fields == (named,)


def test_a_stream_opened_again_takes_over(stubs: Stubs) -> None:
    """The newest stream of a name wins; the earlier one ends with ALREADY_EXISTS."""
    first = Dialogue(stubs)
    first.open("s")
    first.send(1, article(1))
    first.results()
    second = Dialogue(stubs)
    assert second.open("s").last_committed_sequence == 1
    failure = first.failure()
    assert failure.code is grpc.StatusCode.ALREADY_EXISTS
    assert isinstance(failure.error, Conflict)
    second.send(2, article(2))
    assert second.results().sequence == 2
    second.close()


def test_views_come_over_the_stream_too(stubs: Stubs) -> None:
    """With include_view each result carries its story."""
    stream = Dialogue(stubs)
    stream.open("s", include_view=True)
    stream.send(1, article(1))
    (result,) = stream.results().results
    assert result.story.story_id == result.assignment.story_id
    stream.close()


def test_a_full_server_shrinks_the_window_instead_of_refusing(
    serve: Serve, connect: Connect, gated: GatedEncoder
) -> None:
    """While there is no room a stream is told window 0 and when to come back, then the old window;
    nothing of it is refused, while a unary batch is."""
    server = serve({"ingest.queue_articles": 4, "ingest.collection_share": 1.0}, encoder=gated)
    stubs = connect(server.address)
    stream = Dialogue(stubs)
    stream.open("s")
    with gated.closed():
        stream.send(1, *(article(n) for n in range(4)))
        stream.send(2, *(article(n) for n in range(4, 8)))
        window = stream.receive().window
        assert window.max_in_flight_batches == 0
        assert window.retry_delay.ToTimedelta().total_seconds() > 0
        batch = ingest_service_pb2.BatchIngestArticlesRequest(articles=[article(99)])
        assert refused(stubs.ingest.BatchIngestArticles, batch).reason == "QUEUE_FULL"
    kinds = [stream.receive() for _ in range(3)]
    assert [m.batch_result.sequence for m in kinds if m.HasField("batch_result")] == [1, 2]
    (reopened,) = [m.window for m in kinds if m.HasField("window")]
    assert reopened.max_in_flight_batches == 8
    stream.close()
    assert stream.rest() == []


def test_a_draining_server_answers_what_it_accepted(server: RunningServer, stubs: Stubs) -> None:
    """On drain a stream is told the last number that will be answered, gets the answer, and ends
    well; the server then stops by itself."""
    stream = Dialogue(stubs)
    stream.open("s")
    stopped: list[bool] = []
    with held_writer(server):
        stream.send(1, article(1))
        wait_until(lambda: server.server.engine._writer._queue.qsize() == 1)
        stopper = threading.Thread(target=lambda: stopped.append(server.stop()))
        stopper.start()
        draining = stream.receive().draining
        assert draining.last_accepted_sequence == 1
        assert draining.grace_period.ToTimedelta().total_seconds() == 25
        assert stopped == []
    assert stream.results().sequence == 1
    assert stream.rest() == []
    stopper.join(30)
    assert stopped == [True]
    stream.close()


def test_room_is_given_back_whatever_happens(
    serve: Serve, connect: Connect, gated: GatedEncoder
) -> None:
    """Cut, failed and finished streams leave nothing in the budget."""
    server = serve({}, encoder=gated)
    stubs = connect(server.address)
    budget = server.server.core.batcher.budget
    for end in ("cut", "gap", "close"):
        stream = Dialogue(stubs)
        stream.open("")
        with gated.closed():
            stream.send(1, article(1))
            stream.send(2, article(2))
            wait_until(lambda: budget.articles == 2)
            if end == "cut":
                stream.cut()
        if end == "gap":
            stream.send(9, article(3))
            stream.failure()
        stream.close()
        wait_until(lambda: (budget.articles, budget.bytes) == (0, 0))
