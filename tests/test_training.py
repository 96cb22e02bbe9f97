"""Training: the head learns what its pixels tell, phrases stay apart, and an interrupted run goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from meronym.teachers.builtin import load_head
from meronym_synthetic.build import Labelled
from meronym_synthetic.kinds import KINDS
from training import features, head
from training.head import Phrasebook, Pixels, make_bank


class WordBag:
    """A stand-in for the sentence encoder: the normalised sum of one random vector a word."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, phrases: list[str]) -> Tensor:
        self.asked.extend(phrases)
        return functional.normalize(torch.stack([sum(map(self.word, phrase.split()), torch.zeros(384)) for phrase in phrases]))

    @staticmethod
    def word(word: str) -> Tensor:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4])
        return torch.randn(384, generator=torch.Generator().manual_seed(seed))


def keys_of(shapes: dict[str, Labelled], kinds: list[str]) -> tuple[head.Key, ...]:
    return tuple((kind, name) for kind in kinds for name in shapes[kind].names)


# ----------------------------------------------------------------------------------------------------------- phrases


def test_within_a_kind_no_two_parts_share_a_phrase(every_shape: dict[str, Labelled]) -> None:
    keys = keys_of(every_shape, sorted(KINDS))
    book, coarse_draws = Phrasebook(WordBag()), 0
    for seed in range(20):
        meant: dict[tuple[str, str], set[str]] = {}
        for (kind, part), phrase in zip(keys, book.draw(keys, np.random.default_rng(seed)), strict=True):
            meant.setdefault((kind, phrase), set()).add(part)
        for parts in meant.values():
            coarse, fine = {part.split("/")[0] for part in parts}, {part.split("/")[-1] for part in parts}
            assert min(len(coarse), len(fine)) == 1, meant
            coarse_draws += len(parts) > 1 and len(coarse) == 1
    assert coarse_draws, "some draws are coarse"


def test_phrases_use_the_known_words_only(every_shape: dict[str, Labelled]) -> None:
    keys = keys_of(every_shape, ["chair", "person"])
    words = {word for kind in ("chair", "person") for options in KINDS[kind].synonyms.values() for word in options}
    words |= {word for _, part in keys for word in part.split("/")}
    wholes = [*KINDS["chair"].names, *KINDS["person"].names]
    forms = ("{p}", "{c} {p}", "{p} of a {c}", "the {p} of the {c}")
    allowed = {form.format(p=word, c=whole) for form in forms for word in words for whole in wholes}
    said = {phrase for seed in range(10) for phrase in Phrasebook(WordBag()).draw(keys, np.random.default_rng(seed))}
    assert said <= allowed
    assert said & words
    assert said - words


def test_a_draw_depends_on_its_seed_only(every_shape: dict[str, Labelled]) -> None:
    keys = keys_of(every_shape, ["chair", "person", "airplane"])
    draws = [Phrasebook(WordBag()).draw(keys, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_every_phrase_is_encoded_once() -> None:
    text = WordBag()
    book = Phrasebook(text)
    first = book.embed(["leg", "seat", "leg"])
    assert torch.equal(first[0], first[2])
    book.embed(["seat", "back"])
    assert text.asked == ["leg", "seat", "back"]


def test_a_bank_holds_every_part_whole_and_rival(every_shape: dict[str, Labelled]) -> None:
    kinds = ["airplane", "chair", "person"]
    keys = keys_of(every_shape, kinds)
    bank = make_bank(Phrasebook(WordBag()), keys, kinds, np.random.default_rng(0))
    rows = len(bank.part)
    assert bank.part.shape == (rows, 384)
    assert bank.kind.shape == (rows,)
    assert bank.entry.shape == (len(keys),)
    assert bank.rival.shape == (3, rows)
    assert bank.whole.shape == (3, 384)
    torch.testing.assert_close(bank.part.norm(dim=1), torch.ones(rows))
    assert [kinds[k] for k in bank.kind[bank.entry].tolist()] == [kind for kind, _ in keys]
    for number in range(3):
        assert not bank.rival[number, bank.kind == number].any(), "a kind is no rival of its own"


# ---------------------------------------------------------------------------------------------------------- the head


@pytest.fixture(scope="module")
def pixels(every_shape: dict[str, Labelled]) -> Pixels:
    """Forty noisy features around a random centre for each part of three kinds."""
    keys, generator = keys_of(every_shape, ["airplane", "chair", "cup"]), torch.Generator().manual_seed(0)
    key = torch.arange(len(keys)).repeat_interleave(40)
    centre = torch.randn(len(keys), 12, generator=generator)
    feature = centre[key] + 0.2 * torch.randn(len(key), 12, generator=generator)
    return Pixels(feature.half(), key, torch.zeros_like(key), keys)


def train(pixels: Pixels, steps: int, seed: int = 0) -> head.Head:
    return head.train(pixels, WordBag(), steps=steps, batch=192, banks=3, hidden=48, seed=seed)


def mean_loss(trained: head.Head, pixels: Pixels) -> float:
    kinds = sorted({kind for kind, _ in pixels.keys})
    kind = torch.tensor([kinds.index(kind) for kind, _ in pixels.keys])[pixels.key]
    bank = make_bank(Phrasebook(WordBag()), pixels.keys, kinds, np.random.default_rng(9))
    with torch.no_grad():
        each = head.loss(trained, pixels.feature.float(), pixels.key, kind, bank, torch.Generator().manual_seed(1), 0.0)
    assert each.shape == (len(pixels.key),)
    return float(each.mean())


def test_the_head_learns_what_its_pixels_show(pixels: Pixels) -> None:
    trained = train(pixels, 150)
    assert mean_loss(trained, pixels) < 0.5 * mean_loss(train(pixels, 1), pixels)
    own = [torch.tensor([other == kind for other, _ in pixels.keys]) for kind, _ in pixels.keys]
    names = WordBag()([part.split("/")[-1] for _, part in pixels.keys])
    with torch.no_grad():
        cosine = trained(pixels.feature.float()) @ names.T
    found = cosine.masked_fill(~torch.stack(own)[pixels.key], -9).argmax(1)
    assert (found == pixels.key).float().mean() > 0.9


def test_training_depends_on_its_seed_only(pixels: Pixels) -> None:
    state = torch.get_rng_state()
    first, second, other = (train(pixels, 4, seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), state), "the global generator is left alone"
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["net.0.weight"], other["net.0.weight"])


def test_a_head_is_read_as_it_was_written(pixels: Pixels, tmp_path: Path) -> None:
    trained = train(pixels, 2)
    head.save(trained, tmp_path / "head.safetensors", ["cup", "airplane", "chair"], {"without": ["bed"]})
    again, metadata = load_head(tmp_path / "head.safetensors")
    assert json.loads(metadata["training"]) == {"kinds": 3, "without": ["bed"]}
    assert json.loads(metadata["kinds"]) == ["airplane", "chair", "cup"]
    assert json.loads(metadata["kinds_not_trained"]) == sorted(KINDS.keys() - {"airplane", "chair", "cup"})
    assert not again.training
    for name, value in trained.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], value, atol=2e-3, rtol=2e-3)
    assert list(tmp_path.iterdir()) == [tmp_path / "head.safetensors"]


