"""Features of photos in the space of an image-text model: at several scales, in low rank.

3D-OVS (Liu et al., NeurIPS 2023), section 3.1: square windows of several sizes are encoded one by one, and a pixel gets the
mean of all windows that contain it. The authors keep 512 numbers a pixel and scale; here they are kept in the few dimensions
that the features of the scene span.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from scipy import ndimage
from torch import Tensor
from torch.nn import functional

from meronym.lifting.gather import longest_directions
from meronym.progress import Progress, silent
from meronym.protocols import ImageTextEncoder
from meronym.types import Views


@dataclass(frozen=True)
class PyramidSettings:
    """Resolution and rank of a feature pyramid."""

    cells: int = 54
    """Cells of the grid along the shorter side of a photo."""
    rank: int = 64
    """Dimensions that features are kept in, at the most."""
    fitted_on: int = 8
    """Photos from which these dimensions are found; more cost memory, not time."""


DEFAULT = PyramidSettings()


@dataclass(frozen=True, eq=False)
class FeaturePyramid:
    """Features of photos by view, scale and cell; times `basis` they are the model's own."""

    grid: Float[Tensor, "c s gh gw r"]
    """Half precision, unit length."""
    basis: Float[Tensor, "r d"]
    """Orthonormal rows, on the grid's device."""

    def cosine(self, text: Float[Tensor, "p d"]) -> Float[Tensor, "c s p gh gw"]:
        """Cosine of each text with every cell."""
        cosine: Tensor = torch.einsum("csyxr,pr->cspyx", self.grid.float(), text @ self.basis.T)
        return cosine

    def relevancy(self, text: Float[Tensor, "p d"]) -> Float[Tensor, "c s p gh gw"]:
        """The cosines of each prompt, in each view and at each scale, stretched to 0..1 (3D-OVS, section 3.3)."""
        cosine = self.cosine(text)
        low, high = cosine.amin((3, 4), keepdim=True), cosine.amax((3, 4), keepdim=True)
        stretched: Tensor = (cosine - low) / (high - low).clamp_min(1e-6)
        return stretched


def windows(height: int, width: int, share: float, stride: float) -> list[tuple[int, int, int]]:
    """Square windows (x, y, side, in pixels) over a picture, evenly spread so that they reach all edges.

    `share` and `stride` are those of `ImageTextEncoder`.
    """
    side = max(1, round(share * min(height, width)))

    def starts(length: int) -> list[int]:
        count = 1 + -(-(length - side) // max(1, round(stride * side)))
        return [round(k * (length - side) / max(count - 1, 1)) for k in range(count)]

    return [(x, y, side) for y in starts(height) for x in starts(width)]


def encode_photo(
    model: ImageTextEncoder, photo: Float[Tensor, "h w 3"], grid: tuple[int, int], known: Bool[Tensor, "h w"] | None = None
) -> Float[Tensor, "s gh gw d"]:
    """Features of one photo at each of the model's scales, unit length, on the photo's device.

    `known`: its pixels; None = all. Windows reach as far as these, and cells of others have the features of the nearest cell
    of these.
    """
    y = (torch.arange(grid[0], device=photo.device) + 0.5) / grid[0] * photo.shape[0]
    x = (torch.arange(grid[1], device=photo.device) + 0.5) / grid[1] * photo.shape[1]
    if known is None or not known.any():
        known = torch.ones_like(photo[..., 0], dtype=torch.bool)
    height, width = (int(known.any(axis).nonzero().max()) + 1 for axis in (1, 0))
    levels = []
    for share in model.scales:
        total: Tensor | None = None
        count = torch.zeros(*grid, 1, device=photo.device)
        for left, top, side in windows(height, width, share, model.stride):
            features = model.encode_image(photo[top : top + side, left : left + side])
            rows = ((y >= top) & (y < top + side)).nonzero()[:, 0]
            columns = ((x >= left) & (x < left + side)).nonzero()[:, 0]
            if not len(rows) or not len(columns):
                continue
            at_y, at_x = (y[rows] - top) / side * 2 - 1, (x[columns] - left) / side * 2 - 1
            place = torch.stack(torch.meshgrid(at_y, at_x, indexing="ij")[::-1], -1)[None]
            picture = features.to(photo.device).permute(2, 0, 1)[None]
            cells = functional.grid_sample(picture, place, align_corners=False, padding_mode="border")[0].permute(1, 2, 0)
            if total is None:
                total = torch.zeros(*grid, cells.shape[2], device=photo.device)
            total[rows[:, None], columns] += cells
            count[rows[:, None], columns] += 1
        assert total is not None, "windows cover the photo"
        levels.append(functional.normalize(total / count.clamp_min(1), dim=-1))
    return torch.stack(levels)[:, *_nearest_known(known[y.long()[:, None], x.long()])]


def _nearest_known(known: Bool[Tensor, "gh gw"]) -> tuple[Int[Tensor, "gh gw"], Int[Tensor, "gh gw"]]:
    """Row and column of the nearest cell that is known; of each cell itself where none is."""
    if not known.any():
        known = torch.ones_like(known)
    rows, columns = ndimage.distance_transform_edt(~known.cpu().numpy(), return_distances=False, return_indices=True)
    return torch.from_numpy(rows).long().to(known.device), torch.from_numpy(columns).long().to(known.device)


def encode_photos(
    model: ImageTextEncoder,
    photos: Views,
    progress: Progress = silent,
    settings: PyramidSettings = DEFAULT,
) -> FeaturePyramid:
    """Features of all photos, on their device. `progress` gets the stage "features"."""
    height, width = photos.colour.shape[1:3]
    scale = settings.cells / min(height, width)
    grid = (round(height * scale), round(width * scale))
    count, known = len(photos), photos.known
    fitted_on = min(settings.fitted_on, count)
    first = sorted({round(k * (count - 1) / max(fitted_on - 1, 1)) for k in range(fitted_on)})
    full: dict[int, Tensor] = {}
    for k in first:
        full[k] = encode_photo(model, photos.colour[k], grid, known[k])
        progress("features", len(full), count)
    basis = longest_directions(list(full.values()), settings.rank)
    reduced = torch.empty(count, len(model.scales), *grid, len(basis), dtype=torch.float16, device=known.device)
    for done, k in enumerate([*first, *(k for k in range(count) if k not in full)], 1):
        levels = full.pop(k) if k in full else encode_photo(model, photos.colour[k], grid, known[k])
        reduced[k] = project(levels, basis)
        progress("features", max(done, len(first)), count)
    return FeaturePyramid(reduced, basis)


def project(features: Float[Tensor, "*g d"], basis: Float[Tensor, "r d"]) -> Float[Tensor, "*g r"]:
    """Features in the directions of the basis, at unit length, in half precision."""
    return functional.normalize(features @ basis.T, dim=-1).half()
