"""`meronym query`: other words for a segmented scene, and whose features these are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tiny_capture
import trimesh
from PIL import Image
from tiny_capture import hasty

from meronym import registry

TEACHER = "--teacher tiny_capture:Colours"


@pytest.mark.usefixtures("scene", "made")
def test_other_words_need_no_training(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(f"segment scene --method lift {TEACHER} --size 32")[0] == 0
    status, out, err = run(f'query scene_parts --prompts "red one" blue {TEACHER}')
    assert (status, err) == (0, "")
    assert out.splitlines()[-2:] == ["scene_parts/query/points.ply", "scene_parts/query/preview.png"]
    with Image.open("scene_parts/query/preview.png") as picture:
        assert picture.width == 2 * 480, "the points beside their labels"
    assert "Answered in " in out
    place = next(line for line in out.splitlines() if "red one" in line).split("│")[4].split()
    low, high = tiny_capture._CORNERS["red box"]
    assert all(a - 0.2 < float(x) < b + 0.2 for x, a, b in zip(place, low, high, strict=True)), "where red is best"
    status, out, _ = run(f"query scene_parts/features.safetensors --prompts grey --out other {TEACHER}")
    assert (status, out.splitlines()[-2]) == (0, "other/points.ply")
    assert len(trimesh.load("other/points.ply").vertices) == len(trimesh.load("scene_parts/points.ply").vertices)

    status, out, err = run("query scene_parts --prompts red")
    assert (status, out) == (2, "")
    assert err.startswith(
        "meronym: PluginError: scene_parts/features.safetensors: names the teacher 'tiny_capture:Colours', which is not "
        "registered; known: "
    ), "a file names no code"
    monkeypatch.setitem(registry._BUILT_IN["teachers"], "tiny_capture:Colours", "tiny_capture:Colours")
    assert run("query scene_parts --prompts red")[0] == 0


def test_a_method_that_keeps_no_features_cannot_be_asked_again(run: Any, scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty(monkeypatch, steps=10)
    status, out, _ = run(f"segment scene --method teacher-alone {TEACHER} --size 24 --out answer")
    assert status == 0
    assert out.splitlines()[-1] == "answer/scene.json"
    status, out, err = run("query answer --prompts red")
    assert (status, out) == (2, "")
    assert err == (
        "meronym: InputError: answer: keeps nothing to compare other words with. "
        "Segment a shape by the method recognise with a teacher that embeds views (builtin); or photos by a method that "
        "keeps features (all but lerf and teacher-alone), with a teacher that compares pictures with words (builtin, clip, "
        "siglip2).\n"
    )


def test_other_words_for_a_shape(run: Any, painted: Path) -> None:
    assert run("segment stool.glb --prompts seat --teacher fakes:Painted --views 3")[0] == 0
    status, out, err = run("query stool_parts --prompts leg book --teacher fakes:Painted --preview")
    assert status == 0
    files = ["parts.glb", "parts.ply", "result.npz", "parts.json", "preview.png"]
    assert out.splitlines()[-5:] == [f"stool_parts/query/{name}" for name in files]
    assert "Answered in " in out
    assert next(line for line in out.splitlines() if "leg" in line).split("│")[2].strip() == "4"
    assert err == (
        "'book' is not a word that the teacher painted learned; nearest: seat, leg, handle. It names nothing here "
        "(use --teacher clip for open words).\n"
    )
    status, _, err = run("query stool_parts/query --prompts handle --teacher fakes:Painted")
    assert (status, err) == (0, "'handle': nothing here is recognised as one.\n")
    status, _, err = run("query stool_parts --prompts leg")
    assert status == 2
    assert err.startswith("meronym: PluginError: stool_parts: names the teacher 'fakes:Painted', which is not registered")
