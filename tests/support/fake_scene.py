"""A small captured scene with its answer: balls and a box's worth of clutter on a table, traced by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter

from meronym.results import PointFeatures, Record, Segmentation, ViewLabels
from meronym.types import PointCloud

PROMPTS = ("red mug", "lemon", "blue teapot")
_CENTRE = np.array([[-0.9, 0.0, 0.5], [0.35, -0.75, 0.3], [0.55, 0.55, 0.75], [-0.3, 1.2, 0.25]])
"""A mug, a lemon, a teapot, and a pebble that no prompt names; z up, the table at 0."""
_RADIUS = np.array([0.5, 0.3, 0.75, 0.25])
_COLOUR = np.array([[0.75, 0.13, 0.1], [0.93, 0.82, 0.15], [0.15, 0.3, 0.7], [0.5, 0.5, 0.48]])
_LIGHT = np.array([0.4, -0.5, 0.77])


def fake_scene(prompts: tuple[str, ...] = PROMPTS, views: int = 6, height: int = 150, width: int = 200) -> Segmentation:
    """The result of a good method: the first three things are the first three prompts, photos 1, 5, ... are held out."""
    rng, count = np.random.default_rng(0), len(prompts)
    traced = [_traced(2 * np.pi * k / views, height, width) for k in range(views)]
    colour = np.stack([picture for picture, _ in traced]).clip(0, 1).astype(np.float32)
    thing = np.stack([thing for _, thing in traced])
    truth = np.where(thing < min(3, count), thing, -1)
    score = np.zeros((views, count, height, width), dtype=np.float32)
    for k in range(count):
        for view in range(views):
            score[view, k] = gaussian_filter((truth[view] == k).astype(np.float32), 2.5)
            score[view, k] *= 0.9 - 0.15 * gaussian_filter(rng.random((height, width)).astype(np.float32), 6)
    label = np.where(score.max(1) > 0.4, score.argmax(1), -1)
    rendered = gaussian_filter(colour, (0, 1, 1, 0)) + rng.normal(0, 0.01, colour.shape).astype(np.float32)
    names = tuple(f"IMG_{3017 + k}.jpg" for k in range(views))
    held_out = np.arange(views) % 4 == 1
    labels = ViewLabels(names, label, score.astype(np.float16), colour, rendered.clip(0, 1), held_out)
    points = _points(rng, prompts)
    features = PointFeatures(rng.normal(size=(len(points.label), 4)).astype(np.float16), rng.normal(size=(4, 16)))
    return replace(points, views=labels, features=features)


def _points(rng: np.random.Generator, prompts: tuple[str, ...], each: int = 300) -> Segmentation:
    direction = rng.normal(size=(4, each, 3))
    position = _CENTRE[:, None] + _RADIUS[:, None, None] * direction / np.linalg.norm(direction, axis=2, keepdims=True)
    thing = np.repeat(np.arange(4), each)
    label = np.where(thing < min(3, len(prompts)), thing, -1)
    score = np.where(label[:, None] == np.arange(len(prompts)), 0.8, 0.05 / len(prompts)).astype(np.float16)
    cloud = PointCloud(position.reshape(-1, 3), _COLOUR[thing])
    record = Record("fake", {"seed": 0}, teacher={"weights": [], "licence": "CC0"})
    return Segmentation(label, score, rng.random(len(label)) < 0.9, prompts, cloud, record)


def _traced(azimuth: float, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """One photo and the thing that each pixel shows; 4 = the table, 5 = the wall."""
    eye = np.array([4.2 * np.cos(azimuth), 4.2 * np.sin(azimuth), 2.3])
    forward = np.array([0, 0, 0.35]) - eye
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    x, y = (np.arange(width) + 0.5) / width - 0.5, (np.arange(height) + 0.5 - height / 2) / width
    ray = forward + x[None, :, None] * right - y[:, None, None] * np.cross(right, forward)
    ray /= np.linalg.norm(ray, axis=2, keepdims=True)
    depth, thing = _hit(eye, ray)
    place = eye + depth[..., None] * ray
    normal = np.where((thing < 4)[..., None], place - _CENTRE[thing.clip(0, 3)], [0, 0, 1.0])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    shadow = _hit(place + 1e-3 * normal, np.broadcast_to(_LIGHT, place.shape))[1] < 4
    light = 0.35 + 0.7 * (normal @ _LIGHT).clip(0) * ~shadow
    board = 0.06 * ((place[..., 0] * 1.6).astype(int) % 2)[..., None] + np.array([0.55, 0.38, 0.24])
    wall = np.array([0.78, 0.8, 0.76]) - 0.25 * (ray[..., 2:] + 0.2)
    colour = np.where((thing < 4)[..., None], _COLOUR[thing.clip(0, 3)], board)
    shine = 0.35 * (thing < 4) * ((ray - 2 * (ray * normal).sum(2, keepdims=True) * normal) @ _LIGHT).clip(0) ** 24
    return np.where((thing == 5)[..., None], wall, colour * light[..., None] + shine[..., None]), thing


def _hit(start: np.ndarray, ray: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far along each ray the first thing is, and which."""
    offset = start - _CENTRE.reshape(4, *[1] * (ray.ndim - 1), 3)
    along = (offset * ray).sum(-1)
    inside = along**2 - (offset**2).sum(-1) + _RADIUS.reshape(4, *[1] * (ray.ndim - 1)) ** 2
    ball = np.where(inside > 0, -along - np.sqrt(inside.clip(0)), -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        table = (-start[..., 2] / ray[..., 2])[None]
        place = start + table[0][..., None] * ray
    on_table = (table > 0) & (np.hypot(place[..., 0], place[..., 1]) < 2.2)
    depth = np.concatenate([np.where(ball > 0, ball, np.inf), np.where(on_table, table, np.inf)])
    thing = np.where(np.isfinite(depth.min(0)), depth.argmin(0), 5)
    return np.where(thing == 5, 1.0, depth.min(0)), thing
