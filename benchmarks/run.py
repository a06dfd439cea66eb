"""What does every benchmark say on this machine?

    python benchmarks/run.py [--quick] [--write] [--data DIR] [NAME ...]

Runs each script of this folder, or those named, in a process of its own, and ends with one line for
each. `--quick` is passed to those that know it. With `--write` the tables in benchmarks/results are
written anew. A benchmark that needs labelled data is left out where there is none: `--data`, else
STORYCLUSTER_SHARED/data, else shared/data beside the checkout.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one benchmark."""

    name: str
    told: str
    seconds: float
    failed: bool = False


def names() -> list[str]:
    """Every benchmark of the folder."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in ("run", "__init__"))


def data_folder() -> Path:
    """Where the labelled files are, if they are anywhere."""
    return Path(os.environ.get("STORYCLUSTER_SHARED", ROOT.parent / "shared")) / "data"


def run(name: str, *, data: Path, quick: bool, write: bool) -> Outcome:
    """Run one benchmark; what it prints is shown, and kept where it does not write by itself."""
    source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    arguments = []
    if ("from labelled" in source or '"--data"' in source) and not data.is_dir():
        return Outcome(name, f"left out: no labelled data in {data}", 0.0)
    if '"--data"' in source:
        arguments += ["--data", str(data)]
    arguments += [flag for flag in _flags(quick=quick, write=write) if f'"{flag}"' in source]
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    print(f"\n== {name}: python {' '.join(command[1:])}", flush=True)
    started = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tools'}",
            "STORYCLUSTER_SHARED": str(data.parent),
        },
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    print(done.stdout, flush=True)
    if done.returncode:
        return Outcome(name, f"failed with {done.returncode}", seconds, failed=True)
    if write and "write_text" not in source:
        (FOLDER / "results" / f"{name}.md").write_text(done.stdout, encoding="utf-8")
    return Outcome(name, "done", seconds)


def _flags(*, quick: bool, write: bool) -> list[str]:
    return ["--quick"] * quick + ["--write"] * write


def main(arguments: list[str] | None = None) -> int:
    """Run them; 1 where one failed."""
    parser = argparse.ArgumentParser(description="Run the benchmarks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--quick", action="store_true", help="less of everything, where possible")
    parser.add_argument("--write", action="store_true", help="write benchmarks/results anew")
    parser.add_argument("--data", type=Path, default=data_folder(), help="labelled *.jsonl.gz")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(names()):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    outcomes = [
        run(name, data=options.data, quick=options.quick, write=options.write)
        for name in options.names or names()
    ]
    print("\n== summary")
    for one in outcomes:
        print(f"{one.name:<16} {one.seconds:7.1f} s  {one.told}")
    return int(any(one.failed for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())
