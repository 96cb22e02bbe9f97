"""Figures of single items as the figures of a method: one form for shapes and scenes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from meronym.evaluation import metrics
from meronym.evaluation.metrics import Answer

HELD_OUT, TRAINING = "held-out views", "training views"


def shape_report(measured: Mapping[str, Answer | dict[str, float]], protocol: str) -> dict[str, Any]:
    """miou, figures, floors, categories and items of a method on shapes, under a protocol, in percent."""
    answers = {item: answer for item, answer in measured.items() if isinstance(answer, Answer)}
    whole = metrics.summary(list(answers.values()), protocol)
    free = [
        replace(answer, prediction=answer.prediction if answer.free is None else answer.free) for answer in answers.values()
    ]
    counted = {item: answer for item, answer in answers.items() if answer.weight[answer.truth >= 0].sum() > 0}
    categories = {}
    for name in dict.fromkeys(answer.category for answer in counted.values()):
        row = metrics.summary([answer for answer in counted.values() if answer.category == name], protocol)
        categories[name] = {
            "miou": row["miou"], "majority": row["majority_floor"], "random": row["random_floor"], "items": row["shapes"],
        }  # fmt: skip
    return {
        "miou": whole["miou"],
        "figures": {"with none": metrics.summary(free, protocol)["miou"], "accuracy": whole["accuracy"]},
        "floors": {"majority": whole["majority_floor"], "random": whole["random_floor"]},
        "categories": categories,
        "items": {item: metrics.summary([answer], protocol)["miou"] for item, answer in counted.items()},
    }


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
