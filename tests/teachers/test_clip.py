"""CLIP, SigLIP 2 and CLIPSeg as dense teachers, on random checkpoints of a few kilobytes."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from meronym import protocols, registry
from meronym.errors import InputError, WeightsError
from meronym.teachers import clip
from meronym.teachers.clip import NEUTRAL, ClipSegTeacher, ClipTeacher, SiglipTeacher
from meronym.teachers.crops import content_boxes, grid_size, resize
from meronym.testing import check_teacher
from meronym.types import Cameras, Views

SENTENCE = "a seat of a chair"


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A folder of weights that somebody filled by hand."""
    root = tmp_path_factory.mktemp("weights")
    tiny_models.dense(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MERONYM_WEIGHTS", str(root))
        yield root


TEACHERS: dict[str, Callable[..., Any]] = {
    "clip": ClipTeacher,
    "pointclip": lambda **settings: ClipTeacher(last="attention", **settings),
    "siglip2": SiglipTeacher,
    "clipseg": lambda **settings: ClipSegTeacher(size=48, **settings),
}


@pytest.fixture(scope="module")
def teachers(cache: Path) -> dict[str, Any]:
    return {name: build() for name, build in TEACHERS.items()}


def pictures(count: int = 2, height: int = 60, width: int = 80, seed: int = 0) -> Views:
    """Views of noise in which an upright thing is shown at another place each."""
    generator = torch.Generator().manual_seed(seed)
    element = torch.full((count, height, width), -1)
    for index in range(count):
        element[index, 5 : height - 8, 20 + 10 * index : 42 + 10 * index] = 0
    colour = torch.rand(count, height // 4, width // 4, 3, generator=generator)
    colour = colour.repeat_interleave(4, 1).repeat_interleave(4, 2)
    cameras = Cameras(torch.eye(4).repeat(count, 1, 1), torch.eye(3).repeat(count, 1, 1), height, width)
    return Views(cameras, colour, torch.where(element < 0, torch.inf, 1.0), element)


def ids(teacher: Any, sentence: str) -> torch.Tensor:
    """Token ids, written down letter by letter: words, end, filling."""
    if isinstance(teacher, SiglipTeacher):
        row = [32 if letter == " " else 5 + string.ascii_lowercase.index(letter) for letter in sentence] + [1]
    else:  # the last letter of a word has another number
        row = [57]
        for word in sentence.split():
            row += [1 + string.ascii_lowercase.index(letter) for letter in word]
            row[-1] += 28
        row += [58]
    return torch.tensor([row + [0] * (48 - len(row))])


@pytest.mark.parametrize("name", TEACHERS)
def test_the_conformance_kit_passes(teachers: dict[str, Any], name: str) -> None:
    check_teacher(teachers[name])


@pytest.mark.parametrize("name", TEACHERS)
def test_a_batch_is_a_loop_over_views(teachers: dict[str, Any], name: str) -> None:
    views, prompts = pictures(3), ["seat", "leg", "back"]
    whole = teachers[name](views, prompts, "chair")
    for index in range(3):
        one = slice(index, index + 1)
        single = Views(
            Cameras(views.cameras.world_from_camera[one], views.cameras.intrinsics[one], 60, 80),
            views.colour[one], views.depth[one], views.element[one],
        )  # fmt: skip
        alone = teachers[name](single, prompts, "chair")
        assert torch.equal(alone.logit[0], whole.logit[index])
        assert torch.equal(alone.none[0], whole.none[index])


@pytest.mark.parametrize("name", TEACHERS)
def test_prompts_do_not_hear_of_each_other_and_pictures_matter(teachers: dict[str, Any], name: str) -> None:
    teacher, views = teachers[name], pictures()
    three, swapped, one = (teacher(views, prompts) for prompts in (["seat", "leg", "back"], ["back", "seat"], ["leg"]))
    for view in range(2):
        torch.testing.assert_close(three.logit[view][[2, 0]], swapped.logit[view])
        torch.testing.assert_close(three.logit[view][1:2], one.logit[view])
        torch.testing.assert_close(three.none[view], one.none[view])
        assert (three.logit[view][0] - three.logit[view][1]).abs().max() > 1e-3
        assert three.logit[view].flatten(1).std(1).min() > 1e-3
    named = teacher(views, ["leg"], "chair")
    assert (named.logit[0] - one.logit[0]).abs().max() > 1e-3


@pytest.mark.parametrize("name", TEACHERS)
def test_half_precision_says_nearly_the_same(teachers: dict[str, Any], name: str) -> None:
    views, prompts = pictures(), ["seat", "leg", "back"]
    exact, half = teachers[name](views, prompts), TEACHERS[name](dtype=torch.bfloat16)(views, prompts)
    assert half.logit[0].dtype == torch.float32
    for a, b in zip((*exact.logit, *exact.none), (*half.logit, *half.none), strict=True):
        assert (a - b).abs().max() < 0.08 * max(1.0, float(a.abs().max()))


@pytest.mark.parametrize(("name", "tokens"), [("clip", 196), ("siglip2", 256)])
def test_grids_have_the_aspect_of_what_is_shown(teachers: dict[str, Any], name: str, tokens: int) -> None:
    answer = teachers[name](pictures(), ["seat"])
    x0, y0, x1, y1 = answer.box[0].tolist()
    rows, columns = answer.none[0].shape
    assert rows * columns == pytest.approx(tokens, rel=0.1)
    assert rows / columns == pytest.approx((y1 - y0) / (x1 - x0), rel=0.1)


def test_the_last_block_of_clip_is_left_with_its_values(teachers: dict[str, Any]) -> None:
    """The slow way: block after block, then token after token, each of which attends to nothing but itself."""
    teacher = teachers["clip"]
    model = teacher.network.model
    vision = model.vision_model
    pixels = torch.rand(1, 3, 24, 40, generator=torch.Generator().manual_seed(1)) - 0.5
    with torch.no_grad():
        *blocks, last = vision.encoder.layers
        token = vision.pre_layrnorm(vision.embeddings(pixels, interpolate_pos_encoding=True))
        for block in blocks:
            token = block(token, attention_mask=None)
        slow = []
        for index in range(1, 1 + 3 * 5):
            alone, _ = last.self_attn(last.layer_norm1(token[:, index : index + 1]), attention_mask=None)
            slow.append(model.visual_projection(vision.post_layernorm(alone))[0, 0])
        torch.testing.assert_close(teacher.patch_features(pixels)[0], torch.stack(slow))


def test_the_last_block_of_clip_can_be_left_as_it_is(teachers: dict[str, Any]) -> None:
    teacher = teachers["pointclip"]
    model = teacher.network.model
    vision = model.vision_model
    pixels = torch.rand(1, 3, 24, 40, generator=torch.Generator().manual_seed(1)) - 0.5
    with torch.no_grad():
        token = vision.pre_layrnorm(vision.embeddings(pixels, interpolate_pos_encoding=True))
        for block in vision.encoder.layers:
            token = block(token, attention_mask=None)
        slow = model.visual_projection(vision.post_layernorm(token))
        torch.testing.assert_close(teacher.patch_features(pixels), slow[:, 1:])
        native = pixels[..., :32, :32].repeat(1, 1, 2, 1)[:, :, :32]
        torch.testing.assert_close(
            model.visual_projection(vision(pixel_values=native).pooler_output),
            model.visual_projection(vision(pixel_values=native, interpolate_pos_encoding=True).pooler_output),
        )


def test_siglip_pools_each_patch_by_itself(teachers: dict[str, Any]) -> None:
    teacher = teachers["siglip2"]
    vision = teacher.network.model.vision_model
    pixels = torch.rand(1, 3, 24, 40, generator=torch.Generator().manual_seed(1)) - 0.5
    with torch.no_grad():
        token = vision(pixel_values=pixels, interpolate_pos_encoding=True).last_hidden_state
        slow = [vision.head(token[:, index : index + 1])[0] for index in range(3 * 5)]
        torch.testing.assert_close(teacher.patch_features(pixels)[0], torch.stack(slow))


@pytest.mark.parametrize("name", ["clip", "siglip2"])
def test_logits_are_scaled_cosines_with_the_models_own_text(teachers: dict[str, Any], name: str) -> None:
    teacher, views = teachers[name], pictures(1)
    model = teacher.network.model
    answer = teacher(views, ["Seat"], "chair")
    x0, y0, x1, y1 = answer.box[0].int().tolist()
    rows, columns = answer.none[0].shape
    with torch.no_grad():
        pixels = clip.preprocess(teacher.network, views.colour[0, y0:y1, x0:x1], (8 * rows, 8 * columns))
        patches = functional.normalize(teacher.patch_features(pixels)[0], dim=-1)
        texts = [model.get_text_features(ids(teacher, text)).pooler_output[0] for text in (SENTENCE, *map(sentence, NEUTRAL))]
        seat, *neutral = (functional.normalize(text, dim=-1) for text in texts)
        none = functional.normalize(sum(neutral) / len(neutral), dim=-1)
    scale, bias = float(model.logit_scale.exp()), float(model.logit_bias) if name == "siglip2" else 0.0
    torch.testing.assert_close(answer.logit[0][0].flatten(), patches @ seat * scale + bias)
    torch.testing.assert_close(answer.none[0].flatten(), patches @ none * scale + bias)


@pytest.mark.parametrize("name", ["clip", "siglip2"])
def test_pictures_as_wholes_and_words_are_what_the_model_makes_of_them(teachers: dict[str, Any], name: str) -> None:
    teacher = teachers[name]
    assert isinstance(teacher, protocols.ImageTextEncoder)
    assert (tuple(teacher.scales), teacher.stride) == ((1 / 5, 1 / 7, 1 / 10), 0.25), "as in 3D-OVS"
    model = teacher.network.model
    assert teacher.sharpness == pytest.approx(float(model.logit_scale.detach().exp()))
    prompts = ["Red Mug", "leg", "seat"]
    with torch.no_grad():
        for picture in (*pictures(2).colour, torch.rand(17, 17, 3, generator=torch.Generator().manual_seed(2))):
            seen = teacher.encode_image(picture)
            assert seen.shape[:2] == (1, 1)
            theirs = model.get_image_features(pixel_values=clip.preprocess(teacher.network, picture, (32, 32))).pooler_output
            torch.testing.assert_close(seen[0], functional.normalize(theirs, dim=-1))
        theirs = torch.cat([model.get_text_features(ids(teacher, sentence(word.lower()))).pooler_output for word in prompts])
    read = teacher.encode_text(prompts)
    torch.testing.assert_close(read, functional.normalize(theirs, dim=-1))
    torch.testing.assert_close(read[1:2], teacher.encode_text(["leg"]))
    assert (read @ read.T - torch.eye(3)).abs().max() > 1e-3
    assert read.shape[1] == seen.shape[2]
    with pytest.raises(InputError, match=r"reads at most 48: shorten it"):
        teacher.encode_text(["seat " * 12])


@pytest.mark.parametrize("name", ["clip", "siglip2"])
def test_half_precision_sees_and_reads_nearly_the_same(teachers: dict[str, Any], name: str) -> None:
    half, picture, prompts = TEACHERS[name](dtype=torch.bfloat16), pictures(1).colour[0], ["seat", "leg"]
    for exact, rough in (
        (teachers[name].encode_image(picture), half.encode_image(picture)),
        (teachers[name].encode_text(prompts), half.encode_text(prompts)),
    ):
        assert rough.dtype == torch.float32
        torch.testing.assert_close(rough.norm(dim=-1), torch.ones(rough.shape[:-1]))
        assert ((exact * rough).sum(-1) > 0.995).all()


def sentence(word: str) -> str:
    return f"a photo of a {word}"


def test_clipseg_says_what_the_whole_model_says(teachers: dict[str, Any]) -> None:
    """The slow way: the view is encoded once for every prompt."""
    teacher, views = teachers["clipseg"], pictures(1)
    answer = teacher(views, ["seat", "leg"], "chair")
    x0, y0, x1, y1 = answer.box[0].int().tolist()
    pixels = clip.preprocess(teacher.network, views.colour[0, y0:y1, x0:x1], (48, 48))
    with torch.no_grad():
        for index, text in enumerate((SENTENCE, "a leg of a chair")):
            slow = teacher.network.model(input_ids=ids(teacher, text), pixel_values=pixels).logits
            torch.testing.assert_close(answer.logit[0][index], slow.reshape(48, 48))
    assert not answer.none[0].any()
    assert y1 - y0 == x1 - x0


@pytest.mark.parametrize(("module", "picture", "name"), [
    ("clip.image_processing_pil_clip", "CLIPImageProcessorPil", "clip"),
    ("siglip.image_processing_pil_siglip", "SiglipImageProcessorPil", "siglip2"),
    ("vit.image_processing_pil_vit", "ViTImageProcessorPil", "clipseg"),
])  # fmt: skip
def test_pictures_are_prepared_as_by_transformers(teachers: dict[str, Any], module: str, picture: str, name: str) -> None:
    """Within one grey level: transformers rounds to whole ones, twice."""
    processors = pytest.importorskip(f"transformers.models.{module}", reason="this transformers needs torchvision for it")
    network = teachers[name].network
    values = np.random.default_rng(0).integers(0, 256, (50, 70, 3), np.uint8)
    processor = getattr(processors, picture)(size={"height": 32, "width": 32}, do_center_crop=False, **network.picture)
    theirs = torch.from_numpy(np.asarray(processor(values, return_tensors="np")["pixel_values"]))
    ours = clip.preprocess(network, torch.from_numpy(values) / 255, (32, 32))
    assert ours.shape == theirs.shape == (1, 3, 32, 32)
    level = 1 / (255 * torch.tensor(network.picture["image_std"]))[:, None, None]
    assert ((ours - theirs).abs() <= 1.05 * level).all()


@pytest.mark.parametrize("name", TEACHERS)
def test_the_record_names_weights_licence_and_settings(teachers: dict[str, Any], name: str) -> None:
    about = json.loads(json.dumps(teachers[name].describe()))
    (used,) = about["weights"]
    assert len(used["sha256"]) == 64
    assert used["licence"] == ("MIT" if "clip-vit" in used["name"] else "Apache-2.0")
    assert used["revision"] is None
    assert about["form_with_category"] == "a {p} of a {c}"


@pytest.mark.parametrize("name", ["clip", "siglip2", "clipseg"])
def test_teachers_are_known_by_name_and_take_a_folder(cache: Path, teachers: dict[str, Any], name: str) -> None:
    weights = teachers[name].network.record["name"]
    kind = registry.load("teachers", name)
    assert isinstance(teachers[name], kind)
    assert kind(cache / weights).describe()["weights"][0]["name"] == weights


def test_settings_and_prompts_that_cannot_be_used_are_named(cache: Path, teachers: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="'value' or 'attention', got 'query'"):
        ClipTeacher(last="query")
    with pytest.raises(InputError, match="multiple of the model's patch, 16 pixels, got 50"):
        ClipSegTeacher(size=50)
    with pytest.raises(InputError, match=r"reads at most 48: shorten it"):
        teachers["clip"](pictures(), ["seat " * 12])
    with pytest.raises(WeightsError, match="expected SiglipModel, found CLIPModel"):
        SiglipTeacher(cache / "clip-vit-base-patch16")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 40), st.integers(1, 40), st.data(), st.sampled_from([0.05, 0.5]), st.booleans())
