"""The conformance kit: what ships passes, what is broken is rejected, with words that help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from fakes import Changed, NamedOracle, Tinted, changed

from meronym.errors import PluginError
from meronym.protocols import Teacher
from meronym.render import RenderStyle, TorchRenderer
from meronym.teachers.builtin import BuiltinTeacher
from meronym.testing import check_renderer, check_teacher, labelled_shape
from meronym.types import Cameras, Regions, Relevancy, Shape, Views


class Boxes(Tinted):
    """A detector that finds everything everywhere."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        view, prompt = torch.cartesian_prod(torch.arange(len(views)), torch.arange(len(prompts))).T
        return Regions(view, prompt, torch.ones(len(view)), torch.tensor([[0.0, 0, 112, 112]]).repeat(len(view), 1))


def test_the_oracle_passes() -> None:
    _, part, names = labelled_shape("chair")
    check_teacher(NamedOracle(torch.from_numpy(part), names))


def test_the_built_in_teacher_passes(tiny_teacher: BuiltinTeacher) -> None:
    check_teacher(tiny_teacher)


def test_a_detector_passes() -> None:
    check_teacher(Boxes())


class Moody(Tinted):
    """Says something else each time."""

    calls = 0

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        self.calls += 1
        answer = super().__call__(views, prompts, category)
        return changed(answer, none=tuple(grid + 0.1 * self.calls for grid in answer.none))


class Ordered(Tinted):
    """Favours the prompt that comes first."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        answer = super().__call__(views, prompts, category)
        bias = torch.arange(len(prompts))[:, None, None]
        return changed(answer, logit=tuple(grid - bias for grid in answer.logit))


class Gossiping(Tinted):
    """Lets one view colour another."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        answer = super().__call__(views, prompts, category)
        mean = torch.stack(answer.logit).mean(0)
        return changed(answer, logit=tuple(grid + mean for grid in answer.logit))


class Shrinking(Tinted):
    """Looks less closely when asked again."""

    calls = 0

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        self.calls += 1
        answer = super().__call__(views, prompts, category)
        rows = slice(None, -self.calls)
        logit, none = ([grid[..., rows, :] for grid in grids] for grids in (answer.logit, answer.none))
        return changed(answer, logit=tuple(logit), none=tuple(none))


class Nameless(Tinted):
    def describe(self) -> dict[str, Any]:
        return {"weights": []}


class Bent(Boxes):
    """A detector whose answer is changed, by what it looked at and how often it was asked."""

    def __init__(self, change: Callable[[Regions, Views, int], Any]) -> None:
        self.change, self.calls = change, 0

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        self.calls += 1
        answer = super().__call__(views, prompts, category)
        assert isinstance(answer, Regions)
        return self.change(answer, views, self.calls)


def shuffled(answer: Regions, views: Views, calls: int) -> Regions:
    order = torch.randperm(len(answer.view), generator=torch.Generator().manual_seed(calls))
    fields = (answer.view, answer.prompt, answer.score, answer.box)
    return Regions(*(field[order] for field in fields), torch.ones(len(order), 112, 112, dtype=torch.bool))


def test_a_detector_may_give_its_regions_in_any_order() -> None:
    check_teacher(Bent(shuffled))
    check_teacher(Bent(lambda answer, *_: Regions(*(getattr(answer, name)[:0] for name in ("view", "prompt", "score", "box")))))


