"""What a vision-language model says of every pixel of photos: features at several scales, in low rank.

3D-OVS (Liu et al., NeurIPS 2023), section 3.1: windows of several sizes are shown one by one, and a pixel gets the mean of all
windows that hold it. The authors keep 512 numbers a pixel and scale; here they are kept in the few dimensions that they fill.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from meronym.progress import Progress, silent
from meronym.protocols import ImageTextEncoder

CELLS = 54
"""Cells of the grid along the short side of a photo."""
RANK = 64
"""Dimensions that features are kept in, at the most."""
FITTED_ON = 8
"""Photos from which these dimensions are found."""


@dataclass(frozen=True, eq=False)
class Pyramid:
    """Features of photos: view, scale, cell; times `basis` they are the model's own."""

    grid: Float[Tensor, "c s gh gw r"]
    """Half precision, unit length."""
    basis: Float[Tensor, "r d"]
    """Orthonormal rows."""

    def cosine(self, text: Float[Tensor, "p d"]) -> Float[Tensor, "c s p gh gw"]:
        """Cosine with words at every cell."""
        cosine: Tensor = torch.einsum("csyxr,pr->cspyx", self.grid.float(), text @ self.basis.T)
        return cosine

    def relevancy(self, text: Float[Tensor, "p d"]) -> Float[Tensor, "c s p gh gw"]:
        """The cosines of each prompt, in each view and at each scale, stretched to 0..1 (3D-OVS, section 3.3)."""
        cosine = self.cosine(text)
        low, high = cosine.amin((3, 4), keepdim=True), cosine.amax((3, 4), keepdim=True)
        stretched: Tensor = (cosine - low) / (high - low).clamp_min(1e-6)
        return stretched


def windows(height: int, width: int, share: float, stride: float) -> list[tuple[int, int, int]]:
    """Square windows (x, y, side, in pixels) over a picture, evenly spread so that they reach all edges."""
    side = max(1, round(share * min(height, width)))

    def starts(length: int) -> list[int]:
        count = 1 + -(-(length - side) // max(1, round(stride * side)))
        return [round(k * (length - side) / max(count - 1, 1)) for k in range(count)]

    return [(x, y, side) for y in starts(height) for x in starts(width)]


def encode_photo(model: ImageTextEncoder, photo: Float[Tensor, "h w 3"], grid: tuple[int, int]) -> Float[Tensor, "s gh gw d"]:
    """Features of one photo at each of the model's scales, unit length."""
    height, width = photo.shape[:2]
    y = (torch.arange(grid[0]) + 0.5) / grid[0] * height
    x = (torch.arange(grid[1]) + 0.5) / grid[1] * width
    levels = []
    for share in model.scales:
        total, count = torch.zeros(()), torch.zeros(*grid, 1)
        for left, top, side in windows(height, width, share, model.stride):
            seen = model.encode_image(photo[top : top + side, left : left + side]).to(photo.device)
            rows = ((y >= top) & (y < top + side)).nonzero()[:, 0]
            columns = ((x >= left) & (x < left + side)).nonzero()[:, 0]
            if not len(rows) or not len(columns):
                continue
            at_y, at_x = (y[rows] - top) / side * 2 - 1, (x[columns] - left) / side * 2 - 1
            place = torch.stack(torch.meshgrid(at_y, at_x, indexing="ij")[::-1], -1)[None]
            cells = functional.grid_sample(seen.permute(2, 0, 1)[None], place, align_corners=False, padding_mode="border")[
                0
            ].permute(1, 2, 0)
            total = total if total.ndim else torch.zeros(*grid, seen.shape[2])
            total[rows[:, None], columns] += cells
            count[rows[:, None], columns] += 1
        levels.append(functional.normalize(total / count.clamp_min(1), dim=-1))
    return torch.stack(levels)


def encode_photos(
    model: ImageTextEncoder,
    photos: Float[Tensor, "c h w 3"],
    progress: Progress = silent,
) -> Pyramid:
    """Features of all photos."""
    height, width = photos.shape[1:3]
    scale = CELLS / min(height, width)
    grid = (round(height * scale), round(width * scale))
    count = len(photos)
    fitted_on = min(FITTED_ON, count)
    first = sorted({round(k * (count - 1) / max(fitted_on - 1, 1)) for k in range(fitted_on)})
    whole = {}
    for k in first:
        whole[k] = encode_photo(model, photos[k], grid)
        progress("features", len(whole), count)
    basis = _principal_directions(torch.cat([level.reshape(-1, level.shape[-1]) for level in whole.values()]))
    kept = torch.empty(count, len(model.scales), *grid, len(basis), dtype=torch.float16)
    for done, k in enumerate([*first, *(k for k in range(count) if k not in whole)], 1):
        level = whole.pop(k) if k in whole else encode_photo(model, photos[k], grid)
        kept[k] = project(level, basis)
        progress("features", max(done, len(first)), count)
    return Pyramid(kept, basis)


def project(features: Float[Tensor, "*g d"], basis: Float[Tensor, "r d"]) -> Float[Tensor, "*g r"]:
    """Features in the directions of the basis, at unit length, in half precision."""
    return functional.normalize(features @ basis.T, dim=-1).half()


def _principal_directions(features: Float[Tensor, "n d"]) -> Float[Tensor, "r d"]:
    """The directions in which features lie, strongest first."""
    _, vectors = torch.linalg.eigh((features.T @ features).double())
    strongest: Tensor = vectors.flip(1)[:, :RANK].T
    return strongest.float().contiguous()
