"""What does importing the SDK cost, beside gRPC alone?

    python benchmarks/sdk_import.py [--rounds 15]

Each figure is the median over fresh interpreters, taken in turn so that a busy machine slows all
alike. Time is that of the statement, without the start of the interpreter; memory is what it adds
to the resident set. Writes benchmarks/results/sdk_import.md.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
from pathlib import Path

RESULT = Path(__file__).parent / "results" / "sdk_import.md"

SUBJECTS = {
    "nothing": "pass",
    "`import grpc`": "import grpc",
    "gRPC, protobuf, google.rpc": (
        "import grpc\n"
        "from google.protobuf import duration_pb2, timestamp_pb2\n"
        "from google.rpc import error_details_pb2, status_pb2"
    ),
    "`import storycluster`": "import storycluster",
    "`from storycluster import Article`": "from storycluster import Article",
    "`from storycluster import Client`": "from storycluster import Client",
}
BASE = "`import grpc`"

PROBE = """
import json, sys, time
def resident():
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * 4
before, began = resident(), time.perf_counter()
{statement}
took = time.perf_counter() - began
print(json.dumps([took * 1000, (resident() - before) / 1024, len(sys.modules)]))
"""


def measure(statement: str) -> list[float]:
    """[milliseconds, MiB, modules] in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROBE.format(statement=statement)],
        capture_output=True,
        text=True,
        check=True,
    )
    read: list[float] = json.loads(done.stdout)
    return read


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    samples: dict[str, list[list[float]]] = {name: [] for name in SUBJECTS}
    for statement in SUBJECTS.values():
        measure(statement)  # the first one reads the disk and writes the bytecode
    for _ in range(rounds):
        for name, statement in SUBJECTS.items():
            samples[name].append(measure(statement))
    medians = {
        name: [statistics.median(column) for column in zip(*taken, strict=True)]
        for name, taken in samples.items()
    }
    lines = [
        "# Import cost of the SDK",
        "",
        f"Medians of {rounds} fresh interpreters each, in turn. "
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}. "
        "Reproduce: `python benchmarks/sdk_import.py`.",
        "",
        f"| import | ms | ÷ {BASE} | MiB added | modules |",
        "|---|---|---|---|---|",
    ]
    for name, (took, memory, modules) in medians.items():
        ratio = took / medians[BASE][0]
        lines.append(f"| {name} | {took:.1f} | {ratio:.2f} | {memory:.1f} | {modules:.0f} |")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
