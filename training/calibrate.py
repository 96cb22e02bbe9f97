"""Calibrate the head's probabilities on generated shapes that it was not trained on, through the whole pipeline.

    python -m training.calibrate --head src/meronym/teachers/builtin_head.safetensors

Every place on a shape is asked for all parts and, with weight WITHHELD, for all but its own, so that "none of these" is right
there. Two numbers are fitted by least log loss over the seen surface: the scale of the cosines and the logit of "none".
"""

from __future__ import annotations

import argparse
import json
import zlib
from pathlib import Path

import numpy as np
import torch
from rich.progress import track
from torch import Tensor

from meronym.core import geometry
from meronym.lifting import gather
from meronym.methods.lift import Lift
from meronym.shapes.observation import observe
from meronym.teachers.builtin import HEAD, BuiltinTeacher
from meronym.teachers.checked import CheckedTeacher
from meronym.types import Mesh
from meronym_synthetic.build import build
from meronym_synthetic.kinds import KINDS
from training.head import save

WITHHELD = 0.05
"""How often the right name is not among the prompts, as calibration assumes."""
FIRST_SEED = 1_000_000
"""Far above the seeds that `features` uses."""


def smoothed(teacher: BuiltinTeacher, kind: str, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Logits [n p] before balancing, true part [n] and share [n] of the seen surface of one shape."""
    shape = build(KINDS[kind], np.random.default_rng([zlib.crc32(kind.encode()), seed]))
    names = sorted({name.split("/")[-1] for name in shape.names})
    truth = torch.tensor([names.index(name.split("/")[-1]) for name in shape.names])[torch.from_numpy(shape.part)]
    mesh = Mesh(shape.vertices, shape.faces)
    observation, _ = observe(mesh, tuple(names), CheckedTeacher(teacher), category=KINDS[kind].names[0], up=(0.0, 1.0, 0.0))
    logits = Lift().smoothed(observation)
    share = torch.from_numpy(geometry.element_areas(mesh)).float() * observation.evidence.seen
    return logits[:, :-1], truth, share / share.sum()


def log_loss(cases: list[tuple[Tensor, Tensor, Tensor]], scale: Tensor, none: Tensor) -> Tensor:
    """Mean over shapes and the seen surface, the right name withheld as often as WITHHELD says."""
    losses = []
    for logits, truth, share in cases:
        full = torch.cat([gather.balance(logits * scale, share, Lift.balance), none.expand(len(logits), 1)], 1)
        withheld = full.scatter(1, truth[:, None], -1e4)
        offered = full.log_softmax(1).gather(1, truth[:, None])[:, 0]
        losses.append(-(share * ((1 - WITHHELD) * offered + WITHHELD * withheld.log_softmax(1)[:, -1])).sum())
    return torch.stack(losses).mean()


def main() -> None:
    """Fit and write the head again with the two numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--head", type=Path, default=HEAD)
    parser.add_argument("--shapes", type=int, default=45)
    arguments = parser.parse_args()
    teacher = BuiltinTeacher(arguments.head)
    kinds = np.random.default_rng(0).permutation(sorted(KINDS))[: arguments.shapes].tolist()
    cases = [smoothed(teacher, kind, FIRST_SEED) for kind in track(kinds, description="calibrating")]
    log_scale, none = torch.zeros((), requires_grad=True), teacher.head.none.detach().clone().requires_grad_()
    optimiser = torch.optim.LBFGS([log_scale, none], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        value = log_loss(cases, log_scale.exp(), none)
        value.backward()
        return value

    optimiser.step(closure)
    with torch.no_grad():
        teacher.head.log_scale += log_scale
        teacher.head.none.copy_(none)
    print(f"scale x {log_scale.exp().item():.2f}, none {none.item():.2f}, log loss {closure().item():.3f}")
    trained, training = (json.loads(teacher.metadata[key]) for key in ("kinds", "training"))
    save(teacher.head, arguments.head, trained, training | {"calibrated_on": len(kinds)})


if __name__ == "__main__":
    main()
