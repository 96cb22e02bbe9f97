"""Detectors as teachers: boxes for each prompt, by the open-vocabulary detectors that transformers has.

One class for all. What differs between them, how they are asked and what they answer, is one short function each.
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

from meronym.errors import InputError, PluginError
from meronym.teachers.crops import resize
from meronym.teachers.masks import Segmenter
from meronym.teachers.network import Network
from meronym.types import Regions, Views

WHOLE = 0.98
"""A box that holds more than this share of what a view shows says nothing of parts (PartSLIP)."""
OVERLAP = 0.5
"""Intersection over union from which two boxes of a prompt are one thing seen twice, as in OmDet-Turbo. The other models
leave such twins, and each would be a vote."""
VIEWS_AT_ONCE = 2

Answer = tuple[Tensor, Tensor]
"""Score of each prompt for each box [c q p], 0..1; boxes [c q 4] as x0 y0 x1 y1 in pixels of the view."""


@dataclass(frozen=True)
class Architecture:
    """What differs from one detector to the next."""

    model: str
    """Class of transformers."""
    since: str
    """First version of transformers that has it."""
    weights: str
    """Name in the catalogue."""
    threshold: float
    """Score from which a box counts: that of transformers' own processor."""
    ask: Callable[[Network, Tensor, Sequence[str]], Answer]