def test_boxes_hold_what_is_shown_and_stay_in_the_view(
    height: int, width: int, data: st.DataObject, margin: float, square: bool
) -> None:
    y0, x0 = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    y1, x1 = data.draw(st.integers(y0 + 1, height)), data.draw(st.integers(x0 + 1, width))
    element = torch.full((1, height, width), -1)
    element[0, y0:y1, x0:x1] = 3
    cameras = Cameras(torch.eye(4)[None], torch.eye(3)[None], height, width)
    views = Views(cameras, torch.zeros(1, height, width, 3), torch.zeros(1, height, width), element)
    left, top, right, bottom = content_boxes(views, margin, square)[0].tolist()
    side = max(y1 - y0, x1 - x0)
    pad = round(margin * side)
    if square:
        assert 0 <= left <= x0 < x1 <= right <= width
        assert 0 <= top <= y0 < y1 <= bottom <= height
        assert (right - left, bottom - top) == (min(side + 2 * pad, width), min(side + 2 * pad, height))
    else:
        assert (left, top) == (max(0, x0 - pad), max(0, y0 - pad))
        assert (right, bottom) == (min(width, x1 + pad), min(height, y1 + pad))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(8, 600), st.integers(8, 600), st.integers(16, 900))
def test_grids_have_about_as_many_patches_as_asked(height: int, width: int, tokens: int) -> None:
    rows, columns = grid_size(height, width, tokens)
    exact = (tokens * height / width) ** 0.5, (tokens * width / height) ** 0.5
    assert abs(rows - exact[0]) <= max(0.5, 1 - exact[0])
    assert abs(columns - exact[1]) <= max(0.5, 1 - exact[1])


def test_resizing_keeps_grey_and_stays_within_0_and_1() -> None:
    board = (torch.arange(20)[:, None] + torch.arange(30)).remainder(2).float()[..., None].expand(-1, -1, 3)
    larger = resize(board, (47, 61), "bicubic")
    assert larger.min() == 0
    assert larger.max() == 1
    torch.testing.assert_close(resize(torch.full((9, 7, 3), 0.3), (5, 16), "bicubic"), torch.full((1, 3, 5, 16), 0.3))
