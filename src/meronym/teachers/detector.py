"""Detectors as teachers: boxes for each prompt, by the open-vocabulary detectors that transformers has.

One class for all. How inputs are made for a detector and its outputs are read is one short function each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.core.device import in_chunks
from meronym.errors import InputError, PluginError
from meronym.teachers.crops import resize
from meronym.teachers.masks import Segmenter
from meronym.teachers.network import Network
from meronym.types import Regions, Views

ScoredBoxes = tuple[Tensor, Tensor]
"""Score of each prompt for each box [c q p], 0..1; boxes [c q 4] as x0 y0 x1 y1 in pixels of the view."""


@dataclass(frozen=True)
class Architecture:
    """The properties in which the detectors differ."""

    model: str
    """Class of transformers."""
    since: str
    """First version of transformers that has it."""
    weights: str
    """Name in the catalogue."""
    threshold: float
    """Score from which a box counts: that of transformers' own processor."""
    detect: Callable[[Network, Tensor, Sequence[str]], ScoredBoxes]


class Detector:
    """Boxes of every prompt in every view.

    `threshold` is the score from which a box counts (None = the architecture's own). Prompts are taken as they are, since
    "leg of a chair" is known to do worse than "leg" (PartSLIP); a `form` such as "{prompt} of a {category}" is used where the
    category is known. `masks` ("sam", "sam2" or a `Segmenter`) narrows boxes down to masks. A box that holds more than `whole`
    of what a view shows names no part (PartSLIP). Two boxes of a prompt with an intersection over union above `overlap` are
    one, as in OmDet-Turbo: the other models leave such duplicates, and each would be a vote. `views_at_once` go through the
    network together; fewer where a GPU's memory runs out.

    Raises: InputError for an unknown name; PluginError if transformers is too old; WeightsError if the weights cannot be had.
    """

    def __init__(
        self,
        name: str = "grounding-dino",
        threshold: float | None = None,
        masks: str | Segmenter | None = None,
        weights: str | Path | None = None,
        form: str = "{prompt}",
        whole: float = 0.98,
        overlap: float = 0.5,
        views_at_once: int = 2,
        device: torch.device | str = "cpu",
        dtype: torch.dtype | str = torch.float32,
    ) -> None:
        if name not in ARCHITECTURES:
            raise InputError(f"no detector named {name!r}; known: {', '.join(ARCHITECTURES)}")
        kind = ARCHITECTURES[name]
        self.name, self.form, self.detect = name, form, kind.detect
        self.threshold = kind.threshold if threshold is None else threshold
        self.whole, self.overlap, self.views_at_once = whole, overlap, views_at_once
        self.network = Network(weights or kind.weights, kind.model, kind.since, device, dtype)
        self.masks = Segmenter(masks, device=device, dtype=dtype) if isinstance(masks, str) else masks

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Regions:
        """The boxes above the threshold, each under the prompt with the highest score.

        The network gets the prompts in alphabetical order, so that the order in which they come changes nothing.

        Raises: InputError if a prompt is empty or too long for the model; DeviceError if one view does not fit into a GPU.
        """
        order = sorted(range(len(prompts)), key=lambda index: prompts[index])
        phrases = [self._phrase(prompts[index], category) for index in order]

        def detect(start: int, stop: int) -> list[tuple[Tensor, ...]]:
            score, box = self.detect(self.network, views.colour[start:stop].to(self.network.device), phrases)
            if not (score.isfinite().all() and box.isfinite().all()):
                raise PluginError(f"detector {self.name}: NaN in {self.network.dtype}; use torch.float32")
            answers = (field.float().to(views.colour.device) for field in (score, box))
            return [self._regions(views, *answer) for answer in zip(range(start, stop), *answers, strict=True)]

        found = [region for some in in_chunks(detect, len(views), self.views_at_once) for region in some]
        view, prompt, score, box = (torch.cat(field) for field in zip(*found, strict=True))
        regions = Regions(view, torch.tensor(order, device=prompt.device)[prompt], score, box)
        return self.masks(views, regions) if self.masks else regions

    def _regions(self, views: Views, view: int, score: Tensor, box: Tensor) -> tuple[Tensor, ...]:
        """View, prompt, score and box of the regions of one view."""
        prompt, *rest = select(score, box, self.threshold, views.element[view] >= 0, whole=self.whole, overlap=self.overlap)
        return torch.full_like(prompt, view), prompt, *rest

    def _phrase(self, prompt: str, category: str | None) -> str:
        phrase = self.form.format(prompt=prompt, category=category) if category else prompt
        if not phrase.strip(" .?"):
            raise InputError(f"prompt {prompt!r} names nothing; give the name of a part")
        return phrase.strip().lower()

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, settings."""
        return {
            "name": self.name,
            "weights": [self.network.record] + ([self.masks.network.record] if self.masks else []),
            "threshold": self.threshold,
            "masks": self.masks.name if self.masks else None,
            "boxes_at_once": self.masks.boxes_at_once if self.masks else None,
            "form": self.form,
            "whole": self.whole,
            "overlap": self.overlap,
            "views_at_once": self.views_at_once,
            "dtype": str(self.network.dtype),
        }


# ------------------------------------------------------------------------------------------------------ architectures


def _detect_grounding_dino(network: Network, colour: Float[Tensor, "c h w 3"], phrases: Sequence[str]) -> ScoredBoxes:
    """Grounding DINO gets all prompts as one sentence, "seat . back . leg ."; a prompt's score is that of its best token."""
    height, width = colour.shape[1:3]
    ids, spans = sentence(network, phrases)
    ids = ids.expand(len(colour), -1)
    out = network.model(
        pixel_values=preprocess(network, colour, fit(height, width, **network.picture["size"])),
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
    )
    chance = out.logits.sigmoid()
    score = torch.stack([chance[..., span].amax(-1) for span in spans], -1)
    return score, corners(out.pred_boxes, width, height)