class Detector:
    """Looks for every prompt in every view.

    Bare prompts are asked, as "leg of a chair" is known to do worse than "leg" (PartSLIP). A `form` such as
    "{prompt} of a {category}" is used where the category is known. `masks` ("sam", "sam2" or a `Segmenter`) narrows
    boxes down to masks.

    Raises: InputError for an unknown name; PluginError if transformers is too old; WeightsError if the weights cannot be had.
    """

    def __init__(
        self,
        name: str = "grounding-dino",
        threshold: float | None = None,
        masks: str | Segmenter | None = None,
        weights: str | Path | None = None,
        form: str = "{prompt}",
        device: str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        if name not in ARCHITECTURES:
            raise InputError(f"no detector named {name!r}; known: {', '.join(ARCHITECTURES)}")
        kind = ARCHITECTURES[name]
        self.name, self.form, self.ask = name, form, kind.ask
        self.threshold = kind.threshold if threshold is None else threshold
        self.network = Network(weights or kind.weights, kind.model, kind.since, device, dtype)
        self.masks = Segmenter(masks, device=device, dtype=dtype) if isinstance(masks, str) else masks

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Regions:
        """The boxes above the threshold, each under the prompt that suits it best.

        Prompts are asked in alphabetical order, so that the order in which they come changes nothing.

        Raises: InputError if a prompt is empty or longer than the model can read.
        """
        order = sorted(range(len(prompts)), key=lambda index: prompts[index])
        phrases = [self._phrase(prompts[index], category) for index in order]
        found = []
        for start in range(0, len(views), VIEWS_AT_ONCE):
            colour = views.colour[start : start + VIEWS_AT_ONCE].to(self.network.device)
            score, box = self.ask(self.network, colour, phrases)
            if not (score.isfinite().all() and box.isfinite().all()):
                raise PluginError(f"detector {self.name}: NaN in {self.network.dtype}; use torch.float32")
            for view, answer in enumerate(zip(score.float().cpu(), box.float().cpu(), strict=True), start):
                prompt, *rest = select(*answer, self.threshold, views.element[view] >= 0)
                found.append((torch.full_like(prompt, view), torch.tensor(order)[prompt], *rest))
        regions = Regions(*(torch.cat(field) for field in zip(*found, strict=True)))
        return self.masks(views, regions) if self.masks else regions

    def _phrase(self, prompt: str, category: str | None) -> str:
        phrase = self.form.format(prompt=prompt, category=category) if category else prompt
        if not phrase.strip(" .?"):
            raise InputError(f"prompt {prompt!r} names nothing; give the name of a part")
        return phrase.strip().lower()

    def describe(self) -> dict[str, Any]:
        """Name, weights with hash and licence, settings."""
        return {
            "name": self.name,
            "weights": [self.network.record] + ([self.masks.network.record] if self.masks else []),
            "threshold": self.threshold,
            "masks": self.masks.name if self.masks else None,
            "form": self.form,
            "dtype": str(self.network.dtype),
        }


# ------------------------------------------------------------------------------------------------------ architectures


def _ask_grounding(network: Network, colour: Float[Tensor, "c h w 3"], phrases: Sequence[str]) -> Answer:
    """Grounding DINO reads all prompts as one sentence, "seat . back . leg ."; a prompt scores as its best token."""
    height, width = colour.shape[1:3]
    words, spans = sentence(network, phrases)
    words = words.expand(len(colour), -1)
    out = network.model(
        pixel_values=look(network, colour, fit(height, width, **network.picture["size"])),
        input_ids=words,
        attention_mask=torch.ones_like(words),
    )
    chance = out.logits.sigmoid()
    score = torch.stack([chance[..., span].amax(-1) for span in spans], -1)
    return score, corners(out.pred_boxes, width, height)


def _ask_owl(network: Network, colour: Float[Tensor, "c h w 3"], phrases: Sequence[str]) -> Answer:
    """OWLv2 scores prompts apart. It sees the picture padded to a square, and its boxes are relative to that."""
    height, width = colour.shape[1:3]
    side, size = max(height, width), network.picture["size"]
    square = functional.pad(colour, (0, 0, 0, side - width, 0, side - height))
    words, mask = (field.repeat(len(colour), 1) for field in tokens(network, phrases))
    pixels = look(network, square, (size["height"], size["width"]))
    out = network.model(pixel_values=pixels, input_ids=words, attention_mask=mask)
    return out.logits.sigmoid(), corners(out.pred_boxes, side, side)


def _ask_omdet(network: Network, colour: Float[Tensor, "c h w 3"], phrases: Sequence[str]) -> Answer:
    """OmDet-Turbo scores prompts apart, and is told in a sentence what all of them are."""
    (height, width), size, count = colour.shape[1:3], network.picture["size"], len(colour)
    words, mask = (field.repeat(count, 1) for field in tokens(network, phrases))
    task, task_mask = (field.repeat(count, 1) for field in tokens(network, [f"Detect {', '.join(phrases)}."], cut=True))
    out = network.model(
        pixel_values=look(network, colour, (size["height"], size["width"])),
        classes_input_ids=words,
        classes_attention_mask=mask,
        tasks_input_ids=task,
        tasks_attention_mask=task_mask,
        classes_structure=torch.full((count,), len(phrases), device=words.device),
    )
    return out.decoder_class_logits.sigmoid(), corners(out.decoder_coord_logits, width, height)


ARCHITECTURES = {
    "grounding-dino": Architecture("GroundingDinoForObjectDetection", "4.45", "grounding-dino-tiny", 0.25, _ask_grounding),
    "mm-grounding-dino": Architecture(
        "MMGroundingDinoForObjectDetection", "4.55", "mm-grounding-dino-tiny", 0.25, _ask_grounding
    ),
    "owlv2": Architecture("Owlv2ForObjectDetection", "4.45", "owlv2-base", 0.1, _ask_owl),
    "omdet-turbo": Architecture("OmDetTurboForObjectDetection", "4.45", "omdet-turbo-tiny", 0.3, _ask_omdet),
}
"""Liu et al., ECCV 2024; Zhao et al., arXiv 2401.02361; Minderer et al., NeurIPS 2023; Zhao et al., IET CV 2024."""

GroundingDino = partial(Detector, "grounding-dino")
MMGroundingDino = partial(Detector, "mm-grounding-dino")
Owlv2 = partial(Detector, "owlv2")
OmDetTurbo = partial(Detector, "omdet-turbo")


def look(network: Network, colour: Float[Tensor, "c h w 3"], size: tuple[int, int]) -> Float[Tensor, "c 3 _h _w"]:
    """Pictures as the model was trained to have them."""
    return network.pixels(torch.cat([resize(view, size, "bilinear") for view in colour]))


def fit(height: int, width: int, shortest_edge: int, longest_edge: int) -> tuple[int, int]:
    """Height and width with the shorter side as asked, or less, so that the longer is not too long."""
    scale = min(shortest_edge / min(height, width), longest_edge / max(height, width))
    short, long = round(min(height, width) * scale), int(max(height, width) * scale + 1e-6)
    return (short, long) if height <= width else (long, short)


def sentence(network: Network, phrases: Sequence[str]) -> tuple[Int[Tensor, "1 t"], list[slice]]:
    """Token ids of "seat . back . leg .", and which of them are each phrase's.

    Raises: InputError if it is longer than the model reads.
    """
    tokenizer, limit = network.tokenizer, network.model.config.max_text_len
    stop = tokenizer.convert_tokens_to_ids(".")
    ids, spans = [tokenizer.cls_token_id], []
    for phrase in phrases:
        words = tokenizer(phrase.replace(".", " ").replace("?", " "), add_special_tokens=False)["input_ids"]
        spans.append(slice(len(ids), len(ids) + len(words)))
        ids += [*words, stop]
    ids.append(tokenizer.sep_token_id)
    if len(ids) > limit:
        raise InputError(f"{len(phrases)} prompts are {len(ids)} tokens; the detector reads at most {limit}: ask for fewer")
    return torch.tensor([ids], device=network.device), spans


def tokens(network: Network, phrases: Sequence[str], cut: bool = False) -> tuple[Int[Tensor, "p t"], Int[Tensor, "p t"]]:
    """Token ids and attention mask of each phrase by itself, padded to what the model was trained with.

    Raises: InputError if a phrase is longer, unless it may be `cut`.
    """
    limit = network.model.config.text_config.max_position_embeddings
    batch = network.tokenizer(list(phrases), padding="max_length", max_length=limit, truncation=cut)
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
    score: Float[Tensor, "q p"], box: Float[Tensor, "q 4"], threshold: float, shown: Bool[Tensor, "h w"]
) -> tuple[Int[Tensor, " u"], Float[Tensor, " u"], Float[Tensor, "u 4"]]:
    """Prompt, score and box of the regions of a view: cut to the picture, best first; none empty, whole or there twice."""
    best, prompt = score.max(1)
    height, width = shown.shape
    box = box.clamp_min(0).minimum(torch.tensor([width, height] * 2))
    good = (best > threshold) & (box[:, 2:] > box[:, :2]).all(1) & (share(box, shown) <= WHOLE)
    order = best.argsort(descending=True, stable=True)
    order = order[good[order]]
    order = order[distinct(box[order], prompt[order])]
    return prompt[order], best[order], box[order]


