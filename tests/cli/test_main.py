"""The command line as a whole: help that teaches, errors in one line, nothing heavy before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from capture_files import Scene, write_photos

from meronym.cli.arguments import read_settings
from meronym.errors import InputError

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("small_views")


# --------------------------------------------------------------------------------------------------------------- help


def test_help_lists_the_verbs(run: Any) -> None:
    status, out, _ = run("--help")
    assert status == 0
    verbs = ("segment", "propose", "query", "words", "pretrain", "batch", "evaluate", "synthetic", "weights", "doctor")
    assert all(verb in out for verb in verbs)


@pytest.mark.parametrize(
    ("verb", "example"),
    [
        ("segment", "meronym segment chair.glb --prompts seat backrest leg armrest"),
        ("segment", "--student"),
        ("segment", 'meronym segment kitchen/ --prompts kettle mug "wooden table" --film gif'),
        ("segment", "--device {auto,cpu,cuda}"),
        ("segment", "--set NAME.SETTING=VALUE ..."),
        ("segment", "grounding-dino+sam"),
        ("segment", "recognise (default"),
        ("propose", "meronym propose chair.glb --preview"),
        ("words", "meronym words --like book"),
        ("query", "meronym query chair_parts --prompts screw cushion --preview"),
        ("query", 'meronym query kitchen_parts --prompts teapot "cutting board"'),
        ("synthetic", "meronym synthetic scenes --out scene/ --seed 3"),
        ("synthetic scenes", "meronym synthetic scenes --out scene/ --seed 3"),
        ("synthetic gallery", "meronym synthetic gallery chair table --out gallery.png"),
        ("pretrain", "meronym segment new_chair.glb --student chairs_student/student.safetensors"),
        ("pretrain", "part-distill.targets=votes"),
        ("batch", "meronym batch chairs/ --prompts seat backrest leg armrest --category chair"),
        ("batch", "--device {auto,cpu,cuda}"),
        ("evaluate", "meronym evaluate labelled-psb --data psb/ --names names.json --methods lift,vote,part-distill"),
        ("evaluate", "--device {auto,cpu,cuda}"),
        ("weights", "meronym weights fetch"),
        ("doctor", "usage: meronym doctor"),
    ],
)
def test_help_of_each_verb_teaches(run: Any, verb: str, example: str) -> None:
    status, out, _ = run(f"{verb} --help")
    assert status == 0
    assert example in out


def test_a_word_that_is_no_verb_is_refused(run: Any) -> None:
    status, _, err = run("paint")
    assert status == 2
    assert "paint" in err


# ----------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("segment none.glb --prompts leg", "InputError: none.glb: there is no such file"),
        ("segment stool.glb --prompts leg leg", "InputError: prompts[1]: 'leg' repeats prompts[0]"),
        ("segment stool.glb --prompts leg --out empty.stl", "InputError: empty.stl: results are not written as '.stl'"),
        ("segment stool.glb", "InputError: prompts: none given"),
        ("segment stool.glb --prompts leg --film gif", "InputError: --film: means nothing for shapes"),
        ("segment stool.glb --prompts leg --set targets=votes", "InputError: --set targets=votes: expected NAME.SETTING=VALUE"),
        ("pretrain nowhere --prompts leg", "InputError: nowhere: there is no such folder"),
        ("pretrain . --prompts leg leg", "InputError: prompts[1]: 'leg' repeats prompts[0]"),
        ("pretrain . --prompts leg --labelled nowhere", "InputError: nowhere: there is no such folder"),
        ("batch nowhere --prompts leg", "InputError: nowhere: there is no such folder"),
        ("batch . --prompts leg --out ./results", "InputError: results: lies in ., all of which is read."),
        ("evaluate labelled-psb --data nowhere --out x", "InputError: nowhere: there is no such folder"),
        ("evaluate folder --data . --out empty.stl --prompts leg", "InputError: empty.stl: cannot be made: File exists"),
        ("weights verify minilm", "WeightsError: "),
        ("weights verify llama", "WeightsError: no weights named 'llama'"),
        ("segment nowhere --prompts leg", "InputError: nowhere: "),
        ("segment nowhere.json --prompts leg", "InputError: nowhere.json: there is no such file or folder"),
        ("segment scene --category kitchen --repair", "InputError: --category, --repair: means nothing for photos"),
        ("segment scene --views 4", "InputError: --views: means nothing for photos"),
        ("evaluate 3d-ovs --data scene --out x --limit 2", "InputError: --limit: means nothing for scenes"),
        ("segment scene --out scene", "InputError: scene: the output would overwrite the input"),
        ("query nowhere --prompts leg", "InputError: nowhere: "),
        ("query scene --prompts leg", "InputError: scene: there is no result.npz, so no result"),
        ("query scene --prompts leg leg", "InputError: prompts[1]: 'leg' repeats prompts[0]"),
        ("evaluate 3d-ovs --data nowhere --out x", "InputError: nowhere: there is no such folder"),
        ("evaluate 3d-ovs --data empty --out x", "InputError: empty: no scenes there"),
        ("synthetic scenes --out scene", "InputError: scene: is there already"),
    ],
)
def test_errors_are_one_line_and_status_2(run: Any, stool: Path, scene: Path, tmp_path: Path, words: str, said: str) -> None:
    (tmp_path / "empty.stl").touch()
    (tmp_path / "empty").mkdir()
    status, out, err = run(words)
    assert (status, out) == (2, "")
    assert err.startswith(f"meronym: {said}")
    assert err.count("\n") == 1
    assert not (tmp_path / "nowhere_parts").exists(), "a typo leaves nothing behind"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("segment empty.stl --prompts leg", "InputError: empty.stl: "),
        ("segment stool.glb --prompts leg --method magic", "PluginError: no method named 'magic'; known: 3d-ovs, "),
        ("segment stool.glb --prompts leg --teacher nobody", "PluginError: no teacher named 'nobody'"),
        ("segment stool.glb --prompts leg --teacher fakes:Raising", "PluginError: teacher Raising failed"),
        ("segment stool.glb --prompts leg --teacher fakes:Tinted --views 0", "InputError: number of views"),
        ("segment stool.glb --student none.safetensors", "WeightsError: none.safetensors: not a student"),
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
        ("segment empty --prompts leg", "InputError: empty: 0 photos, but no poses"),
        (
            "segment loose --prompts leg",
            "MissingExtra: finding the poses of photos needs pycolmap. Install it: pip install 'meronym[poses]'",
        ),
    ],
)
def test_below_the_progress_the_error_is_the_last_line(
    run: Any, stool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, said: str
) -> None:
    if "empty.stl" in words:
        (tmp_path / "empty.stl").touch()
    (tmp_path / "empty").mkdir()
    if "loose" in words:
        write_photos(tmp_path / "loose", Scene(count=3))
        monkeypatch.setitem(sys.modules, "pycolmap", None)
    status, out, err = run(words)
    assert (status, out) == (2, "")
    *stages, last = err.splitlines()
    assert last.startswith(f"meronym: {said}")
    assert all(stage.endswith(" ...") for stage in stages)


@pytest.mark.parametrize(
    "words",
    [
        "--help", "segment --help", "segment none.glb --prompts leg", "segment chair.glb --prompts leg leg",
        "segment chair.glb --prompts leg --set votes", "pretrain none --prompts leg", "batch . --prompts a a",
        "query none --prompts a", "query . --prompts a a", "evaluate folder --data none --out x", "segment . --views 3",
        "evaluate 3d-ovs --data . --out x --limit 2",
    ],
)  # fmt: skip
def test_arguments_are_checked_before_anything_heavy_is_imported(tmp_path: Path, words: str) -> None:
    (tmp_path / "chair.glb").touch()
    code = (
        "import sys\nfrom meronym.cli.main import main\ntry:\n    main()\nexcept SystemExit as stop:\n"
        "    print([name for name in ('torch', 'trimesh', 'scipy', 'transformers') if name in sys.modules], stop.code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words.split()], capture_output=True, text=True, cwd=tmp_path, check=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == f"[] {0 if 'help' in words else 2}"


# ------------------------------------------------------------------------------------------------------------ settings


def test_settings_are_read_by_name() -> None:
    given = ["part-distill.targets=votes", "3d-ovs.preset=paper", "clip.tokens=400", "a.b=c=d", "a.c="]
    assert read_settings(given) == {
        "part-distill.targets": "votes", "3d-ovs.preset": "paper", "clip.tokens": "400", "a.b": "c=d", "a.c": "",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["votes", "targets=votes", ".targets=votes", "part-distill.=votes", "=votes"])
def test_settings_of_another_form_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=f"--set {text}: expected NAME.SETTING=VALUE, such as "):
        read_settings([text])


def test_a_setting_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"--set a\.b=2: a\.b is given twice"):
        read_settings(["a.b=1", "a.b=2"])
