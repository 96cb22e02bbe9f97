"""The device that work is done on, and work that does not fit into its memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch

from meronym.errors import DeviceError, InputError

T = TypeVar("T")

_NAMES = re.compile(r"auto|cpu|cuda(:\d+)?")
_SHORTAGE = re.compile(
    r"Tried to allocate ([\d.]+) (\w+)\..*total capacity of ([\d.]+) (\w+) of which ([\d.]+) (\w+) is free", re.DOTALL
)
"""The figures in torch's message: wanted, total, free."""
_UNITS = {"bytes": 2.0**-30, "KiB": 2.0**-20, "MiB": 2.0**-10, "GiB": 1.0}
"""In GiB."""


def resolve(device: str | torch.device) -> torch.device:
    """The device of a name: "cpu", "cuda", "cuda:1", or "auto", which is a GPU where torch sees one and the CPU elsewhere.

    Raises: InputError for any other name; DeviceError if there is no such GPU.
    """
    name = str(device)
    if not _NAMES.fullmatch(name):
        raise InputError(f"device: expected 'auto', 'cpu', 'cuda' or 'cuda:N', got {name!r:.40}")
    if name == "cpu" or (name == "auto" and not torch.cuda.is_available()):
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise DeviceError(
            f"device {name!r}: torch {torch.__version__} sees no GPU. Use 'cpu' or 'auto', or install a build of torch for your"
            " GPU (https://pytorch.org/get-started) and its driver"
        )
    index = int(name[5:]) if ":" in name else torch.cuda.current_device()
    if index >= (count := torch.cuda.device_count()):
        raise DeviceError(f"device {name!r}: torch sees {count} GPU{'s' * (count > 1)}. Use 'cuda:0' to 'cuda:{count - 1}'")
    return torch.device("cuda", index)


def in_chunks(
    work: Callable[[int, int], T], count: int, chunk: int, on_cpu: Callable[[int, int], T] | None = None
) -> Iterator[T]:
    """Results of `work(start, stop)` for consecutive ranges that cover `range(count)`, each of at most `chunk`.

    Where the GPU's memory runs out, the range is halved, down to one; where one is too many, `on_cpu` does it and all that
    follow, if given. Both have to return what does not depend on where ranges end.

    Raises: DeviceError, with an estimate, if one does not fit and there is no `on_cpu`, or its result does not fit.
    """
    start, chunk = 0, max(chunk, 1)
    while start < count:
        stop = min(start + chunk, count)
        try:
            result = work(start, stop)
        except torch.OutOfMemoryError as error:
            shortage = str(error)  # not the error itself: its frames hold the memory that is wanted back
        else:
            yield result
            start = stop
            continue
        if stop - start == 1:
            if on_cpu is None:
                raise DeviceError(explain_shortage(shortage))
            work, on_cpu = on_cpu, None
        chunk = max(1, (stop - start) // 2)
        torch.cuda.empty_cache()


@contextmanager
def memory_errors() -> Iterator[None]:
    """Turns running out of a GPU's memory into a DeviceError with an estimate, for work that cannot be done in chunks."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise DeviceError(explain_shortage(str(error))) from error


def explain_shortage(message: str) -> str:
    """How much memory was needed and is there, from torch's message, and the cure."""
    cure = "Use the device 'cpu', fewer views, or a GPU with more memory"
    found = _SHORTAGE.search(message)
    if found is None:
        return f"the GPU is out of memory: {message.strip().splitlines()[0] if message.strip() else 'no figures known'}. {cure}"
    wanted, total, free = (float(found[k]) * _UNITS.get(found[k + 1], 1.0) for k in (1, 3, 5))
    return f"the GPU is out of memory: about {total - free + wanted:.1f} GiB are needed, it has {total:.1f} GiB. {cure}"
