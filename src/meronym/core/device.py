"""Devices by name."""

from __future__ import annotations

import torch

from meronym.errors import DeviceError, InputError


def resolve(device: str | torch.device) -> torch.device:
    """The device of a name; "auto" is a GPU where torch sees one.

    Raises: InputError for an unknown name, DeviceError if there is no such device.
    """
    if device == "auto":
        return torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
    try:
        chosen = torch.device(device)
    except RuntimeError as error:
        raise InputError(f"device: expected auto, cpu or cuda, got {device!r}.") from error
    if chosen.type == "cuda" and not torch.cuda.is_available():
        raise DeviceError("device: cuda was chosen, but torch sees no GPU. Use --device cpu, or install torch's CUDA build.")
    return chosen
