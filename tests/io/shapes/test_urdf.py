"""URDF: links and meshes that simulators put together to the shape again."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import trimesh
from answers import answer, read_mesh

from meronym.io.results import save_result
from meronym.types import Mesh


def test_links_make_the_shape_again_upright_and_in_metres(tmp_path: Path) -> None:
    ball = trimesh.creation.icosphere(2)
    result = answer(Mesh(ball.vertices * [100, 200, 300], np.array(ball.faces), unit=0.01))
    path = save_result(result, tmp_path / "ball.urdf")
    robot = ElementTree.parse(path).getroot()
    joints = {joint.find("child").attrib["link"]: joint for joint in robot.findall("joint")}
    links = [link for link in robot.findall("link") if link.attrib["name"] != "world"]
    assert {"leg", "wooden_seat", "none"} < {link.attrib["name"] for link in links} == joints.keys()
    corners = []
    for link in links:
        joint = joints[link.attrib["name"]]
        assert joint.attrib["type"] == "fixed"
        mesh = read_mesh(tmp_path / link.find("visual/geometry/mesh").attrib["filename"])
        corners.append(mesh.vertices[mesh.faces] + np.array(joint.find("origin").attrib["xyz"].split(), float))
    found = np.sort(np.concatenate(corners).reshape(-1, 9), axis=0)
    turned = (ball.vertices * [1, 2, 3])[:, [0, 2, 1]] * [1, -1, 1]
    np.testing.assert_allclose(found, np.sort(turned[ball.faces].reshape(-1, 9), axis=0), atol=1e-6)
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    save_result(result, path)
    assert written == {file.name: file.read_bytes() for file in tmp_path.iterdir()}
