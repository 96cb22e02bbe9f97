"""`part-distill`: a student of 3D features learns from a teacher's answers for the views of one shape (TTA) or many (Pre).

Forward distillation: the student learns from the teacher's votes. Backward distillation: once its loss no longer falls, every
region is scored by how far the student agrees with it, and the votes are counted anew. PartDistill (Umam et al., CVPR 2024). A
dense teacher can be learned from without cutting its maps into regions ("soft"); then there are no regions to score.

No label takes part: the number of epochs is fixed, and backward distillation begins by the loss alone.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from safetensors.torch import load_file, save_file
from torch import Tensor

from meronym.core import geometry
from meronym.errors import InputError
from meronym.io.files import atomic
from meronym.lifting import gather, losses
from meronym.lifting.observation import Backbone, Observation
from meronym.methods.lift import Lift, best_prompts
from meronym.progress import Progress, silent
from meronym.registry import create
from meronym.students.checkpoint import Run
from meronym.students.head import AnyStudent, PaperStudent, Student
from meronym.types import Labelling, Regions, Votes


@dataclass(frozen=True)
class PartDistill:
    """Labels from a student that is aligned to the one shape at hand (TTA); the defaults are the paper's where it has some."""

    backbone: str = "lifted"
    """Name of the student's frozen features: lifted, geometry, point-m2ae or a plug-in."""
    epochs: int = 25
    steps: int = 8
    """Steps of the optimiser in an epoch."""
    batch: int = 4096
    """Elements in a step."""
    points: int = 2048
    """Elements that are drawn of each shape, by area."""
    rate: float = 3e-3
    """Learning rate of Adam; falls to a hundredth along a cosine."""
    drop: float = 0.1
    """Dropout of the student's layers, 0..1."""
    width: int = 64
    """Dimensions that the student keeps of the features, those in which they differ most."""
    hidden: int = 128
    """Neurons of the student's layers."""
    head: Literal["small", "paper"] = "small"
    """The student's layers: of `width` and `hidden`, or the paper's, which are as wide as the features, without dropout, "none
    of these" and smoothing."""
    targets: Literal["soft", "votes"] = "soft"
    """From a dense teacher: its probabilities, or regions that are cut from its maps. A detector always gives votes."""
    backward: bool = True
    """Score the regions by the student's agreement once its loss no longer falls (votes only)."""
    agreement: Literal["fit", "share"] = "fit"
    """With a region: how well it fits its prompt beside the best one (`losses.fit_scores`), or the paper's share of it that has
    the prompt's label (`losses.rescore`)."""
    normalise: losses.Normalise = "point"
    """Votes are divided by the number on their element ("point"), or of their region ("unit"): see `losses.target_mass`."""
    seed: int = 0
    """Of the elements that are drawn, the student's first weights, the batches and the dropout."""

    PRESETS: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "paper": {
            "backbone": "point-m2ae", "targets": "votes", "agreement": "share", "normalise": "point", "head": "paper",
            "epochs": 25, "rate": 3e-3, "batch": 16 * 2048,
        },
    }  # fmt: skip
    """The published settings: a batch is 16 shapes of 2,048 points. Without its augmentation: features are frozen."""

    def __call__(self, observation: Observation) -> Labelling:
        place = observation.views.element.device
        backbone: Backbone = create("students", self.backbone, device=place)
        features = backbone(observation).to(place)
        learned_from = example(observation, features, self)
        student = align([learned_from], observation.prompts, self, progress=observation.progress)
        return predict(student, observation, features)


@dataclass(frozen=True, eq=False)
class Example:
    """Elements of one shape, drawn by area, with their features and targets: all that a student learns from."""

    features: Float[Tensor, "n d"]
    soft: Float[Tensor, "n _prompts_and_none"] | None
    """Probabilities of the prompts and of "none of these"; 0 where nothing was seen."""
    votes: Votes | None
    """Or the votes of regions."""

    def to(self, device: torch.device) -> Example:
        """The example on another device."""
        votes = self.votes and Votes(**{key: value.to(device) for key, value in vars(self.votes).items()})
        return Example(self.features.to(device), None if self.soft is None else self.soft.to(device), votes)

    def save(self, path: Path) -> None:
        """Write it as safetensors."""
        tensors = {"features": self.features.half()}
        if self.soft is not None:
            tensors["soft"] = self.soft
        if self.votes is not None:
            tensors |= {f"votes.{key}": value.contiguous() for key, value in vars(self.votes).items()}
        with atomic(path) as temporary:
            save_file(tensors, temporary)

    @classmethod
    def load(cls, path: Path) -> Example:
        """Read a file that `save` wrote."""
        held = load_file(path)
        votes = {key[6:]: value for key, value in held.items() if key.startswith("votes.")}
        return cls(held["features"].float(), held.get("soft"), Votes(**votes) if votes else None)


