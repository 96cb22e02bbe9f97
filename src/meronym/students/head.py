"""The part of a student that learns: a small network from the frozen features of an element to the words for it.

A word is a direction in the student's last layer. In a closed student the directions are learned; in an open one they are where
a sentence encoder puts the words, so that it can be asked for words that it was not trained on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from meronym.errors import InputError, WeightsError
from meronym.io.files import atomic

WIDTH = 64
"""Dimensions that are kept of the features, those in which they differ most."""
HIDDEN = 128


class Student(nn.Module):
    """Frozen features of elements to logits of the prompts and, last, of "none of these"."""

    mean: Tensor
    basis: Tensor

    def __init__(self, dim: int, prompts: tuple[str, ...], directions: Float[Tensor, "p t"] | None, drop: float = 0.1) -> None:
        super().__init__()
        width, text = min(WIDTH, dim), HIDDEN if directions is None else directions.shape[1]
        self.prompts, self.open = prompts, directions is not None
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("basis", torch.zeros(dim, width))
        self.net = nn.Sequential(
            nn.Linear(width, HIDDEN), nn.GELU(), nn.Dropout(drop), nn.Linear(HIDDEN, HIDDEN), nn.GELU(), nn.Dropout(drop),
            nn.Linear(HIDDEN, text),
        )  # fmt: skip
        start = torch.randn(len(prompts), text) / text**0.5 if directions is None else directions
        self.directions = nn.Parameter(start.clone(), requires_grad=directions is None)
        self.none = nn.Parameter(torch.zeros(1))
        self.log_scale = nn.Parameter(torch.tensor(2.5))

    def whiten(self, features: Float[Tensor, "n d"]) -> Float[Tensor, "n w"]:
        """The features along the directions in which those of the training differed most, each of variance 1."""
        white: Tensor = (features - self.mean) @ self.basis
        return white

    def fit_basis(self, features: Float[Tensor, "n d"]) -> None:
        """Learn the directions; no labels, no teacher."""
        self.mean.copy_(features.mean(0))
        centred = (features - self.mean).double()
        variance, directions = torch.linalg.eigh(centred.T @ centred / len(features))
        kept = variance.flip(0)[: self.basis.shape[1]].clamp_min(0).sqrt()
        found = directions.flip(1)[:, : len(kept)] / kept.clamp_min(1e-3 * float(kept[0]) + 1e-9)
        self.basis.copy_(found)

    def forward(self, white: Float[Tensor, "n w"]) -> Float[Tensor, "n _prompts_and_none"]:
        """From whitened features to logits."""
        place = functional.normalize(self.net(white), dim=1)
        logits = place @ functional.normalize(self.directions, dim=1).T * self.log_scale.exp()
        return torch.cat([logits, self.none.expand(len(white), 1)], 1)

    @torch.no_grad()
    def logits(self, features: Float[Tensor, "n d"]) -> Float[Tensor, "n _prompts_and_none"]:
        """What a trained student says of the features of a shape's elements."""
        self.eval()
        answer: Tensor = self(self.whiten(features))
        return answer

    def ask(self, prompts: tuple[str, ...], directions: Float[Tensor, "p t"]) -> Student:
        """The same student for other words.

        Raises: InputError if it is closed: it knows no words but those that it was trained on.
        """
        if not self.open:
            raise InputError(f"this student knows {', '.join(self.prompts)} only. Train one with --open for words to come.")
        return _made_of({**self.state_dict(), "directions": directions}, prompts, self.open)


def save(student: Student, path: Path, record: dict[str, Any]) -> Path:
    """Write a student and how it came to be as one safetensors file."""
    about = {"meronym": json.dumps({"prompts": student.prompts, "open": student.open, "record": record})}
    with atomic(path) as temporary:
        save_file({key: value.contiguous() for key, value in student.state_dict().items()}, temporary, about)
    return path


def load(path: Path) -> tuple[Student, dict[str, Any]]:
    """A student and its record.

    Raises: WeightsError if there is no such file, or it does not hold a student.
    """
    try:
        with safe_open(path, framework="pt") as file:
            state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            about = json.loads((file.metadata() or {})["meronym"])
        return _made_of(state, tuple(about["prompts"]), about["open"]), dict(about["record"])
    except (SafetensorError, OSError, LookupError, TypeError, ValueError, RuntimeError) as error:
        raise WeightsError(f"{path}: not a student that `meronym pretrain` wrote ({error}). Train it again.") from error


def _made_of(state: dict[str, Tensor], prompts: tuple[str, ...], is_open: bool) -> Student:
    with torch.device("meta"):  # no random numbers are drawn for what is replaced
        directions = torch.empty(len(prompts), state["directions"].shape[1]) if is_open else None
        student = Student(len(state["mean"]), prompts, directions)
    student.to_empty(device="cpu").load_state_dict(state)
    return student.eval()