def test_the_head_that_ships_says_which_kinds_it_was_not_trained_on() -> None:
    _, metadata = load_head()
    trained, others = (json.loads(metadata[key]) for key in ("kinds", "kinds_not_trained"))
    assert len(trained) == json.loads(metadata["training"])["kinds"]
    assert sorted(trained + others) == list(KINDS)
    assert trained == sorted(trained)
    assert others == sorted(others)


# ---------------------------------------------------------------------------------------------------------- features


class Colours:
    """A stand-in for the patch encoder: the mean colour of each patch."""

    dim = 3
    calls = 0

    def __call__(self, colour: Tensor) -> Tensor:
        self.calls += 1
        return functional.adaptive_avg_pool2d(colour.permute(2, 0, 1), (6, 5)).permute(1, 2, 0)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Colours:
    colours = Colours()
    monkeypatch.setattr(features, "_encoder", lambda: colours)
    monkeypatch.setattr(features, "BLOCK", 2)
    monkeypatch.setattr(features, "SIZE", 96)
    return colours


def test_a_block_holds_pixels_with_the_names_of_their_parts(encoder: Colours, tmp_path: Path) -> None:
    features.make_block("chair", 1, tmp_path)
    with np.load(tmp_path / "chair.1.npz") as file:
        block = dict(file)
    count = 2 * features.VIEWS * features.PIXELS
    assert block["feature"].shape == (count, 3)
    assert block["feature"].dtype == np.float16
    assert block["part"].shape == block["shape"].shape == (count,)
    assert set(block["shape"]) == {2, 3}
    assert block["part"].max() < len(block["names"])
    loaded = head.load(tmp_path, ["chair", "cup"])
    assert [loaded.keys[k] for k in loaded.key.tolist()] == [("chair", name) for name in block["names"][block["part"]]]
    assert len(head.load(tmp_path, ["chair"], shapes=3).key) == count // 2


def test_a_block_that_exists_is_kept_and_a_lost_one_is_made_again(encoder: Colours, tmp_path: Path) -> None:
    features.make_block("chair", 0, tmp_path)
    file, calls = tmp_path / "chair.0.npz", encoder.calls
    first = file.read_bytes()
    features.make_block("chair", 0, tmp_path)
    assert encoder.calls == calls
    file.unlink()
    features.make_block("chair", 0, tmp_path)
    with np.load(file) as again:
        arrays = dict(again)
    file.write_bytes(first)
    with np.load(file) as before:
        assert all(np.array_equal(arrays[name], before[name]) for name in before)


def test_an_interrupted_block_leaves_nothing(encoder: Colours, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(colour: Tensor) -> Tensor:
        raise KeyboardInterrupt

    monkeypatch.setattr(Colours, "__call__", lambda self, colour: stop(colour))
    with pytest.raises(KeyboardInterrupt):
        features.make_block("chair", 0, tmp_path)
    assert list(tmp_path.iterdir()) == []
