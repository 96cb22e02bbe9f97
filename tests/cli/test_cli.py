"""The command line, as a user meets it: help that teaches, files that appear, errors in one line."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import trimesh
from fakes import Asked, Loaded
from PIL import Image

from meronym import registry
from meronym.io.pictures import save_preview
from meronym.methods import part_distill
from meronym.results import Segmentation
from meronym.shapes import pretraining
from meronym.students.head import load
from meronym.teachers.builtin import BuiltinTeacher
from meronym.types import PointCloud

pytestmark = pytest.mark.usefixtures("small_views")


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
    assert all(verb in out for verb in ("segment", "query", "pretrain", "batch", "evaluate", "scenes", "weights", "doctor"))


@pytest.mark.parametrize(
    ("verb", "example"),
    [
        ("segment", "meronym segment chair.glb --prompts seat backrest leg armrest"),
        ("segment", "--student"),
        ("segment", 'meronym segment kitchen/ --prompts kettle mug "wooden table" --film gif'),
        ("query", 'meronym query kitchen_parts --prompts teapot "cutting board"'),
        ("scenes", "meronym scenes render --out scene/ --seed 3"),
        ("pretrain", "meronym segment new_chair.glb --student chairs_student/student.safetensors"),
        ("batch", "meronym batch chairs/ --prompts seat backrest leg armrest --category chair"),
        ("evaluate", "meronym evaluate labelled-psb --data psb/ --names names.json --methods lift,vote,part-distill"),
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
        ("segment stool.glb --prompts leg --method magic", "PluginError: no method named 'magic'; known: lift, "),
        ("segment stool.glb --prompts leg --teacher nobody", "PluginError: no teacher named 'nobody'"),
        ("segment stool.glb --prompts leg --teacher fakes:Raising", "PluginError: teacher Raising failed"),
        ("segment stool.glb --prompts leg --teacher fakes:Tinted --views 0", "InputError: number of views"),
        ("segment stool.glb --prompts leg --out empty.stl", "InputError: empty.stl: cannot be made: File exists"),
        ("segment stool.glb --student none.safetensors", "WeightsError: none.safetensors: not a student"),
        ("segment stool.glb", "InputError: prompts: none given"),
        ("segment stool.glb --prompts leg --film gif", "InputError: --film: means nothing for shapes"),
        ("pretrain nowhere --prompts leg", "InputError: nowhere: there is no such folder"),
        ("batch . --prompts leg --out ./results", "InputError: results: lies in ., all of which is read."),
        ("evaluate labelled-psb --data nowhere --out x", "InputError: labelled_psb: nowhere is not a folder"),
        ("evaluate folder --data . --out empty.stl --prompts leg", "InputError: empty.stl: cannot be made: File exists"),
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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("pretrain . --prompts leg --backbone eyes", "PluginError: no student named 'eyes'; known: geometry, lifted, "),
        (
            "evaluate folder --data . --out x --prompts leg --methods lift,magic",
            "PluginError: no method named 'magic'; known: ",
        ),
        (
            "pretrain . --prompts leg --teacher fakes:Tinted --out stool.glb",
            "InputError: stool.glb/examples: cannot be made: Not a directory",
        ),
        ("evaluate folder --data . --out x --prompts leg --protocol best", "InputError: protocol: expected one of "),
    ],
)
def test_below_a_progress_bar_the_error_is_the_last_line(run: Any, stool: Path, words: str, said: str) -> None:
    status, out, err = run(words)
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith(f"meronym: {said}")


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


# ----------------------------------------------------------------------------------------------------- pretrain, batch


@pytest.fixture
def students(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small ones, who see colours, and a count of questions that begins at 0."""
    small = replace(part_distill.DEFAULT, points=200, batch=100, steps=1)
    monkeypatch.setattr(part_distill, "DEFAULT", small)
    monkeypatch.setitem(registry._BUILT_IN["encoders"], "dinov2", "fakes:Sighted")
    monkeypatch.setattr(Asked, "count", 0)


def seat_and_leg(leg: float) -> trimesh.Trimesh:
    parts = [trimesh.creation.box((1, 0.1, 1)), trimesh.creation.box((0.1, leg, 0.1)).apply_translation((0, -leg / 2, 0))]
    return trimesh.util.concatenate(parts)


