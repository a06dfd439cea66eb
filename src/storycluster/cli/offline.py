"""What do the commands that need no server share?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from storycluster.cli.session import err, shown
from storycluster.errors import InvalidInput, StoryClusterError

if TYPE_CHECKING:
    from storycluster.decision import Model
    from storycluster.recluster import Progress as Phase

_EVERY_SECONDS = 10.0
"""Between two plain lines of progress."""


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
def told_progress(quiet: bool) -> Iterator[Callable[[Phase], None]]:
    """What shows progress: a bar on a terminal, else a plain line now and then."""
    with progress_bar(quiet) as bar:
        task = bar.add_task("starting", total=1)
        phase, last = "", 0.0

        def tell(now: Phase) -> None:
            nonlocal phase, last
            bar.update(task, description=now.phase, completed=now.done, total=max(now.total, 1))
            moment = time.monotonic()
            due = now.phase != phase or moment - last >= _EVERY_SECONDS
            if due and not quiet and not err.is_terminal:
                phase, last = now.phase, moment
                left = f", {now.rate:.0f} a second, {now.eta_seconds:.0f} s left" * bool(now.rate)
                err.print(f"{now.phase}: {now.done} of {now.total}{left}")

        yield tell


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