def share(box: Float[Tensor, "q 4"], shown: Bool[Tensor, "h w"]) -> Float[Tensor, " q"]:
    """The part of what is shown that lies in each box; boxes are inside the picture."""
    count = functional.pad(shown.long().cumsum(0).cumsum(1), (1, 0, 1, 0))
    x0, y0, x1, y1 = (box - 0.5).ceil().long().unbind(1)  # a pixel is inside where its centre is
    return (count[y1, x1] - count[y0, x1] - count[y1, x0] + count[y0, x0]) / count[-1, -1].clamp_min(1)


def distinct(box: Float[Tensor, "u 4"], prompt: Int[Tensor, " u"]) -> Bool[Tensor, " u"]:
    """Non-maximum suppression within each prompt; boxes come best first."""
    low, high = box[:, None, :2].maximum(box[:, :2]), box[:, None, 2:].minimum(box[:, 2:])
    both = (high - low).clamp_min(0).prod(2)
    area = (box[:, 2:] - box[:, :2]).prod(1)
    twin = (both > OVERLAP * (area[:, None] + area - both)) & (prompt[:, None] == prompt)
    keep = torch.ones(len(box), dtype=torch.bool)
    for row, twins in enumerate(twin):
        if keep[row]:
            keep[row + 1 :] &= ~twins[row + 1 :]
    return keep
