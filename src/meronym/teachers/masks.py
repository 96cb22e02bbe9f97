"""SAM and SAM 2: masks of the objects in boxes. PartSLIP++ and PartSTAD gain 3 to 4 mIoU over boxes by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from meronym.core.device import in_chunks
from meronym.errors import InputError
from meronym.teachers.crops import resize
from meronym.teachers.network import Network
from meronym.types import Regions, Views


@dataclass(frozen=True)
class Architecture:
    """The properties in which SAM and SAM 2 differ."""

    model: str
    """Class of transformers."""
    since: str
    """First version of transformers that has it."""
    weights: str
    """Name in the catalogue."""
    keeps_aspect: bool
    """The picture is padded to a square; otherwise it is stretched to one."""


ARCHITECTURES = {
    "sam": Architecture("SamModel", "4.45", "sam-base", keeps_aspect=True),
    "sam2": Architecture("Sam2Model", "4.56", "sam2-tiny", keeps_aspect=False),
}
"""Kirillov et al., ICCV 2023; Ravi et al., ICLR 2025."""


class Segmenter:
    """Gives regions the masks of the objects in their boxes.

    `boxes_at_once` go through the mask decoder together; fewer where a GPU's memory runs out.

    Raises: InputError for an unknown name; PluginError if transformers is too old; WeightsError if the weights cannot be had.
    """

    def __init__(
        self,
        name: str = "sam",
        weights: str | Path | None = None,
        boxes_at_once: int = 32,
        device: torch.device | str = "cpu",
        dtype: torch.dtype | str = torch.float32,
    ) -> None:
        if name not in ARCHITECTURES:
            raise InputError(f"no segmenter named {name!r}; known: {', '.join(ARCHITECTURES)}")
        kind = ARCHITECTURES[name]
        self.name, self.keeps_aspect, self.boxes_at_once = name, kind.keeps_aspect, boxes_at_once
        self.network = Network(weights or kind.weights, kind.model, kind.since, device, dtype)

    @torch.no_grad()
    def __call__(self, views: Views, regions: Regions) -> Regions:
        """The regions with masks, cut to their boxes; where nothing is found in a box, all of it.

        A view is embedded once, whatever the number of its boxes.
        """
        mask = interior(regions.box, *views.element.shape[1:])
        for view in regions.view.unique().tolist():
            own = (regions.view == view).nonzero()[:, 0]
            found = mask[own] & self.segment(views.colour[view], regions.box[own])
            some = found.flatten(1).any(1)
            mask[own[some]] = found[some]
        return replace(regions, mask=mask)

    def segment(self, colour: Float[Tensor, "h w 3"], box: Float[Tensor, "u 4"]) -> Bool[Tensor, "u h w"]:
        """Of the three masks that the model offers for each box, the one with the highest predicted quality.

        Raises: DeviceError if a single box does not fit into a GPU.
        """
        (height, width), model = colour.shape[:2], self.network.model
        side = model.config.prompt_encoder_config.image_size
        scale = side / max(height, width)
        inner = (int(height * scale + 0.5), int(width * scale + 0.5)) if self.keeps_aspect else (side, side)
        pixels = self.network.pixels(resize(colour.to(self.network.device), inner, "bilinear"))
        embedding = model.get_image_embeddings(functional.pad(pixels, (0, side - inner[1], 0, side - inner[0])))
        scaled = box.to(pixels.device) * torch.tensor([inner[1] / width, inner[0] / height] * 2, device=pixels.device)

        def decode(start: int, stop: int) -> Tensor:
            out = model(image_embeddings=embedding, input_boxes=scaled[None, start:stop], multimask_output=True)
            row = torch.arange(stop - start, device=pixels.device)
            logit = out.pred_masks[0, row, out.iou_scores[0].argmax(1)][None].float()
            if self.keeps_aspect:
                logit = _stretch(logit, (side, side))[..., : inner[0], : inner[1]]
            return (_stretch(logit, (height, width))[0] > 0).to(colour.device)

        return torch.cat(list(in_chunks(decode, len(box), self.boxes_at_once)))


Sam = partial(Segmenter, "sam")
Sam2 = partial(Segmenter, "sam2")


def interior(box: Float[Tensor, "u 4"], height: int, width: int) -> Bool[Tensor, "u h w"]:
    """The pixels whose centres are in each box."""
    x, y = (torch.arange(length, device=box.device) + 0.5 for length in (width, height))
    across, down = ((at >= box[:, i, None]) & (at < box[:, i + 2, None]) for i, at in enumerate((x, y)))
    return down[:, :, None] & across[:, None]


def _stretch(logit: Float[Tensor, "1 u _h _w"], size: tuple[int, int]) -> Float[Tensor, "1 u h w"]:
    return functional.interpolate(logit, size, mode="bilinear", align_corners=False)
