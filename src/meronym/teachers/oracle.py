"""A teacher that knows the labels: for tests and for finding out what the rest of the pipeline loses. Never for results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from meronym.types import Relevancy, Views


class OracleTeacher:
    """Gives every pixel the label of the element that it shows, on a grid of `cell` pixels."""

    def __init__(self, label: Int[Tensor, " n"], cell: int = 8, confidence: float = 6.0) -> None:
        self.label, self.cell, self.confidence = label, cell, confidence

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """`confidence` for the label's prompt, 0 for the others; "none of these" where nothing or no prompt is shown."""
        height, width = views.element.shape[1:]
        centre = self.cell // 2
        shown = views.element[:, centre :: self.cell, centre :: self.cell].long()
        label = torch.where(shown >= 0, self.label[shown.clamp_min(0)], -1)
        index = torch.where(label < 0, len(prompts), label)
        scores = torch.nn.functional.one_hot(index, len(prompts) + 1).movedim(-1, 1).float() * self.confidence
        box = torch.tensor([[0.0, 0.0, width, height]]).expand(len(views), 4)
        return Relevancy(tuple(scores[:, :-1]), tuple(scores[:, -1]), box)

    def describe(self) -> dict[str, Any]:
        """Says plainly that labels were used."""
        return {"name": "oracle", "uses_labels": True, "cell": self.cell, "confidence": self.confidence}
