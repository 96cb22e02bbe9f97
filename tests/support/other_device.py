"""A stand-in for a GPU: tensors that say they are on cuda:0 and mix with others as such do, while their data are on the CPU.

`with other_device() as device:` every `device="cuda"` works, on a torch without CUDA too, and computes what the CPU computes:
results are equal to the last bit. What a GPU refuses is refused: operations on tensors of both devices (but for
CPU numbers without dimensions, and CPU indices), `numpy()` on its tensors, random numbers from a CPU generator.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, NoReturn
from unittest import mock

import numpy as np
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode, return_and_correct_aliasing
from torch.utils._pytree import tree_map_only

DEVICE = torch.device("cuda", 0)
BELOW = torch.device("meta")
"""What the tensors are on for torch itself, which needs no driver for it."""
aten = torch.ops.aten


class OtherTensor(Tensor):
    """A tensor on the other device; `elem` are its data."""

    elem: Tensor

    @staticmethod
    def __new__(cls, elem: Tensor) -> OtherTensor:
        made: OtherTensor = Tensor._make_wrapper_subclass(
            cls,
            elem.shape,
            strides=elem.stride(),
            storage_offset=elem.storage_offset(),
            dtype=elem.dtype,
            device=BELOW,
        )
        made.elem = elem
        return made

    device = DEVICE
    is_cuda = True
    is_meta = False

    def get_device(self) -> int:
        return 0

    def __repr__(self) -> str:
        return f"OtherTensor({self.elem})"

    def numpy(self, *, force: bool = False) -> Any:
        if force:
            return self.cpu().detach().numpy()
        raise TypeError("can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() first.")

    def __array__(self, dtype: Any = None) -> NoReturn:
        self.numpy()
        raise AssertionError

    def tolist(self) -> Any:
        return self.elem.tolist()

    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return run(func, args, kwargs or {})


class Calls(TorchFunctionMode):
    """Every call of torch with the other device's name, before torch looks for a driver."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if func is torch.device:
            return func(*args, **kwargs)
        if func is Tensor.numpy and isinstance(args[0], OtherTensor):
            return args[0].numpy(**kwargs)
        if func in MAKERS:
            given = kwargs.pop("device", args[0].device if func is Tensor.new_tensor else None)
            if func is Tensor.new_tensor and isinstance(args[0], OtherTensor):
                args = (args[0].elem, *args[1:])
            made = func(*args, **kwargs)
            return made if given is None else made.to(below(given))
        if func is Tensor.cuda:
            return args[0].to(BELOW)
        if func in (Tensor.__getitem__, Tensor.__setitem__):
            return func(args[0], as_index(args[1]), *args[2:])
        if "device" in kwargs:
            kwargs["device"] = below(kwargs["device"])
        return func(*(below(value) if isinstance(value, str | torch.device) else value for value in args), **kwargs)


MAKERS = {torch.tensor, torch.as_tensor, torch.asarray, Tensor.new_tensor}
"""These fill in data, which is done on the CPU."""


def as_index(index: Any) -> Any:
    """An index, its lists and arrays as tensors: torch would make them on the other device, which fills in no data."""
    if isinstance(index, tuple):
        return tuple(as_index(part) for part in index)
    return torch.as_tensor(index) if isinstance(index, list | np.ndarray) else index


def below(name: Any) -> Any:
    """The device that takes the other device's place, for its names."""
    return BELOW if name == "cuda" or str(name) in ("cuda", "cuda:0") else name


