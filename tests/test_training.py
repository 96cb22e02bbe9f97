"""Training: the head learns what its pixels tell, phrases stay apart, and an interrupted run goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from meronym.core.cameras import frame
from meronym.render import TorchRenderer
from meronym.teachers.builtin import load_head
from meronym_synthetic.build import Labelled
from meronym_synthetic.kinds import KINDS
from training import features, head, looks, surroundings
from training.head import Pixels, Trainer, TrainingSettings, scene_loss, things_loss
from training.phrasebook import Phrasebook, make_bank, read_phrases, synonyms


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


PARAPHRASES = Path(__file__).parents[1] / "benchmarks" / "paraphrases.json"


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
    parts = {(kind, word) for kind, part in keys for word in part.split("/")}
    names = {key: {key[1], *synonyms().get(key, ())} for key in parts}
    told = {phrase for key in parts for phrase in read_phrases()[1].get(key, ())}
    forms = ("{p}", "{c} {p}", "{p} of a {c}", "the {p} of the {c}")
    allowed = {
        form.format(p=word, c=whole)
        for (kind, _), words in names.items()
        for word in words
        for form in forms
        for whole in KINDS[kind].names
    }
    said = {phrase for seed in range(30) for phrase in Phrasebook(WordBag()).draw(keys, np.random.default_rng(seed))}
    assert said <= allowed | told
    assert said & told
    assert said - told


def test_every_part_has_other_names_and_descriptions(every_shape: dict[str, Labelled]) -> None:
    keys = {(kind, name) for kind, path in keys_of(every_shape, sorted(KINDS)) for name in path.split("/")}
    names, descriptions = read_phrases()
    assert sorted(key for key in keys if not names.get(key) or not descriptions.get(key)) == []
    for key, said in names.items():
        assert key[1] not in said, key


def test_words_kept_for_the_honest_test_are_in_no_phrase() -> None:
    ordinary = {"main", "upper", "lower"}
    paraphrases = json.loads(PARAPHRASES.read_text(encoding="utf-8"))
    whole = {said for parts in paraphrases.values() for said in parts.values()}
    kept = {word for said in whole if " " not in said for word in (said,)} - ordinary
    for texts in read_phrases():
        for key, said in texts.items():
            for phrase in said:
                assert phrase not in whole, key
                assert not kept & set(phrase.replace("-", " ").split()), key


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
    assert sorted(text.asked) == ["back", "leg", "seat"]


def test_a_bank_holds_every_part_whole_and_rival(every_shape: dict[str, Labelled]) -> None:
    kinds = ["airplane", "chair", "person"]
    keys = keys_of(every_shape, kinds)
    bank = make_bank(Phrasebook(WordBag()), keys, kinds, np.random.default_rng(0))
    rows = len(bank.part)
    assert bank.part.shape == (rows, 384)
    assert bank.kind.shape == (rows,)
    assert bank.entry.shape == (len(keys),)
    assert bank.rival.shape == (3, rows)
    assert bank.whole.shape == (3 + len(surroundings.WORDS), 384)
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


@pytest.fixture(scope="module")
def scenes() -> Pixels:
    """Pixels of a chair, of grass and of something that is no kind."""
    keys = (("scene", "chair"), ("scene", "grass"), ("scene", "thingamajig"))
    key = torch.arange(3).repeat_interleave(40)
    centre = torch.randn(3, 12, generator=torch.Generator().manual_seed(5))
    feature = centre[key] + 0.2 * torch.randn(120, 12, generator=torch.Generator().manual_seed(6))
    return Pixels(feature.half(), key, torch.zeros_like(key), keys)


SMALL = TrainingSettings(batch=192, banks=3, hidden=48)


def train(pixels: Pixels, scenes: Pixels, steps: int, seed: int = 0) -> head.Head:
    return head.train(pixels, scenes, Phrasebook(WordBag()), replace(SMALL, steps=steps, seed=seed))


def mean_losses(trained: head.Head, pixels: Pixels, scenes: Pixels) -> tuple[float, float]:
    of = Trainer(pixels, scenes, Phrasebook(WordBag()), replace(SMALL, text_noise=0.0, seed=9))
    with torch.no_grad():
        kind = of.kind_of_key[pixels.key]
        each = things_loss(trained, of, of.banks[0], pixels.feature.float(), pixels.key, kind)
        rows = of.scene_rows
        whole = of.whole_of_scene_key[scenes.key[rows]]
        scene = scene_loss(trained, of, of.banks[0], scenes.feature[rows].float(), whole)
    assert each.shape == (len(pixels.key),)
    return float(each.mean()), float(scene)


def test_the_head_learns_what_its_pixels_show(pixels: Pixels, scenes: Pixels) -> None:
    trained = train(pixels, scenes, 150)
    early, late = (mean_losses(one, pixels, scenes) for one in (train(pixels, scenes, 1), trained))
    assert late[0] < 0.9 * early[0]
    assert late[1] < 0.9 * early[1]
    own = [torch.tensor([other == kind for other, _ in pixels.keys]) for kind, _ in pixels.keys]
    with torch.no_grad():
        names = WordBag()([part.split("/")[-1] for _, part in pixels.keys])
        cosine = trained(pixels.feature.float()) @ names.T
        found = cosine.masked_fill(~torch.stack(own)[pixels.key], -9).argmax(1)
        assert (found == pixels.key).float().mean() > 0.9
        wholes = WordBag()(["chair", "grass"])
        seen = trained(scenes.feature[:80].float()) @ wholes.T
    assert (seen.argmax(1) == scenes.key[:80]).float().mean() > 0.9


def test_scenes_teach_wholes_that_have_a_name_only(pixels: Pixels, scenes: Pixels) -> None:
    of = Trainer(pixels, scenes, Phrasebook(WordBag()), SMALL)
    assert of.scene_rows.tolist() == list(range(80))
    assert of.kinds[of.whole_of_scene_key[0]] == "chair"
    assert list(surroundings.WORDS)[of.whole_of_scene_key[1] - len(of.kinds)] == "grass"


def test_training_depends_on_its_seed_only(pixels: Pixels, scenes: Pixels) -> None:
    state = torch.get_rng_state()
    first, second, other = (train(pixels, scenes, 4, seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), state), "the global generator is left alone"
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["net.0.weight"], other["net.0.weight"])


def test_a_head_is_read_as_it_was_written(pixels: Pixels, scenes: Pixels, tmp_path: Path) -> None:
    trained = train(pixels, scenes, 2)
    words = head.vocabulary(Phrasebook(WordBag()), pixels.keys)
    head.save(trained, words, tmp_path / "head.safetensors", ["cup", "airplane", "chair"], {"without": ["bed"]})
    again, read, metadata = load_head(tmp_path / "head.safetensors")
    assert (read.wholes, read.parts, read.names) == (words.wholes, words.parts, words.names)
    assert torch.equal(read.whole_of_part, words.whole_of_part)
    assert read.wholes == ("airplane", "chair", "cup", *surroundings.WORDS)
    assert {(read.wholes[k], path) for k, path in zip(read.whole_of_part.tolist(), read.parts, strict=True)} == set(pixels.keys)
    assert torch.equal(read.part_of_phrase, words.part_of_phrase)
    chair, leg = words.wholes.index("chair"), words.parts.index("leg")
    assert words.whole_of_part[leg] == chair
    own = words.phrase[words.part_of_phrase[words.part_of_phrase[:, 0] == leg, 1]]
    ways = (*synonyms()["chair", "leg"], *read_phrases()[1]["chair", "leg"])
    torch.testing.assert_close(own, Phrasebook(WordBag()).embed(sorted(set(ways))))
    for name, near in (("whole", 2e-3), ("part", 2e-3), ("name", 2e-3), ("phrase", 8e-3)):
        torch.testing.assert_close(getattr(read, name), getattr(words, name), atol=near, rtol=near)
        torch.testing.assert_close(getattr(words, name).norm(dim=1), torch.ones(len(getattr(words, name))))
    assert json.loads(metadata["training"]) == {"kinds": 3, "without": ["bed"]}
    assert json.loads(metadata["kinds"]) == ["airplane", "chair", "cup"]
    assert json.loads(metadata["kinds_not_trained"]) == sorted(KINDS.keys() - {"airplane", "chair", "cup"})
    assert not again.training
    for name, value in trained.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], value, atol=2e-3, rtol=2e-3)
    assert list(tmp_path.iterdir()) == [tmp_path / "head.safetensors"]


def test_the_head_that_ships_says_which_kinds_it_was_not_trained_on() -> None:
    _, words, metadata = load_head()
    trained, others = (json.loads(metadata[key]) for key in ("kinds", "kinds_not_trained"))
    assert len(trained) == json.loads(metadata["training"])["kinds"]
    assert sorted(trained + others) == list(KINDS)
    assert trained == sorted(trained)
    assert others == sorted(others)
    assert {KINDS[kind].names[0] for kind in trained} <= set(words.wholes)
    assert set(words.wholes) <= {KINDS[kind].names[0] for kind in trained} | set(surroundings.WORDS)


# ---------------------------------------------------------------------------------------------------------- features


class Colours:
    """A stand-in for the patch encoder: the mean colour of each patch."""

    dim = 3
    tokens = 30
    calls = 0

    def __call__(self, colour: Tensor, tokens: int) -> Tensor:
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


def test_a_scene_holds_pixels_of_things_their_ground_and_what_is_behind(encoder: Colours, tmp_path: Path) -> None:
    features.make_scene_file(3, tmp_path)
    loaded = head.load(tmp_path, ["scene"])
    named = {name for _, name in loaded.keys}
    assert {"wall", "sky"} & named
    assert named & surroundings.GROUNDS.keys()
    assert len(loaded.key) <= features.WINDOWS * features.PIXELS
    assert loaded.shape.unique().tolist() == [3]


# ---------------------------------------------------------------------------------------------------------- looks


def test_a_blocky_thing_keeps_its_parts_in_place(every_shape: dict[str, Labelled]) -> None:
    shape = every_shape["chair"]
    low = looks.blocky(shape, np.random.default_rng(0))
    size = np.ptp(shape.vertices, axis=0).max()
    assert low.vertices.shape == shape.vertices.shape
    assert np.abs(low.vertices - shape.vertices).max() <= size / 9
    assert len(np.unique(low.vertices, axis=0)) < len(np.unique(shape.vertices, axis=0))
    assert len(low.faces) == len(low.part) <= len(shape.faces)


def test_pictures_stay_pictures_and_what_they_show_stays_the_same(every_shape: dict[str, Labelled]) -> None:
    shape = every_shape["chair"]
    for seed in range(12):
        rng = np.random.default_rng(seed)
        direction, up = looks.random_direction(rng)
        views = TorchRenderer(looks.random_style(rng, False))(
            looks.painted(shape, rng), frame(shape.vertices, direction, up, 64)
        )
        picture = looks.photographed(views, rng)
        assert picture.shape == views.colour.shape
        assert 0 <= float(picture.min()) <= float(picture.max()) <= 1


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
    def stop(*given: object) -> Tensor:
        raise KeyboardInterrupt

    monkeypatch.setattr(Colours, "__call__", lambda self, colour, tokens: stop())
    with pytest.raises(KeyboardInterrupt):
        features.make_block("chair", 0, tmp_path)
    assert list(tmp_path.iterdir()) == []
