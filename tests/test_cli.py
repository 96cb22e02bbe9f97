"""The command line, as a user meets it: help that teaches, files that appear, errors in one line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image

from meronym import cli
from meronym.preview import save_preview
from meronym.teachers.builtin import BuiltinTeacher
from meronym.types import PointCloud, Segmentation

Output = tuple[int, str, str]
"""Exit status, standard output, standard error."""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Calls `meronym` with some words, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.setenv("MERONYM_WEIGHTS", str(tmp_path / "weights"))

    def call(words: str) -> Output:
        monkeypatch.setattr(sys, "argv", ["meronym", *words.split()])
        status = 0
        try:
            cli.main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


@pytest.fixture
def stool(tmp_path: Path) -> Path:
    """A seat on one leg."""
    solid = trimesh.util.concatenate(
        [trimesh.creation.box((1, 0.1, 1)), trimesh.creation.box((0.1, 1, 0.1)).apply_translation((0, -0.5, 0))]
    )
    file = tmp_path / "stool.glb"
    solid.export(file)
    return file


@pytest.fixture
def tiny(tiny_teacher: BuiltinTeacher, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a plug-in that gives the built-in teacher with random weights."""
    monkeypatch.setitem(sys.modules, "tiny_plugin", SimpleNamespace(Teacher=lambda: tiny_teacher))
    return "tiny_plugin:Teacher"


# --------------------------------------------------------------------------------------------------------------- help


def test_help_lists_the_verbs(run: Any) -> None:
    status, out, _ = run("--help")
    assert status == 0
    assert all(verb in out for verb in ("segment", "evaluate", "weights", "doctor"))


@pytest.mark.parametrize(
    ("verb", "example"),
    [
        ("segment", "meronym segment chair.glb --prompts seat backrest leg armrest"),
        ("evaluate", "meronym evaluate labelled-psb --data psb/"),
        ("weights", "meronym weights fetch"),
        ("doctor", "usage: meronym doctor"),
    ],
)
def test_help_of_each_verb_teaches(run: Any, verb: str, example: str) -> None:
    status, out, _ = run(f"{verb} --help")
    assert status == 0
    assert example in out


# ------------------------------------------------------------------------------------------------------------ segment


def test_segment_writes_its_files_and_says_what_it_found(run: Any, stool: Path, tiny: str, tmp_path: Path) -> None:
    options = f"--category stool --teacher {tiny} --views 3 --preview --out answer"
    status, out, err = run(f"segment stool.glb --prompts seat leg {options}")
    assert (status, err) == (0, "")
    written = [tmp_path / "answer" / name for name in ("parts.glb", "parts.ply", "parts.json", "preview.png")]
    assert sorted((tmp_path / "answer").iterdir()) == sorted(written)
    assert [Path(line) for line in out.splitlines()[-4:]] == [path.relative_to(tmp_path) for path in written]
    assert all(word in out for word in ("seat", "leg", "none of these", "share of area", "inferred"))
    answer = json.loads(written[2].read_text(encoding="utf-8"))
    assert answer["record"]["teacher"]["name"] == "builtin"
    assert answer["record"]["settings"]["category"] == "stool"
    assert isinstance(trimesh.load(written[0]), trimesh.Scene)
    with Image.open(written[3]) as picture:
        assert picture.width == 4 * 360
        assert picture.height > 2 * 360
        assert len(np.unique(np.asarray(picture).reshape(-1, 3), axis=0)) > 20


def test_the_default_folder_is_named_after_the_input(run: Any, stool: Path, tmp_path: Path) -> None:
    assert run("segment stool.glb --prompts seat --teacher fakes:Tinted --views 1")[0] == 0
    assert (tmp_path / "stool_parts" / "parts.glb").is_file()


def test_points_have_no_glb(run: Any, tmp_path: Path) -> None:
    np.savetxt(tmp_path / "cloud.xyz", np.random.default_rng(0).normal(size=(200, 3)))
    status, _, _ = run("segment cloud.xyz --prompts top --teacher fakes:Tinted --up=-z --views 2 --preview")
    assert status == 0
    names = sorted(path.name for path in (tmp_path / "cloud_parts").iterdir())
    assert names == ["parts.json", "parts.ply", "preview.png"]
    answer = json.loads((tmp_path / "cloud_parts" / "parts.json").read_text(encoding="utf-8"))
    assert answer["record"]["settings"]["up_axis"] == [0, 0, -1]