@pytest.fixture
def stools(tmp_path: Path) -> Path:
    """Four files: two meshes, one of them in a folder of its own, points, and one that cannot be read."""
    folder = tmp_path / "stools"
    (folder / "high").mkdir(parents=True)
    seat_and_leg(0.5).export(folder / "low.glb")
    seat_and_leg(1.5).export(folder / "high" / "bar.glb")
    points, _ = trimesh.sample.sample_surface(seat_and_leg(1), 300, seed=0)
    trimesh.PointCloud(points).export(folder / "low.ply")
    (folder / "broken.obj").write_text("nothing\n", encoding="utf-8")
    return folder


@pytest.mark.usefixtures("students")
def test_pretrain_then_segment_with_the_student(run: Any, stools: Path, stool: Path, tmp_path: Path) -> None:
    options = "--prompts seat leg --category stool --teacher fakes:Counted --backbone geometry --views 2 --epochs 2"
    status, out, _ = run(f"pretrain stools {options}")
    assert (status, out) == (0, "stools_student/student.safetensors\n")
    assert Asked.count == 3 + 1, "three shapes; and for the points, which way is up"
    record = load(tmp_path / out.strip())[1]
    assert record["failures"].keys() == {"broken.obj"}
    assert (record["shapes"], record["settings"]["epochs"]) == (3, 2)
    status, out, err = run(f"segment stool.glb --student {out.strip()} --teacher fakes:Raising --preview --out answer")
    assert (status, err) == (0, "")
    names = {path.name for path in (tmp_path / "answer").iterdir()}
    assert names == {"parts.glb", "parts.ply", "parts.json", "preview.png"}
    answer = json.loads((tmp_path / "answer" / "parts.json").read_text(encoding="utf-8"))
    assert answer["record"]["student"]["shapes"] == 3
    assert "teacher" not in answer["record"]
    assert Asked.count == 4
    status, out, err = run("segment stool.glb --student stools_student/student.safetensors --prompts wheel")
    assert (status, out) == (2, "")
    assert err.startswith("meronym: InputError: this student knows seat, leg only.")


@pytest.mark.usefixtures("students")
def test_labels_beside_a_few_shapes_are_mixed_in(run: Any, stools: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    few.mkdir()
    mesh = seat_and_leg(1)
    mesh.export(few / "one.ply")
    np.save(few / "one.labels.npy", (np.arange(len(mesh.faces)) >= 12).astype(int))
    command = "pretrain stools --prompts seat leg --teacher fakes:Counted --backbone geometry --views 2 --epochs 1"
    assert run(f"{command} --out plain")[0] == 0
    assert run(f"{command} --labelled few --out mixed")[0] == 0
    plain, mixed = (load(tmp_path / name / "student.safetensors") for name in ("plain", "mixed"))
    assert (plain[1]["labelled"], mixed[1]["labelled"]) == (0, 1)
    assert not torch.equal(plain[0].directions, mixed[0].directions)


BATCH = "batch stools --prompts seat leg --teacher fakes:Counted --views 2 --out answers"


def written(folder: Path) -> dict[str, int]:
    """When each result was written."""
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in sorted(folder.rglob("parts.*"))}


@pytest.mark.usefixtures("students")
def test_batch_names_all_and_goes_on_where_it_was(run: Any, stools: Path, tmp_path: Path) -> None:
    status, out, err = run(BATCH)
    results = written(tmp_path / "answers")
    meshes = [f"{name}/parts.{ending}" for name in ("high/bar.glb", "low.glb") for ending in ("glb", "json", "ply")]
    assert list(results) == sorted([*meshes, "low.ply/parts.json", "low.ply/parts.ply"])
    assert set(out.splitlines()) == {"answers/student.safetensors", *(f"answers/{name}" for name in results)}
    assert status == 2
    assert "broken.obj: InputError: " in err
    assert "1 shapes failed" in err.splitlines()[-1]
    (stools / "broken.obj").unlink()

    asked = Asked.count
    status, out, err = run(BATCH)
    assert (status, Asked.count) == (0, asked), "the teacher is not asked again"
    again = written(tmp_path / "answers")
    assert again.keys() == results.keys()
    status, out, err = run(BATCH)
    assert (status, out) == (0, "answers/student.safetensors\n")
    assert written(tmp_path / "answers") == again
    assert Asked.count == asked

    (tmp_path / "answers" / "low.glb" / "parts.json").unlink()
    assert "answers/low.glb/parts.json" in run(BATCH)[1]
    assert written(tmp_path / "answers")["high/bar.glb/parts.json"] == again["high/bar.glb/parts.json"]


