"""Files that are not read: the error says what turns them into one that is."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from meronym.errors import InputError
from meronym.io.shapes.conversion import conversion
from meronym.io.shapes.read import ENDINGS, read_shape


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.fbx", "Convert it: blender --background --python-expr "),
        ("my tree.blend", "Convert it: blender --background 'my tree.blend' --python-expr "),
        ("a.3ds", "Convert it: assimp export a.3ds a.glb"),
        ("a.MAX", "In 3ds Max, File > Export > glTF."),
        ("a.skp", "In SketchUp, File > Export > 3D Model > glTF."),
        ("a.7z", "Unpack it first."),
        ("a.bin", "Convert it."),
    ],
)
def test_every_unknown_ending_has_a_cure(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"1")
    with pytest.raises(InputError) as caught:
        read_shape(tmp_path / name)
    text = str(caught.value)
    assert said in text
    assert all(f" {ending} " in text for ending in ENDINGS)


def test_the_command_is_one_that_a_shell_and_python_understand() -> None:
    words = shlex.split(conversion(Path('it\'s "odd".fbx')).removeprefix("Convert it: "))
    assert words[:3] == ["blender", "--background", "--python-expr"]
    compile(words[3], "command", "exec")
    assert "import_scene.fbx" in words[3]
    assert "export_scene.gltf" in words[3]
