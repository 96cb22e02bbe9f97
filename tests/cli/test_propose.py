"""`meronym propose` and `meronym words`: what there is, without words, and which words there are."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("small_views")
TEACHER = "--teacher fakes:Painted"


def test_a_proposal_is_a_line_and_a_command_that_works(run: Any, painted: Path) -> None:
    status, out, err = run(f"propose stool.glb {TEACHER} --views 3 --preview")
    assert status == 0
    assert all(line.endswith(" ...") for line in err.splitlines())
    lines = out.splitlines()
    files = ["parts.glb", "parts.ply", "result.npz", "parts.json", "preview.png"]
    assert lines[-5:] == [f"stool_parts/{name}" for name in files]
    assert lines[-7] == "looks like: stool (1.00); parts: seat, leg x 4"
    assert lines[-6] == "Go on with: meronym segment stool.glb --category stool --prompts seat leg"
    command = lines[-6].removeprefix("Go on with: meronym ")
    proposed = json.loads(Path("stool_parts/parts.json").read_text())
    assert run(f"{command} {TEACHER} --views 3 --out again")[0] == 0
    asked = json.loads(Path("again/parts.json").read_text())
    assert proposed["labels"] == asked["labels"]


def test_programs_get_json(run: Any, painted: Path) -> None:
    status, out, _ = run(f"propose stool.glb {TEACHER} --views 2 --json --out 'a b'")
    assert status == 0
    document = json.loads(out)
    assert document["wholes"][0]["name"] == "stool"
    assert [(part["name"], part["count"]) for part in document["parts"]] == [("seat", 1), ("leg", 4)]
    assert shlex.split(document["command"])[:3] == ["meronym", "segment", "stool.glb"]
    assert all(Path(file).is_file() for file in document["files"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("propose none.glb", "InputError: none.glb: there is no such file"),
        ("propose .", "InputError: .: proposals are made for shapes only"),
        ("words --teacher fakes:Tinted", "PluginError: teacher fakes:Tinted: knows no names by itself"),
        (f"words --of book {TEACHER}", "InputError: --of book: no thing of that name is known; nearest: "),
    ],
)
def test_errors_name_the_cure(run: Any, words: str, said: str) -> None:
    status, out, err = run(words)
    assert (status, out) == (2, "")
    assert err.startswith(f"meronym: {said}")


def test_words_are_listed(run: Any) -> None:
    assert run(f"words {TEACHER}")[:2] == (0, "stool: seat, leg\nmug: handle\n")
    assert run(f"words --of stool {TEACHER}")[:2] == (0, "seat\nleg\n")
    status, out, _ = run(f"words --like leg {TEACHER}")
    assert status == 0
    assert out.splitlines()[0] == "1.00 leg"
    assert out.splitlines()[-1] == "'leg' counts as known."
    assert run(f"words --like book {TEACHER}")[1].splitlines()[-1] == "'book' counts as not known: it names nothing."
