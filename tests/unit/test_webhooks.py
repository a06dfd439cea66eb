"""Webhooks, without a network: configuration, body, signature, backoff, verdicts, dead letters."""

from __future__ import annotations

import json
import random
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from storycluster_server.config import ServerConfig, load_config
from storycluster_server.webhooks.config import read_secrets
from storycluster_server.webhooks.dead_letters import FOLDER, DeadLetters
from storycluster_server.webhooks.message import headers_of, make_delivery, sign
from storycluster_server.webhooks.retrying import Answer, Patience, Verdict

from storycluster.cli import act_shapes
from storycluster.domain import Event, EventKind
from storycluster.errors import InvalidInput

NOW = datetime(2026, 3, 1, tzinfo=UTC)
EVENT = Event(7, EventKind.MEMBER_ADDED, NOW, "s1", "é-1", {"reason": "same fire"})
DESK = {"name": "desk", "url": "https://desk.example/hook?key=1", "secret_env": "DESK_SECRET"}


def configured(*receivers: dict[str, Any], **more: Any) -> ServerConfig:
    """A configuration with these receivers."""
    return load_config(environment={}, flags={"webhooks": {"receivers": list(receivers), **more}})


def refusal(*receivers: dict[str, Any]) -> str:
    """What is said against these receivers."""
    with pytest.raises(InvalidInput) as failure:
        configured(*receivers)
    return failure.value.message


def test_receivers_are_read_from_tables_of_the_file(tmp_path: Path) -> None:
    """One table each; an unknown key is refused by name, with its place."""
    file = tmp_path / "server.toml"
    table = '[[webhooks.receivers]]\nname = "{}"\nurl = "https://x.example"\nsecret_env = "S"\n'
    file.write_text(table.format("a") + 'kinds = ["story.merged"]\n' + table.format("b"))
    read = load_config(file=file, environment={}).webhooks.receivers
    assert [(one.name, one.collection, one.kinds) for one in read] == [
        ("a", "default", (EventKind.STORY_MERGED,)),
        ("b", "default", ()),
    ]
    file.write_text(table.format("a") + 'secrt = "x"\n')
    with pytest.raises(InvalidInput, match=r"webhooks\.receivers\.0\.secrt: unknown key \(file\)"):
        load_config(file=file, environment={})


def test_receivers_are_read_from_json_too() -> None:
    """As a flag or a variable of the environment the list is JSON."""
    variable = {"STORYCLUSTER__WEBHOOKS__RECEIVERS": json.dumps([DESK])}
    assert load_config(environment=variable).webhooks == configured(DESK).webhooks
    with pytest.raises(InvalidInput, match="neither tables nor the JSON"):
        load_config(environment={"STORYCLUSTER__WEBHOOKS__RECEIVERS": "desk"})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "a/b"}, r"receivers\.0\.name"),
        ({"name": ".."}, r"receivers\.0\.name"),
        ({"url": "ftp://x.example"}, r"receivers\.0\.url: is not an https"),
        ({"url": "https://"}, r"receivers\.0\.url"),
        ({"url": "https://x.example:port/"}, r"receivers\.0\.url"),
        ({"url": "https://x.example/a b"}, r"receivers\.0\.url: holds characters"),
        ({"url": "https://me:pa55@x.example/"}, r"receivers\.0\.url: must not hold a user name"),
        ({"url": "http://x.example/"}, r"desk: http:// to another machine"),
        ({"url": "http://127.0.0.1.x.example/"}, r"desk: http:// to another machine"),
        ({"kinds": ["story.sold"]}, r"receivers\.0\.kinds\.0"),
        ({"secret_env": ""}, r"needs one of secret_file and secret_env"),
        ({"secret_file": "there"}, r"needs one of secret_file and secret_env"),
    ],
)
def test_a_wrong_receiver_is_refused(change: dict[str, Any], told: str) -> None:
    """At the start, by key; what may be a credential is not repeated."""
    message = refusal({**DESK, **change})
    assert re.search(told, message), message
    assert "pa55" not in message


def test_http_needs_permission_unless_it_stays_on_this_machine() -> None:
    """Loopback is free; other hosts need allow_http. Two of one name are refused."""
    for url in ("http://127.0.0.1:1/x", "http://[::1]:1", "http://localhost"):
        assert configured({**DESK, "url": url}).webhooks.receivers[0].url == url
    assert configured({**DESK, "url": "http://x.example"}, allow_http=True).webhooks.allow_http
    assert "two are called desk" in refusal(DESK, DESK)


def test_what_is_shown_holds_no_path_or_query_and_can_be_read_back() -> None:
    """A URL may be a secret of its own: only its host is shown."""
    shown = configured(DESK).as_toml()
    assert "https://desk.example/***" in shown
    assert "key=1" not in shown
    assert ServerConfig(**tomllib.loads(shown)).webhooks.receivers[0].name == "desk"