@pytest.mark.usefixtures("students")
def test_results_of_another_student_are_made_again(run: Any, stools: Path, tmp_path: Path) -> None:
    for name in ("broken.obj", "low.ply", "high/bar.glb"):
        (stools / name).unlink()
    assert run(BATCH)[0] == 0
    assert run(BATCH.replace("seat leg", "top leg"))[0] == 0
    answer = json.loads((tmp_path / "answers" / "low.glb" / "parts.json").read_text(encoding="utf-8"))
    assert answer["record"]["student"]["prompts"] == ["top", "leg"]


@pytest.mark.usefixtures("students")
def test_however_many_shapes_student_and_eyes_are_loaded_once(
    run: Any, stools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[Path] = []
    read = pretraining.load_student
    monkeypatch.setitem(registry._BUILT_IN["encoders"], "dinov2", "fakes:Loaded")
    monkeypatch.setattr(pretraining, "load_student", lambda path: files.append(path) or read(path))
    monkeypatch.setattr(Loaded, "count", 0)
    (stools / "broken.obj").unlink()
    assert run("pretrain stools --prompts seat leg --teacher fakes:Tinted --views 2 --epochs 1 --out answers")[0] == 0
    assert (Loaded.count, files) == (1, []), "by a teacher without eyes of its own"
    assert run(BATCH.replace("fakes:Counted", "fakes:Tinted"))[0] == 0
    assert len(list((tmp_path / "answers").rglob("parts.json"))) == 3
    assert (Loaded.count, len(files)) == (2, 1)


# ----------------------------------------------------------------------------------------------------------- evaluate


def test_evaluate_writes_table_report_and_plot(run: Any, tmp_path: Path) -> None:
    box = trimesh.creation.box().subdivide()
    folder = tmp_path / "psb" / "Chair"
    folder.mkdir(parents=True)
    half = (np.asarray(box.triangles_center)[:, 1] > 0).astype(np.int8)
    arrays = {"V": np.asarray(box.vertices, np.float32), "F": np.asarray(box.faces, np.int32)}
    np.savez(folder / "1.npz", **arrays, face_label=half, names=np.array(["seat", "leg"]))
    options = "--methods lift,vote --teacher fakes:Tinted --views 2 --protocol p1-class"
    status, out, _ = run(f"evaluate labelled-psb --data psb --out results {options}")
    assert status == 0
    assert out.splitlines()[-3:] == ["results/table.md", "results/report.json", "results/plot.png"]
    text = (tmp_path / "results" / "table.md").read_text(encoding="utf-8")
    assert out.startswith(text)
    assert "| category | lift | vote | majority | random | shapes |" in text
    assert "p1-class: IoU := 1 for a part absent from both" in text
    report = json.loads((tmp_path / "results" / "report.json").read_text(encoding="utf-8"))
    assert report["teacher"] == {"name": "tinted"}
    assert list(report["methods"]) == ["lift", "vote"]
    for row in report["methods"].values():
        assert [category["shapes"] for category in row["categories"].values()] == [1]
        assert row["failures"] == {}
        assert 0 <= row["miou"] <= 100
    with Image.open(tmp_path / "results" / "plot.png") as picture:
        assert picture.width > 300


# ------------------------------------------------------------------------------------------------------------ preview


def test_a_preview_of_a_result_without_labels(tmp_path: Path) -> None:
    cloud = PointCloud(np.random.default_rng(0).normal(size=(50, 3)))
    record = {"settings": {"up_axis": [0.0, 0.0, 1.0]}}
    nothing = Segmentation(np.full(50, -1), np.zeros((50, 1)), np.zeros(50, bool), ("leg",), cloud, record)
    with Image.open(save_preview(nothing, tmp_path / "p.png", size=64)) as picture:
        assert picture.size[0] == 4 * 64
    assert [path.name for path in tmp_path.iterdir()] == ["p.png"]
