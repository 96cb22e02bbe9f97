"""`meronym pretrain`: one student for a folder, then shapes are named without a teacher."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import Asked
from stools import seat_and_leg

from meronym.students.head import load

pytestmark = pytest.mark.usefixtures("small_views")


def test_pretrain_then_segment_with_the_student(run: Any, stools: Path, stool: Path, students: str, tmp_path: Path) -> None:
    options = "--prompts seat leg --category stool --teacher fakes:Counted --backbone geometry --views 2 --epochs 2"
    status, out, err = run(f"pretrain stools {options} {students}")
    assert (status, out) == (0, "stools_student/student.safetensors\n")
    assert err == "shapes ...\ndistil ...\n"
    assert Asked.count == 3 + 1, "three shapes; and for the points, which way is up"
    record = load(tmp_path / out.strip())[1]
    assert record["failures"].keys() == {"broken.obj"}
    assert (record["shapes"], record["settings"]["epochs"]) == (3, 2)
    assert [record["settings"][name] for name in ("points", "batch", "steps")] == [200, 100, 1]
    status, out, err = run(f"segment stool.glb --student {out.strip()} --teacher fakes:Raising --preview --out answer")
    assert status == 0
    names = {path.name for path in (tmp_path / "answer").iterdir()}
    assert names == {"parts.glb", "parts.ply", "parts.json", "result.npz", "preview.png"}
    answer = json.loads((tmp_path / "answer" / "parts.json").read_text(encoding="utf-8"))
    assert answer["record"]["student"]["shapes"] == 3
    assert "teacher" not in answer["record"]
    assert Asked.count == 4
    status, out, err = run("segment stool.glb --student stools_student/student.safetensors --prompts wheel")
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith("meronym: InputError: this student knows seat, leg only.")


def test_labels_beside_a_few_shapes_are_mixed_in(run: Any, stools: Path, students: str, tmp_path: Path) -> None:
    few = tmp_path / "few"
    few.mkdir()
    mesh = seat_and_leg(1)
    mesh.export(few / "one.ply")
    np.save(few / "one.labels.npy", (np.arange(len(mesh.faces)) >= 12).astype(int))
    command = "pretrain stools --prompts seat leg --teacher fakes:Counted --backbone geometry --views 2 --epochs 1"
    command = f"{command} {students}"
    assert run(f"{command} --out plain")[0] == 0
    assert run(f"{command} --labelled few --out mixed")[0] == 0
    plain, mixed = (load(tmp_path / name / "student.safetensors") for name in ("plain", "mixed"))
    assert (plain[1]["labelled"], mixed[1]["labelled"]) == (0, 1)
    assert not torch.equal(plain[0].directions, mixed[0].directions)
