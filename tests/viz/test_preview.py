"""The picture of a result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from meronym.results import Record, Segmentation
from meronym.types import Mesh, Opacity, PointCloud, Textures
from meronym.viz.palette import palette
from meronym.viz.preview import preview


def test_a_preview_names_the_prompts_below_eight_pictures() -> None:
    rng = np.random.default_rng(0)
    cloud = PointCloud(rng.normal(size=(200, 3)), rng.random((200, 3)).astype(np.float32))
    record = Record("fake", {"up_axis": [0.0, 0.0, 1.0]})
    result = Segmentation(np.repeat([0, -1], 100), np.zeros((200, 2)), np.ones(200, bool), ("leg", "seat"), cloud, record)
    picture = preview(result, size=80)
    assert picture.shape[1] == 4 * 80
    key = picture[2 * 80 :]
    assert all((key == colour).all(2).sum() > 200 for colour in palette(2))
    np.testing.assert_array_equal(picture, preview(replace(result, score=np.ones((200, 2)) / 2), size=80))


def test_leaves_keep_their_outline_in_the_colours_of_their_labels() -> None:
    image = np.full((8, 8, 4), 40, dtype=np.uint8)
    image[:, :4, 3], image[:, 4:, 3] = 0, 255
    card = np.array([[0.0, -1, -1], [0, 1, -1], [0, 1, 1], [0, -1, 1]])
    uv = np.array([[[0.0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]])
    opacity = Opacity(np.full(2, 0.5), np.ones((2, 3)))
    mesh = Mesh(card, np.array([[0, 1, 2], [0, 2, 3]]), texture=Textures((image,), np.zeros(2, dtype=int), uv), opacity=opacity)
    record = Record("fake", {"up_axis": [0.0, 0.0, 1.0]})
    result = Segmentation(np.zeros(2, dtype=int), np.ones((2, 1)), np.ones(2, bool), ("leaf",), mesh, record)
    above, below = (preview(result, size=80)[rows, :80].astype(int) for rows in (slice(0, 80), slice(80, 160)))
    leaf, painted = (part.min(axis=2) < 200 for part in (above, below))
    assert leaf.mean() > 0.05
    assert (leaf == painted).mean() > 0.98
    whole = preview(replace(result, shape=replace(mesh, opacity=None)), size=80)[80:160, :80].min(axis=2) < 200
    assert 1.7 < whole.mean() / painted.mean() < 2.3
