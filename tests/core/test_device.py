"""Names of devices, and work that does not fit into a GPU's memory."""

from __future__ import annotations

import pytest
import torch

from meronym.core.device import in_chunks, memory_errors, resolve
from meronym.errors import DeviceError, InputError

FULL = (
    "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79.00 GiB of which 512.00 MiB is free. "
    "Of the allocated memory 60 GiB is allocated by PyTorch."
)


def test_without_a_gpu_auto_is_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert resolve("auto") == resolve("cpu") == resolve(torch.device("cpu")) == torch.device("cpu")
    with pytest.raises(DeviceError, match=r"sees no GPU. Use 'cpu' or 'auto'"):
        resolve("cuda")


def test_with_gpus_auto_is_the_current_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 1)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert resolve("auto") == resolve("cuda") == resolve(torch.device("cuda", 1)) == torch.device("cuda:1")
    assert resolve("cuda:0") == torch.device("cuda:0")
    with pytest.raises(DeviceError, match=r"sees 2 GPUs. Use 'cuda:0' to 'cuda:1'"):
        resolve("cuda:2")


@pytest.mark.parametrize("name", ["", "gpu", "mps", "cuda:", "cuda:-1", "cpu:0", "CUDA", "meta"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="expected 'auto', 'cpu', 'cuda' or 'cuda:N', got"):
        resolve(name)


@pytest.mark.parametrize(("room", "tried"), [(8, [8, 2]), (3, [8, 4, 2, 2, 2, 2, 2]), (1, [8, 4, 2] + [1] * 10)])
def test_chunks_are_halved_until_they_fit(room: int, tried: list[int]) -> None:
    sizes = []

    def work(start: int, stop: int) -> list[int]:
        sizes.append(stop - start)
        if stop - start > room:
            raise torch.OutOfMemoryError(FULL)
        return list(range(start, stop))

    assert [value for part in in_chunks(work, 10, 8) for value in part] == list(range(10))
    assert sizes == tried


def test_what_does_not_fit_one_at_a_time_is_left_to_the_cpu() -> None:
    def full(start: int, stop: int) -> tuple[str, int, int]:
        if start >= 1:
            raise torch.OutOfMemoryError(FULL)
        return "gpu", start, stop

    parts = in_chunks(full, 3, 1, on_cpu=lambda start, stop: ("cpu", start, stop))
    assert list(parts) == [("gpu", 0, 1), ("cpu", 1, 2), ("cpu", 2, 3)]


def test_without_a_cpu_to_turn_to_the_error_estimates_the_need() -> None:
    def full(start: int, stop: int) -> None:
        raise torch.OutOfMemoryError(FULL)

    need = r"about 98.5 GiB are needed, it has 79.0 GiB. Use the device 'cpu'"
    with pytest.raises(DeviceError, match=need):
        list(in_chunks(full, 4, 4))
    with pytest.raises(DeviceError, match=need):
        list(in_chunks(full, 4, 4, on_cpu=full))
    with pytest.raises(DeviceError, match=need), memory_errors():
        full(0, 1)
    with pytest.raises(DeviceError, match=r"the GPU is out of memory: odd words. Use"), memory_errors():
        raise torch.OutOfMemoryError("odd words\nmore")


def test_nothing_to_do_is_done() -> None:
    assert list(in_chunks(lambda start, stop: stop - start, 0, 4)) == []
