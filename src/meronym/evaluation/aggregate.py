"""Figures of single items as the figures of a method: one form for shapes and scenes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from meronym.evaluation import metrics
from meronym.evaluation.metrics import Answer
from meronym.evaluation.words import SENTENCES

HELD_OUT, TRAINING = "held-out views", "training views"


def shape_report(measured: Mapping[str, Answer | dict[str, float]], protocol: str) -> dict[str, Any]:
    """miou, figures, floors, categories and items of a method on shapes, under a protocol, in percent.

    Figures are given for all shapes, for each category, and for each item; None = not measured.
    """
    answers = {item: answer for item, answer in measured.items() if isinstance(answer, Answer)}
    whole = metrics.summary(list(answers.values()), protocol)
    counted = {item: answer for item, answer in answers.items() if answer.weight[answer.truth >= 0].sum() > 0}
    categories = {}
    for name in dict.fromkeys(answer.category for answer in counted.values()):
        own = [answer for answer in counted.values() if answer.category == name]
        row = metrics.summary(own, protocol)
        categories[name] = {
            "miou": row["miou"], "majority": row["majority_floor"], "random": row["random_floor"], "items": row["shapes"],
            "figures": figures(own, protocol),
        }  # fmt: skip
    return {
        "miou": whole["miou"],
        "figures": figures(list(counted.values()), protocol),
        "floors": {"majority": whole["majority_floor"], "random": whole["random_floor"]},
        "categories": categories,
        "items": {item: metrics.summary([answer], protocol)["miou"] for item, answer in counted.items()},
        "item_figures": {item: figures([answer], protocol) for item, answer in counted.items()},
    }


def figures(answers: Sequence[Answer], protocol: str) -> dict[str, float | None]:
    """All figures beside the closed list's mIoU, in percent; None = not measured."""
    free = [replace(one, prediction=one.prediction if one.free is None else one.free) for one in answers]
    found: dict[str, float | None] = {
        "with none": metrics.summary(free, protocol)["miou"],
        "accuracy": metrics.summary(answers, protocol)["accuracy"],
    }
    for name in SENTENCES:
        values: dict[str, list[np.ndarray]] = {}
        for one in answers:
            if name in one.figures:
                values.setdefault(one.category, []).append(one.figures[name])
        mean = metrics.class_mean(values)
        found[name] = None if np.isnan(mean) else 100 * mean
    return found


def scene_report(measured: Mapping[str, Answer | dict[str, float]], protocol: str) -> dict[str, Any]:
    """The same of a method on scenes: mIoU of held-out views (of training views where none is held out), mean over scenes.

    A scene that failed counts as 0.
    """
    rows = {item: row if isinstance(row, dict) else {} for item, row in measured.items()}
    miou = {item: row.get(f"miou, {HELD_OUT}", row.get(f"miou, {TRAINING}", 0.0)) for item, row in rows.items()}
    names = list(dict.fromkeys(name for row in rows.values() for name in row if name != f"miou, {HELD_OUT}"))
    figures = {name: float(np.mean([row.get(name, 0.0) for row in rows.values()])) for name in names}
    return {
        "miou": float(np.mean(list(miou.values()))) if miou else 0.0,
        "figures": figures,
        "floors": {},
        "categories": {item: {"miou": value, "items": 1} for item, value in miou.items()},
        "items": miou,
        "scenes": rows,
    }
