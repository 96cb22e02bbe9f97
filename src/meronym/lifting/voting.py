"""Regions (boxes and masks) and the sparse votes that they cast for elements.

What is made here is on the CPU, where elements are looked up and counted, whatever the device of the views and the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from scipy import ndimage
from torch import Tensor
from torch.nn import functional

from meronym.lifting import gather
from meronym.lifting.gather import Evidence, GatherSettings
from meronym.types import Regions, Relevancy, Shape, Views, Votes


@dataclass(frozen=True)
class VotingSettings:
    """Which regions count, and what no vote means."""

    speck: float = 1e-3
    """The smallest region that counts, as a share of the shape's pixels in the view: smaller ones are noise at the borders."""
    prior: float = 1e-3
    """Support of a prompt without a vote, beside votes of up to 1 each: its logit is finite."""
    none: float = -2.0
    """Logit of "none of these" everywhere: that of 0.14 votes, so that a prompt without votes does not win."""


DEFAULT = VotingSettings()


def regions_from_relevancy(
    relevancy: Relevancy, views: Views, *, boxes: bool = False, settings: VotingSettings = DEFAULT
) -> Regions:
    """A dense teacher's maps as a detector would give them: per view, the connected pixels that one prompt wins.

    Scores are mean probabilities. With `boxes` a region is the rectangle around its pixels, as most detectors have it.
    """
    height, width = views.element.shape[1:]
    found: list[tuple[int, int, float, tuple[int, int, int, int], Tensor | None]] = []
    for view, (logit, none, box, element) in enumerate(
        zip(relevancy.logit, relevancy.none, relevancy.box, views.element, strict=True)
    ):
        shown = element.to(logit.device) >= 0
        row, column = shown.nonzero(as_tuple=True)
        place = (torch.stack([column, row], 1) + 0.5 - box[:2]) / (box[2:] - box[:2]) * 2 - 1
        grid = torch.cat([logit, none[None]])[None].float()
        sampled = functional.grid_sample(grid, place[None, None], padding_mode="border", align_corners=False)[0, :, 0]
        probability = logit.new_zeros(len(sampled), height, width, dtype=torch.float32)
        probability[:, row, column] = sampled.softmax(0)
        winner = torch.where(shown, probability.argmax(0), -1).cpu()
        probability, least = probability.cpu(), float(settings.speck * shown.sum())
        for prompt in range(len(logit)):
            pieces, count = ndimage.label(winner.numpy() == prompt)
            for piece, (rows, columns) in enumerate(ndimage.find_objects(pieces, count), start=1):
                mask = torch.from_numpy(pieces == piece)
                if float(mask.sum()) >= least:
                    span = (columns.start, rows.start, columns.stop, rows.stop)
                    found.append((view, prompt, float(probability[prompt][mask].mean()), span, None if boxes else mask))
    view_of, prompt_of, score, spans, masks = zip(*found, strict=True) if found else ((), (), (), (), ())
    kept = [mask for mask in masks if mask is not None]
    return Regions(
        torch.tensor(view_of, dtype=torch.long),
        torch.tensor(prompt_of, dtype=torch.long),
        torch.tensor(score),
        torch.tensor(spans, dtype=torch.float32).reshape(-1, 4),
        None if boxes else torch.stack(kept) if kept else torch.zeros(0, height, width, dtype=torch.bool),
    )


def cast_votes(regions: Regions, views: Views, shape: Shape, settings: GatherSettings = gather.DEFAULT) -> Votes:
    """Sparse pairs of region and element, with the share of the element that the region covers."""
    region_ids, elements, shares = [], [], []
    seen = torch.zeros(shape.element_count, dtype=torch.bool)
    for view, sighting in enumerate(gather.visible_elements(views, shape, settings)):
        seen[sighting.element] = True
        visible = torch.zeros(shape.element_count).index_add_(0, sighting.element, sighting.weight)
        for region in (regions.view == view).nonzero()[:, 0].tolist():
            held = points_inside(regions, region, sighting.xy)[sighting.place]
            covered = torch.zeros(shape.element_count)
            covered.index_add_(0, sighting.element[held], sighting.weight[held])
            element = covered.nonzero()[:, 0]
            region_ids.append(torch.full_like(element, region))
            elements.append(element)
            shares.append(covered[element] / visible[element])
    empty = torch.empty(0, dtype=torch.long)
    return Votes(
        torch.cat(region_ids) if region_ids else empty,
        torch.cat(elements) if elements else empty,
        torch.cat(shares) if shares else empty.float(),
        regions.prompt.cpu(),
        regions.view.cpu(),
        regions.score.cpu(),
        seen,
    )


def points_inside(regions: Regions, region: int, xy: Float[Tensor, "k 2"]) -> Bool[Tensor, " k"]:
    """Which places in its view a region holds; on the device of the places."""
    if regions.mask is not None:
        height, width = regions.mask.shape[1:]
        column, row = xy[:, 0].long().clamp(0, width - 1), xy[:, 1].long().clamp(0, height - 1)
        held: Tensor = regions.mask[region].to(xy.device)[row, column]
    else:
        x0, y0, x1, y1 = regions.box[region].to(xy.device)
        held = (xy[:, 0] >= x0) & (xy[:, 0] < x1) & (xy[:, 1] >= y0) & (xy[:, 1] < y1)
    return held


def count_votes(votes: Votes, prompts: int, settings: VotingSettings = DEFAULT) -> Evidence:
    """Votes as evidence: the logit of a prompt is the log of its support, summed over the regions that cover the element."""
    n = len(votes.seen)
    support = torch.zeros(n * prompts)
    slot = votes.element * prompts + votes.prompt[votes.region]
    support.index_add_(0, slot, votes.weight * votes.score[votes.region])
    support = support.reshape(n, prompts)
    return Evidence((support + settings.prior).log(), torch.full((n,), settings.none), votes.seen.float())
