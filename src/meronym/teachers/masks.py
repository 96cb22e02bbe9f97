"""SAM and SAM 2: the mask of what is in a box. PartSLIP++ and PartSTAD gain 3 to 4 mIoU over boxes by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from meronym.errors import InputError
from meronym.teachers.crops import resize
from meronym.teachers.network import Network
from meronym.types import Regions, Views

BOXES_AT_ONCE = 32


@dataclass(frozen=True)
class Architecture:
    """What differs between the two."""

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
    """Gives regions the masks of what is in their boxes.

    Raises: InputError for an unknown name; PluginError if transformers is too old; WeightsError if the weights cannot be had.
    """

    def __init__(
        self,
        name: str = "sam",
        weights: str | Path | None = None,
        device: str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        if name not in ARCHITECTURES:
            raise InputError(f"no segmenter named {name!r}; known: {', '.join(ARCHITECTURES)}")
        kind = ARCHITECTURES[name]
        self.name, self.keeps_aspect = name, kind.keeps_aspect
        self.network = Network(weights or kind.weights, kind.model, kind.since, device, dtype)

    @torch.no_grad()
    def __call__(self, views: Views, regions: Regions) -> Regions:
        """The regions with masks, cut to their boxes; where nothing is found in a box, all of it.

        A view is embedded once, whatever the number of its boxes.
        """
        mask = interior(regions.box, *views.element.shape[1:])
        for view in regions.view.unique().tolist():
            mine = (regions.view == view).nonzero()[:, 0]
            found = mask[mine] & self.segment(views.colour[view], regions.box[mine])
            hit = found.flatten(1).any(1)
            mask[mine[hit]] = found[hit]
        return replace(regions, mask=mask)

    def segment(self, colour: Float[Tensor, "h w 3"], box: Float[Tensor, "u 4"]) -> Bool[Tensor, "u h w"]:
        """Of the three masks that the model offers for each box, the one that it thinks the best."""
        (height, width), model = colour.shape[:2], self.network.model
        side = model.config.prompt_encoder_config.image_size
        scale = side / max(height, width)
        inner = (int(height * scale + 0.5), int(width * scale + 0.5)) if self.keeps_aspect else (side, side)
        pixels = self.network.pixels(resize(colour.to(self.network.device), inner, "bilinear"))
        embedding = model.get_image_embeddings(functional.pad(pixels, (0, side - inner[1], 0, side - inner[0])))
        scaled = (box * torch.tensor([inner[1] / width, inner[0] / height] * 2)).to(pixels.device)
        masks = []
        for some in scaled.split(BOXES_AT_ONCE):
            out = model(image_embeddings=embedding, input_boxes=some[None], multimask_output=True)
            logit = out.pred_masks[0, torch.arange(len(some), device=pixels.device), out.iou_scores[0].argmax(1)][None].float()
            if self.keeps_aspect:
                logit = _stretch(logit, (side, side))[..., : inner[0], : inner[1]]
            masks.append(_stretch(logit, (height, width))[0].cpu() > 0)
        return torch.cat(masks)


def interior(box: Float[Tensor, "u 4"], height: int, width: int) -> Bool[Tensor, "u h w"]:
    """The pixels whose centres are in each box."""
    x, y = torch.arange(width) + 0.5, torch.arange(height) + 0.5
    across, down = ((at >= box[:, i, None]) & (at < box[:, i + 2, None]) for i, at in enumerate((x, y)))
    return down[:, :, None] & across[:, None]


def _stretch(logit: Float[Tensor, "1 u _h _w"], size: tuple[int, int]) -> Float[Tensor, "1 u h w"]:
    return functional.interpolate(logit, size, mode="bilinear", align_corners=False)
