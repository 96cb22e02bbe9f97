"""Which words name which places of a scene: weighed against the other things that the teacher knows.

A scene is no whole with parts: a word is held against all known things that no word means, offered silently.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from meronym.parts.matching import CutSettings, best_names
from meronym.parts.recognition import DEFAULT, Recognition, RecognitionSettings, familiarity, tensor
from meronym.protocols import EmbeddingTeacher
from meronym.types import PartTree


def recognise_in_scene(
    tree: PartTree,
    teacher: EmbeddingTeacher,
    prompts: Sequence[str],
    settings: RecognitionSettings = DEFAULT,
    cuts: CutSettings | None = None,
) -> Recognition:
    """Names for the segments of a scene's tree, whose features are embeddings of the teacher."""
    features, area = functional.normalize(tensor(tree.features), dim=1), tensor(tree.area)
    likely, there = place_names(teacher, prompts, features, torch.eye(features.shape[1]), settings, area)
    score = likely * there
    free = torch.cat([score, 1 - score.sum(1, keepdim=True)], 1).numpy()
    named, closed = (best_names(tree, rows, cuts or CutSettings()) for rows in (free, likely.numpy()))
    return Recognition(np.where(named == len(prompts), -1, named), closed, free[:, :-1])


def place_names(
    teacher: EmbeddingTeacher,
    prompts: Sequence[str],
    features: Float[Tensor, "n r"],
    basis: Float[Tensor, "r d"],
    settings: RecognitionSettings = DEFAULT,
    share: Float[Tensor, " n"] | None = None,
) -> tuple[Float[Tensor, "n p"], Float[Tensor, "n p"]]:
    """How likely each word is the best for a place of a scene, and how likely the place is what that word says; 0..1.

    A word is compared with itself elsewhere: plain cosines favour some words everywhere. Arguments: as for
    `recognition_in_scene`.
    """
    cosine = features @ (teacher.embed(prompts, None).to(features.device) @ basis.T).T
    if len(cosine):
        low, high = cosine.aminmax(dim=0)
        cosine = (cosine - low) / (high - low).clamp_min(1e-6)
    likely = (settings.stretched * cosine).softmax(1)
    return likely, recognition_in_scene(teacher, prompts, features, basis, settings, share)


def recognition_in_scene(
    teacher: EmbeddingTeacher,
    prompts: Sequence[str],
    features: Float[Tensor, "n r"],
    basis: Float[Tensor, "r d"],
    settings: RecognitionSettings = DEFAULT,
    share: Float[Tensor, " n"] | None = None,
) -> Float[Tensor, "n p"]:
    """How likely the places of a scene are what each word says, if they are not what another word says; 0..1.

    A word is weighed against the known things that no word means, offered silently, of which the best counts. The words are a
    description of the scene: the odds of a place to be named, before it is seen, are the square of their number. `features`
    are unit length, and with `basis` in the teacher's space; `share` of the scene that each place has (default: all the same).
    """
    words, plain = teacher.vocabulary, teacher.embed(prompts, None)
    others = words.whole[(plain.cpu() @ words.whole.T).amax(0) < settings.other]
    own, silent = (text.to(features.device) @ basis.T for text in (plain, others))
    mean = features.mean(0) if share is None else share @ features
    middle = settings.balance * mean
    parts = ((part - middle) @ silent.T for part in features.split(16_384))
    rest = torch.cat([functional.pad(part, (0, 1), value=-torch.inf).amax(1, keepdim=True) for part in parts])
    fit = teacher.sharpness * ((features - middle) @ own.T - rest) + 2 * math.log(len(prompts))
    known = torch.tensor([word.known for word in familiarity(words, prompts, plain.cpu(), settings)], device=features.device)
    return fit.sigmoid() * known
