"""Networks that teachers wrap: nothing in their folder is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiny_models
import torch

from meronym.errors import WeightsError
from meronym.teachers.network import Network


def test_a_tokenizer_that_the_folder_brings_as_code_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """transformers would ask on the terminal whether to run it."""
    folder, mark = tmp_path / "model", tmp_path / "ran"
    folder.mkdir()
    tiny_models.grounding_dino(folder)
    for name in ("tokenizer.json", "vocab.txt"):
        (folder / name).unlink(missing_ok=True)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "unknown"}))
    (folder / "words.py").write_text(f"import pathlib; pathlib.Path({str(mark)!r}).touch()\nclass Words: pass\n")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "Words", "auto_map": {"AutoTokenizer": ["words.Words", None]}})
    )
    monkeypatch.setattr("builtins.input", lambda *prompt: "y")
    monkeypatch.setenv("MERONYM_WEIGHTS", str(tmp_path))
    network = Network(folder, "GroundingDinoForObjectDetection", "4.45", "cpu", torch.float32)
    with pytest.raises(WeightsError, match="no tokenizer can be made of it"):
        network.tokenizer  # noqa: B018
    assert not mark.exists()