def test_a_secret_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    """Without white space around it; one that is missing or short prevents the start, by key."""
    file = tmp_path / "secret"
    filed = {**DESK, "name": "filed", "secret_env": "", "secret_file": str(file)}
    both = configured(DESK, filed).webhooks
    file.write_text("0123456789abcdef\n")
    assert read_secrets(both, {"DESK_SECRET": "a secret of length"}) == {
        "desk": b"a secret of length",
        "filed": b"0123456789abcdef",
    }
    with pytest.raises(InvalidInput, match=r"receivers\.desk\.secret_env: DESK_SECRET holds no"):
        read_secrets(both, {})
    file.write_text("short\n")
    with pytest.raises(InvalidInput, match=r"receivers\.filed\.secret_file: .* holds no secret"):
        read_secrets(both, {"DESK_SECRET": "a secret of length"})
    file.unlink()
    with pytest.raises(InvalidInput, match=r"receivers\.filed\.secret_file: cannot read"):
        read_secrets(both, {"DESK_SECRET": "a secret of length"})


def test_a_body_holds_the_events_as_watch_prints_them() -> None:
    """Beside them collection, webhook and how far it goes; the same body has the same id."""
    made = make_delivery("desk", "news", events=[EVENT], last_sequence=9)
    assert json.loads(made.body) == {
        "collection": "news",
        "webhook": "desk",
        "events": [act_shapes.event(EVENT)],
        "last_sequence": 9,
    }
    assert (made.events, made.last_sequence) == (1, 9)
    assert make_delivery("desk", "news", events=[EVENT], last_sequence=9) == made
    other = make_delivery("desk", "news", events=[EVENT], last_sequence=10)
    assert other.delivery_id != made.delivery_id


def test_a_signature_binds_the_secret_the_time_and_the_body() -> None:
    """A known value, and another one as soon as any of the three is another."""
    signature = sign(b"whsec", b'{"a":1}', at=1_700_000_000)
    digest = "8ad37ba156048ae0e0a5533c75cdf26fee88b07f93cb57ee4c80adb053012032"
    assert signature == f"t=1700000000,v1={digest}"  # as `openssl dgst -sha256 -hmac` computes it
    others = [sign(b"x", b'{"a":1}', at=1), sign(b"whsec", b"", at=1), sign(b"whsec", b"1", at=2)]
    values = {one.partition("v1=")[2] for one in [signature, *others]}
    assert len(values) == 4
    made = make_delivery("desk", "news", events=[EVENT], last_sequence=9)
    first, second = headers_of(made, b"whsec", at=1), headers_of(made, b"whsec", at=2)
    assert first["X-Storycluster-Delivery"] == second["X-Storycluster-Delivery"] == made.delivery_id
    assert first["X-Storycluster-Signature"] != second["X-Storycluster-Signature"]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Answer(200), Verdict.DELIVERED),
        (Answer(204), Verdict.DELIVERED),
        (Answer(302), Verdict.FAILED),
        (Answer(400), Verdict.FAILED),
        (Answer(410), Verdict.GONE),
        (Answer(429), Verdict.FAILED),
        (Answer(500), Verdict.FAILED),
        (Answer(problem="TimeoutError"), Verdict.FAILED),
    ],
)
def test_what_an_answer_means(answer: Answer, verdict: Verdict) -> None:
    """2xx is taken, 410 ends it, everything else is tried again."""
    assert answer.verdict is verdict


def test_pauses_double_to_a_limit_and_are_drawn_from_zero() -> None:
    """Full jitter: any part of the longest pause, which never exceeds the limit."""
    patience = Patience(max_attempts=5, max_age_s=60, initial_backoff_s=0.5, max_backoff_s=3.0)
    longest = [patience.pause_s(failures, chance=1.0) for failures in (1, 2, 3, 4, 10_000)]
    assert longest == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert patience.pause_s(3, chance=0.0) == 0.0
    drawn = random.Random(1)
    assert all(0 <= patience.pause_s(3, chance=drawn.random()) <= 2.0 for _ in range(100))


def test_patience_ends_with_attempts_or_age() -> None:
    """Whichever comes first."""
    patience = Patience(max_attempts=3, max_age_s=60, initial_backoff_s=1, max_backoff_s=1)
    assert not patience.is_spent(2, age_s=59.9)
    assert patience.is_spent(3, age_s=0.0)
    assert patience.is_spent(1, age_s=60.0)


def test_a_dead_letter_is_a_line_of_its_own_even_behind_a_torn_one(tmp_path: Path) -> None:
    """Request and reason are kept; what a crash cut off spoils only itself; no folder, no file."""
    letters = DeadLetters(tmp_path)
    made = make_delivery("desk", "news", events=[EVENT], last_sequence=9)
    letters.bury("desk", made, attempts=3, last=Answer(500))
    path = tmp_path / FOLDER / "desk.jsonl"
    with path.open("ab") as file:
        file.write(b'{"torn')
    letters.bury("desk", made, attempts=4, last=Answer(problem="TimeoutError"))
    first, torn, last = path.read_text(encoding="utf-8").splitlines()
    assert torn == '{"torn'
    assert json.loads(first)["request"] == json.loads(made.body)
    told = [
        (one["status"], one["problem"], one["attempts"]) for one in map(json.loads, (first, last))
    ]
    assert told == [(500, None, 3), (None, "TimeoutError", 4)]
    assert path.stat().st_mode & 0o077 == 0
    DeadLetters(None).bury("desk", made, attempts=1, last=Answer(500))