def _detect_owl(network: Network, colour: Float[Tensor, "c h w 3"], phrases: Sequence[str]) -> ScoredBoxes:
    """OWLv2 scores prompts apart. The picture is padded to a square, and boxes are relative to that."""
    height, width = colour.shape[1:3]
    side, size = max(height, width), network.picture["size"]
    square = functional.pad(colour, (0, 0, 0, side - width, 0, side - height))
    ids, mask = (field.repeat(len(colour), 1) for field in tokenize(network, phrases))
    pixels = preprocess(network, square, (size["height"], size["width"]))
    out = network.model(pixel_values=pixels, input_ids=ids, attention_mask=mask)
    return out.logits.sigmoid(), corners(out.pred_boxes, side, side)


def _detect_omdet(network: Network, colour: Float[Tensor, "c h w 3"], phrases: Sequence[str]) -> ScoredBoxes:
    """OmDet-Turbo scores prompts apart; beside them it gets a sentence that lists them all."""
    (height, width), size, count = colour.shape[1:3], network.picture["size"], len(colour)
    ids, mask = (field.repeat(count, 1) for field in tokenize(network, phrases))
    listed = tokenize(network, [f"Detect {', '.join(phrases)}."], truncate=True)
    task, task_mask = (field.repeat(count, 1) for field in listed)
    out = network.model(
        pixel_values=preprocess(network, colour, (size["height"], size["width"])),
        classes_input_ids=ids,
        classes_attention_mask=mask,
        tasks_input_ids=task,
        tasks_attention_mask=task_mask,
        classes_structure=torch.full((count,), len(phrases), device=ids.device),
    )
    return out.decoder_class_logits.sigmoid(), corners(out.decoder_coord_logits, width, height)


ARCHITECTURES = {
    "grounding-dino": Architecture(
        "GroundingDinoForObjectDetection", "4.45", "grounding-dino-tiny", 0.25, _detect_grounding_dino
    ),
    "mm-grounding-dino": Architecture(
        "MMGroundingDinoForObjectDetection", "4.55", "mm-grounding-dino-tiny", 0.25, _detect_grounding_dino
    ),
    "owlv2": Architecture("Owlv2ForObjectDetection", "4.45", "owlv2-base", 0.1, _detect_owl),
    "omdet-turbo": Architecture("OmDetTurboForObjectDetection", "4.45", "omdet-turbo-tiny", 0.3, _detect_omdet),
}
"""Liu et al., ECCV 2024; Zhao et al., arXiv 2401.02361; Minderer et al., NeurIPS 2023; Zhao et al., IET CV 2024."""

GroundingDino = partial(Detector, "grounding-dino")
MMGroundingDino = partial(Detector, "mm-grounding-dino")
Owlv2 = partial(Detector, "owlv2")
OmDetTurbo = partial(Detector, "omdet-turbo")


def preprocess(network: Network, colour: Float[Tensor, "c h w 3"], size: tuple[int, int]) -> Float[Tensor, "c 3 _h _w"]:
    """Pictures 0..1, resized and normalised as in the model's training."""
    return network.pixels(torch.cat([resize(view, size, "bilinear") for view in colour]))


def fit(height: int, width: int, shortest_edge: int, longest_edge: int) -> tuple[int, int]:
    """Height and width with the shorter side `shortest_edge`, or less where the longer would exceed `longest_edge`."""
    scale = min(shortest_edge / min(height, width), longest_edge / max(height, width))
    short, long = round(min(height, width) * scale), int(max(height, width) * scale + 1e-6)
    return (short, long) if height <= width else (long, short)


