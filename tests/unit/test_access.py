"""access: a key gives its caller rights; what is no key that is known is refused."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from storycluster_server.access import AccessConfig, AccessKey, Keys
from storycluster_server.config import load_config

from storycluster.domain import PUBLIC, Rights
from storycluster.errors import InvalidInput, Unauthenticated

KEY, PLAIN = "a key for the desk", "a key without rights"


def entry(name: str, key: str, *rights: str) -> dict[str, Any]:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return {"name": name, "sha256": digest, "rights": list(rights)}


TWO = [entry("desk", KEY, "embargo"), entry("feed", PLAIN)]


@pytest.fixture
def keys() -> Keys:
    return Keys(AccessConfig(keys=tuple(AccessKey(**one) for one in TWO)))


@pytest.mark.parametrize(
    ("metadata", "rights"),
    [
        (None, PUBLIC),
        ((), PUBLIC),
        ((("x-request-id", KEY),), PUBLIC),
        ((("authorization", f"Bearer {KEY}"),), Rights(embargo=True)),
        ((("authorization", f"bearer  {KEY} "),), Rights(embargo=True)),
        ((("authorization", f"Bearer {PLAIN}"),), PUBLIC),
    ],
)
def test_a_known_key_gives_its_rights(keys: Keys, metadata: Any, rights: Rights) -> None:
    """None at all those of everybody."""
    assert keys.rights(metadata) == rights


@pytest.mark.parametrize(
    "sent",
    [
        [f"Bearer {KEY}x"],
        [f"Bearer {KEY[:-1]}"],
        ["Bearer "],
        ["Bearer"],
        [""],
        [KEY],
        [f"Basic {KEY}"],
        [f"Bearer {KEY}", f"Bearer {KEY}"],
        [b"Bearer \xff"],
    ],
)
def test_anything_else_is_refused(keys: Keys, sent: list[str | bytes]) -> None:
    """The error tells nothing of what was sent."""
    with pytest.raises(Unauthenticated) as failure:
        keys.rights([("authorization", one) for one in sent])
    assert KEY[:-1] not in failure.value.message


def test_keys_are_read_as_tables_or_json_and_shown_without_their_digests() -> None:
    """In flags and the environment they are JSON."""
    config = load_config(environment={"STORYCLUSTER__ACCESS__KEYS": json.dumps(TWO)})
    assert [(one.name, one.rights) for one in config.access.keys] == [
        ("desk", ("embargo",)),
        ("feed", ()),
    ]
    shown = config.as_toml()
    assert '"desk"' in shown
    assert not any(one["sha256"] in shown for one in TWO)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("desk", "neither tables nor the JSON"),
        (json.dumps([{**TWO[0], "sha256": KEY}]), "access.keys"),
        (json.dumps([{**TWO[0], "rights": ["everything"]}]), "access.keys"),
        (json.dumps([{**TWO[0], "key": KEY}]), "access.keys"),
        (json.dumps([TWO[0], {**TWO[1], "name": "desk"}]), "two have the same name"),
        (json.dumps([TWO[0], {**TWO[0], "name": "other"}]), "two have the same sha256"),
    ],
)
def test_a_wrong_table_is_refused_without_its_values(keys: str, told: str) -> None:
    """Somebody may have put the key itself where its digest belongs."""
    with pytest.raises(InvalidInput, match=told) as failure:
        load_config(flags={"access.keys": keys}, environment={})
    assert KEY not in failure.value.message
