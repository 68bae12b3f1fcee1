"""Measurements as a CSV: predictions beside them, a sentence for each problem."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.catalog.evidence import Point
from components.commands.parser import main
from components.engine.evidence.error_scores import Prediction
from components.engine.facts.trust import Range
from components.share.points import ADDED, MOST_PROBLEMS, PointsError, Summary, measured_file, predict_file

HEADER = "point_id,benchmark,model,accelerator_id,accelerators,input_tokens,output_tokens,concurrency,remark"
GOOD = "a,inferencemax,llama-3.3-70b,h100-sxm,8,1024,1024,64,kept as it is"


def _answers(points: Sequence[Point]) -> list[Prediction]:
    return [Prediction({"tpot": Range(0.01, 0.02, 0.04)}, basis="modelled") for _ in points]


def _run(text: str) -> tuple[Summary, list[dict[str, str]]]:
    sink = io.StringIO()
    summary = predict_file(io.StringIO(text), sink, _answers)
    return summary, list(csv.DictReader(io.StringIO(sink.getvalue())))


def test_unknown_columns_stay_and_units_are_those_of_the_names() -> None:
    summary, (row,) = _run(f"{HEADER}\n{GOOD}\n")
    assert (summary.rows, summary.answered, summary.problems) == (1, 1, [])
    assert row["remark"] == "kept as it is" and row["basis"] == "modelled" and row["reason"] == ""
    assert (row["predicted_tpot_ms_low"], row["predicted_tpot_ms"], row["predicted_tpot_ms_high"]) == ("10", "20", "40")
    assert row["predicted_ttft_s"] == ""


def test_a_file_that_was_predicted_before_is_predicted_anew() -> None:
    sink = io.StringIO()
    predict_file(io.StringIO(f"{HEADER}\n{GOOD}\n"), sink, _answers)
    _, (again,) = _run(sink.getvalue())
    assert list(again) == [*HEADER.split(","), *ADDED] and again["predicted_tpot_ms"] == "20"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("model;accelerator_id;accelerators\n", "separated by semicolons: use commas"),
        ("model\taccelerator_id\n", "separated by tabs: use commas"),
        (
            "point_id,model\nx,y\n",
            "columns missing: accelerator_id, accelerators, input_tokens, output_tokens, concurr",
        ),
        (f"{HEADER},model\n", "appear twice: model"),
        (f'{HEADER}\n"open', "not a CSV"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(PointsError) as refused:
        _run(text)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("1024,1024,64", "-5,1024,64"), "row 2, input_tokens: input should be greater than 0, not '-5'"),
        (("1024,1024,64", "1024,1e300,64"), "row 2, output_tokens: input should be less than or equal to"),
        (("1024,1024,64", "1024,1024,nan"), "row 2, concurrency:"),
        (("1024,1024,64", "1024,1024,many"), "row 2, concurrency:"),
        (("kept as it is", "a,b,c"), "row 2: 11 cells under 9 columns"),
    ],
)
def test_a_bad_row_has_its_sentence_and_the_good_ones_are_answered(change: tuple[str, str], says: str) -> None:
    summary, rows = _run(f"{HEADER}\n{GOOD.replace(*change)}\n{GOOD}\n")
    assert (summary.rows, summary.answered) == (2, 1)
    assert summary.problems[0].startswith(says) and rows[0]["reason"] == summary.problems[0]
    assert rows[1]["predicted_tpot_ms"] == "20"


def test_many_problems_are_told_by_the_first_ones() -> None:
    summary, rows = _run(HEADER + "\n" + (GOOD.replace("64", "-1") + "\n") * 300)
    assert len(summary.problems) == MOST_PROBLEMS and all(row["reason"] for row in rows)


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        summary, rows = _run(f"{HEADER}\n{text}")
    except PointsError as refused:
        assert str(refused).endswith(".")
    else:
        assert summary.rows == len(rows)


def test_points_to_fit_need_their_group_and_a_measured_column() -> None:
    with pytest.raises(PointsError, match="columns missing: group_id"):
        measured_file(io.StringIO(f"{HEADER}\n{GOOD}\n"))
    with pytest.raises(PointsError, match="no measured column"):
        measured_file(io.StringIO(f"{HEADER},group_id\n{GOOD},g\n"))
    points, problems = measured_file(io.StringIO(f"{HEADER},group_id,tpot_ms,source_date\n{GOOD},g,20,2026-01-02\n"
                                                 f"{GOOD},g,-20,2026-01-02\n"))  # fmt: skip
    assert [(p.group_id, p.tpot_ms, p.value_date) for p in points] == [("g", 20, "2026-01-02")]
    assert problems == ("row 3, tpot_ms: input should be greater than 0, not '-20'.",)


def test_the_command_reads_and_writes_streams(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{HEADER}\n{GOOD}\n{GOOD.replace('h100-sxm', 'abacus')}\n"))
    assert main(["predict", "-"]) == 0
    out, err = capsys.readouterr()
    good, bad = csv.DictReader(io.StringIO(out))
    assert (
        float(good["predicted_tpot_ms_low"]) < float(good["predicted_tpot_ms"]) < float(good["predicted_tpot_ms_high"])
    )
    assert "abacus" in bad["reason"] and "1 of 2 rows answered" in err


@pytest.mark.parametrize("command", ["predict", "calibrate"])
@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"", b"a;b\n1;2\n"])
def test_commands_refuse_files_without_a_traceback(
    command: str, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "points.csv"
    path.write_bytes(content)
    assert main([command, str(path)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "/nowhere/points.csv"]) == 2
    assert "cannot read /nowhere/points.csv" in capsys.readouterr().err
