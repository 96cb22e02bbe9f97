"""Models of the hub: trust on first use, against a hub that the tests serve themselves; no network."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fake_hub import COMMIT, FakeHub, serving
from huggingface_hub import constants, file_download
from safetensors.numpy import save, save_file

from meronym.errors import WeightsError
from meronym.weights import catalogue, pins
from meronym.weights.download import DEFAULT
from meronym.weights.entries import CATALOGUE, HUB, HubEntry

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


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """The only hub there is; the cache is empty and the catalogue has the one entry `tiny`."""
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": TINY})
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "of-huggingface"))
    monkeypatch.setattr(file_download.time, "sleep", lambda seconds: None)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    monkeypatch.setenv("MERONYM_WEIGHTS", str(tmp_path / "cache"))
    with serving(FILES) as made:
        monkeypatch.setenv("HF_ENDPOINT", made.url + "/")
        yield made


@pytest.fixture
def by_hand(hub: FakeHub, tmp_path: Path) -> Path:
    """A folder in the cache that somebody copied files to."""
    folder = tmp_path / "cache" / "tiny"
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (folder / name).write_bytes(FILES[name])
    return folder


def read(folder: Path) -> dict[str, Any]:
    written: dict[str, Any] = json.loads((folder / "pins.json").read_text())
    return written


def test_the_first_fetch_resolves_the_revision_and_pins_what_transformers_reads(hub: FakeHub) -> None:
    said: list[tuple[str, int, int, str]] = []
    folder = catalogue.fetch("tiny", progress=lambda stage, done=0, total=0, note="": said.append((stage, done, total, note)))
    total = sum(len(FILES[name]) for name in ("config.json", "model.safetensors", "tokenizer.json"))
    assert said[0] == ("fetching tiny", 0, 0, "MIT, from hub:someone/tiny@main")
    assert said[-2:] == [("fetching tiny", total, total, ""), ("verified tiny", 1, 1, str(folder))]
    assert [done for _, done, _, _ in said[:-1]] == sorted(done for _, done, _, _ in said[:-1])
    assert hub.requests[0].lower() == "get /api/models/someone/tiny/revision/main?blobs=true"
    assert sorted(hub.downloads()) == ["config.json", "model.safetensors", "tokenizer.json"]
    assert sorted(file.name for file in folder.iterdir()) == ["config.json", "model.safetensors", "pins.json", "tokenizer.json"]
    digests = {name: hashlib.sha256(FILES[name]).hexdigest() for name in ("config.json", "model.safetensors", "tokenizer.json")}
    assert read(folder) == {"repository": "someone/tiny", "revision": COMMIT, "files": digests}
    assert catalogue.verify("tiny") == {
        "name": "tiny", "licence": "MIT", "sha256": digests["model.safetensors"],
        "repository": "someone/tiny", "revision": COMMIT,
    }  # fmt: skip
    requests = len(hub.requests)
    assert catalogue.path("tiny") == folder
    assert len(hub.requests) == requests


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


def test_files_put_there_by_hand_are_pinned_without_a_revision_and_without_the_hub(hub: FakeHub, by_hand: Path) -> None:
    (by_hand / "notes.md").write_text("of no matter")
    record = catalogue.verify("tiny")
    assert hub.requests == []
    assert (record["repository"], record["revision"]) == (None, None)
    assert record["sha256"] == hashlib.sha256(FILES["model.safetensors"]).hexdigest()
    assert read(by_hand)["files"].keys() == {"config.json", "tokenizer.json", "model.safetensors"}
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
    (by_hand / "config.json").write_text('{"architectures": ["pipeline"]}')
    with pytest.raises(WeightsError, match=r"config\.json: architectures: 'pipeline' is not supported; supported: BertModel, "):
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


def test_tensors_that_the_hub_has_as_a_pickle_only_are_converted(hub: FakeHub) -> None:
    del hub.files["model.safetensors"]
    written = io.BytesIO()
    torch.save({name: torch.from_numpy(value) for name, value in TENSORS.items()}, written)
    hub.files["pytorch_model.bin"] = written.getvalue()
    folder = catalogue.fetch("tiny")
    assert not (folder / "pytorch_model.bin").exists()
    save_file(TENSORS, folder.parent / "plain.safetensors")
    assert pins.tensor_sha256(folder / "model.safetensors") == pins.tensor_sha256(folder.parent / "plain.safetensors")


def test_files_can_be_converted_before_they_are_pinned(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    def convert(folder: Path) -> None:
        (folder / "config.json").write_text("{}")

    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": replace(TINY, convert=convert)})
    assert read(catalogue.fetch("tiny"))["files"]["config.json"] == hashlib.sha256(b"{}").hexdigest()
    catalogue.verify("tiny")


class _Exploit:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('the pickle ran')",))


def test_a_pickle_that_would_run_code_is_refused_at_conversion(hub: FakeHub, tmp_path: Path) -> None:
    del hub.files["model.safetensors"]
    hub.files["pytorch_model.bin"] = pickle.dumps(_Exploit())
    with pytest.raises(WeightsError, match="no source can give it"):
        catalogue.fetch("tiny")
    assert not (tmp_path / "cache" / "tiny").exists()


def missing(hub: FakeHub) -> None:
    del hub.files["model.safetensors"]


def shorter(hub: FakeHub) -> None:
    stated = hub.stated()
    hub.listing = lambda: stated
    hub.files["model.safetensors"] = FILES["model.safetensors"][:-1]


def other_config(hub: FakeHub) -> None:
    stated = hub.stated()
    hub.listing = lambda: stated
    hub.files["config.json"] = FILES["config.json"].replace(b"Bert", b"Best")


def endless(hub: FakeHub) -> None:
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
        (lambda hub: setattr(hub, "listing", lambda: {"error": "moved"}), "someone/tiny@main: KeyError"),
        (lambda hub: setattr(hub, "listing", lambda: [1]), "someone/tiny@main: TypeError"),
    ],
)
def test_a_hub_that_gives_other_bytes_than_it_states_leaves_no_trace(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[FakeHub], None], message: str
) -> None:
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1 << 20)
    fault(hub)
    with pytest.raises(WeightsError, match=message):
        catalogue.fetch("tiny")
    assert [file.name for file in (tmp_path / "cache").iterdir()] == [".tiny.lock"]


def test_another_commit_than_the_one_asked_for_is_refused(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": replace(TINY, revision="f" * 40)})
    with pytest.raises(WeightsError, match=f"asked for {'f' * 40}, the hub answered with {COMMIT}"):
        catalogue.fetch("tiny")


def test_offline_the_hub_is_not_called(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(WeightsError, match="HF_HUB_OFFLINE is set") as caught:
        catalogue.path("tiny")
    assert "meronym weights fetch tiny" in str(caught.value)
    assert hub.requests == []
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)  # as when TRANSFORMERS_OFFLINE was set at the start
    with pytest.raises(WeightsError, match="Unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE"):
        catalogue.path("tiny")
    assert hub.requests == []


def test_a_hub_that_cannot_be_reached_is_named_with_the_cure(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{nobody_listens.getsockname()[1]}")
        with pytest.raises(WeightsError, match=r"someone/tiny@main: Connect\w+: .*Check the network and the proxy") as caught:
            catalogue.path("tiny")
    assert "meronym weights fetch tiny" in str(caught.value)


def test_a_hub_that_does_not_answer_in_time_is_named_with_the_cure(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(WeightsError, match=r"someone/tiny@main: ReadTimeout: .*Check the network"):
            catalogue.fetch("tiny", settings=replace(DEFAULT, seconds=0.2))


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (403, "GatedRepo", r"GatedRepoError: .*Accept the model's terms on its page of the hub, then log in \(hf auth login\)"),
        (401, "RepoNotFound", r"RepositoryNotFoundError: .*If the repository is private, log in"),
        (401, "", r"If the repository is private, log in"),
        (404, "EntryNotFound", r"EntryNotFoundError: .*It is no longer on the hub: install a newer meronym"),
        (500, "", r"HfHubHTTPError: .*The hub has a fault: try again later"),
    ],
)
def test_a_hub_that_refuses_a_file_is_named_with_the_cure(hub: FakeHub, status: int, code: str, message: str) -> None:
    hub.error = status, code
    with pytest.raises(WeightsError, match=message):
        catalogue.fetch("tiny")


def test_a_revision_that_the_hub_lacks_is_named_with_the_cure(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tiny": replace(TINY, repository="someone/else")})
    with pytest.raises(WeightsError, match=r"someone/else@main: RepositoryNotFoundError: .*log in"):
        catalogue.fetch("tiny")


def test_a_download_that_breaks_off_goes_on(hub: FakeHub) -> None:
    hub.cuts = 2
    folder = catalogue.fetch("tiny")
    assert (folder / "config.json").read_bytes() == FILES["config.json"]
    assert len(hub.downloads()) == 3 + 2


def test_a_download_that_always_breaks_off_leaves_no_trace(hub: FakeHub, tmp_path: Path) -> None:
    hub.cuts = 1000
    with pytest.raises(WeightsError, match=r"someone/tiny@\w+: RemoteProtocolError.*Check the network"):
        catalogue.fetch("tiny")
    assert [file.name for file in (tmp_path / "cache").iterdir()] == [".tiny.lock"]


def test_more_bytes_than_allowed_are_refused_before_the_download(hub: FakeHub) -> None:
    with pytest.raises(WeightsError, match=r"\d+ bytes, more than DownloadSettings\.max_bytes, 100"):
        catalogue.fetch("tiny", settings=replace(DEFAULT, max_bytes=100))
    assert hub.downloads() == []


def test_the_hub_gets_the_token_and_no_telemetry_and_its_switches_are_put_back(
    hub: FakeHub, capfd: pytest.CaptureFixture[str]
) -> None:
    before = dict(vars(constants))
    catalogue.fetch("tiny")
    assert {headers["authorization"] for headers in hub.headers} == {"Bearer hf_mine"}
    assert not any("torch/" in headers["user-agent"] for headers in hub.headers)
    assert all("/someone/tiny/" in line for line in hub.requests)
    assert {name: value for name, value in vars(constants).items() if value is not before.get(name)} == {}
    assert capfd.readouterr() == ("", "")


def test_damaged_pins_are_named_with_the_cure(by_hand: Path) -> None:
    (by_hand / "pins.json").write_text('{"files": ')
    with pytest.raises(WeightsError, match=r"pins\.json: damaged .*Delete it to pin"):
        catalogue.verify("tiny")


def test_a_config_that_transformers_cannot_read_is_a_weights_error(by_hand: Path) -> None:
    (by_hand / "config.json").write_text('{"model_type": "bert", "hidden_size": 7, "num_attention_heads": 2}')
    with pytest.raises(WeightsError, match="BertModel cannot be made of it"):
        catalogue.load_model("tiny")


def bert(folder: Path, **other: Any) -> None:
    """A tiny BERT in place of the tensors, some of them replaced."""
    from transformers import BertConfig, BertModel

    size = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    model = BertModel(BertConfig(**size, vocab_size=10, max_position_embeddings=8))
    model.load_state_dict(other, strict=False)
    model.save_pretrained(folder)


def test_values_that_are_not_finite_are_refused_by_name(by_hand: Path) -> None:
    bert(by_hand)
    catalogue.load_model("tiny")
    (by_hand / "pins.json").unlink()
    bert(by_hand, **{"pooler.dense.bias": torch.full((8,), float("inf"))})
    with pytest.raises(WeightsError, match=r"model\.safetensors: pooler\.dense\.bias is not finite"):
        catalogue.load_model("tiny")


def test_a_file_that_leads_to_other_weights_is_refused(by_hand: Path) -> None:
    bert(by_hand)
    (by_hand / "adapter_config.json").write_text('{"base_model_name_or_path": "someone/else", "peft_type": "LORA"}')
    with pytest.raises(WeightsError, match=r"adapter_config\.json: adapters are not supported"):
        catalogue.load_model("tiny")


def test_every_model_of_the_hub_can_be_loaded_by_a_class_of_transformers() -> None:
    import transformers

    assert CATALOGUE.keys() == {entry.name for entry in HUB} | {"minilm", "dinov2-small"}
    assert len(CATALOGUE) == len(HUB) + 2
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