def predict(student: AnyStudent, observation: Observation, features: Float[Tensor, "n d"]) -> Labelling:
    """Labels by a student, without the teacher, smoothed as the lift is, but for those of the paper's head.

    Elements without features get their neighbours'.
    """
    features = features.to(student.mean.device)
    logits, seen = student.logits(features.nan_to_num()), known(features)
    if student.smoothed or not seen.all():
        smooth = observation.smooth(logits, seen.to(logits))
        logits = smooth if student.smoothed else torch.where(seen[:, None], logits, smooth)
    return best_prompts(logits, seen)


def example(observation: Observation, features: Float[Tensor, "n d"], settings: PartDistill) -> Example:
    """Draw elements of a shape by area, with their features and the teacher's targets, on the device of the features."""
    area, chosen = _draw(observation, features, settings)
    if isinstance(observation.answer, Regions) or settings.targets == "votes":
        return Example(features[chosen], None, restrict(observation.votes, chosen)).to(features.device)
    evidence = observation.evidence
    if not evidence.of_probabilities:
        evidence = replace(evidence, logit=gather.balance(evidence.logit, area.to(evidence.logit), Lift.balance))
    soft = evidence.with_none.softmax(1) * evidence.seen[:, None]
    return Example(features[chosen], soft[chosen], None).to(features.device)


def from_labels(
    observation: Observation, features: Float[Tensor, "n d"], label: Int[np.ndarray, " n"], settings: PartDistill
) -> Example:
    """Few-shot: an example of a labelled shape, to be mixed in with those of the teacher; -1 = unknown."""
    _, chosen = _draw(observation, features, settings)
    told = torch.from_numpy(label)[chosen]
    soft = torch.nn.functional.one_hot(told.clamp_min(0), len(observation.prompts) + 1) * (told >= 0)[:, None]
    return Example(features[chosen], soft.float(), None).to(features.device)


def known(features: Float[Tensor, "n d"]) -> Bool[Tensor, " n"]:
    """The elements that have features."""
    return features.isfinite().all(1)


def _draw(
    observation: Observation, features: Float[Tensor, "n d"], settings: PartDistill
) -> tuple[Float[Tensor, " n"], Int[Tensor, " m"]]:
    """Share of the surface of each element, and some elements that have features, drawn by it; both on the CPU.

    Raises: InputError if none has.
    """
    area = torch.from_numpy(geometry.element_areas(observation.shape))
    able = area * known(features).cpu()
    if not able.any():
        raise InputError("no view shows any part of the shape: there is nothing to learn from. Use more views.")
    draw = torch.Generator().manual_seed(settings.seed)
    return area, torch.multinomial(able, settings.points, replacement=True, generator=draw)


def restrict(votes: Votes, chosen: Int[Tensor, " m"]) -> Votes:
    """The votes on chosen elements, numbered in their order; an element may be chosen more than once."""
    order = votes.element.argsort(stable=True)
    count = torch.bincount(votes.element, minlength=len(votes.seen))
    repeats = count[chosen]
    start = (count.cumsum(0) - count)[chosen] - (repeats.cumsum(0) - repeats)
    element = torch.repeat_interleave(torch.arange(len(chosen), device=order.device), repeats)
    pair = order[torch.repeat_interleave(start, repeats) + torch.arange(len(element), device=order.device)]
    return replace(votes, region=votes.region[pair], element=element, weight=votes.weight[pair], seen=votes.seen[chosen])


def targets(
    examples: Sequence[Example], prompts: int, settings: PartDistill, student: Int[Tensor, " n"] | None
) -> tuple[Float[Tensor, "n _prompts_and_none"], Float[Tensor, " _prompts_and_none"]]:
    """Target mass of all elements, and class weights. With the student's labels, regions are scored by them (backward)."""
    place = examples[0].features.device
    mass, counts, begin = [], torch.zeros(prompts, device=place), 0
    for one in examples:
        if one.soft is not None:
            mass.append(one.soft)
        elif one.votes is not None:
            votes = one.votes
            confidence = losses.confidence_of(votes)
            if student is not None:
                scores_of = losses.fit_scores if settings.agreement == "fit" else losses.rescore
                confidence = scores_of(student[begin : begin + len(one.features)], votes)[votes.region]
            own = losses.target_mass(votes, confidence, prompts, settings.normalise)
            mass.append(torch.cat([own, own.new_zeros(len(own), 1)], 1))
            counts += losses.vote_counts(votes, prompts)
        begin += len(one.features)
    weight = losses.class_weights(counts) if counts.any() else torch.ones_like(counts)
    return torch.cat(mass), torch.cat([weight, weight.new_ones(1)])