def test_nothing_found_is_said(run: Any, stool: Path) -> None:
    """The teacher sees black where the prompt needs white, or the other way round: one of the two is nowhere."""
    status, out, _ = run("segment stool.glb --prompts a b c d e f g h --teacher fakes:Tinted --views 2")
    assert status == 0
    assert "Nothing found for: " in out


# ----------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("segment none.glb --prompts leg", "InputError: none.glb: there is no such file"),
        ("segment empty.stl --prompts leg", "InputError: empty.stl: "),
        ("segment stool.glb --prompts leg leg", "InputError: prompts[1]: 'leg' repeats prompts[0]"),
        ("segment stool.glb --prompts leg --method magic", "InputError: method: expected one of lift"),
        ("segment stool.glb --prompts leg --teacher nobody", "PluginError: no teacher named 'nobody'"),
        ("segment stool.glb --prompts leg --teacher fakes:Raising", "PluginError: teacher Raising failed"),
        ("segment stool.glb --prompts leg --teacher fakes:Tinted --views 0", "InputError: number of views"),
        ("segment stool.glb --prompts leg --out empty.stl", "InputError: empty.stl: cannot be made: File exists"),
        ("evaluate labelled-psb --data nowhere --json x.json", "InputError: "),
        ("evaluate labelled-psb --data . --json no/such/x.json", "InputError: no/such/x.json: the folder"),
        ("weights verify minilm", "WeightsError: "),
        ("weights verify llama", "WeightsError: no weights named 'llama'"),
    ],
)
def test_errors_are_one_line_and_status_2(run: Any, stool: Path, tmp_path: Path, words: str, said: str) -> None:
    (tmp_path / "empty.stl").touch()
    status, out, err = run(words)
    assert status == 2
    assert out == ""
    assert err.startswith(f"meronym: {said}")
    assert err.count("\n") == 1


def test_a_word_that_is_no_verb_is_refused(run: Any) -> None:
    status, _, err = run("paint")
    assert status == 2
    assert "paint" in err


# ---------------------------------------------------------------------------------------------------- weights, doctor


def test_weights_list_says_what_is_missing(run: Any) -> None:
    status, out, _ = run("weights list")
    assert status == 0
    assert all(word in out for word in ("dinov2-small", "minilm", "Apache-2.0", "missing"))


def test_doctor_names_the_cure(run: Any) -> None:
    status, out, _ = run("doctor")
    assert status == 0
    assert all(word in out for word in ("python", "torch", "transformers", "torchvision", "GPU", "cores", "writable"))
    assert "meronym weights fetch minilm" in out


# ----------------------------------------------------------------------------------------------------------- evaluate


def test_evaluate_writes_its_report(run: Any, tmp_path: Path) -> None:
    box = trimesh.creation.box().subdivide()
    folder = tmp_path / "psb" / "Chair"
    folder.mkdir(parents=True)
    half = (np.asarray(box.triangles_center)[:, 1] > 0).astype(np.int8)
    arrays = {"V": np.asarray(box.vertices, np.float32), "F": np.asarray(box.faces, np.int32)}
    np.savez(folder / "1.npz", **arrays, face_label=half, names=np.array(["seat", "leg"]))
    status, out, _ = run("evaluate labelled-psb --data psb --json report.json --teacher fakes:Tinted --views 2")
    assert status == 0
    assert out.splitlines()[-1] == "report.json"
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert [row["shapes"] for row in report["categories"].values()] == [1]
    assert report["failures"] == {}
    assert report["teacher"] == {"name": "tinted"}
    assert 0 <= report["miou"] <= 100


# ------------------------------------------------------------------------------------------------------------ preview


def test_a_preview_of_a_result_without_labels(tmp_path: Path) -> None:
    cloud = PointCloud(np.random.default_rng(0).normal(size=(50, 3)))
    record = {"settings": {"up_axis": [0.0, 0.0, 1.0]}}
    nothing = Segmentation(np.full(50, -1), np.zeros((50, 1)), np.zeros(50, bool), ("leg",), cloud, record)
    with Image.open(save_preview(nothing, tmp_path / "p.png", size=64)) as picture:
        assert picture.size[0] == 4 * 64
    assert [path.name for path in tmp_path.iterdir()] == ["p.png"]
