"""Lens distortion: OpenCV's models, with which COLMAP and nerfstudio describe lenses, and their inverse."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Bool, Float
from numpy.polynomial import polynomial
from torch import Tensor

TERMS = ("k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6", "s1", "s2", "s3", "s4")
"""Of a distortion, in their order."""


def distort(
    points: Float[Tensor, "*n 2"], distortion: Float[Tensor, " 12"], fisheye: bool = False
) -> tuple[Float[Tensor, "*n 2"], Bool[Tensor, "*n"]]:
    """Where a lens shows the direction (x, y, 1), again as x and y at depth 1; and whether it shows it at all.

    OpenCV's rational, tangential and thin-prism model; for a fisheye lens, that of its angles, without the denominator and
    with k4 as the last radial term (COLMAP's THIN_PRISM_FISHEYE, of which OpenCV's fisheye model is the radial part). Beyond
    the angle at which the model folds back nothing is shown.
    """
    k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4 = distortion.tolist()
    above, below = ((1.0, k1, k2, k3, k4), (1.0,)) if fisheye else ((1.0, k1, k2, k3), (1.0, k4, k5, k6))
    radius = points.norm(dim=-1, keepdim=True)
    if fisheye:
        points = points * torch.where(radius > 1e-9, torch.atan(radius) / radius.clamp_min(1e-9), 1.0)
    square = points.square().sum(-1)
    shown = square < _fold(above, below)
    x, y = points.unbind(-1)
    factor = _value(above, square) / _value(below, square)
    bent_x = x * factor + 2 * p1 * x * y + p2 * (square + 2 * x * x) + square * (s1 + s2 * square)
    bent_y = y * factor + p1 * (square + 2 * y * y) + 2 * p2 * x * y + square * (s3 + s4 * square)
    return torch.stack([bent_x, bent_y], dim=-1), shown


def undistort(
    bent: Float[Tensor, "*n 2"], distortion: Float[Tensor, " 12"], fisheye: bool = False, steps: int = 20
) -> tuple[Float[Tensor, "*n 2"], Bool[Tensor, "*n"]]:
    """The direction that a lens shows at a place, by Newton's method; and whether there is one. The inverse of `distort`."""
    if not distortion.any() and not fisheye:
        return bent, torch.ones(bent.shape[:-1], dtype=torch.bool)
    wanted, found, gap = bent.double(), bent.double(), 1e-6
    if fisheye:
        angle = wanted.norm(dim=-1, keepdim=True).clamp(1e-9, 1.5)
        found = wanted * torch.tan(angle) / angle
    for _ in range(steps):
        here, _ = distort(found, distortion, fisheye)
        (ax, ay), (bx, by) = (
            ((distort(found + found.new_tensor(step), distortion, fisheye)[0] - here) / gap).unbind(-1)
            for step in ((gap, 0.0), (0.0, gap))
        )
        x, y = (wanted - here).unbind(-1)
        area = ax * by - bx * ay
        area = torch.where(area.abs() < 1e-9, 1e-9, area)
        move = torch.stack([(by * x - bx * y) / area, (ax * y - ay * x) / area], dim=-1)
        found = found + move.clamp(-0.5, 0.5)
        if float(move.abs().max()) < 1e-9:
            break
    here, shown = distort(found, distortion, fisheye)
    return found, shown & ((here - wanted).abs().amax(-1) < 1e-6)


def _value(coefficients: tuple[float, ...], square: Float[Tensor, "*n"]) -> Float[Tensor, "*n"]:
    total = torch.zeros_like(square)
    for coefficient in reversed(coefficients):
        total = total * square + coefficient
    return total


def _fold(above: tuple[float, ...], below: tuple[float, ...]) -> float:
    """The square of the radius at which r above(r^2) / below(r^2) stops growing; infinite if it never does."""
    slope = polynomial.polysub(
        polynomial.polymul(above, below),
        [
            0.0,
            *2
            * polynomial.polysub(
                polynomial.polymul(above, polynomial.polyder(below)), polynomial.polymul(polynomial.polyder(above), below)
            ),
        ],
    )
    # of 1 / r^2, as the highest terms may be zero
    roots = np.concatenate([np.roots(slope), np.roots(below)])
    turn = max((root.real for root in roots if abs(root.imag) < 1e-9 * abs(root)), default=0.0)
    return 1 / turn if turn > 0 else np.inf
