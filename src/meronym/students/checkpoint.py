"""A student's training, and the file from which it goes on after an interruption."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float, Int
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from meronym.core.moments import moments_of, restore_moments
from meronym.errors import InputError
from meronym.io.files import atomic
from meronym.students.head import AnyStudent


@dataclass
class Run:
    """A training under way."""

    student: AnyStudent
    optimiser: torch.optim.Adam
    losses: list[float]
    """Of each epoch that is over."""
    snapshot: Int[Tensor, " n"] | None
    """The student's labels when backward distillation began."""

    @torch.no_grad()
    def labels(self, white: Float[Tensor, "n w"], of: int | None = None) -> Int[Tensor, " n"]:
        """The student's present labels, of the first `of` prompts."""
        answer: Tensor = self.student.eval()(white)[:, :of]
        return answer.argmax(1)

    def keep(self, path: Path, fingerprint: str) -> None:
        """Write a file from which the training can go on."""
        tensors = {f"student.{key}": value.contiguous() for key, value in self.student.state_dict().items()}
        tensors |= moments_of(self.optimiser)
        if self.snapshot is not None:
            tensors["snapshot"] = self.snapshot
        with atomic(path) as temporary:
            save_file(tensors, temporary, {"run": json.dumps({"losses": self.losses, "of": fingerprint})})

    def resume(self, path: Path, fingerprint: str) -> None:
        """Take over the state that `keep` wrote; the file of another training, or none, changes nothing.

        Raises: InputError if the file is damaged, or holds no state of a training.
        """
        if not path.exists():
            return
        try:
            with safe_open(path, framework="pt") as file:
                about = json.loads((file.metadata() or {})["run"])
                tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError, KeyError, ValueError) as error:
            raise InputError(f"{path}: not the state of a training ({error}). Remove it to begin anew.") from error
        if about["of"] != fingerprint:
            return
        self.student.load_state_dict({key[8:]: value for key, value in tensors.items() if key.startswith("student.")})
        restore_moments(self.optimiser, tensors)
        snapshot = tensors.get("snapshot")
        self.losses, self.snapshot = about["losses"], None if snapshot is None else snapshot.to(self.student.mean.device)
