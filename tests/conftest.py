"""What several tests share: one thread, small pictures, procedural shapes, a tiny built-in teacher."""

from __future__ import annotations

import shlex
import string
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import shape_of
from safetensors.torch import save_file

from meronym.cli import main
from meronym.shapes import observation
from meronym.teachers.builtin import BuiltinTeacher, Head
from meronym.teachers.text import TextEncoder
from meronym.types import Mesh, Vocabulary
from meronym.weights import catalogue
from meronym_synthetic.build import Labelled, build
from meronym_synthetic.kinds import KINDS


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    """So that results and times do not depend on the machine."""
    torch.set_num_threads(1)


@pytest.fixture
def small_views(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of half the usual size."""
    monkeypatch.setattr(observation, "DEFAULT", observation.ViewSettings(size=224))


@pytest.fixture(scope="session")
def chair() -> tuple[Mesh, torch.Tensor, tuple[str, ...]]:
    """Mesh, part of every face, names of the parts."""
    return shape_of("chair")


@pytest.fixture(scope="session")
def every_shape() -> dict[str, Labelled]:
    """One shape of every kind that the generator knows, as separate solids."""
    return {name: build(kind, np.random.default_rng(1), melt=False) for name, kind in KINDS.items()}


@pytest.fixture(scope="session")
def tiny_teacher(tmp_path_factory: pytest.TempPathFactory) -> BuiltinTeacher:
    """The built-in teacher with an untrained head on random one-layer networks."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, Dinov2Config, Dinov2Model

    from training.head import save

    folder = tmp_path_factory.mktemp("tiny")
    letters = [*string.ascii_lowercase, *(f"##{letter}" for letter in string.ascii_lowercase)]
    vocabulary = {token: index for index, token in enumerate(["[PAD]", "[UNK]", *letters])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    size = {"hidden_size": 384, "num_hidden_layers": 1, "num_attention_heads": 6}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        networks = {"dinov2-small": Dinov2Model(Dinov2Config(**size, mlp_ratio=1, image_size=56, patch_size=14)).eval()}
        sentences = BertModel(BertConfig(**size, intermediate_size=64, vocab_size=len(vocabulary)))
        head = Head(hidden=16).eval()
    save_file(sentences.state_dict(), folder / "model.safetensors")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "load_model", networks.__getitem__)
        patch.setattr(catalogue, "path", lambda name: folder)
        save(head, tiny_vocabulary(), folder / "head.safetensors", (), {})
        teacher = BuiltinTeacher(folder / "head.safetensors", tokens=64)
        assert teacher.patches.tokens == 64, "networks are loaded while the catalogue gives the tiny ones"
        assert teacher.text.dim == 384
        return teacher


def tiny_vocabulary() -> Vocabulary:
    """Two things, their parts, and one other way to say each of these."""
    parts = {"stool": ("leg/foot", "seat"), "mug": ("handle", "body/rim"), "grass": ()}
    paths = [(whole, path) for whole, of in parts.items() for path in of]
    names = sorted({name for _, path in paths for name in path.split("/")})
    embedded = TextEncoder()
    said = [f"{whole} {path.rpartition('/')[2]}" for whole, path in paths]
    of_part, order = torch.tensor([list(parts).index(whole) for whole, _ in paths]), torch.arange(len(said))
    return Vocabulary(
        tuple(parts), embedded(list(parts)), tuple(path for _, path in paths), embedded(said), of_part, tuple(names),
        embedded(names), embedded([f"some {text}" for text in said]), torch.stack([order, order], 1),
    )  # fmt: skip


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Calls `meronym` with some words, in a folder of its own; gives exit status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")
    monkeypatch.setenv("MERONYM_WEIGHTS", str(tmp_path / "weights"))

    def call(words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["meronym", *shlex.split(words)])
        status = 0
        try:
            main.main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call
