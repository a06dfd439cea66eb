"""Does the script that derives the decision model run on the present engine?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from storycluster.decision import read_model
from storycluster.measures import MEASURES

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


def test_the_decision_can_be_fitted(shared: Path, tmp_path: Path) -> None:
    """On one small set it writes two models that the engine reads, with their held-out scores."""
    out = tmp_path / "decision.json"
    command = [sys.executable, str(ROOT / "tools/train_decision.py"), "--streams", "vietnamese_mds"]
    command += ["--rounds", "2", "--cache", str(tmp_path / "cache"), "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    fitted, sparse = json.loads(out.read_text())["models"]
    model = read_model(fitted, encoder_id=fitted["encoder_id"])
    assert set(model.weights["always"]) == {*MEASURES, "intercept"}
    assert fitted["held_out_scores"]["vietnamese_mds"]["bcubed_f1"] > 0.8
    assert sparse["encoder_id"] == "*"
    assert not any("dense" in name for row in sparse["weights"].values() for name in row)
