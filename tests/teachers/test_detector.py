"""Box teachers on tiny random networks: the contract, what goes in and what comes out, and what transformers makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import Float
from torch import Tensor

from meronym import registry
from meronym.errors import InputError, PluginError, WeightsError
from meronym.teachers import detector
from meronym.teachers.detector import ARCHITECTURES, Detector
from meronym.testing import check_teacher
from meronym.types import Cameras, Regions, Views

NAMES = [
    pytest.param(name, marks=pytest.mark.skipif(not tiny_models.has(kind.since), reason=f"came with transformers {kind.since}"))
    for name, kind in ARCHITECTURES.items()
]
PROMPTS = ["seat", "back", "long leg"]


@pytest.fixture(scope="module", autouse=True)
def cached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of weights with a tiny checkpoint for every name."""
    root = tmp_path_factory.mktemp("weights")
    tiny_models.grounding_dino(root / "grounding-dino-tiny")
    if tiny_models.has(ARCHITECTURES["mm-grounding-dino"].since):
        tiny_models.grounding_dino(root / "mm-grounding-dino-tiny", mm=True)
    tiny_models.owlv2(root / "owlv2-base")
    tiny_models.omdet_turbo(root / "omdet-turbo-tiny")
    tiny_models.sam(root / "sam-base")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MERONYM_WEIGHTS", str(root))
        yield root


@cache
def made(name: str, dtype: torch.dtype = torch.float32) -> Detector:
    """Thresholds at which random weights find some things and miss others."""
    return Detector(name, threshold={"mm-grounding-dino": 0.03}.get(name, 0.2), dtype=dtype)


