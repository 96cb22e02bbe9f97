"""`meronym segment`: one command to an answer, of shapes and of photos."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image
from splat_files import cameras_json, ply, some_rows
from tiny_capture import NAMES

from meronym.cli.segment import segment
from meronym.io.captures import sfm
from meronym.io.captures.sfm import Registration
from meronym.io.shapes import read, write

pytestmark = pytest.mark.usefixtures("small_views")
TEACHER = "--teacher tiny_capture:Colours"


# ------------------------------------------------------------------------------------------------------------- shapes


def test_segment_writes_its_files_and_says_what_it_found(run: Any, stool: Path, tiny: str, tmp_path: Path) -> None:
    options = f"--category stool --teacher {tiny} --views 3 --preview --out answer"
    status, out, err = run(f"segment stool.glb --prompts seat leg {options}")
    assert status == 0
    said = [line for line in err.splitlines() if not line.endswith(" ...")]
    missing = [name for name in ("seat", "leg") if f"'{name}': nothing here is recognised as one." in said]
    assert len(said) == len(missing), "stages, and words that name nothing"
    assert err.startswith("read ...\nload ...\n")
    assert err.splitlines()[-1 - len(missing)] == "write ..."
    written = [tmp_path / "answer" / name for name in ("parts.glb", "parts.ply", "result.npz", "parts.json", "preview.png")]
    assert sorted((tmp_path / "answer").iterdir()) == sorted(written)
    assert [Path(line) for line in out.splitlines()[-5:]] == [path.relative_to(tmp_path) for path in written]
    columns = ("instances", "share of area", "inferred")
    assert all(word in out for word in ("seat", "leg", "none of these", *columns, "Device cpu."))
    answer = json.loads(written[3].read_text(encoding="utf-8"))
    assert [part["prompt"] for part in answer["parts"] if part["faces"] == 0 and part["prompt"]] == missing
    assert answer["record"]["teacher"]["name"] == "builtin"
    assert answer["record"]["words"].keys() == {"seat", "leg"}
    assert answer["record"]["settings"]["category"] == "stool"
    assert isinstance(trimesh.load(written[0]), trimesh.Scene)
    with Image.open(written[4]) as picture:
        assert picture.width == 4 * 360
        assert picture.height > 2 * 360
        assert len(np.unique(np.asarray(picture).reshape(-1, 3), axis=0)) > 20


def test_the_default_folder_is_named_after_the_input(run: Any, stool: Path, tmp_path: Path) -> None:
    assert run("segment stool.glb --prompts seat --teacher fakes:Tinted --views 1")[0] == 0
    assert (tmp_path / "stool_parts" / "parts.glb").is_file()


def test_one_file_instead_of_a_folder_and_what_was_not_read(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.usda").write_text('#usda 1.0\ndef Cube "a" {}\ndef Cone "b" {}\ndef BasisCurves "c" {}\n')
    options = "--prompts seat leg --teacher fakes:Tinted --views 1"
    status, out, err = run(f"segment a.usda {options} --out a.3mf --capped --preview")
    assert status == 0, err
    assert "Note: not read of the file: prims left out 1." in err
    assert out.splitlines()[-2:] == ["a.3mf", "a_preview.png"]
    assert (tmp_path / "a_preview.png").is_file()
    assert not (tmp_path / "a_parts").exists()
    assert trimesh.load_scene(tmp_path / "a.3mf").geometry


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--out a.stl", "results are not written as '.stl'. Use .glb .vrm .ply .obj .3mf .usdz .usda .usdc .urdf .npz .json,"),
        ("--out a.glb --capped", "parts are capped in .3mf files only"),
        ("--capped", "parts are capped in .3mf files only"),
        ("--out gone/a.3mf", "does not exist"),
        ("--out stool.glb", "would overwrite the input"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_the_work(run: Any, stool: Path, options: str, said: str) -> None:
    status, _, err = run(f"segment stool.glb --prompts seat {options}")
    assert status == 2
    assert said in err
    assert "read ..." not in err


def test_the_help_names_all_formats() -> None:
    words = set(re.split(r"[\s(),:]+|\.\s", segment.__doc__ or ""))
    assert set(read.ENDINGS) <= words
    assert {ending[1:].upper() for ending in write.ENDINGS if not ending.startswith(".usd")} <= words


def test_points_have_no_glb(run: Any, tmp_path: Path) -> None:
    np.savetxt(tmp_path / "cloud.xyz", np.random.default_rng(0).normal(size=(200, 3)))
    status, _, _ = run("segment cloud.xyz --prompts top --teacher fakes:Tinted --up=-z --views 2 --preview")
    assert status == 0
    names = sorted(path.name for path in (tmp_path / "cloud_parts").iterdir())
    assert names == ["parts.json", "parts.ply", "preview.png", "result.npz"]
    answer = json.loads((tmp_path / "cloud_parts" / "parts.json").read_text(encoding="utf-8"))
    assert answer["record"]["settings"]["up_axis"] == [0, 0, -1]


def test_nothing_found_is_said(run: Any, stool: Path) -> None:
    """The teacher sees black where the prompt needs white, or the other way round: one of the two is nowhere."""
    status, out, err = run("segment stool.glb --prompts a b c d e f g [bold] --teacher fakes:Tinted --views 2")
    assert status == 0
    nowhere = [line for line in err.splitlines() if not line.endswith(" ...")]
    assert nowhere
    assert all(line.endswith("': nothing here is recognised as one.") for line in nowhere)
    assert "│ [bold] " in out, "words are no markup"


# ------------------------------------------------------------------------------------------------------------- photos


def test_photos_become_files_and_a_table(run: Any, scene: Path, made: list[int]) -> None:
    pytest.importorskip("skimage")
    status, out, err = run(f"segment scene --method lift {TEACHER} --size 32 --film gif --mesh")
    assert status == 0
    assert "Traceback" not in err
    assert all(f"{stage} " in err for stage in ("load", "photos", "reconstruct", "features", "lift", "name"))
    folder = Path("scene_parts")
    names = ["contact_sheet.png", "points.ply", "coco.json", "scene.json", "features.safetensors", "flight.gif", "scene.glb"]
    assert out.splitlines()[-7:] == [str(folder / name) for name in names]
    assert all((folder / name).is_file() for name in names)
    assert all(word in out for word in (*NAMES, "none of these", "share of pixels", "dB on held-out views", "Device cpu."))
    for place, size in (("labels", (48, 36)), ("photos", (32, 24))):
        with Image.open(folder / place / "00.png") as picture:
            assert picture.size == size, "label maps are as large as the photos are on the disk"

    status, out, _ = run(f'segment scene --prompts "red thing" "blue thing" --method lift {TEACHER} --size 32')
    assert (status, made) == (0, [12]), "the reconstruction is kept"
    assert out.splitlines()[-1] == str(folder / "features.safetensors"), "no film and no mesh were asked for"
    assert [prompt["prompt"] for prompt in json.loads((folder / "scene.json").read_text())["prompts"]] == [
        "red thing",
        "blue thing",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (f"--method magic {TEACHER}", "PluginError: no method named 'magic'; known: 3d-ovs, "),
        ("--teacher fakes:Tinted", "PluginError: the teacher cannot compare pictures with words"),
        (f"--size 3 {TEACHER}", "InputError: size: expected at least 16 pixels, got 3."),
    ],
)
def test_below_the_progress_the_error_is_the_last_line(run: Any, scene: Path, made: list[int], options: str, said: str) -> None:
    status, out, err = run(f"segment scene {options}")
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith(f"meronym: {said}")
    assert made == []


# ------------------------------------------------------------------------------------------------- photos without poses


@pytest.mark.usefixtures("made")
def test_photos_without_poses_are_registered_once_all_else_is_known_to_be_right(
    run: Any, scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether they lie in the folder or in images/."""
    loose, asked = tmp_path / "loose", list[tuple[Path, Path]]()
    shutil.copytree(scene / "images", loose / "images")

    def register(folder: Path, work: Path, progress: Any) -> Registration:
        asked.append((folder, work))
        shutil.copytree(scene, work, dirs_exist_ok=True)
        progress("find poses", 0, 14)
        return Registration(work, "1 of 15 photos found no place beside the others.")

    monkeypatch.setattr(sfm, "register", register)
    options = f"--method lift {TEACHER} --size 32"
    wrong = (
        "",
        "--prompts red red",
        "--prompts red --set lift.weight=1",
        "--prompts red --method magic",
        "--prompts red --size 8",
    )
    for more in wrong:
        assert run(f"segment loose {options} {more}")[0] == 2
    assert asked == []
    status, _, err = run(f"segment loose {options} --prompts red blue")
    assert status == 0
    assert asked == [(Path("loose/images"), Path("loose_parts/sfm"))]
    assert "find poses ...\nNote: 1 of 15 photos found no place beside the others.\n" in err


