"""The server's configuration: sources, order, unknown names, what is shown."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from storycluster_server.config import ServerConfig, is_loopback, load_config, split_address

from storycluster.errors import InvalidInput
from storycluster.settings import Settings


def test_the_defaults_listen_on_loopback_with_the_engines_measured_settings() -> None:
    """Without any source the server is on loopback and the engine's settings are untouched."""
    config = load_config(environment={})
    assert config.server.listen == "127.0.0.1:7443"
    assert config.engine_settings() == Settings()
    config.check_bind()


def test_flags_win_over_environment_over_file(tmp_path: Path) -> None:
    """A later source wins, key by key."""
    file = tmp_path / "server.toml"
    file.write_text('[server]\nlisten = "127.0.0.1:1"\n[ingest]\nworkers = 2\nencode_batch = 7\n')
    config = load_config(
        file=file,
        environment={
            "STORYCLUSTER__INGEST__WORKERS": "3",
            "STORYCLUSTER__SERVER__LISTEN": "[::1]:2",
        },
        flags={"server.listen": "localhost:3"},
    )
    assert config.server.listen == "localhost:3"
    assert config.ingest.workers == 3
    assert config.ingest.encode_batch == 7


@pytest.mark.parametrize(
    ("environment", "flags", "named"),
    [
        ({"STORYCLUSTER__INGEST__WORKER": "1"}, {}, "ingest.worker"),
        ({"STORYCLUSTER__INGST__WORKERS": "1"}, {}, "ingst"),
        ({"STORYCLUSTER__WORKERS": "1"}, {}, "STORYCLUSTER__WORKERS"),
        ({}, {"server.port": 1}, "server.port"),
        ({}, {"port": 1}, "port"),
    ],
)
def test_an_unknown_name_is_an_error_that_names_it(
    environment: dict[str, str], flags: dict[str, object], named: str
) -> None:
    """No source may hold a name the server does not know."""
    with pytest.raises(InvalidInput) as failure:
        load_config(environment=environment, flags=flags)
    assert [violation.field for violation in failure.value.violations] == [named]


def test_an_unknown_name_in_the_file_is_an_error(tmp_path: Path) -> None:
    """The same holds for the file; the message says where it stands."""
    file = tmp_path / "server.toml"
    file.write_text("[server]\nlissten = '127.0.0.1:1'\n")
    with pytest.raises(InvalidInput, match=r"server\.lissten: unknown key \(file\)"):
        load_config(file=file, environment={})
    file.write_text("[server\n")
    with pytest.raises(InvalidInput, match="is not TOML"):
        load_config(file=file, environment={})
    with pytest.raises(InvalidInput, match="cannot read"):
        load_config(file=tmp_path / "none.toml", environment={})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("server.listen", "nowhere"),
        ("server.listen", "127.0.0.1:99999"),
        ("server.drain_grace_s", "-1"),
        ("ingest.bulk_share", "1.0"),
        ("ingest.workers", "many"),
        ("engine.canonical_policy", "best"),
        ("log.format", "xml"),
        ("store.url", ""),
    ],
)
def test_a_wrong_value_is_an_error_that_names_its_key(name: str, value: str) -> None:
    """Values are checked at the start, not at first use."""
    with pytest.raises(InvalidInput) as failure:
        load_config(environment={}, flags={name: value})
    assert [violation.field for violation in failure.value.violations] == [name]


@pytest.mark.parametrize("key", ["listen", "admin_listen", "metrics_listen"])
def test_an_address_others_reach_needs_permission(key: str) -> None:
    """Without allow_insecure_bind every port is on loopback; the refusal names the key."""
    flags = {f"server.{key}": "0.0.0.0:7443"}
    with pytest.raises(InvalidInput, match=rf"server\.{key}: 0\.0\.0\.0:7443 can be reached"):
        load_config(environment={}, flags=flags).check_bind()
    load_config(environment={}, flags={**flags, "server.allow_insecure_bind": "true"}).check_bind()


def test_what_is_shown_can_be_read_back_and_holds_no_password() -> None:
    """as_toml is a configuration file of the same values, passwords masked."""
    config = load_config(environment={}, flags={"store.url": "postgresql://me:pa55@db/x"})
    assert "pa55" not in config.as_toml()
    assert "postgresql://me:***@db/x" in config.as_toml()
    plain = load_config(environment={}, flags={"ingest.workers": 5, "engine.source_rank": "A,B"})
    assert ServerConfig(**tomllib.loads(plain.as_toml())) == plain


def test_engine_settings_can_be_chosen() -> None:
    """Section `engine` changes the engine's limits and policy, and so its digest."""
    config = load_config(
        environment={},
        flags={
            "engine.canonical_policy": "source_rank",
            "engine.source_rank": "Reuters, AP",
            "engine.batch_articles": 5,
        },
    )
    settings = config.engine_settings()
    assert (settings.canonical_policy, settings.source_rank) == ("source_rank", ("Reuters", "AP"))
    assert settings.limits.batch_articles == 5
    assert settings.digest() != Settings().digest()


def test_addresses() -> None:
    """HOST:PORT and [HOST]:PORT are read; loopback is told apart."""
    assert split_address("[::1]:5") == ("::1", 5)
    assert split_address("localhost:0") == ("localhost", 0)
    for wrong in ("", ":5", "host", "host:", "host:-1"):
        with pytest.raises(ValueError, match="is not HOST:PORT"):
            split_address(wrong)
    assert [
        is_loopback(h) for h in ("127.0.0.9", "::1", "localhost", "0.0.0.0", "example.org")
    ] == [
        True,
        True,
        True,
        False,
        False,
    ]
