"""When is a failed call tried again?"""

from __future__ import annotations

import pytest

from storycluster import errors
from storycluster.client.retry import Attempts, Failure, RetryBucket, RetryPolicy, pause
from storycluster.errors import (
    DeadlineExceeded,
    InvalidInput,
    Overloaded,
    StoryClusterError,
    Unavailable,
)


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def attempts_of(
    policy: RetryPolicy | None,
    clock: Clock,
    *,
    timeout: float = 30.0,
    bucket: RetryBucket | None = None,
    draw: float = 1.0,
) -> Attempts:
    """One call's attempts, with jitter fixed."""
    return Attempts(policy, bucket, timeout=timeout, clock=clock, draw=lambda: draw)


def leaves(kind: type[StoryClusterError]) -> list[type[StoryClusterError]]:
    """The class and all below it."""
    return [kind, *(leaf for child in kind.__subclasses__() for leaf in leaves(child))]


def test_only_unavailable_and_overloaded_may_be_tried_again() -> None:
    """Of all classes of errors, exactly two are worth another attempt."""
    ours = [kind for kind in leaves(StoryClusterError) if kind.__module__ == errors.__name__]
    made = [kind.__new__(kind) for kind in ours]
    for error in made:
        error.__dict__["retry_after_s"] = 0.0
    tried = {type(e) for e in made if pause(RetryPolicy(), Failure(e), failures=1) is not None}
    assert tried == {Unavailable, Overloaded}


@pytest.mark.parametrize(
    ("failures", "longest"), [(1, 0.1), (2, 0.2), (3, 0.4), (6, 3.2), (7, 5.0), (10_000, 5.0)]
)
def test_the_pause_is_drawn_from_zero_to_a_doubling_bound(failures: int, longest: float) -> None:
    """Full jitter: the draw scales the bound, which doubles up to the cap."""
    policy, failure = RetryPolicy(), Failure(Unavailable())
    drawn = [pause(policy, failure, failures=failures, draw=lambda d=d: d) for d in (0.0, 0.5, 1.0)]
    assert drawn == pytest.approx([0.0, longest / 2, longest])


@pytest.mark.parametrize(
    "failure",
    [Failure(Overloaded(retry_after_s=0.7)), Failure(Unavailable(), pushback_s=0.7)],
    ids=["RetryInfo", "pushback"],
)
def test_the_time_a_server_names_is_never_undercut(failure: Failure) -> None:
    """The jitter comes on top of what the server asked for."""
    assert pause(RetryPolicy(), failure, failures=1, draw=lambda: 0.0) == pytest.approx(0.7)
    assert pause(RetryPolicy(), failure, failures=1, draw=lambda: 1.0) == pytest.approx(0.8)


def test_attempts_end_at_the_policys_number() -> None:
    """The last attempt's own error is raised, with a note of how many there were."""
    clock = Clock()
    attempts = attempts_of(RetryPolicy(max_attempts=3), clock)
    for _ in range(2):
        attempts.left()
        clock.now += attempts.failed(Failure(Unavailable("down")))
    attempts.left()
    with pytest.raises(Unavailable, match="down") as raised:
        attempts.failed(Failure(Unavailable("down")))
    assert raised.value.__notes__ == ["given up (3 attempts, 0.30 s of 30 s)"]


def test_one_budget_holds_for_all_attempts_and_pauses() -> None:
    """Each attempt is given what the ones before it left over."""
    clock = Clock()
    attempts = attempts_of(RetryPolicy(), clock, timeout=3.0)
    assert attempts.left() == pytest.approx(3.0)
    clock.now += 1.0
    clock.now += attempts.failed(Failure(Unavailable()))
    assert attempts.left() == pytest.approx(1.9)


def test_a_pause_longer_than_the_budget_is_not_waited_for() -> None:
    """The error comes now, not when the time is spent."""
    attempts = attempts_of(RetryPolicy(), Clock(), timeout=2.0)
    attempts.left()
    with pytest.raises(Overloaded):
        attempts.failed(Failure(Overloaded(retry_after_s=2.5)))


def test_a_spent_deadline_is_never_tried_again_and_tells_attempts_and_time() -> None:
    """DeadlineExceeded from the server ends the call."""
    clock = Clock()
    attempts = attempts_of(RetryPolicy(), clock, timeout=2.0)
    attempts.left()
    clock.now += 2.0
    with pytest.raises(DeadlineExceeded, match=r"too slow \(1 attempt, 2.00 s of 2 s\)"):
        attempts.failed(Failure(DeadlineExceeded("too slow")))


def test_no_attempt_begins_after_the_budget() -> None:
    """Asking for the next deadline raises once nothing is left."""
    clock = Clock()
    attempts = attempts_of(RetryPolicy(), clock, timeout=2.0)
    attempts.left()
    clock.now += 2.5
    with pytest.raises(DeadlineExceeded, match=r"1 attempt, 2.50 s of 2 s"):
        attempts.left()


def test_without_a_policy_there_is_one_attempt() -> None:
    """retry=None switches every retry off."""
    attempts = attempts_of(None, Clock())
    attempts.left()
    with pytest.raises(Unavailable):
        attempts.failed(Failure(Unavailable()))


def test_the_bucket_stops_retries_at_half_and_refills_slowly() -> None:
    """Ten tokens afford four retries; ten successes pay for one more."""
    bucket = RetryBucket(RetryPolicy())
    assert [bucket.spend() for _ in range(6)] == [True] * 4 + [False] * 2
    for _ in range(21):
        bucket.earn()
    assert bucket.spend()
    assert not bucket.spend()


def test_an_empty_bucket_ends_a_call_that_has_attempts_left() -> None:
    """The bucket belongs to the client, so calls before this one count."""
    bucket = RetryBucket(RetryPolicy(tokens=2.0))
    bucket.spend()
    attempts = attempts_of(RetryPolicy(), Clock(), bucket=bucket)
    attempts.left()
    with pytest.raises(Unavailable):
        attempts.failed(Failure(Unavailable()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_attempts": 0},
        {"initial_backoff_s": -1.0},
        {"initial_backoff_s": 6.0},
        {"multiplier": 0.5},
        {"tokens": 0.0},
        {"token_ratio": 0.0},
    ],
    ids=str,
)
def test_a_policy_that_means_nothing_is_refused_by_field(wrong: dict[str, float]) -> None:
    """The error names a field of the policy."""
    with pytest.raises(InvalidInput) as raised:
        RetryPolicy(**wrong)  # type: ignore[arg-type]
    assert raised.value.violations[0].field.startswith("retry.")


@pytest.mark.parametrize(
    ("repeatable", "unclear", "again"),
    [(True, True, True), (True, False, True), (False, False, True), (False, True, False)],
)
def test_what_must_not_happen_twice_is_tried_again_only_after_a_clear_refusal(
    repeatable: bool, unclear: bool, again: bool
) -> None:
    """Where nobody answered, the call may have been carried out."""
    attempts = Attempts(RetryPolicy(), None, timeout=30.0, repeatable=repeatable)
    attempts.left()
    failure = Failure(Unavailable("gone"), unclear=unclear)
    if again:
        assert attempts.failed(failure) >= 0.0
    else:
        with pytest.raises(Unavailable, match="gone"):
            attempts.failed(failure)