# ---------------------------------------------------------------------------------------------------------- Gaussians


def test_gaussians_come_back_labelled_and_one_file_a_part(run: Any, tmp_path: Path) -> None:
    """From a folder that 3DGS wrote as from a file; floaters are counted in a sentence."""
    rows = some_rows(400, 0)
    rows["opacity"] = 3
    far = rows[:30].copy()
    far["x"], far["opacity"] = far["x"] * 40 + 30, -4
    place = tmp_path / "thing" / "point_cloud" / "iteration_7000"
    place.mkdir(parents=True)
    file = ply(place / "point_cloud.ply", vertex=np.concatenate([rows, far]))
    options = "--prompts red blue --teacher fakes:Tinted --method lift --views 2 --preview"
    status, out, _ = run(f"segment {file} {options} --up y --out one")
    assert status == 0
    assert " of 430 Gaussians are floaters" in out
    assert (tmp_path / "one" / "preview.png").is_file()
    assert not (tmp_path / "one" / "parts.glb").exists()
    status, out, _ = run(f"segment thing {options} --up y")
    assert status == 0
    parts = sorted(path.relative_to(tmp_path) for path in (tmp_path / "thing_parts" / "objects").iterdir())
    assert parts
    assert {str(part) for part in parts} <= set(out.splitlines())
    assert "Taken for a scene" not in out
    assert (tmp_path / "one" / "parts.ply").read_bytes() == (tmp_path / "thing_parts" / "parts.ply").read_bytes()
    status, _, err = run("segment thing --prompts red --size 300")
    assert status != 0
    assert "--size: means nothing for shapes" in err
    cameras_json(tmp_path / "thing" / "cameras.json", 4 * np.array([[np.cos(a), np.sin(a), 0.3] for a in np.linspace(0, 5, 9)]))
    for more, said in (("", True), ("--category toy", False)):
        status, out, _ = run(f"segment thing {options} {more}")
        assert status == 0
        assert ("Taken for a scene" in out) == said
