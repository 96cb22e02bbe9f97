"""Published mIoU conventions, side by side, each with its name.

Papers average the same intersections and unions differently; figures under different conventions cannot be compared.
So a figure is only ever given together with its protocol.

Labels are indices of parts. In a prediction -1 means "none of these" and counts as wrong. An element whose true label is -1
has no part that a name stands for: the protocol says whether it is left out, or makes any name wrong. Weights are the areas
of faces, or 1 for points and pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from meronym.errors import InputError

Absent = Literal["present", "absent_is_one", "absent_is_zero"]
"""Which parts of a shape count: those in its ground truth; or all, with 1 or 0 for one that is in neither the ground
truth nor the prediction."""
Unnamed = Literal["left_out", "counted"]
"""Elements whose true label is -1: nobody says what they are; or they are known to be no part, and any name is wrong."""

PartIous = Mapping[str, Sequence[np.ndarray]]
"""Category -> for each of its shapes what `part_iou` gives."""


def part_iou(
    prediction: Int[np.ndarray, " n"],
    truth: Int[np.ndarray, " n"],
    weight: Float[np.ndarray, " n"],
    parts: int,
    absent: Absent = "present",
    unnamed: Unnamed = "left_out",
) -> Float[np.ndarray, " p"]:
    """Weighted intersection over union of each part, 0..1; NaN = the part does not count under the convention `absent`.

    Raises: InputError if the lengths differ, a label is outside -1..parts-1, or a weight is negative or not finite.
    """
    prediction, truth, weight = _counted(prediction, truth, weight, parts, unnamed)
    intersection = _areas(np.where(prediction == truth, truth, -1), weight, parts)
    true = _areas(truth, weight, parts)
    union = true + _areas(prediction, weight, parts) - intersection
    fallback = {"present": np.nan, "absent_is_one": 1.0, "absent_is_zero": 0.0}[absent]
    iou = np.divide(intersection, union, out=np.full(parts, fallback), where=union > 0)
    return np.where(true > 0, iou, np.nan) if absent == "present" else iou


def accuracy(
    prediction: Int[np.ndarray, " n"], truth: Int[np.ndarray, " n"], weight: Float[np.ndarray, " n"], parts: int
) -> float:
    """The weighted share of right labels among elements with a true one, 0..1; NaN if nothing has.

    Raises: InputError as `part_iou` does.
    """
    prediction, truth, weight = _counted(prediction, truth, weight, parts, "left_out")
    total = weight.sum()
    return float(weight[prediction == truth].sum() / total) if total > 0 else float("nan")


def majority_floor(
    truth: Int[np.ndarray, " n"],
    weight: Float[np.ndarray, " n"],
    parts: int,
    absent: Absent = "present",
    unnamed: Unnamed = "left_out",
) -> Float[np.ndarray, " p"]:
    """`part_iou` of the answer that gives every element the largest true part: a figure must beat it to mean anything.

    Raises: InputError as `part_iou` does.
    """
    _, counted, area = _counted(truth, truth, weight, parts, unnamed)
    largest = _areas(counted, area, parts).argmax()
    return part_iou(np.full_like(truth, largest), truth, weight, parts, absent, unnamed)


def random_floor(
    truth: Int[np.ndarray, " n"],
    weight: Float[np.ndarray, " n"],
    parts: int,
    absent: Absent = "present",
    unnamed: Unnamed = "left_out",
) -> Float[np.ndarray, " p"]:
    """`part_iou` of labels drawn uniformly from all parts, in the limit of many small elements; so no seed is needed.

    A part with the share a of the surface is claimed on 1/p of it and hit on a/p: IoU = a/p / (a + 1/p - a/p).

    Raises: InputError as `part_iou` does.
    """
    _, counted, area = _counted(truth, truth, weight, parts, unnamed)
    true = _areas(counted, area, parts)
    share = np.divide(true, area.sum(), out=np.zeros(parts), where=true > 0)
    iou = share / (parts * share + 1 - share)
    return np.where(true > 0, iou, np.nan) if absent == "present" else iou


def instance_mean(ious: PartIous) -> float:
    """Mean over parts, then over all shapes, whatever their category."""
    return _mean([_mean(shape) for shapes in ious.values() for shape in shapes])


def class_mean(ious: PartIous) -> float:
    """Mean over parts, then over the shapes of a category, then over categories."""
    return _mean([_mean([_mean(shape) for shape in shapes]) for shapes in ious.values()])


def part_mean(ious: PartIous) -> float:
    """Mean over the shapes of a category for each part, then over parts, then over categories.

    All shapes of a category have the same parts.
    """
    return _mean([_mean([_mean(part) for part in np.stack(shapes).T]) for shapes in ious.values()])


@dataclass(frozen=True)
class Protocol:
    """How per-part IoUs become one figure."""

    absent: Absent
    average: Callable[[PartIous], float]
    sentence: str
    """Printed beside every figure."""
    unnamed: Unnamed = "left_out"


PROTOCOLS: Mapping[str, Protocol] = {
    "present-class": Protocol(
        "present", class_mean, "parts in the ground truth only; mean over parts, shapes, then categories (labelled PSB)"
    ),
    "present-part": Protocol(
        "present", part_mean, "parts in the ground truth only; mean over shapes per part, parts, then categories (SATR)"
    ),
    "partnete-part": Protocol(
        "present",
        part_mean,
        "parts in the ground truth only, a name given to what is no part is wrong; mean over shapes per part, parts, then "
        "categories (PartNetE: PartSLIP)",
        "counted",
    ),
    "p1-class": Protocol(
        "absent_is_one",
        class_mean,
        "IoU := 1 for a part absent from both, a name given to what has none is wrong; mean over parts, shapes, then "
        "categories (PointCLIPv2, PartDistill: P1)",
        "counted",
    ),
    "p1-instance": Protocol(
        "absent_is_one",
        instance_mean,
        "IoU := 1 for a part absent from both, a name given to what has none is wrong; mean over parts, then over all shapes "
        "(P1)",
        "counted",
    ),
    "zero-instance": Protocol(
        "absent_is_zero", instance_mean, "IoU := 0 for a part absent from both; mean over parts, then views (3D-OVS)"
    ),
}
"""Every convention for labels of elements that is reported, by name."""
VIEWS_PROTOCOL = "views"
"""The convention for captures, whose truth is masks on photos."""
VIEWS_SENTENCE = (
    "best name of each pixel, at the photos' own size; mIoU standard: pixels of all held-out views together, of those with "
    "one name, mean over names that occur, then scenes; 3D-OVS's: each view and name by itself, 0 for a name that a view does "
    "not show"
)


@dataclass(frozen=True, eq=False)
class Answer:
    """A prediction for one shape (or one view) beside its ground truth."""

    category: str
    prediction: Int[np.ndarray, " n"]
    truth: Int[np.ndarray, " n"]
    weight: Float[np.ndarray, " n"]
    prompts: tuple[str, ...]
    """The names that the labels are indices of."""
    free: Int[np.ndarray, " n"] | None = None
    """The prediction with -1 where "none of these" wins; None = there is none."""
    figures: Mapping[str, Float[np.ndarray, " _w"]] = field(default_factory=dict)
    """Further figures (`evaluation.words`): one value 0..1 for each word that counts."""

    @classmethod
    def failed(
        cls, category: str, prompts: tuple[str, ...], figures: Mapping[str, Float[np.ndarray, " _w"]] | None = None
    ) -> Answer:
        """What stands for a shape that could not be read or labelled: 0 under every protocol.

        Its truth is made up, every part on an equal share; only the floors depend on it.
        """
        parts = len(prompts)
        return cls(category, np.full(parts, -1), np.arange(parts), np.ones(parts), prompts, figures=figures or {})


def summary(answers: Sequence[Answer], protocol: str = "present-class") -> dict[str, Any]:
    """One protocol's figures over many shapes, in percent, beside the floors under the same protocol.

    Keys: protocol (its name), convention (its sentence), shapes, miou, accuracy, majority_floor, random_floor, and
    per_category (category -> miou). Accuracy is averaged over shapes and categories as mIoU is.

    Raises: InputError for an unknown protocol, if nothing has a true label and an area, or if the protocol averages
    over each part's shapes and the shapes of a category differ in their parts.
    """
    if protocol not in PROTOCOLS:
        raise InputError(f"no protocol named {protocol!r}; known: {', '.join(PROTOCOLS)}")
    chosen = PROTOCOLS[protocol]
    measured: dict[str, dict[str, list[np.ndarray]]] = {
        name: {} for name in ("miou", "accuracy", "majority_floor", "random_floor")
    }
    prompts_of: dict[str, tuple[str, ...]] = {}
    for one in answers:
        if chosen.average is part_mean and prompts_of.setdefault(one.category, one.prompts) != one.prompts:
            raise InputError(f"{protocol}: all shapes of {one.category!r} need the same prompts. Use another protocol.")
        given = (one.truth, one.weight, len(one.prompts))
        share_right = accuracy(one.prediction, *given)
        if np.isnan(share_right):
            continue
        convention = chosen.absent, chosen.unnamed
        values = {
            "miou": part_iou(one.prediction, *given, *convention),
            "accuracy": np.array([share_right]),
            "majority_floor": majority_floor(*given, *convention),
            "random_floor": random_floor(*given, *convention),
        }
        for name, value in values.items():
            measured[name].setdefault(one.category, []).append(value)
    shapes = measured["miou"]
    if not shapes:
        raise InputError(f"nothing to measure: none of {len(answers)} answers has a true label on an area above 0")
    return {
        "protocol": protocol,
        "convention": chosen.sentence,
        "shapes": sum(map(len, shapes.values())),
        **{name: 100 * chosen.average(ious) for name, ious in measured.items()},
        "per_category": {name: 100 * chosen.average({name: ious}) for name, ious in shapes.items()},
    }


def _counted(
    prediction: Int[np.ndarray, " n"],
    truth: Int[np.ndarray, " n"],
    weight: Float[np.ndarray, " n"],
    parts: int,
    unnamed: Unnamed,
) -> tuple[Int[np.ndarray, " k"], Int[np.ndarray, " k"], Float[np.ndarray, " k"]]:
    """The elements that count, once everything is checked."""
    if not (truth.ndim == 1 and prediction.shape == truth.shape == weight.shape):
        shapes = f"prediction {prediction.shape}, truth {truth.shape}, weight {weight.shape}"
        raise InputError(f"metrics: expected three vectors of one length, got {shapes}")
    for name, label in (("prediction", prediction), ("truth", truth)):
        if len(label) and (label.min() < -1 or label.max() >= parts):
            raise InputError(f"metrics: {name}: expected -1..{parts - 1}, got {label.min()}..{label.max()}")
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise InputError("metrics: weight: expected finite values >= 0; check for NaN vertices")
    counts = (truth >= 0) | (unnamed == "counted")
    return prediction[counts], truth[counts], np.asarray(weight[counts], np.float64)


def _areas(label: Int[np.ndarray, " n"], weight: Float[np.ndarray, " n"], parts: int) -> Float[np.ndarray, " p"]:
    """The weight of each part; -1 is none."""
    area: np.ndarray = np.bincount(label + 1, weight, parts + 1)[1:].astype(np.float64)
    return area


def _mean(values: Sequence[float] | np.ndarray) -> float:
    """The mean of what is not NaN; NaN if nothing is left."""
    counted = np.asarray(values)[~np.isnan(values)]
    return float(counted.mean()) if len(counted) else float("nan")


# ---------------------------------------------------------------- scenes


def scene_figures(
    label: Sequence[Int[np.ndarray, "h w"]], masks: Sequence[Bool[np.ndarray, "p h w"]]
) -> dict[str, float | list[float]]:
    """mIoU and accuracy of views in percent, in 3D-OVS's own definition and in the standard one.

    3D-OVS's: IoU of each prompt in each view, 0 for one that neither shows, mean over views and prompts; a pixel is right if
    exactly the prompts that it bears are predicted, so that one which bears none or two never is. Standard: pixels of all views
    together, of those that bear one prompt; mean over the prompts that occur (`per_prompt`: NaN for those that do not).

    Raises: InputError without views.
    """
    if not len(label):
        raise InputError("nothing to measure: no view has masks")
    prompts = len(masks[0])
    own, right = [], []
    both, either, hit, count = np.zeros(prompts), np.zeros(prompts), 0, 0
    for said, true in zip(label, masks, strict=True):
        guess = said[None] == np.arange(prompts)[:, None, None]
        union = (guess | true).sum((1, 2))
        own.append((guess & true).sum((1, 2)) / np.maximum(union, 1))
        right.append((guess == true).all(0).mean())
        known = true.sum(0) == 1
        both += (guess & true & known).sum((1, 2))
        either += ((guess | true) & known).sum((1, 2))
        hit += int((guess & true & known).sum())
        count += int(known.sum())
    occurs = np.array([any(mask[k].any() for mask in masks) for k in range(prompts)])
    per_prompt = np.where(occurs, 100 * both / np.maximum(either, 1), np.nan)
    return {
        "miou_3dovs": 100 * float(np.mean(own)),
        "accuracy_3dovs": 100 * float(np.mean(right)),
        "miou": float(np.nanmean(per_prompt)) if occurs.any() else float("nan"),
        "accuracy": 100 * hit / max(count, 1),
        "per_prompt": per_prompt.tolist(),
    }
