"""The command `storycluster`."""

from __future__ import annotations

import io
import sys

from storycluster.errors import MissingExtra


def main() -> None:
    """Entry point of the console script."""
    try:
        import rich
        import typer
    except ImportError as error:
        del error
        sys.exit(f"error: {MissingExtra(extra='cli', needs='typer or rich')}")
    del rich, typer
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a title must not end a command because the locale lacks its letters
        sys.stdout.reconfigure(errors="backslashreplace")
    from storycluster.cli.app import app

    app()
