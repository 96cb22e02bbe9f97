"""Models of the hub: trust on first use, against a hub that the tests make themselves; no network."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save, save_file

from meronym.errors import WeightsError
from meronym.weights import catalogue
from meronym.weights.hub import HUB, HubEntry

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TINY = HubEntry("tiny", "for tests", "MIT", "BertModel", "someone/tiny", "main")
TENSORS = {"b": np.ones(3, np.float32), "a.weight": np.arange(6, dtype=np.float32).reshape(2, 3)}
FILES = {
    "config.json": json.dumps({"architectures": ["BertModel"]}).encode(),
    "tokenizer.json": b'{"a": 1}',
    "model.safetensors": save(TENSORS),
    "README.md": b"not read by transformers",
    "onnx/config.json": b"another model's",
    "flax_model.msgpack": b"never fetched",
}


class Hub:
    """A hub with one repository: what it lists, what it gives, and what was asked of it."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.commit, self.asked = dict(files), COMMIT, list[str]()
        self.listing: Callable[[], Any] = self.stated

    def stated(self) -> Any:
        siblings = []
        for name, data in self.files.items():
            blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            file: dict[str, Any] = {"rfilename": name, "size": len(data), "blobId": blob}
            if name.endswith((".safetensors", ".bin")):
                file |= {"blobId": "of the pointer", "lfs": {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}}
            siblings.append(file)
        return {"sha": self.commit, "siblings": siblings}

    def __call__(self, url: str, timeout: float) -> io.BytesIO:
        path = url.removeprefix("https://hub.test/")
        self.asked.append(path)
        if path.startswith("api/models/someone/tiny/revision/"):
            return io.BytesIO(json.dumps(self.listing()).encode())
        return io.BytesIO(self.files[path.removeprefix(f"someone/tiny/resolve/{self.commit}/")])


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The only hub there is; the cache is empty and the catalogue has the one entry `tiny`."""
    made = Hub(FILES)
    monkeypatch.setattr(urllib.request, "urlopen", made)
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": TINY})
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.test/")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("MERONYM_WEIGHTS", str(tmp_path / "cache"))
    return made


@pytest.fixture
def by_hand(hub: Hub, tmp_path: Path) -> Path:
    """A folder in the cache that somebody copied files to."""
    folder = tmp_path / "cache" / "tiny"
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (folder / name).write_bytes(FILES[name])
    return folder


def pins(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "pins.json").read_text())
    return read


def test_the_first_fetch_resolves_the_revision_and_pins_what_transformers_reads(hub: Hub) -> None:
    said: list[str] = []
    folder = catalogue.fetch("tiny", progress=said.append)
    assert said[0] == "tiny (MIT): fetching from hub:someone/tiny@main"
    assert hub.asked[0] == "api/models/someone/tiny/revision/main?blobs=true"
    assert sorted(file.name for file in folder.iterdir()) == ["config.json", "model.safetensors", "pins.json", "tokenizer.json"]
    digests = {name: hashlib.sha256(FILES[name]).hexdigest() for name in ("config.json", "model.safetensors", "tokenizer.json")}
    assert pins(folder) == {"repository": "someone/tiny", "revision": COMMIT, "files": digests}
    assert catalogue.verify("tiny") == {
        "name": "tiny", "licence": "MIT", "sha256": digests["model.safetensors"],
        "repository": "someone/tiny", "revision": COMMIT,
    }  # fmt: skip
    asked = len(hub.asked)
    assert catalogue.path("tiny") == folder
    assert len(hub.asked) == asked


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_byte_that_changes_after_the_first_use_is_refused_with_both_hashes(by_hand: Path, name: str) -> None:
    catalogue.verify("tiny")
    data = bytearray(FILES[name])
    data[-1] ^= 1
    (by_hand / name).write_bytes(data)
    before, after = hashlib.sha256(FILES[name]).hexdigest(), hashlib.sha256(data).hexdigest()
    with pytest.raises(
        WeightsError, match=rf"{name}: sha256 mismatch: expected {before}, found {after}.*meronym weights fetch"
    ):
        catalogue.path("tiny")
    assert "mismatch" in catalogue.status()[0]["state"]


def test_a_file_that_appears_or_goes_after_the_first_use_is_refused(by_hand: Path) -> None:
    catalogue.verify("tiny")
    (by_hand / "adapter_config.json").write_text("{}")
    with pytest.raises(WeightsError, match=r"adapter_config\.json: sha256 mismatch: expected no such file"):
        catalogue.verify("tiny")
    (by_hand / "adapter_config.json").unlink()
    (by_hand / "tokenizer.json").unlink()
    with pytest.raises(WeightsError, match=r"tokenizer\.json: sha256 mismatch: .* found no such file"):
        catalogue.verify("tiny")


def test_files_put_there_by_hand_are_pinned_without_a_revision_and_without_the_hub(hub: Hub, by_hand: Path) -> None:
    (by_hand / "notes.md").write_text("of no matter")
    record = catalogue.verify("tiny")
    assert hub.asked == []
    assert (record["repository"], record["revision"]) == (None, None)
    assert record["sha256"] == hashlib.sha256(FILES["model.safetensors"]).hexdigest()
    assert pins(by_hand)["files"].keys() == {"config.json", "tokenizer.json", "model.safetensors"}
    (by_hand / "notes.md").write_text("still of no matter")
    assert catalogue.verify("tiny") == record


def test_any_folder_serves_in_place_of_a_name(by_hand: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "CATALOGUE", {})
    record = catalogue.verify(by_hand)
    assert (record["name"], record["licence"]) == ("tiny", "unknown")
    assert catalogue.entry(str(by_hand)).model == "BertModel"
    assert catalogue.path(str(by_hand)) == by_hand
    with pytest.raises(WeightsError, match="expected CLIPModel, found BertModel"):
        catalogue.load_model(by_hand, "CLIPModel")
    (by_hand / "config.json").write_text("{}")
    with pytest.raises(WeightsError, match=r"config\.json: expected 'architectures'"):
        catalogue.path(by_hand)
    with pytest.raises(WeightsError, match="'nowhere' in the catalogue, and no such folder"):
        catalogue.path("nowhere")


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt"])
def test_a_pickle_in_place_of_safetensors_is_refused(by_hand: Path, name: str) -> None:
    (by_hand / "model.safetensors").unlink()
    (by_hand / name).write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(WeightsError, match=rf"{name}: a pickle can run code"):
        catalogue.path("tiny")
    assert not (by_hand / "pins.json").exists()


def test_a_pickle_named_safetensors_is_never_pinned(by_hand: Path) -> None:
    (by_hand / "model.safetensors").write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(WeightsError, match="not a whole safetensors file"):
        catalogue.path("tiny")
    assert not (by_hand / "pins.json").exists()


def test_tensors_that_the_hub_has_as_a_pickle_only_are_converted(hub: Hub) -> None:
    del hub.files["model.safetensors"]
    written = io.BytesIO()
    torch.save({name: torch.from_numpy(value) for name, value in TENSORS.items()}, written)
    hub.files["pytorch_model.bin"] = written.getvalue()
    folder = catalogue.fetch("tiny")
    assert not (folder / "pytorch_model.bin").exists()
    save_file(TENSORS, folder.parent / "plain.safetensors")
    assert catalogue.tensor_sha256(folder / "model.safetensors") == catalogue.tensor_sha256(folder.parent / "plain.safetensors")


def test_files_can_be_converted_before_they_are_pinned(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def convert(folder: Path) -> None:
        (folder / "config.json").write_text("{}")

    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": replace(TINY, convert=convert)})
    assert pins(catalogue.fetch("tiny"))["files"]["config.json"] == hashlib.sha256(b"{}").hexdigest()
    catalogue.verify("tiny")


class _Exploit:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('the pickle ran')",))


def test_a_pickle_that_would_run_code_is_refused_at_conversion(hub: Hub, tmp_path: Path) -> None:
    del hub.files["model.safetensors"]
    hub.files["pytorch_model.bin"] = pickle.dumps(_Exploit())
    with pytest.raises(WeightsError, match="no source can give it"):
        catalogue.fetch("tiny")
    assert not (tmp_path / "cache" / "tiny").exists()


def missing(hub: Hub) -> None:
    del hub.files["model.safetensors"]


def shorter(hub: Hub) -> None:
    stated = hub.stated()
    hub.listing = lambda: stated
    hub.files["model.safetensors"] = FILES["model.safetensors"][:-1]


def other_config(hub: Hub) -> None:
    stated = hub.stated()
    hub.listing = lambda: stated
    hub.files["config.json"] = FILES["config.json"].replace(b"Bert", b"Best")


def endless(hub: Hub) -> None:
    stated = hub.stated()
    hub.listing = lambda: stated
    hub.files["tokenizer.json"] = b"\0" * 5_000_000


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (missing, "does not list what is needed: KeyError.'pytorch_model.bin'"),
        (shorter, r"model\.safetensors: sha256 mismatch"),
        (other_config, r"config\.json: sha256 mismatch"),
        (endless, r"Got 1048576 bytes of 8"),
        (lambda hub: setattr(hub, "listing", lambda: {"error": "moved"}), "does not list what is needed: KeyError"),
        (lambda hub: setattr(hub, "listing", lambda: [1]), "does not list what is needed: TypeError"),
    ],
)
def test_a_hub_that_gives_other_bytes_than_it_states_leaves_no_trace(
    hub: Hub, tmp_path: Path, fault: Callable[[Hub], None], message: str
) -> None:
    fault(hub)
    with pytest.raises(WeightsError, match=message):
        catalogue.fetch("tiny")
    assert not (tmp_path / "cache" / "tiny").exists()


def test_another_commit_than_the_one_asked_for_is_refused(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": replace(TINY, revision="f" * 40)})
    with pytest.raises(WeightsError, match=f"asked for {'f' * 40}, the hub answered with {COMMIT}"):
        catalogue.fetch("tiny")


def test_offline_the_hub_is_not_asked(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(WeightsError, match="HF_HUB_OFFLINE is set") as caught:
        catalogue.path("tiny")
    assert "meronym weights fetch tiny" in str(caught.value)
    assert hub.asked == []


def test_damaged_pins_are_named_with_the_cure(by_hand: Path) -> None:
    (by_hand / "pins.json").write_text('{"files": ')
    with pytest.raises(WeightsError, match=r"pins\.json: damaged .*Delete it to pin"):
        catalogue.verify("tiny")


def test_a_config_that_transformers_cannot_read_is_a_weights_error(by_hand: Path) -> None:
    (by_hand / "config.json").write_text('{"model_type": "bert", "hidden_size": 7, "num_attention_heads": 2}')
    with pytest.raises(WeightsError, match="BertModel cannot be made of it"):
        catalogue.load_model("tiny")


def test_every_model_of_the_hub_can_be_loaded_by_a_class_of_transformers() -> None:
    import transformers

    assert len({entry.name for entry in HUB} | {"minilm", "dinov2-small"}) == len(HUB) + 2
    for entry in HUB:
        assert hasattr(transformers, entry.model), entry.name
        assert entry.licence in ("MIT", "Apache-2.0")
        assert entry.revision == "main" or len(entry.revision) == 40


def test_only_what_the_default_needs_and_what_is_there_counts_as_at_hand(
    by_hand: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": TINY, "absent": replace(TINY, name="absent")})
    assert catalogue.names() == ["tiny", "absent"]
    assert catalogue.names(at_hand=True) == ["tiny"]
    assert [row["state"] for row in catalogue.status()] == ["present", "missing"]
    assert [row["name"] for row in catalogue.status(at_hand=True)] == ["tiny"]
