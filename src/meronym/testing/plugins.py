"""Conformance checks of methods, backbones, datasets and kinds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from meronym.core.prompts import check_prompts
from meronym.datasets import Dataset
from meronym.errors import Error, InputError, PluginError
from meronym.lifting.observation import Backbone, Method, Observation
from meronym.shapes.observation import ViewSettings, observe
from meronym.teachers.checked import CheckedTeacher
from meronym.teachers.oracle import OracleTeacher
from meronym.types import Capture, Labelling, Mesh
from meronym_synthetic.build import build
from meronym_synthetic.kinds import KINDS
from meronym_synthetic.kit.registry import registered


def observation_of(kind: str = "chair", order: Sequence[int] | None = None) -> Observation:
    """A procedural shape with small views and a teacher that knows its parts; `order` rearranges the prompts."""
    shape = build(KINDS[kind], np.random.default_rng(0), melt=False)
    names = tuple(dict.fromkeys(name.split("/")[-1] for name in shape.names))
    own = np.array([names.index(name.split("/")[-1]) for name in shape.names])[shape.part]
    order = range(len(names)) if order is None else order
    label = torch.from_numpy(np.argsort(np.array(order))[own])
    teacher = CheckedTeacher(OracleTeacher(label, cell=4))
    prompts = tuple(names[index] for index in order)
    mesh = Mesh(shape.vertices, shape.faces)
    made, _ = observe(mesh, prompts, teacher, category=kind, views=4, up=(0.0, 1.0, 0.0), settings=ViewSettings(size=112))
    return made


def check_method(method: Method) -> None:
    """Hold a method against the contract: one label and one score a prompt for every element, the same again, in any order.

    Raises: PluginError that says what does not hold.
    """
    name, seen = type(method).__name__, observation_of()
    found, again = method(seen), method(observation_of())
    count, prompts = seen.shape.element_count, len(seen.prompts)
    if not isinstance(found, Labelling):
        raise PluginError(f"method {name}: expected a Labelling, got {type(found).__name__}")
    shapes = {"label": (count,), "score": (count, prompts), "seen": (count,)}
    for field, expected in shapes.items():
        got = tuple(getattr(found, field).shape)
        if got != expected:
            raise PluginError(f"method {name}: Labelling.{field}: expected {expected}, got {got}")
    if found.label.min() < -1 or found.label.max() >= prompts:
        raise PluginError(f"method {name}: Labelling.label: expected -1..{prompts - 1}, got up to {int(found.label.max())}")
    score = found.score
    if not bool(score.isfinite().all()) or score.min() < -1e-4 or score.sum(1).max() > 1 + 1e-3:
        raise PluginError(f"method {name}: Labelling.score: expected finite shares whose sum is at most 1")
    if not torch.equal(found.label, again.label) or not torch.equal(found.score, again.score):
        raise PluginError(f"method {name}: two runs give different answers; draw random numbers from observation.seed")
    order = list(range(prompts))[::-1]
    turned = method(observation_of(order=order))
    same = (torch.tensor([*order, -1])[turned.label] == found.label).float().mean()
    if same < 0.95:
        raise PluginError(f"method {name}: prompts in another order change {1 - same:.0%} of the labels; expected at most 5 %")


def check_backbone(backbone: Backbone) -> None:
    """Hold the frozen part of a student against the contract: a feature for every element, the same again, described.

    Raises: PluginError that says what does not hold.
    """
    name, seen = type(backbone).__name__, observation_of()
    found = backbone(seen)
    if found.ndim != 2 or len(found) != seen.shape.element_count:
        raise PluginError(f"backbone {name}: expected ({seen.shape.element_count}, d), got {tuple(found.shape)}")
    if not torch.equal(found.nan_to_num(), backbone(observation_of()).nan_to_num()):
        raise PluginError(f"backbone {name}: the same shape has other features when it is asked again")
    if not bool(found.isfinite().all(1).any()):
        raise PluginError(f"backbone {name}: no element has a feature; NaN stands for elements of which nothing is known")
    if "name" not in backbone.describe(seen):
        raise PluginError(f"backbone {name}: describe() must return a dict with a 'name' for the record")


def check_dataset(dataset: Dataset) -> None:
    """Hold a dataset against the contract: items that give no label away, the same each time, and truth that fits them.

    Raises: PluginError that says what does not hold.
    """
    name = type(dataset).__name__
    items, ids = list(dataset), [item.id for item in dataset]
    if len(items) != len(dataset) or len(set(ids)) != len(ids) or ids != [item.id for item in items]:
        raise PluginError(f"dataset {name}: expected {len(dataset)} items with ids of their own, the same each time, got {ids}")
    for item in items:
        content = item.content
        if isinstance(content, Error):
            continue
        check_prompts(item.prompts)
        if isinstance(content, Mesh) and (content.source, content.scene, content.face_origin) != (None, None, None):
            raise PluginError(f"dataset {name}: {item.id}: its source or node names could give labels away; leave them out")
        truth = dataset.truth(item.id)
        if isinstance(content, Capture) != (not isinstance(truth, np.ndarray)):
            raise PluginError(f"dataset {name}: {item.id}: expected masks for photos, and labels for a shape")
        if isinstance(content, Capture) or not isinstance(truth, np.ndarray):
            continue
        if truth.shape != (content.element_count,) or truth.min() < -1 or truth.max() >= len(item.prompts):
            raise PluginError(
                f"dataset {name}: {item.id}: expected {content.element_count} labels of -1..{len(item.prompts) - 1}, got "
                f"{truth.shape} of {truth.min()}..{truth.max()}"
            )
    try:
        dataset.truth("no such item")
    except InputError:
        return
    raise PluginError(f"dataset {name}: truth of an unknown item must be an InputError")


def check_kind(name: str) -> None:
    """Hold a kind of procedural shapes against the contract: sound solids with names, the same for the same seed.

    Raises: PluginError that says what does not hold.
    """
    if name not in registered:
        raise PluginError(f"kind {name!r}: not registered; put @kind({name!r}, ...) above its function, and import its module")
    kind, parts = registered[name], set[str]()
    for seed in range(20):
        shape, again = (build(kind, np.random.default_rng(seed), melt=False) for _ in range(2))
        if shape.vertices.tobytes() != again.vertices.tobytes() or shape.faces.tobytes() != again.faces.tobytes():
            raise PluginError(f"kind {name!r}: one seed gives two shapes; draw all random numbers from the Rng that is given")
        sound = np.isfinite(shape.vertices).all() and 0 <= shape.faces.min() <= shape.faces.max() < len(shape.vertices)
        if not sound or not 0.1 < np.ptp(shape.vertices, axis=0).max() < 10:
            raise PluginError(f"kind {name!r}: seed {seed}: expected finite solids of about 1 to 2 units in all")
        parts |= {component for part in shape.names for component in part.split("/")}
    if unknown := sorted(set(kind.synonyms) - parts):
        raise PluginError(f"kind {name!r}: synonyms for {', '.join(unknown)}, but its parts are {', '.join(sorted(parts))}")
