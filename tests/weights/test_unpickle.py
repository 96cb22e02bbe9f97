"""Checkpoints of strangers: what is read, what is refused, and that nothing in them ever runs."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from meronym.errors import WeightsError
from meronym.weights import unpickle


def tensors(seed: int = 0) -> dict[str, Tensor]:
    """Those of `network`."""
    generator = torch.Generator().manual_seed(seed)
    return {"0.weight": torch.randn(2, 3, generator=generator), "0.bias": torch.randn(2, generator=generator)}


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 2))


def written(path: Path, content: Any, **how: Any) -> Path:
    torch.save(content, path, **how)
    return path


class Touch:
    """Makes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (f"import pathlib; pathlib.Path({str(self.mark)!r}).touch()",)


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda given: given,
        lambda given: {f"module.{name}": value for name, value in given.items()},
        lambda given: {f"base_model.{name}": value for name, value in given.items()},
        lambda given: {"base_model": {f"module.{n}": v for n, v in given.items()}, "epoch": 3, "optimizer": {"state": {}}},
        lambda given: {"base_model": {name: nn.Parameter(value) for name, value in given.items()}},
    ],
)
def test_wrappings_of_training_scripts_come_off(tmp_path: Path, wrap: Any, zipped: bool) -> None:
    path = written(tmp_path / "a.pth", wrap(tensors()), _use_new_zipfile_serialization=zipped)
    model = network()
    unpickle.load_into(model, path)
    for name, value in tensors().items():
        assert torch.equal(model.state_dict()[name], value)


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("place", ["whole", "beside", "as a name"])
def test_code_in_a_pickle_does_not_run(tmp_path: Path, place: str, zipped: bool) -> None:
    mark = tmp_path / "ran"
    evil = Touch(mark)
    content: Any = {"whole": evil, "beside": {**tensors(), "extra": evil}, "as a name": {evil: torch.zeros(1)}}[place]
    path = written(tmp_path / "evil.pth", content, _use_new_zipfile_serialization=zipped)
    with pytest.raises(WeightsError, match=r"evil\.pth: holds \S*exec\. A pickle can run code.*safetensors"):
        unpickle.read(path)
    assert not mark.exists()
    torch.load(path, weights_only=False)
    assert mark.exists()  # so it would have run


def test_a_bare_pickle_does_not_run(tmp_path: Path) -> None:
    mark, path = tmp_path / "ran", tmp_path / "evil.pth"
    path.write_bytes(pickle.dumps(Touch(mark), protocol=2))
    with pytest.raises(WeightsError, match=r"evil\.pth"):
        unpickle.read(path)
    assert not mark.exists()
    pickle.loads(path.read_bytes())
    assert mark.exists()


def test_a_pickle_under_the_name_of_safetensors_does_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    path = written(tmp_path / "evil.safetensors", {"a": Touch(mark)})
    with pytest.raises(WeightsError, match="not a whole safetensors file"):
        unpickle.read(path)
    assert not mark.exists()


def test_other_objects_are_refused_by_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pth", {"base_model": tensors(), "metrics": np.float64(0.5)})
    with pytest.raises(WeightsError, match=r"a\.pth: holds numpy\S*scalar\. .*save its tensors alone"):
        unpickle.read(path)


class Calls:
    """Calls a function when it is unpickled."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("call", [Calls(bytearray, 3), Calls(torch.FloatTensor, 3), Calls(set, (3,)), torch.device("cpu")])
def test_what_torch_would_build_beside_tensors_is_refused(tmp_path: Path, call: Any, zipped: bool) -> None:
    """torch's own restricted unpickler calls bytearray with any size that the file names."""
    path = written(tmp_path / "a.pth", {**tensors(), "extra": call}, _use_new_zipfile_serialization=zipped)
    torch.load(path, weights_only=True)
    with pytest.raises(WeightsError, match=r"a\.pth: holds (__builtin__|torch)\.\w+\. A pickle can run code"):
        unpickle.read(path)


def test_no_library_and_no_environment_widens_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "ran"
    path = written(tmp_path / "evil.pth", {"a": Touch(mark)})
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    with torch.serialization.safe_globals([exec]), pytest.raises(WeightsError, match=r"holds \S*exec\."):
        unpickle.read(path)
    assert not mark.exists()


