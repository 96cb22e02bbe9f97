"""Teachers made of the labels: for tests, and to measure the losses of the rest of the pipeline. Never for results."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from meronym.errors import InputError
from meronym.lifting import voting
from meronym.types import Regions, Relevancy, Views


class OracleTeacher:
    """Gives every pixel the label of the element that it shows, on a grid of `cell` pixels.

    `confidence` is the logit of the label's prompt.
    """

    def __init__(self, label: Int[Tensor, " n"], cell: int = 8, confidence: float = 6.0) -> None:
        self.label, self.cell, self.confidence = label, cell, confidence

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits: `confidence` for the label's prompt, or for "none of these" where no prompt is shown; 0 for all others."""
        height, width = views.element.shape[1:]
        centre = self.cell // 2
        shown = views.element[:, centre :: self.cell, centre :: self.cell].long()
        label = torch.where(shown >= 0, self.label.to(shown.device)[shown.clamp_min(0)], -1)
        index = torch.where(label < 0, len(prompts), label)
        scores = torch.nn.functional.one_hot(index, len(prompts) + 1).movedim(-1, 1).float() * self.confidence
        box = torch.tensor([[0.0, 0.0, width, height]], device=shown.device).expand(len(views), 4)
        return Relevancy(tuple(scores[:, :-1]), tuple(scores[:, -1]), box)

    def describe(self) -> dict[str, Any]:
        """For the record, which states that labels were used."""
        return {"name": "oracle", "uses_labels": True, "cell": self.cell, "confidence": self.confidence}


class OracleDetector:
    """Finds every connected piece that a view shows of a part, as a box or a mask, with chosen rates of faults.

    The faults of a view depend on `seed` and on the elements that it shows: neither the other views nor the order of the
    prompts changes them, and more of one fault leaves the others where they are.
    """

    def __init__(
        self,
        label: Int[Tensor, " n"],
        *,
        drop: float = 0.0,
        rename: float = 0.0,
        ragged: float = 0.0,
        hide: float = 0.0,
        boxes: bool = True,
        score: float = 0.9,
        seed: int = 0,
    ) -> None:
        """Shares, 0..1: of regions that are missing (`drop`) or bear another prompt (`rename`), of views in which nothing is
        found (`hide`), and of a box's size by which its edges move at most (`ragged`, up to 0.5: beyond that they would cross).
        `score` is that of every region; it is no guide to the faults.

        Raises: InputError for a share out of range, or ragged masks.
        """
        for name, share, most in (("drop", drop, 1), ("rename", rename, 1), ("ragged", ragged, 0.5), ("hide", hide, 1)):
            if not 0 <= share <= most:
                raise InputError(f"{name}: expected a share of 0..{most}, got {share}")
        if ragged and not boxes:
            raise InputError(f"ragged: masks have no edges to move, got {ragged}. Leave it at 0, or ask for boxes.")
        self.label, self.boxes, self.score, self.seed = label, boxes, score, seed
        self.drop, self.rename, self.ragged, self.hide = drop, rename, ragged, hide

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Regions:
        """Regions of at least `VotingSettings.speck` of the shape's pixels in each view, with the chosen faults."""
        order = torch.tensor(sorted(range(len(prompts)), key=prompts.__getitem__))
        label = torch.where(self.label >= 0, order.argsort()[self.label.clamp_min(0)], -1)
        true = voting.regions_from_relevancy(OracleTeacher(label, cell=1)(views, prompts), views, boxes=self.boxes)
        count = torch.bincount(true.view, minlength=len(views)).tolist()
        chance = torch.cat([self._chances(element, regions) for element, regions in zip(views.element, count, strict=True)])
        prompt = true.prompt
        if len(prompts) > 1:
            other = 1 + (chance[:, 3] * (len(prompts) - 1)).long()
            prompt = torch.where(chance[:, 2] < self.rename, (prompt + other) % len(prompts), prompt)
        size = (true.box[:, 2:] - true.box[:, :2]).repeat(1, 2)
        height, width = views.element.shape[1:]
        box = true.box + (2 * chance[:, 4:] - 1) * self.ragged * size
        box = box.clamp_min(0).minimum(torch.tensor([width, height, width, height]))
        kept = (chance[:, 0] >= self.hide) & (chance[:, 1] >= self.drop)
        score, mask = torch.full((int(kept.sum()),), self.score), None if true.mask is None else true.mask[kept]
        device = views.colour.device
        return Regions(
            true.view[kept].to(device),
            order[prompt[kept]].to(device),
            score.to(device),
            box[kept].to(device),
            None if mask is None else mask.to(device),
        )

    def _chances(self, element: Int[Tensor, "h w"], regions: int) -> Float[Tensor, "{regions} 8"]:
        """Random numbers, 0..1, for each region of a view: hidden (equal for all), missing, renamed, new name, 4 edges."""
        draw = torch.Generator().manual_seed(zlib.crc32(element.cpu().numpy().tobytes(), self.seed))
        hidden = torch.rand(1, generator=draw).expand(regions, 1)
        return torch.cat([hidden, torch.rand(regions, 7, generator=draw)], 1)

    def describe(self) -> dict[str, Any]:
        """For the record, which states that labels were used."""
        faults = {"drop": self.drop, "rename": self.rename, "ragged": self.ragged, "hide": self.hide}
        rest = {"boxes": self.boxes, "score": self.score, "seed": self.seed}
        return {"name": "oracle detector", "uses_labels": True, **faults, **rest}