class Dispatch(TorchDispatchMode):
    """Sees the calls without any tensor of the other device: the making of one."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return run(func, args, kwargs or {})


def run(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """One operation of torch, done on the data, refused where a GPU would refuse it."""
    flat = list(leaves((*args, *kwargs.values())))
    others = [tensor for tensor in flat if isinstance(tensor, OtherTensor)]
    named = kwargs.get("device")
    target = DEVICE if below(named) == BELOW or (named is None and others) else torch.device("cpu")
    if not others and target != DEVICE:
        return func(*args, **kwargs)
    if func is not aten._to_copy.default and func is not aten.copy_.default:
        check_devices(func, args, flat)
    if target == DEVICE and kwargs.get("generator") is not None:
        raise RuntimeError("Expected a 'cuda' device type for generator but found 'cpu'")
    plain_kwargs = {name: unwrap(value) for name, value in kwargs.items()}
    if named is not None:
        plain_kwargs["device"] = torch.device("cpu")
    out = func(*unwrap(args), **plain_kwargs)
    if func is aten.copy_.default and not isinstance(args[0], OtherTensor):
        return args[0]
    if target == DEVICE:
        out = tree_map_only(Tensor, OtherTensor, out)
        return return_and_correct_aliasing(func, args, kwargs, out) if others and has_aliases(func) else out
    return out


def leaves(values: Any) -> Iterator[Tensor]:
    """All tensors among arguments."""
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, list | tuple):
            yield from leaves(value)


def unwrap(value: Any) -> Any:
    """An argument, its tensors of the other device replaced by their data."""
    if isinstance(value, OtherTensor):
        return value.elem
    return type(value)(unwrap(part) for part in value) if isinstance(value, list | tuple) else value


@cache
def has_aliases(func: Any) -> bool:
    """Whether an operation returns or changes what it is given."""
    return any(entry.alias_info for entry in (*func._schema.arguments, *func._schema.returns))


def check_devices(func: Any, args: Any, flat: list[Tensor]) -> None:
    """Raises: RuntimeError for tensors of two devices, but for what CUDA allows: numbers, and indices from the CPU."""
    plain = [tensor for tensor in flat if not isinstance(tensor, OtherTensor)]
    base = func.overloadpacket
    if base in (aten.index, aten.index_put, aten.index_put_, aten._unsafe_index, aten._index_put_impl_):
        if isinstance(args[0], OtherTensor):
            values = args[2] if len(args) > 2 else None
            plain = [values] if isinstance(values, Tensor) and not isinstance(values, OtherTensor) else []
        elif any(isinstance(index, OtherTensor) for index in args[1]):
            raise RuntimeError("indices should be either on cpu or on the same device as the indexed tensor (cpu)")
    strict = base in (aten.cat, aten.stack, aten.index_select, aten.gather, aten.scatter, aten.index_add, aten.index_add_)
    first = args[0] if args else None
    changed = func._schema.is_mutable and isinstance(first, Tensor) and not isinstance(first, OtherTensor)
    if len(plain) < len(flat) and any(strict or changed or tensor.dim() > 0 for tensor in plain):
        raise RuntimeError(
            f"Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu! (in {func})"
        )


@contextmanager
def other_device() -> Iterator[torch.device]:
    """The stand-in is there, as the only GPU."""
    answers = {
        "is_available": True,
        "is_initialized": True,
        "device_count": 1,
        "current_device": 0,
        "get_device_name": "a stand-in",
        "_lazy_init": None,
        "get_rng_state": torch.zeros(0, dtype=torch.uint8),
        "set_rng_state": None,
        "manual_seed_all": None,
        "synchronize": None,
        "empty_cache": None,
    }
    with ExitStack() as stack:
        for name, answer in answers.items():
            stack.enter_context(mock.patch.object(torch.cuda, name, lambda *_, answer=answer, **__: answer))
        stack.enter_context(Dispatch())
        stack.enter_context(Calls())
        yield DEVICE


def move(thing: Any, device: torch.device | str) -> Any:
    """A tensor, or tensors in dataclasses, tuples, lists and dictionaries, on a device; all else as it is."""
    if isinstance(thing, Tensor):
        return thing.to(device)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        fields = {field.name: move(getattr(thing, field.name), device) for field in dataclasses.fields(thing) if field.init}
        return dataclasses.replace(thing, **fields)
    if isinstance(thing, tuple):
        moved = [move(part, device) for part in thing]
        return type(thing)(*moved) if hasattr(thing, "_fields") else tuple(moved)
    if isinstance(thing, list):
        return [move(part, device) for part in thing]
    return {key: move(value, device) for key, value in thing.items()} if isinstance(thing, dict) else thing


def tensors(thing: Any) -> list[Tensor]:
    """All tensors in dataclasses, tuples, lists and dictionaries."""
    if isinstance(thing, Tensor):
        return [thing]
    if dataclasses.is_dataclass(thing):
        thing = [getattr(thing, field.name) for field in dataclasses.fields(thing)]
    parts = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, tuple | list) else ()
    return [tensor for part in parts for tensor in tensors(part)]


def assert_same(found: Any, expected: Any, device: torch.device | str) -> None:
    """All tensors of a result are on `device`, and equal to the last bit to those that the CPU computed."""
    ours, theirs = tensors(found), tensors(expected)
    assert len(ours) == len(theirs) > 0
    for mine, true in zip(ours, theirs, strict=True):
        assert mine.device == torch.device(device)
        torch.testing.assert_close(mine.cpu(), true, rtol=0, atol=0, equal_nan=True)