def sentence(network: Network, phrases: Sequence[str]) -> tuple[Int[Tensor, "1 t"], list[slice]]:
    """Token ids of "seat . back . leg .", and which of them are each phrase's.

    Raises: InputError if it is too long for the model.
    """
    tokenizer, limit = network.tokenizer, network.model.config.max_text_len
    stop = tokenizer.convert_tokens_to_ids(".")
    ids, spans = [tokenizer.cls_token_id], []
    for phrase in phrases:
        own = tokenizer(phrase.replace(".", " ").replace("?", " "), add_special_tokens=False)["input_ids"]
        spans.append(slice(len(ids), len(ids) + len(own)))
        ids += [*own, stop]
    ids.append(tokenizer.sep_token_id)
    if len(ids) > limit:
        raise InputError(f"{len(phrases)} prompts are {len(ids)} tokens; the detector reads at most {limit}: ask for fewer")
    return torch.tensor([ids], device=network.device), spans


def tokenize(network: Network, phrases: Sequence[str], truncate: bool = False) -> tuple[Int[Tensor, "p t"], Int[Tensor, "p t"]]:
    """Token ids and attention mask of each phrase by itself, padded to the length of the model's training.

    Raises: InputError if a phrase is longer, unless it may be truncated.
    """
    limit = network.model.config.text_config.max_position_embeddings
    batch = network.tokenizer(list(phrases), padding="max_length", max_length=limit, truncation=truncate)
    for phrase, ids in zip(phrases, batch["input_ids"], strict=True):
        if len(ids) > limit:
            raise InputError(f"prompt {phrase!r} is {len(ids)} tokens; the detector reads at most {limit}: shorten it")
    ids, mask = (torch.tensor(batch[key], device=network.device) for key in ("input_ids", "attention_mask"))
    return ids, mask


# -------------------------------------------------------------------------------------------------------------- boxes


def corners(box: Float[Tensor, "*b 4"], width: int, height: int) -> Float[Tensor, "*b 4"]:
    """Boxes given as centre and size relative to a picture, as x0 y0 x1 y1 in its pixels."""
    centre, half = box[..., :2].float(), box[..., 2:].float() / 2
    return torch.cat([centre - half, centre + half], -1) * torch.tensor([width, height] * 2, device=box.device)


def select(
    score: Float[Tensor, "q p"],
    box: Float[Tensor, "q 4"],
    threshold: float,
    shown: Bool[Tensor, "h w"],
    *,
    whole: float = 0.98,
    overlap: float = 0.5,
) -> tuple[Int[Tensor, " u"], Float[Tensor, " u"], Float[Tensor, "u 4"]]:
    """Prompt, score and box of the regions of a view: cut to the picture, best first; none empty, whole or duplicate.

    `whole` and `overlap` are those of `Detector`.
    """
    best, prompt = score.max(1)
    height, width = shown.shape
    box = box.clamp_min(0).minimum(torch.tensor([width, height] * 2, device=box.device))
    good = (best > threshold) & (box[:, 2:] > box[:, :2]).all(1) & (share(box, shown) <= whole)
    order = best.argsort(descending=True, stable=True)
    order = order[good[order]]
    order = order[distinct(box[order], prompt[order], overlap)]
    return prompt[order], best[order], box[order]


def share(box: Float[Tensor, "q 4"], shown: Bool[Tensor, "h w"]) -> Float[Tensor, " q"]:
    """The share of the shown pixels that lies in each box, 0..1; boxes are inside the picture."""
    count = functional.pad(shown.long().cumsum(0).cumsum(1), (1, 0, 1, 0))
    x0, y0, x1, y1 = (box - 0.5).ceil().long().unbind(1)  # a pixel is inside where its centre is
    return (count[y1, x1] - count[y0, x1] - count[y1, x0] + count[y0, x0]) / count[-1, -1].clamp_min(1)


def distinct(box: Float[Tensor, "u 4"], prompt: Int[Tensor, " u"], overlap: float = 0.5) -> Bool[Tensor, " u"]:
    """Non-maximum suppression within each prompt; boxes come best first. `overlap` is an intersection over union."""
    low, high = box[:, None, :2].maximum(box[:, :2]), box[:, None, 2:].minimum(box[:, 2:])
    both = (high - low).clamp_min(0).prod(2)
    area = (box[:, 2:] - box[:, :2]).prod(1)
    duplicate = (both > overlap * (area[:, None] + area - both)) & (prompt[:, None] == prompt)
    duplicate = duplicate.cpu()  # the loop would wait for a GPU at each row
    keep = torch.ones(len(box), dtype=torch.bool)
    for row, duplicates in enumerate(duplicate):
        if keep[row]:
            keep[row + 1 :] &= ~duplicates[row + 1 :]
    return keep.to(box.device)
