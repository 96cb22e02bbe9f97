"""`openscene`: the mean of the views, a network that learns it from geometry, and for each element the surer of the two.

Peng et al., OpenScene: 3D Scene Understanding with Open Vocabularies (CVPR 2023). "2D fused" is the mean over the views of
the teacher's features of an element, "3D distilled" is a network that gets no picture, trained to give the fused features
with the loss 1 - cosine, and the "2D-3D ensemble" takes, element by element, the one that is surer of its best word.

Other than the authors: teachers hand out similarities to the prompts, not features. Their mean is the similarity to the mean
feature, as a comparison with a text is linear, up to the length of that mean. The network is small, gets where an element is
and which way it faces, and is trained on the one shape at hand: theirs is a MinkUNet over many scenes, whose sparse
convolutions (MinkowskiEngine) cannot be built with a current PyTorch. Nothing is smoothed, as published.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from meronym.core import geometry
from meronym.errors import InputError
from meronym.lifting.observation import Observation
from meronym.methods.lift import best_prompts
from meronym.students.backbones import Geometry
from meronym.types import Labelling


@dataclass(frozen=True)
class OpenScene:
    """2D-3D ensemble: fused where it was seen and is surer of its best word, else distilled; -1 where "none of these" wins.

    Raises: InputError if no view shows any of the shape.
    """

    hidden: int = 128
    """Width of the network's two hidden layers."""
    steps: int = 150
    """Steps of the optimiser."""
    batch: int = 4096
    """Elements in a step, drawn by area; fewer where fewer were seen."""
    rate: float = 3e-3
    """Learning rate of Adam at the start."""
    power: float = 0.9
    """Of the polynomial by which the learning rate falls to 0."""

    def __call__(self, observation: Observation) -> Labelling:
        fused, seen = fuse(observation)
        if not seen.any():
            raise InputError("no view shows any of the shape: there is nothing to learn from. Check its scale and the cameras.")
        distilled = distil(Geometry()(observation), fused, seen, observation, self)
        surer = seen & (fused.softmax(1).amax(1) >= distilled.softmax(1).amax(1))
        return best_prompts(torch.where(surer[:, None], fused, distilled), seen, doubt=0)


def fuse(observation: Observation) -> tuple[Float[Tensor, "n _prompts_and_none"], Bool[Tensor, " n"]]:
    """2D fused: mean logits of the prompts and of "none of these", each element's centred on 0, and what was seen."""
    logits = observation.evidence.with_none
    return logits - logits.mean(1, keepdim=True), observation.evidence.seen


def distil(
    features: Float[Tensor, "n d"],
    fused: Float[Tensor, "n c"],
    seen: Bool[Tensor, " n"],
    observation: Observation,
    settings: OpenScene,
) -> Float[Tensor, "n c"]:
    """3D distilled: logits of all elements by a network that was trained on those that were seen, on the device of `fused`.

    A cosine knows no length: every vector has the median length of the fused ones.
    """
    features = features.to(fused.device)
    share = torch.from_numpy(geometry.element_areas(observation.shape)) * seen.cpu()
    batch, width = min(settings.batch, int(seen.sum())), settings.hidden
    with torch.random.fork_rng(devices=[]), torch.device("cpu"):  # the same numbers for every device
        torch.manual_seed(0)
        network = nn.Sequential(
            nn.Linear(features.shape[1], width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, fused.shape[1])
        ).to(fused.device)
        optimiser = torch.optim.Adam(network.parameters(), settings.rate)
        decay = torch.optim.lr_scheduler.PolynomialLR(optimiser, settings.steps, settings.power)
        for _ in range(settings.steps):
            chosen = share.multinomial(batch, replacement=True)
            loss = 1 - functional.cosine_similarity(network(features[chosen]), fused[chosen]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            decay.step()
    with torch.no_grad():
        answer: Tensor = functional.normalize(network(features), dim=1) * fused[seen].norm(dim=1).median()
    return answer
