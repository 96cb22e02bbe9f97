"""The trained part of a student: a small network from the frozen features of an element to logits of the prompts.

A prompt is a direction in the student's last layer. In a closed student the directions are learned; in an open one they are
the prompts' sentence embeddings, so that it can be given prompts that it was not trained on. PartDistill's own head stands
beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from meronym.core.prompts import check_prompts
from meronym.errors import InputError, WeightsError
from meronym.io.files import atomic

MAX_BYTES = 2**28
"""Size of a student's file; those that `meronym pretrain` writes have less than a hundredth of it."""
MAX_VIEWS = 1000
"""Views of a shape: a student's file that states more is damaged, or hostile."""


class Student(nn.Module):
    """Frozen features of elements to logits of the prompts and, last, of "none of these".

    `width` is the number of dimensions that are kept of the features, those in which they differ most; `hidden` that of the
    layers. A closed student has no `directions` given.
    """

    mean: Tensor
    basis: Tensor
    smoothed = True
    """Its answer is smoothed over the surface."""

    def __init__(
        self,
        dim: int,
        prompts: tuple[str, ...],
        directions: Float[Tensor, "p t"] | None,
        drop: float = 0.1,
        width: int = 64,
        hidden: int = 128,
    ) -> None:
        super().__init__()
        width, text = min(width, dim), hidden if directions is None else directions.shape[1]
        self.prompts, self.open = prompts, directions is not None
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("basis", torch.zeros(dim, width))
        self.net = nn.Sequential(
            nn.Linear(width, hidden), nn.GELU(), nn.Dropout(drop), nn.Linear(hidden, hidden), nn.GELU(), nn.Dropout(drop),
            nn.Linear(hidden, text),
        )  # fmt: skip
        start = torch.randn(len(prompts), text) / text**0.5 if directions is None else directions
        self.directions = nn.Parameter(start.clone(), requires_grad=directions is None)
        self.none = nn.Parameter(torch.zeros(1))
        self.log_scale = nn.Parameter(torch.tensor(2.5))

    def whiten(self, features: Float[Tensor, "n d"]) -> Float[Tensor, "n w"]:
        """Features along the directions in which those of the training differed most, each of variance 1."""
        white: Tensor = (features - self.mean) @ self.basis
        return white

    def fit_whitening(self, features: Float[Tensor, "n d"]) -> None:
        """Find these directions; neither labels nor a teacher's answers are needed."""
        self.mean.copy_(features.mean(0))
        centred = (features - self.mean).double()
        variance, directions = torch.linalg.eigh(centred.T @ centred / len(features))
        deviation = variance.flip(0)[: self.basis.shape[1]].clamp_min(0).sqrt()
        scaled = directions.flip(1)[:, : len(deviation)] / deviation.clamp_min(1e-3 * float(deviation[0]) + 1e-9)
        self.basis.copy_(scaled)

    def forward(self, white: Float[Tensor, "n w"]) -> Float[Tensor, "n _prompts_and_none"]:
        """Logits from whitened features."""
        place = functional.normalize(self.net(white), dim=1)
        logits = place @ functional.normalize(self.directions, dim=1).T * self.log_scale.exp()
        return torch.cat([logits, self.none.expand(len(white), 1)], 1)

    @torch.no_grad()
    def logits(self, features: Float[Tensor, "n d"]) -> Float[Tensor, "n _prompts_and_none"]:
        """Logits of a trained student from frozen features, on the features' device."""
        self.eval()
        answer: Tensor = self(self.whiten(features.to(self.mean.device)))
        return answer.to(features.device)

    def with_prompts(self, prompts: tuple[str, ...], directions: Float[Tensor, "p t"]) -> Student:
        """The student with other prompts, whose sentence embeddings are `directions`.

        Raises: InputError if it is closed: it knows no prompts but those that it was trained on.
        """
        if not self.open:
            raise InputError(
                f"this student knows {', '.join(self.prompts)} only. Train one with pretrain --open for words to come."
            )
        return _student({**self.state_dict(), "directions": directions}, prompts, self.open).to(self.mean.device)


