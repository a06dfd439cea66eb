"""The command `storycluster`."""

from __future__ import annotations

import sys

from storycluster.errors import MissingExtra


def main() -> None:
    """Entry point of the console script."""
    try:
        import rich
        import typer  # noqa: F401
    except ImportError as error:
        del error
        sys.exit(f"error: {MissingExtra(extra='cli', needs='typer or rich')}")
    del rich
    from storycluster.cli.app import app

    app()
