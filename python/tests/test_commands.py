"""Commands: results are the JSON of the command line."""

import numpy as np
import pytest

import narrows


def test_analyze_answers_bounds_and_a_verdict(models):
    result = narrows.analyze(models / "conv-groups.tflite", target=32)
    assert result["schema"].startswith("narrows/analysis/") and result.holds
    layer = result["layers"][0]
    assert layer["terms"] > 0 and layer["bounds"]["signSum"] <= layer["bounds"]["dataType"]
    assert not narrows.analyze(models / "conv-groups.tflite", target=4).holds


def test_certify_says_whether_it_holds(models):
    bits = narrows.analyze(models / "dense-rows.tflite")["layers"][0]["bounds"]["signSum"]
    assert narrows.certify(models / "dense-rows.tflite", bits).holds
    short = narrows.certify(models / "dense-rows.tflite", bits - 1)
    assert not short.holds and any("needs" in note for note in short.notes)


def test_data_may_be_arrays(root):
    run = root / "fixtures/first-design/runs/pqs"
    by_name = narrows.evaluate(run, "fashion-small/test", ["int9:saturate", "exact"], limit=20)
    assert [each["accumulator"] for each in by_name["results"]] == ["int9:saturate", "exact"]
    noise = np.random.default_rng(1).random((4, 1, 28, 28), dtype=np.float32)
    result = narrows.analyze(run, noise, layout="nchw")
    assert result["images"] == 4 and "profile" in result["layers"][0]


def test_a_missing_file_is_told_in_one_line(tmp_path):
    with pytest.raises(narrows.NarrowsError, match="no-such.tflite") as told:
        narrows.analyze(tmp_path / "no-such.tflite")
    assert "\n" not in str(told.value)


def test_any_command_runs():
    code, out, err = narrows.command("--version")
    assert code == 0 and out.startswith("narrows ") and narrows.version() in out
    assert narrows.command("no-such-command")[0] == 2
