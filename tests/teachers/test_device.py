"""Teachers, encoders and students on a stand-in for a GPU: the answers of the CPU, on the device of the pictures."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import tiny_models
import torch
from other_device import move, other_device, tensors

from meronym.errors import DeviceError, InputError, PluginError
from meronym.students.head import Student
from meronym.students.point_m2ae import PointM2AE
from meronym.teachers import clip, detector, masks
from meronym.teachers.builtin import BuiltinTeacher
from meronym.teachers.checked import CheckedTeacher, check_answer
from meronym.teachers.clip import ClipSegTeacher, ClipTeacher, SiglipTeacher
from meronym.teachers.detector import Detector
from meronym.teachers.network import Network
from meronym.teachers.oracle import OracleDetector, OracleTeacher
from meronym.teachers.pyramid import PyramidSettings, encode_photos
from meronym.types import Cameras, Relevancy, Views

PROMPTS = ["seat", "back", "long leg"]
WHERE = pytest.mark.parametrize(("computes", "shown"), [("cuda", "cuda"), ("cuda", "cpu"), ("cpu", "cuda")])
"""Where a teacher computes, and where the views are."""


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("weights")
    tiny_models.dense(root)
    tiny_models.grounding_dino(root / "grounding-dino-tiny")
    tiny_models.owlv2(root / "owlv2-base")
    tiny_models.omdet_turbo(root / "omdet-turbo-tiny")
    tiny_models.sam(root / "sam-base")
    if tiny_models.has("4.56"):
        tiny_models.sam2(root / "sam2-tiny", "Sam2Video")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MERONYM_WEIGHTS", str(root))
        yield root


def pictures(count: int = 3, height: int = 48, width: int = 72) -> Views:
    """Blocks of colour, of which the middle shows one of four elements."""
    draw = torch.Generator().manual_seed(0)
    colour = torch.rand(count, height // 6, width // 6, 3, generator=draw).repeat_interleave(6, 1).repeat_interleave(6, 2)
    element = torch.full((count, height, width), -1)
    element[:, 6:-6, 6:-12] = torch.randint(0, 4, (count, 6, 9), generator=draw).repeat_interleave(6, 1).repeat_interleave(6, 2)
    cameras = Cameras(torch.eye(4).repeat(count, 1, 1), torch.eye(3).repeat(count, 1, 1), height, width)
    return Views(cameras, colour, torch.where(element < 0, torch.inf, 1.0), element)


TEACHERS: dict[str, Callable[..., Any]] = {
    "clip": partial(ClipTeacher, tokens=30),
    "siglip2": partial(SiglipTeacher, tokens=30),
    "clipseg": partial(ClipSegTeacher, size=48),
    "grounding-dino": partial(Detector, "grounding-dino", threshold=0.2),
    "owlv2": partial(Detector, "owlv2", threshold=0.2),
    "omdet-turbo": partial(Detector, "omdet-turbo", threshold=0.2),
    "owlv2+sam": partial(Detector, "owlv2", masks="sam"),
    "oracle": lambda: OracleTeacher(torch.tensor([0, 2, -1, 1]), cell=4),
    "oracle detector": lambda: OracleDetector(torch.tensor([0, 2, -1, 1]), drop=0.2, rename=0.3, ragged=0.2),
    "oracle detector with masks": lambda: OracleDetector(torch.tensor([0, 2, -1, 1]), hide=0.3, boxes=False),
}


def assert_near(found: Any, expected: Any, device: torch.device | str) -> None:
    """All on the device, and equal but for rounding: torch has several ways to compute attention."""
    ours, theirs = tensors(found), tensors(expected)
    assert len(ours) == len(theirs) > 0
    for mine, true in zip(ours, theirs, strict=True):
        assert mine.device == torch.device(device)
        assert mine.shape == true.shape
        if true.dtype == torch.bool:
            assert (mine.cpu() != true).float().mean() < 1e-2
        else:
            torch.testing.assert_close(mine.cpu(), true, rtol=1e-3, atol=2e-3)


def moved(teacher: Any, device: torch.device | str) -> Any:
    """A teacher whose networks are on another device: transformers cannot load a network onto the stand-in."""
    parts = [getattr(teacher, name, None) for name in ("network", "masks", "patches", "text")]
    for part in [teacher, *(part for part in parts if part is not None)]:
        for name in ("model", "head", "network"):
            network = getattr(part, name, None)
            if isinstance(network, torch.nn.Module):
                network.to(device)
        if hasattr(part, "device"):
            part.device = torch.device(device)
    if getattr(teacher, "masks", None):
        moved(teacher.masks, device)
    return teacher


@WHERE
@pytest.mark.parametrize("name", TEACHERS)
def test_answers_are_those_of_the_cpu_on_the_device_of_the_views(name: str, computes: str, shown: str) -> None:
    views, teacher = pictures(), TEACHERS[name]()
    expected = teacher(views, PROMPTS, "chair")
    assert isinstance(expected, Relevancy) or len(expected.view) > 3
    with other_device():
        there = move(views, shown)
        answer = CheckedTeacher(moved(teacher, computes))(there, PROMPTS, "chair")
        assert_near(answer, expected, there.colour.device)


@WHERE
@pytest.mark.parametrize("name", ["clip", "siglip2"])
def test_pictures_are_encoded_where_they_are_and_text_where_the_teacher_is(name: str, computes: str, shown: str) -> None:
    teacher, photos = TEACHERS[name](scales=(1.0, 0.6), stride=0.5), pictures(2)
    few = PyramidSettings(cells=4, rank=8)
    expected = [teacher.encode_image(photos.colour[0]), encode_photos(teacher, photos, settings=few)]
    text = teacher.encode_text(PROMPTS)
    relevancy = expected[1].relevancy(text)
    with other_device():
        moved(teacher, computes)
        there = move(photos, shown)
        pyramid = encode_photos(teacher, there, settings=few)
        assert_near([teacher.encode_image(there.colour[0]), pyramid], expected, there.colour.device)
        words = teacher.encode_text(PROMPTS)
        assert_near(words, text, torch.zeros(0, device=computes).device)
        assert_near(pyramid.relevancy(words.to(shown)), relevancy, there.colour.device)


@WHERE
def test_the_built_in_teacher_and_its_encoder(tiny_teacher: BuiltinTeacher, computes: str, shown: str) -> None:
    teacher, views = copy.deepcopy(tiny_teacher), pictures()

    def work(views: Views) -> list[Any]:
        return [teacher(views, PROMPTS), teacher.features(views), teacher.encode_image(views.colour[0])]

    expected, text = work(views), teacher.encode_text(PROMPTS)
    with other_device():
        moved(teacher, computes)
        there = move(views, shown)
        assert_near(work(there), expected, there.colour.device)
        assert_near(teacher.encode_text(PROMPTS), text, torch.zeros(0, device=computes).device)


@pytest.mark.parametrize("name", ["clip", "siglip2", "clipseg", "owlv2", "owlv2+sam"])
def test_networks_are_where_the_teacher_is_told_to_compute(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []

    def network(source: Any, model: str, since: str, device: Any, dtype: Any) -> Network:
        told.append((device, dtype))
        return Network(source, model, since, "cpu", dtype)

    for module in (clip, detector, masks):
        monkeypatch.setattr(module, "Network", network)
    teacher = TEACHERS[name](device="cuda:1", dtype="bfloat16")
    assert told == [("cuda:1", "bfloat16")] * (2 if "+" in name else 1)
    assert {value.dtype for value in teacher.network.model.parameters()} == {torch.bfloat16}


def test_a_network_is_put_on_the_device() -> None:
    network = Network("clipseg", "CLIPSegForImageSegmentation", "4.46", "meta", torch.float32)
    assert network.device == torch.device("meta")
    assert {value.device.type for value in network.model.parameters()} == {"meta"}
    with pytest.raises(InputError, match="dtype: expected one of float32, bfloat16, float16, got 'int8'"):
        Network("clipseg", "CLIPSegForImageSegmentation", "4.46", "cpu", "int8")


def test_a_student_answers_where_the_features_are() -> None:
    draw = torch.Generator().manual_seed(0)
    features, other = torch.randn(20, 7, generator=draw), torch.randn(2, 5, generator=draw)
    student = Student(7, ("seat", "leg", "back"), torch.randn(3, 5, generator=draw), hidden=6)
    student.fit_whitening(features)
    expected = [student.logits(features), student.with_prompts(("a", "b"), other).logits(features)]
    with other_device() as device:
        there = features.to(device)
        assert_near(student.logits(there), expected[0], device)
        student.to(device)
        assert_near(student.logits(features), expected[0], "cpu")
        assert_near(student.with_prompts(("a", "b"), other).logits(there), expected[1], device)
        student.fit_whitening(there)
        assert_near(student.logits(there), expected[0], device)


def test_point_m2ae_computes_where_the_points_are() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = PointM2AE()
    points = torch.rand(1, 520, 3, generator=torch.Generator().manual_seed(1))
    expected = network(points)
    with other_device() as device:
        assert_near(network.to(device)(points.to(device)), expected, device)


def test_an_answer_on_another_device_than_the_views_is_refused(tiny_teacher: BuiltinTeacher) -> None:
    views = pictures()
    answer = tiny_teacher(views, PROMPTS)
    with other_device() as device:
        for wrong in (answer, replace(move(answer, device), box=answer.box)):
            with pytest.raises(PluginError, match=r"teacher Bad: Relevancy: expected tensors on .* cuda:0, got cpu"):
                check_answer(wrong, move(views, device), len(PROMPTS), "Bad")


# -------------------------------------------------------------------------------------------------------------- memory


def full_above(limit: int, work: Callable[..., Any]) -> Callable[..., Any]:
    """The memory ends with more than `limit` pictures or boxes at once."""

    def attempt(*args: Any, **given: Any) -> Any:
        if len(given["input_boxes"][0] if "input_boxes" in given else args[1]) > limit:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return work(*args, **given)

    return attempt


def test_where_memory_ends_fewer_views_and_boxes_go_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    teacher, views = Detector("owlv2", masks="sam", views_at_once=3), pictures()
    expected = teacher(views, PROMPTS)
    monkeypatch.setattr(teacher, "detect", full_above(1, teacher.detect))
    network = teacher.masks.network
    model = full_above(2, network.model)
    monkeypatch.setattr(network, "model", Small(network.model, model))
    found = teacher(views, PROMPTS)
    assert torch.equal(found.prompt, expected.prompt)
    torch.testing.assert_close(found.box, expected.box, atol=1e-2, rtol=0)
    assert (found.mask != expected.mask).float().mean() < 1e-2
    monkeypatch.setattr(teacher, "detect", full_above(0, teacher.detect))
    with pytest.raises(DeviceError, match="the GPU is out of memory"):
        teacher(views, PROMPTS)


class Small:
    """SAM with little memory."""

    def __init__(self, model: Any, call: Callable[..., Any]) -> None:
        self.config, self.get_image_embeddings, self.call = model.config, model.get_image_embeddings, call

    def __call__(self, **given: Any) -> Any:
        return self.call(**given)