def pictures(count: int = 2, height: int = 60, width: int = 120, seed: int = 0) -> Views:
    """Views of blocks of colour, twice as wide as high, all of which shows something."""
    generator = torch.Generator().manual_seed(seed)
    colour = torch.rand(count, height // 6, width // 6, 3, generator=generator)
    colour = colour.repeat_interleave(6, 1).repeat_interleave(6, 2)
    cameras = Cameras(torch.eye(4).repeat(count, 1, 1), torch.eye(3).repeat(count, 1, 1), height, width)
    shown = torch.zeros(count, height, width)
    return Views(cameras, colour, shown + 1, shown.long())


def one(views: Views, index: int) -> Views:
    cameras = Cameras(torch.eye(4)[None], torch.eye(3)[None], views.cameras.height, views.cameras.width)
    return Views(cameras, *(field[index : index + 1] for field in (views.colour, views.depth, views.element)))


@pytest.mark.parametrize("name", NAMES)
def test_the_conformance_kit_passes(name: str) -> None:
    check_teacher(made(name))


def test_the_conformance_kit_passes_with_masks() -> None:
    teacher = Detector("owlv2", masks="sam")
    check_teacher(teacher)
    found = teacher(pictures(), PROMPTS)
    assert found.mask is not None
    assert len(found.mask) > 5
    assert teacher.describe()["masks"] == "sam"
    assert [used["name"] for used in teacher.describe()["weights"]] == ["owlv2-base", "sam-base"]


@pytest.mark.parametrize("name", NAMES)
def test_regions_are_in_the_picture_above_the_threshold_and_best_first(name: str) -> None:
    teacher = made(name)
    found = teacher(pictures(3), PROMPTS)
    assert len(found.view) > 6
    assert set(found.view.tolist()) == {0, 1, 2}
    assert len(set(found.prompt.tolist())) > 1
    assert (found.score > teacher.threshold).all()
    low, high = found.box[:, :2], found.box[:, 2:]
    assert (low >= 0).all()
    assert (low < high).all()
    assert (high <= torch.tensor([120, 60])).all()
    for view in range(3):
        score = found.score[found.view == view]
        assert torch.equal(score, score.sort(descending=True).values)


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_is_a_loop_over_views(name: str) -> None:
    views = pictures(made(name).views_at_once + 1)
    together = made(name)(views, PROMPTS)
    for index in range(len(views)):
        alone, mine = made(name)(one(views, index), PROMPTS), together.view == index
        assert torch.equal(alone.prompt, together.prompt[mine])
        torch.testing.assert_close(alone.score, together.score[mine], atol=1e-4, rtol=0)
        torch.testing.assert_close(alone.box, together.box[mine], atol=1e-2, rtol=0)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_prompts_only_permutes(name: str) -> None:
    forth, back = (made(name)(pictures(), prompts) for prompts in (PROMPTS, PROMPTS[::-1]))
    assert torch.equal(forth.prompt, 2 - back.prompt)
    assert torch.equal(forth.box, back.box)
    assert torch.equal(forth.score, back.score)


@pytest.mark.parametrize("name", NAMES)
def test_half_precision_says_nearly_the_same(name: str) -> None:
    """Random networks are at a knife's edge, and Grounding DINO chooses its queries by rank: most boxes have a near one."""
    if "dino" in name and not tiny_models.has("5.0"):
        pytest.skip("Grounding DINO of transformers 4 computes in single precision only")
    exact, half = (made(name, dtype)(pictures(1), PROMPTS) for dtype in (torch.float32, torch.bfloat16))
    assert half.score.dtype == half.box.dtype == torch.float32
    near = torch.cdist(half.box, exact.box, p=torch.inf).amin(1) < 3
    assert near.float().mean() > 0.85


@pytest.mark.parametrize("name", NAMES)
def test_pictures_and_prompts_matter(name: str) -> None:
    scores = [
        made(name).detect(made(name).network, pictures(1, seed=seed).colour, [prompt])[0]
        for seed, prompt in [(0, "seat"), (1, "seat"), (0, "back")]
    ]
    assert not torch.allclose(scores[0], scores[1], atol=1e-3)
    assert not torch.allclose(scores[0], scores[2], atol=1e-3)


class Overheard:
    """A network that remembers what it was asked."""

    def __init__(self, model: Any) -> None:
        self.model, self.config = model, model.config

    def __call__(self, **inputs: Tensor) -> Any:
        self.inputs, self.output = inputs, self.model(**inputs)
        return self.output


def overhear(name: str, colour: Float[Tensor, "c h w 3"], monkeypatch: pytest.MonkeyPatch) -> tuple[Overheard, Tensor, Tensor]:
    """What a network was asked, and the scores and boxes that were made of its answer."""
    network = made(name).network
    model = Overheard(network.model)
    monkeypatch.setattr(network, "model", model)
    with torch.no_grad():
        score, box = made(name).detect(network, colour, PROMPTS)
    return model, score, box


@pytest.mark.parametrize(("name", "processor"), [
    ("grounding-dino", "grounding_dino.image_processing_pil_grounding_dino:GroundingDinoImageProcessorPil"),
    ("owlv2", "owlv2.image_processing_pil_owlv2:Owlv2ImageProcessorPil"),
    ("omdet-turbo", "detr.image_processing_pil_detr:DetrImageProcessorPil"),
])  # fmt: skip
def test_pictures_and_boxes_agree_with_transformers(name: str, processor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures within a grey level or two, as transformers rounds to whole ones; boxes exactly."""
    module, kind = processor.split(":")
    processors = pytest.importorskip(f"transformers.models.{module}", reason="this transformers needs torchvision for it")
    values = (pictures(1, 30, 60).colour * 255).byte()
    model, score, box = overhear(name, values / 255, monkeypatch)
    theirs = getattr(processors, kind).from_pretrained(made(name).network.folder)
    prepared = theirs([values[0].numpy()], return_tensors="pt")["pixel_values"]
    assert model.inputs["pixel_values"].shape == prepared.shape
    level = 1 / (255 * torch.tensor(tiny_models.CLIP["image_std"])[:, None, None])
    away = (model.inputs["pixel_values"] - prepared).abs() / level
    assert away.mean() < 0.6
    assert away.quantile(0.95) < 1.5
    if name != "omdet-turbo":  # its own post-processing needs torchvision
        output = model.output
        answer = theirs.post_process_object_detection(output, threshold=-1.0, target_sizes=torch.tensor([[30, 60]]))[0]
        torch.testing.assert_close(box[0], answer["boxes"], atol=1e-4, rtol=0)
        if name == "owlv2":
            torch.testing.assert_close(score[0].amax(1), answer["scores"])
            assert torch.equal(score[0].argmax(1), answer["labels"])
        else:
            assert (score[0].amax(1) <= answer["scores"] + 1e-5).all()  # theirs counts full stops, too


def test_omdet_turbo_is_told_what_all_prompts_are(monkeypatch: pytest.MonkeyPatch) -> None:
    model, score, box = overhear("omdet-turbo", pictures().colour, monkeypatch)
    tokenizer = made("omdet-turbo").network.tokenizer
    said = tokenizer.decode(model.inputs["tasks_input_ids"][1], skip_special_tokens=True).replace(" ", "").replace("!", "")
    assert said == "detectseat,back,longleg."
    assert model.inputs["classes_structure"].tolist() == [3, 3]
    assert torch.equal(score, model.output.decoder_class_logits.sigmoid())
    centre = (box[..., :2] + box[..., 2:]) / 2 / torch.tensor([120, 60])
    torch.testing.assert_close(centre, model.output.decoder_coord_logits[..., :2], atol=1e-5, rtol=0)


def test_what_omdet_turbo_is_told_of_all_prompts_may_be_cut() -> None:
    many = [f"{letter}bcdefgh" for letter in "abcdefghijkl"]
    assert set(made("omdet-turbo")(pictures(1), many).prompt.tolist()) <= set(range(12))


def test_the_sentence_is_what_transformers_makes_of_the_joined_prompts(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a prompt scores as the best of its own tokens."""
    model, score, _ = overhear("grounding-dino", pictures().colour, monkeypatch)
    tokenizer = made("grounding-dino").network.tokenizer
    joined = tokenizer("seat. back. long leg.", return_tensors="pt")["input_ids"]
    assert torch.equal(model.inputs["input_ids"], joined.expand(2, -1))
    stops = (joined[0] == tokenizer.convert_tokens_to_ids(".")).nonzero()[:, 0].tolist()
    starts = [1, *(stop + 1 for stop in stops)]
    for index, (start, stop) in enumerate(zip(starts, stops, strict=False)):
        best = model.output.logits[..., start:stop].amax(-1).sigmoid()
        torch.testing.assert_close(score[..., index], best)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=5, deadline=None, derandomize=True)
@given(x=st.floats(0.1, 0.6), y=st.floats(0.1, 0.6), across=st.floats(0.1, 0.3), down=st.floats(0.1, 0.3))
def test_a_box_comes_back_where_it_is_in_the_picture(name: str, x: float, y: float, across: float, down: float) -> None:
    """Twice as wide as high: OWLv2 sees a square, the lower half of it empty."""
    width, height = 120, 60
    wanted = torch.tensor([x * width, y * height, (x + across) * width, (y + down) * height])
    frame = torch.tensor([width, width if name == "owlv2" else height] * 2)
    relative = torch.cat([(wanted[:2] + wanted[2:]) / 2, wanted[2:] - wanted[:2]]) / frame

    class Told:
        config = made(name).network.model.config

        def __call__(self, **inputs: Tensor) -> Any:
            output = Told()
            box = relative.expand(1, 7, 4)
            output.pred_boxes = output.decoder_coord_logits = box
            output.logits = torch.zeros(1, 7, 64 if "dino" in name else 3)
            output.decoder_class_logits = torch.zeros(1, 7, 3)
            return output

    network = made(name).network
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "model", Told())
        _, box = made(name).detect(network, pictures(1).colour, PROMPTS)
    torch.testing.assert_close(box, wanted.expand(1, 7, 4), atol=1e-3, rtol=0)


