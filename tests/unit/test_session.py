"""Does an ingest know when to wait, when to come back and when to give up?"""

from __future__ import annotations

import pytest

from storycluster import wire
from storycluster.client.retry import Failure, RetryPolicy
from storycluster.client.session import (
    Connect,
    Deliver,
    Finish,
    IngestSession,
    Response,
    Send,
    Wait,
)
from storycluster.domain import Article, Assignment, Canonical, IngestResult, Relation
from storycluster.errors import DeadlineExceeded, InternalError, Unavailable


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Stands still."""
    return Clock()


@pytest.fixture
def session(clock: Clock) -> IngestSession:
    """Ten seconds of patience, jitter at its longest."""
    return IngestSession(
        collection="default",
        batch_articles=2,
        timeout=10.0,
        retry=RetryPolicy(max_attempts=3),
        clock=clock,
        draw=lambda: 1.0,
    )


def opened(window: int = 2, *, last: int = 0, delay_s: int = 0) -> Response:
    """The server's answer to `open`."""
    told = Response.Window(max_in_flight_batches=window)
    if delay_s:
        told.retry_delay.FromSeconds(delay_s)
    return Response(opened=Response.Opened(last_committed_sequence=last, window=told))


def answer(sequence: int, *names: str) -> Response:
    """A result for each article of a batch."""
    results = [
        wire.ingest_result_to_message(
            IngestResult(
                name,
                Assignment(name, 1, "s", Relation.NEW_STORY, 1.0, 1),
                Canonical(name, "p", "r"),
            )
        )
        for name in names
    ]
    return Response(batch_result=Response.BatchResult(sequence=sequence, results=results))


def sent(session: IngestSession) -> list[str]:
    """The articles of the batch that is to be sent now."""
    step = session.step()
    assert isinstance(step, Send)
    return [one.article_id for one in step.request.batch.articles]


def test_the_course_of_a_small_ingest(session: IngestSession) -> None:
    """Read one, connect, send, deliver, end; nothing is opened before there is work."""
    assert session.step() == Wait(None, wants_articles=True)
    session.article(Article("a", text="x"))
    step = session.step()
    assert isinstance(step, Connect)
    assert step.delay_s == 0
    session.message(opened())
    assert sent(session) == ["a"]
    session.end()
    assert session.step() == Wait(10.0, wants_articles=False)
    session.message(answer(1, "a"))
    delivered = session.step()
    assert isinstance(delivered, Deliver)
    assert [one.article_id for one in delivered.outcomes] == ["a"]
    assert session.step() == Finish()


def test_after_a_break_one_batch_at_a_time_until_an_answer(session: IngestSession) -> None:
    """The failure of a lone batch can be blamed on it; an answer opens the window again."""
    for name in "abcd":
        session.article(Article(name, text="x"))
    session.step()
    session.message(opened())
    assert (sent(session), sent(session)) == (["a", "b"], ["c", "d"])
    session.broke(Failure(Unavailable("cut")))
    step = session.step()
    assert isinstance(step, Connect)
    assert step.delay_s == pytest.approx(0.1)
    session.message(opened())
    assert sent(session) == ["a", "b"]
    assert isinstance(session.step(), Wait)
    session.message(answer(1, "a", "b"))
    assert isinstance(session.step(), Deliver)
    assert sent(session) == ["c", "d"]


def test_a_server_never_reached_is_given_the_attempts_of_a_call(session: IngestSession) -> None:
    """The third refusal is raised, not the timeout waited for."""
    session.article(Article("a", text="x"))
    for _ in range(2):
        assert isinstance(session.step(), Connect)
        session.broke(Failure(Unavailable("refused")))
    assert isinstance(session.step(), Connect)
    session.broke(Failure(Unavailable("refused")))
    with pytest.raises(Unavailable, match="refused"):
        session.step()


def test_a_server_that_was_there_may_restart_within_the_budget(
    session: IngestSession, clock: Clock
) -> None:
    """More breaks than a call has attempts are borne; ten seconds without an answer are not."""
    session.article(Article("a", text="x"))
    session.step()
    session.message(opened())
    for _ in range(5):
        session.broke(Failure(Unavailable("refused")))
        step = session.step()
        assert isinstance(step, Connect)
        clock.now += step.delay_s
    clock.now = 109.0  # the next pause would end after the budget
    session.broke(Failure(Unavailable("refused")))
    with pytest.raises(Unavailable, match="refused"):
        session.step()


def test_silence_is_given_up_after_the_timeout(session: IngestSession, clock: Clock) -> None:
    """Counted from the last answer, not from the beginning."""
    session.article(Article("a", text="x"))
    session.article(Article("b", text="x"))
    session.article(Article("c", text="x"))
    session.step()
    session.message(opened(window=1))
    sent(session)
    clock.now += 9.0
    session.message(answer(1, "a", "b"))
    session.step()
    assert sent(session) == ["c"]
    clock.now += 9.0
    assert session.step() == Wait(1.0, wants_articles=True)
    clock.now += 1.0
    with pytest.raises(DeadlineExceeded, match=r"no answer for 10\.00 s"):
        session.step()


def test_a_pause_the_server_asks_for_is_kept(session: IngestSession, clock: Clock) -> None:
    """Nothing is sent before it is over."""
    session.article(Article("a", text="x"))
    session.step()
    session.message(opened(delay_s=3))
    assert session.step() == Wait(3.0, wants_articles=True)
    clock.now += 3.0
    assert sent(session) == ["a"]


def test_an_idle_stream_may_end_without_harm(session: IngestSession) -> None:
    """With nothing under way a break costs nothing; the next article opens another stream."""
    session.article(Article("a", text="x"))
    session.step()
    session.message(opened())
    sent(session)
    session.message(answer(1, "a"))
    session.step()
    for _ in range(5):
        session.broke(Failure(Unavailable("connection age")))
        assert session.step() == Wait(None, wants_articles=True)
    session.article(Article("b", text="x"))
    assert isinstance(session.step(), Connect)


def test_an_answer_nobody_asked_for_ends_the_ingest(session: IngestSession) -> None:
    """A stream out of step is not believed."""
    session.article(Article("a", text="x"))
    session.step()
    session.message(opened())
    sent(session)
    session.message(answer(7, "a"))
    with pytest.raises(InternalError, match="batch 7"):
        session.step()


def test_a_message_this_client_does_not_know_is_passed_over(session: IngestSession) -> None:
    """A newer server may say more."""
    session.article(Article("a", text="x"))
    session.step()
    session.message(opened())
    session.message(Response())
    assert sent(session) == ["a"]
