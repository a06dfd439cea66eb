"""decision: the file of a model, written and read."""

from __future__ import annotations

import copy
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from storycluster.decision import Model, plain_model, read_model, read_model_file, write_model
from storycluster.errors import InvalidInput, SchemeMismatch

MODEL = Model(
    weights={"always": {"body_near": 5.25, "intercept": -6.0}, "brief": {"title_near": 0.125}},
    threshold=0.55,
    merge_threshold=0.5,
    encoder_id="ours@1",
    name="calibrated-0a1b2c3d",
)


def plain() -> dict[str, Any]:
    data = [{"file": "desk.jsonl", "sha256": "00"}]
    scores = {"desk.jsonl": {"bcubed_f1": 0.9}}
    return plain_model(MODEL, trained_on=data, held_out_scores=scores, created="2024-03-01")


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Nothing that decides is lost; the file says what the model was fitted on, and when."""
    file = tmp_path / "model.json"
    write_model(file, plain())
    read = read_model_file(file, encoder_id="ours@1")
    assert dataclasses.asdict(read) == dataclasses.asdict(MODEL)
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told == plain()
    assert told["trained_on"] == [{"file": "desk.jsonl", "sha256": "00"}]
    assert told["created"] == "2024-03-01"
    assert told["held_out_scores"] == {"desk.jsonl": {"bcubed_f1": 0.9}}


def test_a_model_for_another_encoder_is_refused() -> None:
    """Both encoders are named; a model for any encoder is taken by each."""
    with pytest.raises(SchemeMismatch, match="'ours@1', not for 'theirs@2'") as failure:
        read_model(plain(), encoder_id="theirs@2")
    assert (failure.value.stored, failure.value.given) == ("ours@1", "theirs@2")
    assert read_model({**plain(), "encoder_id": "*"}, encoder_id="theirs@2").encoder_id == "*"


@pytest.mark.parametrize("place", [("always", "of_tomorrow"), ("of_tomorrow", "intercept")])
def test_what_is_not_measured_is_refused(place: tuple[str, str]) -> None:
    """A weight of an unknown measure, or under an unknown condition, is named."""
    changed = copy.deepcopy(plain())
    changed["weights"].setdefault(place[0], {})[place[1]] = 1.0
    with pytest.raises(SchemeMismatch, match="of_tomorrow"):
        read_model(changed, encoder_id="ours@1")


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("name", None, "name: is missing"),
        ("name", "", "name: must be a text"),
        ("encoder_id", 7, "encoder_id: must be a text"),
        ("threshold", None, "threshold: is missing"),
        ("threshold", 1.5, "threshold: must lie between 0 and 1"),
        ("threshold", "0.5", "threshold: must be a finite number"),
        ("merge_threshold", True, "merge_threshold: must be a finite number"),
        ("weights", None, "weights: is missing"),
        ("weights", [], "weights: must be an object"),
        ("weights", {"brief": {"age": 1.0}}, "weights.always: is missing"),
        ("weights", {"always": 1.0}, "weights.always: must be an object"),
        ("weights", {"always": {"age": "1"}}, "weights.always.age: must be a finite number"),
        ("weights", {"always": {"age": float("nan")}}, "weights.always.age: must be a finite"),
        ("weights", {"always": {"age": 10**400}}, "weights.always.age: must be a finite number"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, field: str, value: object, named: str) -> None:
    """The refusal names the file and the field; None leaves the field out."""
    changed = {name: one for name, one in {**plain(), field: value}.items() if one is not None}
    file = tmp_path / "model.json"
    write_model(file, changed)
    with pytest.raises(InvalidInput) as failure:
        read_model_file(file, encoder_id="ours@1")
    assert f"{file}: is no decision model: {named}" in failure.value.message


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"{", "not valid JSON"),
        (b"\xff", "not valid JSON"),
        (b"[]", "must be an object"),
        (b'{"models": []}', "encoder_id: is missing"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_model_is_named(
    tmp_path: Path, content: bytes | None, named: str
) -> None:
    """No JSON, another object, or no file at all."""
    file = tmp_path / "model.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidInput) as failure:
        read_model_file(file, encoder_id="ours@1")
    assert str(file) in failure.value.message
    assert named in failure.value.message
