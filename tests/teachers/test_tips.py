"""TIPSv2 as a dense teacher, on a random checkpoint of a few kilobytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models
import torch
from torch.nn import functional

from meronym import protocols
from meronym.errors import InputError
from meronym.teachers import clip
from meronym.teachers.checked import load_teacher
from meronym.teachers.clip import NEUTRAL
from meronym.teachers.tips import FORMS, TipsTeacher
from meronym.testing import check_teacher
from meronym.types import Cameras, Views

pytestmark = pytest.mark.skipif(not tiny_models.has("5.24"), reason="this transformers has no TIPSv2")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root: Path = tmp_path_factory.mktemp("weights")
    tiny_models.save(root / "tipsv2-base", tiny_models.tips, {"do_normalize": False, "resample": 2})
    tiny_models.tips_words(root / "tipsv2-base")
    return root


@pytest.fixture(scope="module")
def teacher(cache: Path) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MERONYM_WEIGHTS", str(cache))
        return load_teacher("tipsv2", settings={"tipsv2.tokens": 40})


def picture(seed: int = 0) -> torch.Tensor:
    return torch.rand(40, 56, 3, generator=torch.Generator().manual_seed(seed))


def view() -> Views:
    element = torch.full((1, 40, 56), -1)
    element[0, 4:36, 10:50] = 0
    cameras = Cameras(torch.eye(4)[None], torch.eye(3)[None], 40, 56)
    return Views(cameras, picture()[None], torch.ones(1, 40, 56), element)


def test_the_conformance_kit_passes(teacher: TipsTeacher) -> None:
    check_teacher(teacher)
    assert isinstance(teacher, protocols.ImageTextEncoder)


def test_in_the_last_block_every_patch_attends_to_nothing_but_itself(teacher: TipsTeacher) -> None:
    """The slow way: block after block, then the last one for each token alone."""
    vision = teacher.network.model.vision_model
    pixels = torch.rand(1, 3, 24, 40, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        token = vision.embeddings(pixels)
        for block in vision.encoder.layer[:-1]:
            token = block(token)
        first = token.shape[1] - 3 * 5
        assert first == 2, "the class token and the register come first"
        alone = [vision.layernorm(vision.encoder.layer[-1](token[:, k : k + 1]))[0, 0] for k in range(first, first + 15)]
        torch.testing.assert_close(teacher.patch_features(pixels)[0], torch.stack(alone))


def test_a_prompt_is_the_mean_of_its_sentences_as_the_model_reads_each_alone(teacher: TipsTeacher) -> None:
    model, letters = teacher.network.model, " abcdefghijklmnopqrstuvwxyz"
    slow = []
    for word in ("red mug", "leg"):
        each = []
        for form in FORMS:
            ids = [[28 if c == " " else 29 if c == "." else 1 + letters.index(c) for c in " " + form.format(word)]]
            with torch.no_grad():
                each.append(functional.normalize(model.get_text_features(torch.tensor(ids)).pooler_output[0], dim=0))
        slow.append(functional.normalize(torch.stack(each).mean(0), dim=0))
    torch.testing.assert_close(teacher.encode_text(["Red mug", "leg"]), torch.stack(slow))
    with pytest.raises(InputError, match=r"reads at most 64: shorten it"):
        teacher.encode_text(["seat " * 12])


def test_logits_are_cosines_over_the_temperature(teacher: TipsTeacher) -> None:
    seen = view()
    answer = teacher(seen, ["seat"], "chair")
    x0, y0, x1, y1 = answer.box[0].int().tolist()
    rows, columns = answer.none[0].shape
    assert rows * columns == pytest.approx(40, rel=0.1)
    with torch.no_grad():
        pixels = clip.preprocess(teacher.network, seen.colour[0, y0:y1, x0:x1], (8 * rows, 8 * columns))
        patches = functional.normalize(teacher.patch_features(pixels)[0], dim=1)
    scale = 1 / float(teacher.network.model.temperature.detach())
    assert scale == pytest.approx(teacher.sharpness)
    torch.testing.assert_close(answer.logit[0][0].flatten(), scale * patches @ teacher.encode_text(["chair seat"])[0])
    none = functional.normalize(teacher.encode_text(NEUTRAL).mean(0), dim=0)
    torch.testing.assert_close(answer.none[0].flatten(), scale * patches @ none)


def test_pictures_are_given_as_they_are(teacher: TipsTeacher) -> None:
    """Resized, and neither mean nor deviation taken off: the model was trained so."""
    small = np.full((8, 16, 3), 128, np.uint8)
    found = clip.preprocess(teacher.network, torch.from_numpy(small) / 255, (8, 16))
    torch.testing.assert_close(found, torch.full((1, 3, 8, 16), 128 / 255))
    grid = teacher.encode_image(picture())
    assert grid.shape == (5, 7, 32)
    torch.testing.assert_close(grid.norm(dim=-1), torch.ones(5, 7))


def test_every_setting_is_in_the_record(teacher: TipsTeacher, cache: Path) -> None:
    changed = {
        "tokens": 30, "forms": ["a {}"], "with_category": "{p} of {c}", "neutral": ["wall"], "scales": [0.5], "stride": 0.5,
        "dtype": "bfloat16",
    }  # fmt: skip
    before, after = (json.loads(json.dumps(one.describe())) for one in (teacher, TipsTeacher(cache / "tipsv2-base", **changed)))
    assert before["weights"][0]["licence"] == "Apache-2.0"
    for key, value in changed.items():
        assert after[key] == {"dtype": "torch.bfloat16"}.get(key, value) != before[key]