def test_a_small_file_that_claims_a_large_tensor_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pth", {"a": torch.zeros(1).expand(10**6, 10**6)})
    assert path.stat().st_size < 2000
    with pytest.raises(WeightsError, match=r"a\.pth: a: 4000000000000 bytes are claimed, 4 are stored"):
        unpickle.convert(path, tmp_path / "a.safetensors")


def test_a_compressed_file_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    whole, path = written(tmp_path / "a.pth", {"a": torch.zeros(10**6)}), tmp_path / "bomb.pth"
    with zipfile.ZipFile(whole) as stored, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in stored.namelist():
            packed.writestr(name, stored.read(name))
    assert path.stat().st_size < 20_000
    with pytest.raises(WeightsError, match=r"bomb\.pth: larger inside than the file itself\. Save it uncompressed"):
        unpickle.read(path)


def test_values_that_are_not_finite_are_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pth", {**tensors(), "0.bias": torch.tensor([1.0, float("nan")])})
    with pytest.raises(WeightsError, match=r"a\.pth: 1 tensors do not fit Sequential: 0\.bias is not finite"):
        unpickle.load_into(network(), path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([torch.zeros(1)], "expected a dictionary of tensors, got list"),
        ({"base_model": 3}, "expected a dictionary of tensors, got int"),
        ({"base_model": {"a": torch.zeros(1), "lr": 0.1}}, "lr: expected a tensor, got float"),
        ({"state": {"a": torch.zeros(1)}}, "state: expected a tensor, got dict"),
    ],
)
def test_what_is_no_dictionary_of_tensors_is_refused(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(WeightsError, match=message):
        unpickle.read(written(tmp_path / "a.pth", content))


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize("damage", ["absent", "empty", "text", "half", "a folder"])
def test_damaged_files_are_named(tmp_path: Path, suffix: str, damage: str) -> None:
    whole, path = written(tmp_path / "whole.pth", tensors()), tmp_path / f"bad{suffix}"
    if suffix == ".safetensors":
        unpickle.convert(whole, tmp_path / "whole.safetensors")
        whole = tmp_path / "whole.safetensors"
    content = {"empty": b"", "text": b"<html>404 not found</html>", "half": whole.read_bytes()[:-50]}
    if damage in content:
        path.write_bytes(content[damage])
    elif damage == "a folder":
        path.mkdir()
    with pytest.raises(WeightsError, match=rf"bad{suffix}: "):
        unpickle.read(path)


def test_converted_tensors_are_the_same_even_where_names_share_memory(tmp_path: Path) -> None:
    value = torch.randn(3, 2, generator=torch.Generator().manual_seed(0))
    path = written(tmp_path / "a.pth", {"module.a": value, "module.b": value.T, "module.c": torch.tensor(3)})
    target = tmp_path / "a.safetensors"
    for _ in range(2):  # again over what is there
        unpickle.convert(str(path), str(target))
    expected = {"a": value, "b": value.T, "c": torch.tensor(3)}
    for found in (load_file(target), unpickle.read(target)):
        assert found.keys() == expected.keys()
        assert all(torch.equal(found[name], expected[name]) for name in expected)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.pth", "a.safetensors"]


def test_conversion_needs_a_place_and_a_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pth", tensors())
    with pytest.raises(WeightsError, match=r"b\.pth: not a name for safetensors"):
        unpickle.convert(path, tmp_path / "b.pth")
    with pytest.raises(WeightsError, match="cannot be written"):
        unpickle.convert(path, tmp_path / "nowhere" / "b.safetensors")


def test_tensors_that_do_not_fit_are_all_named_and_nothing_is_loaded(tmp_path: Path) -> None:
    given = {"0.weight": torch.zeros(3, 3), "head.weight": torch.zeros(1), "decoder.a": torch.zeros(1)}
    path = written(tmp_path / "a.pth", given)
    model = network()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(WeightsError) as caught:
        unpickle.load_into(model, path, unused=("decoder.",))
    message = str(caught.value)
    assert "a.pth: 3 tensors do not fit Sequential" in message
    assert "0.weight: expected shape [2, 3], got [3, 3]" in message
    assert "0.bias is missing" in message
    assert "head.weight is unknown" in message
    assert "decoder" not in message
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_half_precision_fills_a_network_of_full_precision(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pth", {name: value.half() for name, value in tensors().items()})
    model = network()
    unpickle.load_into(model, path)
    assert model.state_dict()["0.weight"].dtype == torch.float32
    torch.testing.assert_close(model.state_dict()["0.weight"], tensors()["0.weight"].half().float())
