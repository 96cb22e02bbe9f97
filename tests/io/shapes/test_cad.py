"""STEP: in metres, with the file's own axes."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from answers import answer, read_mesh
from cad_files import step_box

from meronym.errors import InputError, MissingExtra
from meronym.io.results import save_result
from meronym.io.shapes.read import read_shape


@pytest.mark.parametrize("ending", ["step", "STP"])
def test_a_box(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"box.{ending}"
    path.write_text(step_box((10, 20, 30)))
    mesh = read_mesh(path)
    assert mesh.face_origin is not None
    assert mesh.face_origin.nodes == ("box",)
    assert mesh.unit == 1.0
    assert mesh.element_count == 12
    np.testing.assert_allclose(np.ptp(mesh.vertices, axis=0), [0.01, 0.02, 0.03], atol=1e-7)
    assert read_mesh(save_result(answer(mesh), tmp_path / "a.glb")).element_count == 12


def test_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.step").write_text(step_box((1, 2, 3))[:900])
    with pytest.raises(InputError, match=r"a\.step: its parser failed \(no readable STEP file"):
        read_shape(tmp_path / "a.step")


def test_without_cascadio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cascadio", None)
    (tmp_path / "a.igs").write_text(" ")
    with pytest.raises(MissingExtra, match=r"reading \.igs needs cascadio\. .*meronym\[cad\]"):
        read_shape(tmp_path / "a.igs")