def boxes(draw_at: np.random.Generator, count: int, width: int, height: int) -> Tensor:
    low = torch.from_numpy(draw_at.random((count, 2))) * torch.tensor([width, height])
    size = torch.from_numpy(draw_at.random((count, 2))) * (torch.tensor([width, height]) - low)
    return torch.cat([low, low + size], 1).float()


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 999), count=st.integers(0, 12))
def test_shares_and_twins_agree_with_slow_counting(seed: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    box, shown = boxes(generator, count, 9, 7), torch.from_numpy(generator.random((7, 9)) < 0.6)
    centres = [(row + 0.5, column + 0.5) for row, column in shown.nonzero().tolist()]
    slow = [sum(x0 <= x < x1 and y0 <= y < y1 for y, x in centres) / len(centres) for x0, y0, x1, y1 in box.tolist()]
    torch.testing.assert_close(detector.share(box, shown), torch.tensor(slow))

    prompt = torch.from_numpy(generator.integers(0, 2, count))
    kept: list[int] = []
    for index in range(count):
        alike = [other for other in kept if prompt[other] == prompt[index] and overlap(box[other], box[index]) > 0.5]
        if not alike:
            kept.append(index)
    assert detector.distinct(box, prompt).nonzero()[:, 0].tolist() == kept


def overlap(first: Tensor, second: Tensor) -> float:
    width, height = (min(first[i + 2], second[i + 2]) - max(first[i], second[i]) for i in (0, 1))
    both = max(0.0, float(width)) * max(0.0, float(height))
    return both / (sum(float((box[2] - box[0]) * (box[3] - box[1])) for box in (first, second)) - both)


def test_boxes_that_are_whole_empty_weak_or_there_twice_are_left_out() -> None:
    shown = torch.zeros(40, 40, dtype=torch.bool)
    shown[10:30, 10:30] = True
    box = torch.tensor([
        [5.0, 5, 35, 35],  # all that is shown
        [10, 10, 30, 29],  # 95 % of it
        [10, 10, 30, 28],  # the same once more, and weaker
        [10, 10, 30, 28],  # the same under another name
        [-9, 15, 20, 50],  # cut to the picture
        [50, 15, 60, 20],  # outside
        [12, 12, 14, 14],  # weak
    ])  # fmt: skip
    score = torch.tensor([[0.9, 0], [0.8, 0.1], [0.7, 0], [0, 0.75], [0.6, 0.5], [0.9, 0], [0.2, 0.1]])
    prompt, best, kept = detector.select(score, box, 0.3, shown)
    assert prompt.tolist() == [0, 1, 0]
    assert best.tolist() == pytest.approx([0.8, 0.75, 0.6])
    assert kept.tolist() == [[10, 10, 30, 29], [10, 10, 30, 28], [0, 15, 20, 40]]
    nothing = detector.select(score, box, 0.95, shown)
    assert [tuple(field.shape) for field in nothing] == [(0,), (0,), (0, 4)]
    of_nothing = detector.select(score, box, 0.85, torch.zeros(40, 40, dtype=torch.bool))
    assert of_nothing[2].tolist() == [[5, 5, 35, 35]], "where nothing is shown, no box holds all of it"


@pytest.mark.parametrize(("height", "width", "expected"), [
    (448, 448, (800, 800)),
    (448, 560, (800, 1000)),
    (300, 600, (666, 1333)),  # 667 would do, but 666.5 is rounded to even
    (600, 300, (1333, 666)),
    (480, 640, (800, 1066)),
    (2000, 3000, (800, 1200)),
])  # fmt: skip
def test_grounding_dino_sees_pictures_of_its_size(height: int, width: int, expected: tuple[int, int]) -> None:
    assert detector.fit(height, width, 800, 1333) == expected


def test_what_is_found_can_be_learned_from() -> None:
    found = made("owlv2")(pictures(), PROMPTS)
    weight = torch.ones(len(found.score), requires_grad=True)
    (weight * found.score).sum().backward()
    assert torch.equal(weight.grad, found.score)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_found_is_an_answer(name: str) -> None:
    found = Detector(name, threshold=1.0)(pictures(), PROMPTS)
    assert isinstance(found, Regions)
    assert tuple(found.box.shape) == (0, 4)
    assert found.prompt.dtype == torch.long


def test_prompts_are_bare_unless_a_form_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[list[str]] = []

    def listen(network: Any, colour: Tensor, phrases: list[str]) -> tuple[Tensor, Tensor]:
        heard.append(phrases)
        return torch.zeros(1, 1, len(phrases)), torch.zeros(1, 1, 4)

    for teacher in (Detector("owlv2"), Detector("owlv2", form="{prompt} of a {category}")):
        monkeypatch.setattr(teacher, "detect", listen)
        teacher(pictures(1), ["Seat", "Left leg"], "chair")
        teacher(pictures(1), ["Seat", "Left leg"])
    bare = ["left leg", "seat"]
    assert heard == [bare, bare, ["left leg of a chair", "seat of a chair"], bare]


@pytest.mark.parametrize("name", NAMES)
def test_the_record_names_weights_licence_and_settings(name: str) -> None:
    about = json.loads(json.dumps(Detector(name).describe()))
    (used,) = about["weights"]
    assert about["name"] == name
    assert used["name"] == ARCHITECTURES[name].weights
    assert used["licence"] == "Apache-2.0"
    assert len(used["sha256"]) == 64
    assert about["threshold"] == {"owlv2": 0.1, "omdet-turbo": 0.3}.get(name, 0.25)


@pytest.mark.parametrize("name", NAMES)
def test_detectors_are_known_by_name_and_take_a_folder(name: str, cached: Path) -> None:
    teacher = registry.load("teachers", name)(weights=cached / ARCHITECTURES[name].weights, threshold=0.2)
    assert teacher.name == name
    assert len(teacher(pictures(1), PROMPTS).view) == len(Detector(name, threshold=0.2)(pictures(1), PROMPTS).view)


def test_a_transformers_without_the_model_is_told_from_bad_weights(monkeypatch: pytest.MonkeyPatch, cached: Path) -> None:
    missing = replace(ARCHITECTURES["owlv2"], model="Owlv9ForObjectDetection", since="9.1")
    monkeypatch.setitem(detector.ARCHITECTURES, "owlv2", missing)
    with pytest.raises(PluginError, match=r"Owlv9ForObjectDetection needs transformers 9\.1 or newer, this is \d"):
        Detector("owlv2")
    with pytest.raises(WeightsError, match="expected OmDetTurboForObjectDetection, found Owlv2ForObjectDetection"):
        Detector("omdet-turbo", weights=cached / "owlv2-base")


@pytest.mark.parametrize(("name", "prompts", "said"), [
    ("owlv2", ["seat", " "], "prompt ' ' names nothing"),
    ("grounding-dino", ["seat", ".?"], r"prompt '\.\?' names nothing"),
    ("owlv2", ["seat", "abcde " * 4], "reads at most 16: shorten it"),
    ("omdet-turbo", ["abcdefgh " * 10], "reads at most 77: shorten it"),
    ("grounding-dino", ["abcd"] * 20, "20 prompts are 102 tokens; the detector reads at most 64: ask for fewer"),
])  # fmt: skip
def test_prompts_that_cannot_be_used_are_named(name: str, prompts: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        made(name)(pictures(1), prompts)


def test_an_unknown_detector_is_named() -> None:
    with pytest.raises(
        InputError, match="no detector named 'glip'; known: grounding-dino, mm-grounding-dino, owlv2, omdet-turbo"
    ):
        Detector("glip")


def test_stops_inside_a_prompt_do_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    network = made("grounding-dino").network
    ids, spans = detector.sentence(network, ["leg no.5?", "seat"])
    same, _ = detector.sentence(network, ["leg no 5", "seat"])
    assert torch.equal(ids, same)
    assert [span.stop - span.start for span in spans] == [6, 4]


def test_numbers_that_overflow_are_no_silent_empty_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    teacher = Detector("owlv2")
    teacher.network.model.class_head.dense0.weight.fill_(torch.nan)
    with pytest.raises(PluginError, match=r"detector owlv2: NaN in torch\.float32"):
        teacher(pictures(1), PROMPTS)


def test_a_folder_without_its_settings_is_refused(cached: Path, tmp_path: Path) -> None:
    tiny_models.owlv2(tmp_path / "owl")
    (tmp_path / "owl" / "preprocessor_config.json").unlink()
    with pytest.raises(WeightsError, match=r"preprocessor_config\.json: cannot be read"):
        Detector("owlv2", weights=tmp_path / "owl")(pictures(1), PROMPTS)