def align(
    examples: Sequence[Example],
    prompts: tuple[str, ...],
    settings: PartDistill,
    *,
    directions: Float[Tensor, "p t"] | None = None,
    state: Path | None = None,
    progress: Progress = silent,
) -> AnyStudent:
    """Forward and backward distillation into a new student, on the device of the examples: one is TTA, many are Pre.

    `directions` makes the student open (see `Student`). With `state`, a file, an interrupted training goes on after its last
    whole epoch. Same seed, same bytes on a CPU.

    Raises: InputError if the teacher found nothing to learn from, or the loss is no longer finite.
    """
    features = torch.cat([one.features for one in examples])
    place = features.device
    mass, weight = targets(examples, len(prompts), settings, None)
    if not (mass > 0).any():
        raise InputError(f"the teacher found none of {', '.join(prompts)} in any view: there is nothing to learn from.")
    with torch.random.fork_rng(devices=[place] if place.type == "cuda" else []):
        torch.manual_seed(settings.seed)
        with torch.device("cpu"):  # the first weights are the same for every device
            student = _new(features.shape[1], prompts, directions, settings)
        student.to(place).fit_whitening(features[:: max(1, len(features) // 20_000)])
        white = student.whiten(features)
        learned = [parameter for parameter in student.parameters() if parameter.requires_grad]
        run = Run(student, torch.optim.Adam(learned, settings.rate), [], None)
        if state:
            begin = [features, mass, *([] if directions is None else [directions])]
            fingerprint = _fingerprint(begin, prompts, settings)
            run.resume(state, fingerprint)
        plateau = losses.Plateau(run.losses)
        if run.snapshot is not None:
            mass, weight = targets(examples, len(prompts), settings, run.snapshot)
        while len(run.losses) < settings.epochs:
            loss = _epoch(run, white, mass, weight, settings)
            if not math.isfinite(loss):
                raise InputError(
                    f"distil: the loss is {loss} in epoch {len(run.losses)} of {settings.epochs}. Lower the learning rate "
                    f"(part-distill.rate, {settings.rate})." + (f" {state} holds the epochs before." if state else "")
                )
            note = f"loss {loss:.3f}, agreement {_agreement(run, white, mass):.0%}"
            progress("distil", len(run.losses), settings.epochs, note)
            if plateau(loss) and settings.backward and run.snapshot is None and any(one.votes for one in examples):
                run.snapshot = run.labels(white, of=len(prompts))
                mass, weight = targets(examples, len(prompts), settings, run.snapshot)
            if state:
                run.keep(state, fingerprint)
    return student.eval()


def _new(dim: int, prompts: tuple[str, ...], directions: Float[Tensor, "p t"] | None, settings: PartDistill) -> AnyStudent:
    """A student that has learned nothing.

    Raises: InputError if the paper's head is asked to be open.
    """
    if settings.head == "small":
        return Student(dim, prompts, directions, settings.drop, settings.width, settings.hidden)
    if directions is not None:
        raise InputError("part-distill.head: the paper's head takes no words to come. Train an open student with head=small.")
    return PaperStudent(dim, prompts)


def _agreement(run: Run, white: Float[Tensor, "n w"], mass: Float[Tensor, "n c"]) -> float:
    """Share of elements with a target whose label by the student is the target's largest, from some thousands of them."""
    some = slice(None, None, max(1, len(white) // 4096))
    known_of = mass[some].sum(1) > 0
    agrees = run.labels(white[some]) == mass[some].argmax(1)
    return float(agrees[known_of].float().mean())


def _epoch(
    run: Run, white: Float[Tensor, "n w"], mass: Float[Tensor, "n c"], weight: Float[Tensor, " c"], settings: PartDistill
) -> float:
    """Take an epoch's steps of the optimiser; returns the mean loss."""
    number, total = len(run.losses), 0.0
    draw = torch.Generator().manual_seed(settings.seed * 100_003 + number)
    torch.manual_seed(settings.seed * 100_003 + number)
    run.student.train()
    for step in range(settings.steps):
        done = (number + step / settings.steps) / settings.epochs
        for group in run.optimiser.param_groups:
            group["lr"] = settings.rate * (0.01 + 0.99 * (1 + math.cos(math.pi * done)) / 2)
        rows = torch.randint(len(white), (min(settings.batch, len(white)),), generator=draw, device="cpu")
        loss = losses.forward_loss(run.student(white[rows]), mass[rows], weight)
        run.optimiser.zero_grad()
        loss.backward()
        run.optimiser.step()
        total += float(loss.detach())
    run.losses.append(total / settings.steps)
    return run.losses[-1]


def _fingerprint(begin: Sequence[Tensor], prompts: tuple[str, ...], settings: PartDistill) -> str:
    """Hash of all that a training starts from, so that the state of another one is not gone on from."""
    digest = hashlib.sha256(json.dumps([prompts, asdict(settings)]).encode())
    for tensor in begin:
        digest.update(tensor.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
