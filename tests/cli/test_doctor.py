"""`meronym doctor`: the state of the machine, the device that will be used, and cures."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from meronym.cli import doctor


def test_doctor_names_the_cure(run: Any) -> None:
    status, out, _ = run("doctor")
    assert status == 0
    assert all(word in out for word in ("python", "torch", "transformers", "torchvision", "GPU", "cores", "writable"))
    assert "meronym weights fetch minilm" in out


def test_doctor_says_which_device_will_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert doctor._device().state == "cpu; torch sees no GPU"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 1)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: f"card {index}")
    assert doctor._device().state == "cuda:1, card 1"
