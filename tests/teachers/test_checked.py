"""Teachers by name: detectors with masks, settings that reach the record, the encoder of those that have none."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny_models
import torch
from fakes import Sighted, Tinted

from meronym import registry
from meronym.errors import InputError, PluginError, WeightsError
from meronym.protocols import Encoder, ImageTextEncoder, Teacher
from meronym.teachers import checked
from meronym.teachers.builtin import BuiltinTeacher
from meronym.teachers.checked import CheckedTeacher, DefaultEncoder, NoTeacher, load_teacher
from meronym.teachers.detector import Detector
from meronym.teachers.masks import Segmenter
from meronym.types import Cameras, FeatureMaps, Views


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("weights")
    tiny_models.dense(root)
    tiny_models.owlv2(root / "owlv2-base")
    tiny_models.sam(root / "sam-base")
    if tiny_models.has("4.56"):
        tiny_models.sam2(root / "sam2-tiny")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MERONYM_WEIGHTS", str(root))
        yield root


def pictures() -> Views:
    colour = torch.rand(1, 48, 72, 3, generator=torch.Generator().manual_seed(0))
    cameras = Cameras(torch.eye(4)[None], torch.eye(3)[None], 48, 72)
    return Views(cameras, colour, torch.ones(1, 48, 72), torch.zeros(1, 48, 72, dtype=torch.long))


class Placed(Tinted):
    """Keeps what it was made with."""

    def __init__(self, depth: int = 1, device: Any = None) -> None:
        self.depth, self.device = depth, device


# --------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize("segmenter", ["sam", pytest.param("sam2", marks=pytest.mark.skipif(
    not tiny_models.has("4.56"), reason="came with transformers 4.56"))])  # fmt: skip
def test_a_detector_and_a_segmenter_are_named_together(segmenter: str) -> None:
    settings = {"owlv2.threshold": "0.15", f"{segmenter}.boxes_at_once": 3}
    teacher = load_teacher(f"owlv2+{segmenter}", settings=settings)
    assert isinstance(teacher, Detector)
    assert isinstance(teacher.masks, Segmenter)
    assert (teacher.threshold, teacher.masks.name, teacher.masks.boxes_at_once) == (0.15, segmenter, 3)
    assert teacher(pictures(), ["seat"]).mask is not None
    said = teacher.describe()
    assert (said["name"], said["threshold"], said["masks"], said["boxes_at_once"]) == ("owlv2", 0.15, segmenter, 3)


@pytest.mark.parametrize(("name", "said"), [
    ("owlv2+sam9", "no segmenter named 'sam9'; known: sam, sam2"),
    ("owlv2+", "no segmenter named ''; known: sam, sam2"),
    ("glip+sam", "no teacher named 'glip'; known: builtin, clip"),
    ("clip+sam", r"teacher 'clip' takes no masks\. Put a detector before the '\+', as in 'grounding-dino\+sam'"),
    ("owlv2+sam+sam2", r"no segmenter named 'sam\+sam2'; known: sam, sam2"),
])  # fmt: skip
def test_names_that_do_not_go_together_are_explained(name: str, said: str) -> None:
    with pytest.raises(PluginError, match=said):
        load_teacher(name)


def test_the_device_reaches_a_teacher_that_takes_one() -> None:
    teacher = load_teacher(f"{__name__}:Placed", settings={"Placed.depth": "4"}, device=torch.device("cuda", 3))
    assert (teacher.depth, teacher.device) == (4, torch.device("cuda", 3))
    assert isinstance(load_teacher("fakes:Tinted", device="cuda"), Tinted)
    assert load_teacher(teacher, device="cpu") is teacher, "an object is taken as it is"


def test_what_goes_wrong_in_the_making_is_told_by_the_teachers_name() -> None:
    with pytest.raises(InputError, match=r"clip: no setting size; there are weights, tokens"):
        load_teacher("clip", settings={"clip.size": 3})
    with pytest.raises(WeightsError, match="not at hand"):
        load_teacher("fakes:Missing")
    with pytest.raises(PluginError, match="teacher clip cannot be made: Type"):
        load_teacher("clip", settings={"clip.scales": 5})


# ------------------------------------------------------------------------------------------------------------ settings


CHANGED: dict[str, dict[str, Any]] = {
    "clip": {
        "tokens": 60, "last": "attention", "form": "{p}!", "form_with_category": "{c} {p}", "neutral": ("wall",),
        "scales": (0.5,), "stride": 0.5, "dtype": "bfloat16",
    },
    "siglip2": {
        "tokens": 60, "form": "{p}!", "form_with_category": "{c} {p}", "neutral": ("wall",), "scales": (0.5,), "stride": 0.5,
        "dtype": "bfloat16",
    },
    "clipseg": {"size": 48, "form": "{p}!", "form_with_category": "{c} {p}", "dtype": "bfloat16"},
    "owlv2": {
        "threshold": 0.2, "form": "{prompt} of a {category}", "whole": 0.9, "overlap": 0.4, "views_at_once": 1,
        "dtype": "bfloat16",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_every_setting_is_in_the_record(name: str) -> None:
    """All arguments of the constructor but weights, which the record has with their hash, masks, and the device."""
    parameters = set(inspect.signature(registry.load("teachers", name)).parameters)
    assert parameters - {"weights", "device", "masks"} == set(CHANGED[name])
    before = json.loads(json.dumps(load_teacher(name).describe()))
    after = json.loads(json.dumps(load_teacher(name, settings={f"{name}.{k}": v for k, v in CHANGED[name].items()}).describe()))
    for key, value in CHANGED[name].items():
        expected = {"dtype": "torch.bfloat16"}.get(key, list(value) if isinstance(value, tuple) else value)
        assert after[key] == expected != before[key], key


def test_settings_of_the_built_in_teacher_are_in_the_record(tiny_teacher: BuiltinTeacher) -> None:
    said = json.loads(json.dumps(tiny_teacher.describe()))
    parameters = set(inspect.signature(BuiltinTeacher).parameters) - {"head", "device"}
    assert parameters == {"tokens", "window_tokens", "scales", "stride", "dtype"} <= said.keys()
    assert (said["tokens"], said["scales"]) == (64, [0.6, 0.4, 0.25])


def test_the_sentence_and_the_neutral_words_are_settings() -> None:
    plain = load_teacher("clip")(pictures(), ["leg"])
    other = load_teacher("clip", settings={"clip.form": "a drawing of a {p}"})(pictures(), ["leg"])
    none = load_teacher("clip", settings={"clip.neutral": "('wall', 'floor')"})(pictures(), ["leg"])
    assert (plain.logit[0] - other.logit[0]).abs().max() > 1e-3
    torch.testing.assert_close(plain.logit[0], none.logit[0])
    assert (plain.none[0] - none.none[0]).abs().max() > 1e-3


# ------------------------------------------------------------------------------------------------------------ encoders


class Counting(Sighted):
    made: tuple[Any, ...] = ()

    def __init__(self, device: Any = None) -> None:
        Counting.made += (device,)

    def features(self, views: Views, tokens: int | None = None) -> FeatureMaps:
        return super().features(views, tokens)


def test_the_default_encoder_is_made_once_and_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked, "create", lambda family, name, **given: Counting(**given))
    encoder = CheckedTeacher(Tinted(), device="cuda:2").encoder
    assert isinstance(encoder, DefaultEncoder)
    assert Counting.made == ()
    for _ in range(2):
        assert len(encoder.features(pictures(), 30).grid) == 1
        assert encoder.describe() == {"name": "tinted"}
    assert Counting.made == ("cuda:2",)


def test_a_teacher_that_encodes_is_its_own_encoder(tiny_teacher: BuiltinTeacher) -> None:
    assert CheckedTeacher(tiny_teacher).encoder is tiny_teacher
    assert isinstance(tiny_teacher, Teacher)
    assert isinstance(tiny_teacher, Encoder)
    assert isinstance(tiny_teacher, ImageTextEncoder)


def test_features_are_kept_for_their_number_of_patches(tiny_teacher: BuiltinTeacher) -> None:
    encoder, views = tiny_teacher.patches, pictures()
    coarse, fine, usual = encoder.features(views, 6), encoder.features(views, 15), encoder.features(views)
    assert [tuple(maps.grid[0].shape) for maps in (coarse, fine)] == [(4, 4, 384), (4, 5, 384)]
    assert encoder.features(views, 6) is coarse
    assert encoder.features(views, 15) is fine
    assert encoder.features(views, tiny_teacher.tokens) is usual
    assert tiny_teacher.features(views) is usual


def test_no_teacher_says_so() -> None:
    assert isinstance(NoTeacher(), Teacher)
    assert NoTeacher().describe() == {"name": "none"}
    with pytest.raises(PluginError, match="no teacher: "):
        NoTeacher()(pictures(), ["seat"])