def masked(answer: Regions, views: Views, calls: int) -> Regions:
    mask = torch.zeros(len(answer.view), 112, 112, dtype=torch.bool)
    mask[:, : 50 + calls] = True
    return changed(answer, mask=mask)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda answer, _, calls: changed(answer, box=answer.box - calls), "the same call twice changes the regions by 0.01;"),
        (
            lambda answer, _, calls: changed(answer, score=answer.score / calls),
            "the same call twice changes the regions by 0.5;",
        ),
        (masked, "the same call twice changes the regions by 0.0089;"),
        (
            lambda answer, _, calls: changed(answer, mask=torch.ones(6, 112, 112, dtype=torch.bool) if calls > 1 else None),
            "the same call twice changes the number of regions, or whether they have masks",
        ),
        (
            lambda answer, *_: changed(answer, score=1 - 0.1 * answer.prompt),
            "prompts in another order changes the regions by 0.2;",
        ),
        (
            lambda answer, views, _: changed(answer, score=answer.score / len(views)),
            "one view at a time changes the regions by 0.5;",
        ),
        (
            lambda answer, views, calls: Tinted()(views, ["a", "b", "c"]) if calls > 3 else answer,
            "one view at a time changes Regions to Relevancy",
        ),
    ],
)
def test_a_broken_detector_is_rejected(change: Callable[[Regions, Views, int], Any], said: str) -> None:
    with pytest.raises(PluginError, match=f"teacher Bent: {said}"):
        check_teacher(Bent(change))


@pytest.mark.parametrize(
    ("teacher", "said"),
    [
        (Moody(), "teacher Moody: the same call twice changes the logits by 0.1"),
        (Ordered(), "teacher Ordered: prompts in another order changes the logits by 2"),
        (Gossiping(), "teacher Gossiping: one view at a time changes the logits"),
        (Shrinking(), "teacher Shrinking: the same call twice changes the number or the size of the grids"),
        (Nameless(), r"teacher Nameless: describe\(\) must return a dict with a 'name'"),
        (Changed("none", lambda grids: grids[:-1]), r"Relevancy\.none: expected 2 grids, got 1"),
        (Changed("box", lambda box: box * 0), r"Relevancy\.box: expected finite x0 < x1"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Tinted) else "",
)
def test_a_broken_teacher_is_rejected(teacher: Teacher, said: str) -> None:
    with pytest.raises(PluginError, match=said):
        check_teacher(teacher)


@pytest.mark.parametrize("style", [None, RenderStyle(colour=(1.0, 0.2, 0.0), background=(0.0, 0.0, 0.0), smooth=False)])
def test_the_renderer_passes(style: RenderStyle | None) -> None:
    check_renderer(TorchRenderer(style))


class Spoilt:
    """A renderer whose pictures are changed."""

    def __init__(self, change: Callable[[Views], dict[str, Any]]) -> None:
        self.change = change

    def __call__(self, shape: Shape, cameras: Cameras) -> Views:
        views = TorchRenderer()(shape, cameras)
        return changed(views, **self.change(views))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda views: {"colour": views.colour[:, :32]}, r"expected 3 views of 64 x 64, got colour \(3, 32, 64, 3\)"),
        (lambda views: {"depth": views.depth[:1]}, "expected 3 views of 64 x 64"),
        (lambda views: {"element": views.element + 100_000}, "element ids outside"),
        (lambda views: {"element": views.element - 1}, "element ids outside"),
        (lambda views: {"depth": views.depth.nan_to_num(posinf=9.0)}, "depth must be finite exactly where"),
        (lambda views: {"depth": views.depth * torch.inf, "element": views.element * 0 - 1}, "next to nothing"),
        (lambda views: {"colour": views.colour * 255}, r"colours outside 0\.\.1"),
        (lambda views: {"colour": views.colour * torch.nan}, r"colours outside 0\.\.1"),
    ],
)
def test_a_broken_renderer_is_rejected(change: Callable[[Views], dict[str, Any]], said: str) -> None:
    with pytest.raises(PluginError, match=f"renderer Spoilt: .*{said}"):
        check_renderer(Spoilt(change))


def test_labelled_shapes_follow_their_seed() -> None:
    mesh, part, names = labelled_shape("person", 3)
    again, other = labelled_shape("person", 3)[0], labelled_shape("person", 4)[0]
    assert mesh.vertices.tobytes() == again.vertices.tobytes() != other.vertices.tobytes()
    assert len(part) == len(mesh.faces)
    assert part.max() == len(names) - 1
    assert not any("/" in name for name in names)
