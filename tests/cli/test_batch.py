"""`meronym batch`: every shape of a folder is named, and a second run goes on where the first was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import Asked, Loaded

from meronym import registry
from meronym.shapes import pretraining

pytestmark = pytest.mark.usefixtures("small_views")


@pytest.fixture
def command(students: str) -> str:
    return f"batch stools --prompts seat leg --teacher fakes:Counted --views 2 --out answers {students}"


def written(folder: Path) -> dict[str, int]:
    """When each result was written."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in sorted(folder.rglob("*.*"))
        if path.stem in ("parts", "result")
    }


def test_batch_names_all_and_goes_on_where_it_was(run: Any, stools: Path, command: str, tmp_path: Path) -> None:
    status, out, err = run(command)
    results = written(tmp_path / "answers")
    files = ("parts.glb", "parts.json", "parts.ply", "result.npz")
    meshes = [f"{name}/{file}" for name in ("high/bar.glb", "low.glb") for file in files]
    assert sorted(results) == sorted([*meshes, *(f"low.ply/{file}" for file in files[1:])])
    assert set(out.splitlines()) == {"answers/student.safetensors", *(f"answers/{name}" for name in results)}
    assert status == 2
    assert err.splitlines()[:3] == ["shapes ...", "distil ...", "name ..."]
    assert "broken.obj: InputError: " in err
    assert "1 shapes failed" in err.splitlines()[-1]
    (stools / "broken.obj").unlink()

    asked = Asked.count
    status, out, err = run(command)
    assert (status, Asked.count) == (0, asked), "the teacher is not asked again"
    again = written(tmp_path / "answers")
    assert again.keys() == results.keys()
    status, out, err = run(command)
    assert (status, out) == (0, "answers/student.safetensors\n")
    assert written(tmp_path / "answers") == again
    assert Asked.count == asked

    (tmp_path / "answers" / "low.glb" / "parts.json").unlink()
    assert "answers/low.glb/parts.json" in run(command)[1]
    assert written(tmp_path / "answers")["high/bar.glb/parts.json"] == again["high/bar.glb/parts.json"]


def test_results_of_another_student_are_made_again(run: Any, stools: Path, command: str, tmp_path: Path) -> None:
    for name in ("broken.obj", "low.ply", "high/bar.glb"):
        (stools / name).unlink()
    assert run(command)[0] == 0
    assert run(command.replace("seat leg", "top leg"))[0] == 0
    answer = json.loads((tmp_path / "answers" / "low.glb" / "parts.json").read_text(encoding="utf-8"))
    assert answer["record"]["student"]["prompts"] == ["top", "leg"]


def test_however_many_shapes_student_and_eyes_are_loaded_once(
    run: Any, stools: Path, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[Path] = []
    read = pretraining.load_student
    monkeypatch.setitem(registry._BUILT_IN["encoders"], "dinov2", "fakes:Loaded")
    monkeypatch.setattr(pretraining, "load_student", lambda path: files.append(path) or read(path))
    monkeypatch.setattr(Loaded, "count", 0)
    (stools / "broken.obj").unlink()
    training = f"{command} --epochs 1".replace("batch stools", "pretrain stools").replace("fakes:Counted", "fakes:Tinted")
    assert run(training)[0] == 0
    assert (Loaded.count, files) == (1, []), "by a teacher without eyes of its own"
    assert run(command.replace("fakes:Counted", "fakes:Tinted"))[0] == 0
    assert len(list((tmp_path / "answers").rglob("parts.json"))) == 3
    assert (Loaded.count, len(files)) == (2, 1)
