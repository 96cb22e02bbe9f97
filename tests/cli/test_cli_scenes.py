"""What the command line does with photos: one command to an answer, and errors that name the cure."""

from __future__ import annotations

import json
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_capture
import trimesh
from capture_files import Scene, write_colmap, write_photos
from PIL import Image
from tiny_capture import HEIGHT, NAMES, WIDTH, hasty, write_capture

from meronym.cli import scenes
from meronym.io.captures import sfm
from meronym.scenes import fly_through, meshing, pipeline

TEACHER = "--teacher tiny_capture:Colours"


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return write_capture(tmp_path / "scene")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Photos of each scene that was reconstructed, in few steps; films are short, surfaces coarse."""
    monkeypatch.setattr(pipeline, "fly_through_of", partial(fly_through.fly_through_of, pictures=4))
    monkeypatch.setattr(pipeline, "mesh_of_surface", partial(meshing.mesh_of_surface, cells=24))
    return hasty(monkeypatch)


def test_segment_then_query(run: Any, scene: Path, made: list[int], tmp_path: Path) -> None:
    pytest.importorskip("skimage")
    status, out, err = run(f"segment scene --method lift {TEACHER} --size 32 --film gif --mesh")
    assert status == 0
    assert "Traceback" not in err
    assert all(f"{stage} " in err for stage in ("load", "photos", "reconstruct", "features", "lift", "name"))
    assert "0/1" not in err, "all stages have ended"
    folder = Path("scene_parts")
    names = ["contact_sheet.png", "points.ply", "coco.json", "scene.json", "features.safetensors", "flight.gif", "scene.glb"]
    assert out.splitlines()[-7:] == [str(folder / name) for name in names]
    assert all((folder / name).is_file() for name in names)
    assert all(word in out for word in (*NAMES, "none of these", "share of pixels", "dB on held-out views"))
    with Image.open(folder / "labels" / "00.png") as picture:
        assert picture.size == (32, 24)

    status, out, _ = run(f'segment scene --prompts "red thing" "blue thing" --method lift {TEACHER} --size 32')
    assert (status, made) == (0, [12]), "the reconstruction is kept"
    assert out.splitlines()[-1] == str(folder / "features.safetensors"), "no film and no mesh were asked for"
    assert [prompt["prompt"] for prompt in json.loads((folder / "scene.json").read_text())["prompts"]] == [
        "red thing",
        "blue thing",
    ]

    status, out, err = run('query scene_parts --prompts "red one" blue')
    assert (status, err) == (0, "")
    assert out.splitlines()[-1] == "scene_parts/query/points.ply"
    assert "Answered in " in out
    place = next(line for line in out.splitlines() if "red one" in line).split("│")[3].split()
    low, high = tiny_capture._CORNERS["red box"]
    assert all(a - 0.2 < float(x) < b + 0.2 for x, a, b in zip(place, low, high, strict=True)), "where red is best"
    status, out, _ = run("query scene_parts/features.safetensors --prompts grey --out other")
    assert (status, out.splitlines()[-1]) == (0, "other/points.ply")
    assert len(trimesh.load("other/points.ply").vertices) == len(trimesh.load("scene_parts/points.ply").vertices)


def test_a_method_that_keeps_no_features_cannot_be_asked_again(run: Any, scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch, steps=10)
    status, out, _ = run(f"segment scene --method teacher-alone {TEACHER} --size 24 --out answer")
    assert status == 0
    assert out.splitlines()[-1] == "answer/scene.json"
    status, out, err = run("query answer --prompts red")
    assert (status, out) == (2, "")
    assert err == (
        "meronym: InputError: answer/features.safetensors: there is no such file. "
        "Segment with a method that keeps features: 3d-ovs, lift or ffd.\n"
    )


def test_evaluate_writes_table_and_report(run: Any, scene: Path, made: list[int], tmp_path: Path) -> None:
    with (scene / "segmentations" / "classes.txt").open("a", encoding="utf-8") as classes:
        classes.write("unseen thing\n")
    for view in range(14):
        Image.new("L", (WIDTH, HEIGHT)).save(scene / "segmentations" / str(view) / "unseen thing.png")
    status, out, err = run(f"evaluate 3d-ovs --data scene --out results --methods lift,teacher-alone {TEACHER}")
    assert status == 0
    assert "Traceback" not in err
    assert out.splitlines()[-2:] == ["results/table.md", "results/report.json"]
    text = (tmp_path / "results" / "table.md").read_text(encoding="utf-8")
    assert out.startswith(text)
    assert "| method | scene | mean | 3D-OVS's mIoU | its accuracy |" in text
    assert "mIoU (standard), held-out views" in text
    report = json.loads((tmp_path / "results" / "report.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    rows = report["scenes"]["scene"]["methods"]
    assert list(rows) == ["lift", "teacher-alone"]
    for row in rows.values():
        assert row["held-out views"]["miou"] > 60
        assert row["held-out views"]["per_prompt"][3] is None, "what does not occur has no figure"
    assert made == [12]
    assert run(f"evaluate 3d-ovs --data scene --out results --methods lift {TEACHER}")[0] == 0
    assert made == [12], "it is kept in OUT"


# ----------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("segment nowhere --prompts leg", "InputError: nowhere: "),
        ("segment nowhere.json --prompts leg", "InputError: nowhere.json: there is no such file or folder"),
        ("segment scene --category kitchen --repair", "InputError: --category, --repair: means nothing for photos"),
        ("evaluate 3d-ovs --data scene --out x --limit 2", "InputError: --limit: means nothing for scenes"),
        ("segment empty --prompts leg", "InputError: empty: 0 photos, but no poses"),
        ("segment loose --prompts leg", "MissingExtra: finding the poses of photos needs pycolmap"),
        ("segment scene --out scene", "InputError: scene: the output would overwrite the input"),
        ("query nowhere --prompts leg", "InputError: nowhere: "),
        ("query scene --prompts leg", "InputError: scene/features.safetensors: there is no such file"),
        ("query scene --prompts leg leg", "InputError: prompts[1]: 'leg' repeats prompts[0]"),
        ("evaluate 3d-ovs --data nowhere --out x", "InputError: threedovs: nowhere is not a folder"),
        ("evaluate 3d-ovs --data empty --out x", "InputError: empty: no scenes there"),
        ("scenes render --out scene", "InputError: scene: is there already"),
    ],
)
def test_errors_are_one_line_and_status_2(
    run: Any, scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    write_photos(tmp_path / "loose", Scene(count=3))
    monkeypatch.setitem(sys.modules, "pycolmap", None)
    status, out, err = run(words)
    assert (status, out) == (2, "")
    assert err.startswith(f"meronym: {said}")
    assert err.count("\n") == 1
    assert not (tmp_path / "nowhere_parts").exists(), "a typo leaves nothing behind"
    if "loose" in words:
        assert "pip install 'meronym[poses]'" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (f"--method magic {TEACHER}", "PluginError: no scene_method named 'magic'; known: 3d-ovs, "),
        ("--teacher fakes:Tinted", "PluginError: teacher tinted: cannot name scenes"),
        (f"--size 3 {TEACHER}", "InputError: size: expected at least 16 pixels, got 3."),
    ],
)
def test_below_a_progress_bar_the_error_is_the_last_line(
    run: Any, scene: Path, made: list[int], options: str, said: str
) -> None:
    status, out, err = run(f"segment scene {options}")
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith(f"meronym: {said}")
    assert made == []


# ------------------------------------------------------------------------------------------------- photos without poses


def test_poses_are_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the photos lie in the folder or in images/; and again only if there are other photos."""
    loose, work = tmp_path / "loose", tmp_path / "answer" / "sfm"
    write_photos(loose / "images", Scene(count=3))
    asked: list[Path] = []

    def register(folder: Path, place: Path) -> Path:
        asked.append(folder)
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder, place / "images")
        write_colmap(place / "sparse" / "0", Scene(count=3))
        return place / "sparse" / "0"

    monkeypatch.setattr(sfm, "register", register)
    for _ in range(3):
        assert len(captures_of(loose, work)) == 3
    assert asked == [loose / "images"]
    write_photos(loose / "images", Scene(count=4))
    captures_of(loose, work)
    assert asked == 2 * [loose / "images"]


def captures_of(folder: Path, work: Path) -> list[np.ndarray]:
    from meronym.io.captures.read import read_capture

    return list(read_capture(scenes._posed(folder, work)).cameras.world_from_camera.numpy())
