"""Published mIoU conventions, side by side, each with its name.

Papers average the same intersections and unions differently; figures under different conventions cannot be compared.
So a figure is only ever given together with its protocol.

Labels are indices of parts. In a prediction -1 means "none of these" and counts as wrong; elements whose true label is
-1 (nobody says what they are) are left out. Weights are the areas of faces, or 1 for points and pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Int

from meronym.errors import InputError

Absent = Literal["present", "absent_is_one", "absent_is_zero"]
"""Which parts of a shape count: those in its ground truth; or all, with 1 or 0 for one that is in neither the ground
truth nor the prediction."""

PartIous = Mapping[str, Sequence[np.ndarray]]
"""Category -> for each of its shapes what `part_iou` gives."""


def part_iou(
    prediction: Int[np.ndarray, " n"],
    truth: Int[np.ndarray, " n"],
    weight: Float[np.ndarray, " n"],
    parts: int,
    absent: Absent = "present",
) -> Float[np.ndarray, " p"]:
    """Weighted intersection over union of each part, 0..1; NaN = the part does not count under the convention `absent`.

    Raises: InputError if the lengths differ, a label is outside -1..parts-1, or a weight is negative or not finite.
    """
    prediction, truth, weight = _known(prediction, truth, weight, parts)
    right, claimed = prediction == truth, prediction >= 0
    intersection = np.bincount(truth[right], weight[right], parts)
    true = np.bincount(truth, weight, parts)
    union = true + np.bincount(prediction[claimed], weight[claimed], parts) - intersection
    fallback = {"present": np.nan, "absent_is_one": 1.0, "absent_is_zero": 0.0}[absent]
    iou = np.divide(intersection, union, out=np.full(parts, fallback), where=union > 0)
    return np.where(true > 0, iou, np.nan) if absent == "present" else iou


def accuracy(
    prediction: Int[np.ndarray, " n"], truth: Int[np.ndarray, " n"], weight: Float[np.ndarray, " n"], parts: int
) -> float:
    """The weighted share of elements with the right label, 0..1; NaN if nothing has a true label.

    Raises: InputError as `part_iou` does.
    """
    prediction, truth, weight = _known(prediction, truth, weight, parts)
    total = weight.sum()
    return float(weight[prediction == truth].sum() / total) if total > 0 else float("nan")


def majority_floor(
    truth: Int[np.ndarray, " n"], weight: Float[np.ndarray, " n"], parts: int, absent: Absent = "present"
) -> Float[np.ndarray, " p"]:
    """`part_iou` of the answer that gives every element the largest true part: a figure must beat it to mean anything.

    Raises: InputError as `part_iou` does.
    """
    _, known, area = _known(truth, truth, weight, parts)
    largest = np.bincount(known, area, parts).argmax()
    return part_iou(np.full_like(truth, largest), truth, weight, parts, absent)


def random_floor(
    truth: Int[np.ndarray, " n"], weight: Float[np.ndarray, " n"], parts: int, absent: Absent = "present"
) -> Float[np.ndarray, " p"]:
    """`part_iou` of labels drawn uniformly from all parts, in the limit of many small elements; so no seed is needed.

    A part with the share a of the surface is claimed on 1/p of it and hit on a/p: IoU = a/p / (a + 1/p - a/p).

    Raises: InputError as `part_iou` does.
    """
    _, known, area = _known(truth, truth, weight, parts)
    true = np.bincount(known, area, parts)
    share = np.divide(true, true.sum(), out=np.zeros(parts), where=true > 0)
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


PROTOCOLS: Mapping[str, Protocol] = {
    "present-class": Protocol(
        "present", class_mean, "parts in the ground truth only; mean over parts, shapes, then categories (labelled PSB)"
    ),
    "present-part": Protocol(
        "present", part_mean, "parts in the ground truth only; mean over shapes per part, parts, then categories (SATR)"
    ),
    "p1-class": Protocol(
        "absent_is_one",
        class_mean,
        "IoU := 1 for a part absent from both; mean over parts, shapes, then categories (PointCLIPv2, PartDistill: P1)",
    ),
    "p1-instance": Protocol(
        "absent_is_one", instance_mean, "IoU := 1 for a part absent from both; mean over parts, then over all shapes"
    ),
    "zero-instance": Protocol(
        "absent_is_zero", instance_mean, "IoU := 0 for a part absent from both; mean over parts, then views (3D-OVS)"
    ),
}
"""Every convention that is reported, by name."""


@dataclass(frozen=True, eq=False)
class Answer:
    """A prediction for one shape (or one view) beside its ground truth."""

    category: str
    prediction: Int[np.ndarray, " n"]
    truth: Int[np.ndarray, " n"]
    weight: Float[np.ndarray, " n"]
    prompts: tuple[str, ...]
    """The names that the labels are indices of."""


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
        values = {
            "miou": part_iou(one.prediction, *given, chosen.absent),
            "accuracy": np.array([share_right]),
            "majority_floor": majority_floor(*given, chosen.absent),
            "random_floor": random_floor(*given, chosen.absent),
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


def _known(
    prediction: Int[np.ndarray, " n"], truth: Int[np.ndarray, " n"], weight: Float[np.ndarray, " n"], parts: int
) -> tuple[Int[np.ndarray, " k"], Int[np.ndarray, " k"], Float[np.ndarray, " k"]]:
    """The elements with a true label, once everything is checked."""
    if not (truth.ndim == 1 and prediction.shape == truth.shape == weight.shape):
        shapes = f"prediction {prediction.shape}, truth {truth.shape}, weight {weight.shape}"
        raise InputError(f"metrics: expected three vectors of one length, got {shapes}")
    for name, label in (("prediction", prediction), ("truth", truth)):
        if len(label) and (label.min() < -1 or label.max() >= parts):
            raise InputError(f"metrics: {name}: expected -1..{parts - 1}, got {label.min()}..{label.max()}")
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise InputError("metrics: weight: expected finite values >= 0; check for NaN vertices")
    known = truth >= 0
    return prediction[known], truth[known], np.asarray(weight[known], np.float64)


def _mean(values: Sequence[float] | np.ndarray) -> float:
    """The mean of what is not NaN; NaN if nothing is left."""
    counted = np.asarray(values)[~np.isnan(values)]
    return float(counted.mean()) if len(counted) else float("nan")
