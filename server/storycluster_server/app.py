"""How does the server run as a process?

stdout carries one line, `listening on HOST:PORT`, once calls are answered; everything else goes
to stderr. SIGTERM and SIGINT drain and end with 0 (3 where the grace was too short); a second one
ends at once with 128 + its number. What prevents the start ends with 2 and one line that says what.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from storycluster.errors import StoryClusterError
from storycluster.ports import Planner
from storycluster_server.config import ServerConfig, load_config
from storycluster_server.logs import Logger, forward_standard_logging, open_log
from storycluster_server.server import StoryServer

EXIT_START_FAILED = 2
EXIT_DRAIN_INCOMPLETE = 3
_SIGNALS = (signal.SIGTERM, signal.SIGINT)

_FLAGS: Mapping[str, tuple[str, str]] = {
    "--data": ("store.url", "data folder, sqlite:DIR, or memory:"),
    "--listen": ("server.listen", "HOST:PORT; port 0 takes a free one"),
    "--admin-listen": ("server.admin_listen", "HOST:PORT of the admin services"),
    "--metrics-listen": ("server.metrics_listen", "HOST:PORT of Prometheus metrics"),
    "--encoder": ("encoder.name", "default, or the name or folder of a model"),
    "--log-format": ("log.format", "json or text"),
    "--log-level": ("log.level", "debug, info, warning or error"),
}
_SWITCHES: Mapping[str, tuple[str, str]] = {
    "--allow-insecure-bind": ("server.allow_insecure_bind", "listen where other machines reach it"),
    "--reflection": ("server.reflection", "let generic clients list the services"),
}


def main(argv: Sequence[str] | ServerConfig | None = None) -> int:
    """Run a server; the process's exit code. `argv` is without the program's name."""
    if isinstance(argv, ServerConfig):
        return run(argv)
    options = vars(_parser().parse_args(argv))
    flags = {key: value for key, value in options.items() if "." in key and value is not None}
    try:
        for setting in options["set"]:
            name, _, value = setting.partition("=")
            flags[name] = value
        config = load_config(file=options["config"], flags=flags)
    except StoryClusterError as error:
        return _cannot_start(error)
    if options["print_config"]:
        sys.stdout.write(config.as_toml())
        return 0
    return run(config)


def run(config: ServerConfig) -> int:
    """Run a server until a signal ends it; the process's exit code."""
    try:
        return asyncio.run(serve(config))
    except StoryClusterError as error:
        return _cannot_start(error)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


async def serve(config: ServerConfig) -> int:
    """Start, announce, wait for a signal, drain. Raises StoryClusterError where it cannot start."""
    log = open_log(form=config.log.format, level=config.log.level)
    forward_standard_logging(log, level=config.log.level)
    log.info("configuration", **config.shown())
    server = StoryServer(config, log)
    await server.start(planner=_planner(config))
    told = asyncio.Event()
    _watch_signals(told, log)
    log.info("started", **server.addresses)
    sys.stdout.write(f"listening on {server.addresses['listen']}\n")
    sys.stdout.flush()
    await told.wait()
    finished = await server.stop()
    log.info("stopped", finished=finished)
    return 0 if finished else EXIT_DRAIN_INCOMPLETE


def _planner(config: ServerConfig) -> Planner | None:
    """The batch job; None where the extra `batch` is not installed."""
    if not all(map(find_spec, ("pyarrow", "sknetwork"))):
        return None
    from storycluster.recluster import Hindsight

    return Hindsight(rest=config.recluster.rest)


def _watch_signals(told: asyncio.Event, log: Logger) -> None:
    loop = asyncio.get_running_loop()

    def receive(number: int) -> None:
        if told.is_set():
            sys.stderr.flush()
            os._exit(128 + number)  # whoever asks twice does not want to wait for anything
        log.info("draining", signal=signal.Signals(number).name)
        told.set()

    for number in _SIGNALS:
        loop.add_signal_handler(number, receive, number)


def _cannot_start(error: StoryClusterError) -> int:
    sys.stderr.write(f"storycluster: cannot start: {error.message}\n")
    return EXIT_START_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="storycluster-server", description=_DESCRIPTION)
    parser.add_argument("--config", metavar="FILE", help="TOML file; flags and environment win")
    for flag, (key, text) in _FLAGS.items():
        parser.add_argument(flag, dest=key, metavar=flag[2:].upper(), help=text)
    for flag, (key, text) in _SWITCHES.items():
        parser.add_argument(flag, dest=key, action="store_true", default=None, help=text)
    parser.add_argument(
        "--set", metavar="SECTION.KEY=VALUE", action="append", default=[], help="any other setting"
    )
    parser.add_argument(
        "--print-config", action="store_true", help="print the effective configuration and end"
    )
    return parser


_DESCRIPTION = "Serves storycluster over gRPC until SIGTERM or SIGINT."
