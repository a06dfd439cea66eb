"""`storycluster serve` and `health`: how is a server run and asked whether it is well?"""

from __future__ import annotations

from typing import Annotated

import typer

from storycluster.cli.session import DEFAULT_SERVER, Server, err, one_line, out
from storycluster.errors import MissingExtra, StoryClusterError


def serve(
    data: Annotated[
        str | None, typer.Option("--data", metavar="DIR", help="Data folder or store URL.")
    ] = None,
    listen: Annotated[
        str | None, typer.Option("--listen", metavar="HOST:PORT", help="Port 0 takes a free one.")
    ] = None,
    config: Annotated[
        str | None, typer.Option("--config", envvar="STORYCLUSTER_CONFIG", metavar="FILE.toml")
    ] = None,
    encoder: Annotated[
        str | None, typer.Option("--encoder", help="default, or a sentence-transformers model.")
    ] = None,
    allow_insecure_bind: Annotated[
        bool | None,
        typer.Option("--allow-insecure-bind", help="Listen beyond loopback, unencrypted."),
    ] = None,
    log_format: Annotated[str | None, typer.Option("--log-format", help="json or text.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Any other setting; repeatable."),
    ] = None,
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Print the effective configuration and end.")
    ] = False,
) -> None:
    """Run a server until SIGTERM or Ctrl-C; prints `listening on HOST:PORT` when ready."""
    try:
        from storycluster_server.app import run
        from storycluster_server.config import load_config
    except ImportError as error:
        told = MissingExtra(extra="server", needs=error.name or "the server")
        err.print(f"error: {told}", markup=False)
        raise typer.Exit(2) from None
    flags: dict[str, object] = {
        "store.url": data,
        "server.listen": listen,
        "server.allow_insecure_bind": allow_insecure_bind,
        "encoder.name": encoder,
        "log.format": log_format,
    }
    try:
        effective = load_config(file=config, flags={**flags, **_named(settings or [])})
    except StoryClusterError as error:
        err.print(f"error: {one_line(error.message)}", markup=False)
        raise typer.Exit(2) from None
    if print_config:
        out.print(effective.as_toml(), markup=False)
        return
    raise typer.Exit(run(effective))


def _named(settings: list[str]) -> dict[str, str]:
    pairs = [setting.partition("=") for setting in settings]
    for name, equals, _ in pairs:
        if not equals or "." not in name:
            raise typer.BadParameter(f"{name!r} is not SECTION.KEY=VALUE", param_hint="--set")
    return {name: value for name, _, value in pairs}


def health(
    server: Server = DEFAULT_SERVER,
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds to wait.")] = 5.0,
) -> None:
    """Exit 0 when the server answers and is ready."""
    from storycluster.client import Client

    try:
        with Client(server, timeout=timeout) as client:
            client.ready(timeout)
            info = client.server_info()
    except StoryClusterError as error:
        err.print(f"not ready: {one_line(error.message)}", markup=False)
        raise typer.Exit(1) from None
    out.print(f"ready: storycluster {info.version}, encoder {info.encoder_id}", markup=False)