class PaperStudent(nn.Module):
    """PartDistill's head (Umam et al., CVPR 2024): four linear layers, all as wide as the features but the last, and ReLU.

    681-681-681-R on Point-M2AE's features. It takes features as they are, knows no "none of these", and is always closed.
    """

    mean: Tensor
    """Zeros; its length is that of the features."""
    smoothed = False
    open = False

    def __init__(self, dim: int, prompts: tuple[str, ...]) -> None:
        super().__init__()
        self.prompts = prompts
        self.register_buffer("mean", torch.zeros(dim))
        layers: list[nn.Module] = []
        for _ in range(3):
            layers += [nn.Linear(dim, dim), nn.ReLU()]
        self.net = nn.Sequential(*layers, nn.Linear(dim, len(prompts)))

    def whiten(self, features: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        """The features as they are."""
        return features

    def fit_whitening(self, features: Float[Tensor, "n d"]) -> None:
        """Does nothing: the features are taken as they are."""

    def forward(self, features: Float[Tensor, "n d"]) -> Float[Tensor, "n _prompts_and_none"]:
        """Logits; that of "none of these" is out of reach."""
        return functional.pad(self.net(features), (0, 1), value=-1e4)

    @torch.no_grad()
    def logits(self, features: Float[Tensor, "n d"]) -> Float[Tensor, "n _prompts_and_none"]:
        """Logits of a trained student from frozen features, on the features' device."""
        answer: Tensor = self.eval()(features.to(self.mean.device))
        return answer.to(features.device)

    def with_prompts(self, prompts: tuple[str, ...], directions: Float[Tensor, "p t"]) -> PaperStudent:
        """Raises: InputError, always."""
        raise InputError(f"this student knows {', '.join(self.prompts)} only, and the paper's head learns no words to come.")


AnyStudent = Student | PaperStudent


def save(student: AnyStudent, path: Path, record: dict[str, Any]) -> Path:
    """Write a student and the record of its training as one safetensors file.

    `load` demands "backbone", "teacher", "views" and "category" in the record.
    """
    about = {"meronym": json.dumps({"prompts": student.prompts, "open": student.open, "record": record})}
    with atomic(path) as temporary:
        save_file({key: value.contiguous() for key, value in student.state_dict().items()}, temporary, about)
    return path


def load(path: Path) -> tuple[AnyStudent, dict[str, Any]]:
    """A student, on the CPU, and the record of its training. Names in the record are data: nothing is imported.

    Raises: WeightsError if there is no such file, or it does not hold a student, with the field that is wrong.
    """
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise ValueError(f"{size} bytes, at most {MAX_BYTES} are expected")
        with safe_open(path, framework="pt") as file:
            state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            metadata = file.metadata() or {}
        about = json.loads(metadata["meronym"])
        _check_keys("metadata", metadata, {"meronym"})
        _check_keys("meronym", about, {"prompts", "open", "record"})
        prompts = _prompts(about["prompts"])
        if not isinstance(about["open"], bool):
            raise ValueError(f"open: expected true or false, got {about['open']!r:.80}")
        if not isinstance(about["record"], dict):
            raise ValueError(f"record: expected an object, got {about['record']!r:.80}")
        for name, tensor in state.items():
            if tensor.dtype != torch.float32:
                raise ValueError(f"{name}: expected float32, got {tensor.dtype}")
        _check_values(state, about["record"], path)
        paper = "basis" not in state and not about["open"]
        return _paper_student(state, prompts) if paper else _student(state, prompts, about["open"]), about["record"]
    except (SafetensorError, OSError, LookupError, TypeError, ValueError, RuntimeError) as error:
        raise WeightsError(f"{path}: not a student that `meronym pretrain` wrote ({error}). Train it again.") from error


def _check_values(state: Mapping[str, Tensor], record: Mapping[str, Any], path: Path) -> None:
    """Tensors are finite, and the fields of the record that later runs depend on have their types; others are for people.

    Raises: WeightsError that names the tensor or the field.
    """
    for name, tensor in state.items():
        if not tensor.isfinite().all():
            raise WeightsError(f"{path}: {name}: expected finite numbers, found NaN or infinity. Train the student again.")
    views, teacher = record.get("views"), record.get("teacher")
    wanted = {
        "backbone": (isinstance(record.get("backbone"), str), "the name of a backbone"),
        "teacher": (isinstance(teacher, dict) and isinstance(teacher.get("name"), str), "an object with a name"),
        "views": (type(views) is int and 1 <= views <= MAX_VIEWS, f"a whole number of 1..{MAX_VIEWS}"),
        "category": (isinstance(record.get("category", 0), str | None), "a text or null"),
    }
    for field, (fits, expected) in wanted.items():
        if not fits:
            found = f"{record[field]!r:.80}" if field in record else "nothing"
            raise WeightsError(
                f"{path}: record.{field}: {found} is not what `meronym pretrain` writes, {expected}. Train the student again."
            )


def _prompts(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(prompt, str) for prompt in found):
        raise ValueError(f"prompts: expected a list of texts, got {found!r:.80}")
    return check_prompts(found)


def _check_keys(name: str, found: object, known: set[str]) -> None:
    if not isinstance(found, dict) or found.keys() != known:
        keys = sorted(found) if isinstance(found, dict) else found
        raise ValueError(f"{name}: expected the keys {', '.join(sorted(known))}, got {keys!r:.80}")


def _paper_student(state: dict[str, Tensor], prompts: tuple[str, ...]) -> PaperStudent:
    """A student with the paper's head, of the sizes that its tensors have.

    Raises: RuntimeError or KeyError if they are not those of one.
    """
    with torch.device("meta"):
        student = PaperStudent(len(state["mean"]), prompts)
    student.to_empty(device="cpu").load_state_dict(state)
    return student.eval()


def _student(state: dict[str, Tensor], prompts: tuple[str, ...], is_open: bool) -> Student:
    """A student of the sizes that its tensors have.

    Raises: RuntimeError, KeyError or IndexError if they are not those of one student.
    """
    width, hidden = state["basis"].shape[1], len(state["net.0.weight"])
    with torch.device("meta"):  # no random numbers are drawn for what is replaced
        directions = torch.empty(len(prompts), state["directions"].shape[1]) if is_open else None
        student = Student(len(state["mean"]), prompts, directions, width=width, hidden=hidden)
    student.to_empty(device="cpu").load_state_dict(state)
    return student.eval()
