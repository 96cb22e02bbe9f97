"""`meronym evaluate`: figures of methods on labelled shapes and scenes, as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image
from tiny_capture import HEIGHT, WIDTH

pytestmark = pytest.mark.usefixtures("small_views")
TEACHER = "--teacher tiny_capture:Colours"


@pytest.fixture
def psb(tmp_path: Path) -> Path:
    """A folder like that of the labelled PSB, with one chair."""
    box = trimesh.creation.box().subdivide()
    folder = tmp_path / "psb" / "Chair"
    folder.mkdir(parents=True)
    half = (np.asarray(box.triangles_center)[:, 1] > 0).astype(np.int8)
    arrays = {"V": np.asarray(box.vertices, np.float32), "F": np.asarray(box.faces, np.int32)}
    np.savez(folder / "1.npz", **arrays, face_label=half, names=np.array(["seat", "leg"]))
    return tmp_path / "psb"


@pytest.mark.usefixtures("psb")
def test_of_shapes_there_are_a_table_a_report_and_a_plot(run: Any, tmp_path: Path) -> None:
    options = "--methods lift,vote --teacher fakes:Tinted --views 2 --protocol p1-class"
    status, out, err = run(f"evaluate labelled-psb --data psb --out results {options}")
    assert (status, err) == (0, "evaluate ...\n")
    assert out.splitlines()[-3:] == ["results/table.md", "results/report.json", "results/plot.png"]
    text = (tmp_path / "results" / "table.md").read_text(encoding="utf-8")
    assert out.startswith(text)
    assert "| category | lift | vote | majority | random | items |" in text
    assert "p1-class: IoU := 1 for a part absent from both" in text
    (one_word,) = (line for line in text.splitlines() if line.startswith("| one word |"))
    assert "-" not in one_word
    assert "absent word, alone: words for what such a thing has not" in text
    report = json.loads((tmp_path / "results" / "report.json").read_text(encoding="utf-8"))
    assert report["teacher"] == {"name": "tinted"}
    assert list(report["methods"]) == ["lift", "vote"]
    for row in report["methods"].values():
        assert [category["items"] for category in row["categories"].values()] == [1]
        assert row["failures"] == {}
        assert 0 <= row["miou"] <= 100
    with Image.open(tmp_path / "results" / "plot.png") as picture:
        assert picture.width > 300


@pytest.mark.usefixtures("psb")
def test_single_words_can_be_left_out(run: Any, tmp_path: Path) -> None:
    status, out, _ = run("evaluate labelled-psb --data psb --out results --teacher fakes:Sighted --views 2 --no-words")
    assert status == 0
    assert "| category | recognise | majority | random | items |" in out
    assert "| one word | - |" in out
    (tmp_path / "scene").mkdir()
    status, _, err = run("evaluate 3d-ovs --data scene --out results --no-words")
    assert status != 0
    assert "--no-words: means nothing for scenes" in err


def test_of_scenes_there_are_a_table_and_a_report(run: Any, scene: Path, made: list[int], tmp_path: Path) -> None:
    with (scene / "segmentations" / "classes.txt").open("a", encoding="utf-8") as classes:
        classes.write("unseen thing\n")
    for view in range(14):
        Image.new("L", (WIDTH, HEIGHT)).save(scene / "segmentations" / str(view) / "unseen thing.png")
    status, out, err = run(f"evaluate 3d-ovs --data scene --out results --methods lift,teacher-alone {TEACHER}")
    assert status == 0
    assert "Traceback" not in err
    assert out.splitlines()[-3:] == ["results/table.md", "results/report.json", "results/plot.png"]
    text = (tmp_path / "results" / "table.md").read_text(encoding="utf-8")
    assert out.startswith(text)
    assert "| category | lift | teacher-alone | items |" in text
    assert "held-out" in text
    report = json.loads((tmp_path / "results" / "report.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    rows = report["methods"]
    assert list(rows) == ["lift", "teacher-alone"]
    for row in rows.values():
        assert row["miou"] > 60, "what does not occur has no figure"
    assert made == [12]
    assert run(f"evaluate 3d-ovs --data scene --out results --methods lift {TEACHER}")[0] == 0
    assert made == [12], "it is kept in OUT"
