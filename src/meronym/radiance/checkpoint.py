"""The state of a reconstruction under way, in a file from which it goes on to the same bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from meronym.core.moments import moments_of, restore_moments
from meronym.io.files import atomic
from meronym.radiance.tensorf import TensoRF


def optimiser_of(field: TensoRF) -> torch.optim.Adam:
    """A new optimiser, with TensoRF's learning rates of tensors and networks."""
    tensors = [*field.density.parameters(), *field.appearance.parameters()]
    nets = [*field.basis.parameters(), *field.colour.parameters()]
    return torch.optim.Adam([{"params": tensors, "lr": 0.02}, {"params": nets, "lr": 1e-3}], betas=(0.9, 0.99))


@dataclass
class Training:
    """All that the next step depends on, beside the photos and the settings."""

    field: TensoRF
    optimiser: torch.optim.Adam
    draw: torch.Generator
    each: float
    """Contributing samples of a ray, lately."""
    done: int = 0
    """Steps."""

    def keep(self, file: Path) -> None:
        """Write the state, in place of an earlier one."""
        tensors = {f"field.{key}": value for key, value in self.field.state_dict().items()}
        tensors |= moments_of(self.optimiser)
        tensors["draw"] = self.draw.get_state()
        rates = [group["lr"] for group in self.optimiser.param_groups]
        about = json.dumps({"done": self.done, "each": self.each, "rates": rates})
        with atomic(file) as temporary:
            save_file({key: value.contiguous() for key, value in tensors.items()}, temporary, {"training": about})

    @classmethod
    def resumed(cls, file: Path, start: TensoRF) -> Training | None:
        """The training that `keep` wrote, on the device of `start`, a new field; None if the file is absent or damaged."""
        place = start.low.device
        try:
            with safe_open(file, framework="pt") as opened:
                about = json.loads((opened.metadata() or {})["training"])
                tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
        except (SafetensorError, OSError, KeyError, ValueError):
            return None
        state = {key[6:]: value.to(place) for key, value in tensors.items() if key.startswith("field.")}
        field = TensoRF.restore(state).to(place).requires_grad_(True)
        field.occupancy = start.occupancy
        optimiser, draw = optimiser_of(field), torch.Generator()
        restore_moments(optimiser, tensors)
        for group, rate in zip(optimiser.param_groups, about["rates"], strict=True):
            group["lr"] = rate
        draw.set_state(tensors["draw"])
        return cls(field, optimiser, draw, about["each"], about["done"])
