"""What do the commands that need no server share?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from storycluster.cli.session import err, shown
from storycluster.errors import InvalidInput, StoryClusterError

if TYPE_CHECKING:
    from storycluster.decision import Model


def decision_model(path: Path | None, encoder_id: str) -> Model:
    """The model of a file, or the shipped one of the encoder where none is named."""
    from storycluster.decision import default_model, read_model_file

    if path is None:
        return default_model(encoder_id)
    return read_model_file(path, encoder_id=encoder_id)


def progress_bar(quiet: bool) -> Progress:
    """A bar on standard error that is gone at the end; nothing where that is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f} of {task.total:.0f}"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=quiet or not err.is_terminal,
    )


@contextmanager
def reported() -> Iterator[None]:
    """An error inside ends the command with one clear line."""
    try:
        yield
    except StoryClusterError as error:
        err.print(f"[bold red]error:[/] {shown(error.message)}")
        raise typer.Exit(2 if isinstance(error, InvalidInput) else 1) from None
    except OSError as error:
        err.print(f"[bold red]error:[/] {shown(str(error))}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        err.print("interrupted")
        raise typer.Exit(130) from None
