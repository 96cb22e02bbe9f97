"""The part of a student that learns: a twin in plain sums, files, other words, and what whitening must do."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from meronym.errors import InputError, PluginError, WeightsError
from meronym.registry import load_registered
from meronym.students import head
from meronym.students.head import PaperStudent, Student, load, save

few = settings(max_examples=5, deadline=None, derandomize=True)
WORDS = ("seat", "back", "leg")
WIDTH = 64
"""Of a student as it is by default."""
RECORD = {"backbone": "geometry", "teacher": {"name": "Bär"}, "views": 10, "category": None}
"""What the record of a training holds at least."""
BOTH = pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])


def rows(count: int, dim: int, seed: int = 0) -> Tensor:
    return torch.randn(count, dim, generator=torch.Generator().manual_seed(seed))


def student_of(is_open: bool = False, dim: int = 7, features: Tensor | None = None, **sizes: int) -> Student:
    """Untrained, but for the basis, and with directions that are not of length 1."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        student = Student(dim, WORDS, 3 * rows(len(WORDS), 5, seed=1) if is_open else None, **sizes)
        student.none.data.fill_(0.7)
    student.fit_whitening(rows(50, dim, seed=2) if features is None else features)
    return student


# ----------------------------------------------------------------------------------------------------------- network


def slow_logits(student: Student, white: Tensor) -> Tensor:
    """One element after the other, neuron by neuron."""

    def layer(x: list[Tensor], linear: nn.Linear) -> list[Tensor]:
        neurons = zip(linear.weight, linear.bias, strict=True)
        return [sum((w * v for w, v in zip(weight, x, strict=True)), bias) for weight, bias in neurons]

    def gelu(x: list[Tensor]) -> list[Tensor]:
        return [v * (1 + torch.erf(v / math.sqrt(2))) / 2 for v in x]

    def cosine(a: list[Tensor], b: list[Tensor]) -> Tensor:
        length = [sum(v * v for v in x) ** 0.5 for x in (a, b)]
        return sum(v * w for v, w in zip(a, b, strict=True)) / (length[0] * length[1])

    first, second, third = (part for part in student.net if isinstance(part, nn.Linear))
    answers = []
    for x in white:
        place = layer(gelu(layer(gelu(layer(list(x), first)), second)), third)
        cosines = [cosine(place, list(direction)) for direction in student.directions]
        answers.append(torch.stack([*(c * student.log_scale.exp() for c in cosines), student.none[0]]))
    return torch.stack(answers)


@BOTH
def test_answers_and_gradients_are_those_of_the_twin(is_open: bool) -> None:
    student = student_of(is_open, hidden=6).double().eval()
    white, upstream = rows(3, 7).double(), rows(3, 4, seed=5).double()
    fast, slow = student(white), slow_logits(student, white)
    torch.testing.assert_close(fast, slow)
    learned = [parameter for parameter in student.parameters() if parameter.requires_grad]
    gradients = [torch.autograd.grad((answer * upstream).sum(), learned) for answer in (fast, slow)]
    torch.testing.assert_close(*gradients)


@BOTH
def test_the_gradient_reaches_all_but_given_directions(is_open: bool) -> None:
    student = student_of(is_open)
    functional.cross_entropy(student(student.whiten(rows(20, 7))), torch.arange(20) % 4).backward()
    for name, parameter in student.named_parameters():
        if name == "directions" and is_open:
            assert not parameter.requires_grad
            assert parameter.grad is None
        else:
            assert parameter.grad is not None
            assert parameter.grad.abs().sum() > 0, name


def test_answers_have_no_chance_in_them_even_in_the_midst_of_training() -> None:
    student, features = student_of().train(), rows(20, 7)
    white = student.whiten(features)
    assert not torch.equal(student(white), student(white)), "training has: some neurons are dropped"
    assert torch.equal(student.logits(features), student.logits(features))


def test_the_papers_head_is_that_of_the_twin_and_comes_back(tmp_path: Path) -> None:
    """681-681-681-R for 681 features: here 5."""
    torch.manual_seed(0)
    student, features = PaperStudent(5, WORDS), rows(4, 5)
    expected = features
    for layer in (part for part in student.net if isinstance(part, nn.Linear)):
        expected = expected.clamp_min(0) if layer is not student.net[0] else expected
        expected = torch.stack([layer.weight @ x + layer.bias for x in expected])
    torch.testing.assert_close(student.logits(features)[:, :-1], expected)
    assert (student.logits(features).argmax(1) < 3).all(), "it knows no none of these"
    again, record = load(save(student, tmp_path / "student.safetensors", RECORD))
    assert isinstance(again, PaperStudent)
    assert record == RECORD
    assert torch.equal(again.logits(features), student.logits(features))
    with pytest.raises(InputError, match="knows seat, back, leg only"):
        again.with_prompts(("wheel",), rows(1, 5))


# --------------------------------------------------------------------------------------------------------- whitening


@few
@given(st.integers(0, 2**16), st.integers(2, WIDTH), st.floats(0.01, 100))
def test_whitened_features_have_no_mean_and_unit_covariance(seed: int, dim: int, scale: float) -> None:
    features = (rows(300, dim, seed) @ rows(dim, dim, seed + 1).div(dim).add(torch.eye(dim)) + 3) * scale
    white = student_of(dim=dim, features=features).whiten(features)
    torch.testing.assert_close(white.mean(0), torch.zeros(dim), rtol=0, atol=1e-3)
    torch.testing.assert_close(white.T @ white / 300, torch.eye(dim), rtol=0, atol=1e-3)


def test_the_directions_that_differ_most_are_kept() -> None:
    dim = WIDTH + 20
    features = rows(500, dim)
    features[:, WIDTH:] *= 0.01
    student = student_of(dim=dim, features=features)
    white = student.whiten(features)
    assert white.shape == (500, WIDTH)
    features[:, WIDTH:] = 0
    torch.testing.assert_close(student.whiten(features), white, rtol=0, atol=0.05)


def test_turned_features_are_as_far_apart_once_whitened() -> None:
    features = rows(40, 6) * torch.tensor([5.0, 3, 1, 1, 0.5, 0.1])
    turn = torch.linalg.qr(rows(6, 6, seed=3)).Q
    first, second = (student_of(dim=6, features=f).whiten(f) for f in (features, features @ turn * 7 - 2))
    torch.testing.assert_close(first @ first.T, second @ second.T, rtol=0, atol=1e-3)


@pytest.mark.parametrize(("count", "dim"), [(5, 8), (5, 100), (2, 3), (1, 3)])
def test_fewer_elements_than_dimensions_will_do(count: int, dim: int) -> None:
    features = rows(count, dim)
    student = student_of(dim=dim, features=features)
    white = student.whiten(features)
    spread = torch.linalg.svdvals(white) / count**0.5
    torch.testing.assert_close(spread[: count - 1], torch.ones(count - 1))
    assert torch.isfinite(student.logits(rows(4, dim, seed=9))).all()


@pytest.mark.parametrize("value", [0.0, 0.1, -70.0])
def test_features_that_are_all_alike_stay_finite(value: float) -> None:
    features = torch.full((30, 7), value)
    student = student_of(features=features)
    assert student.whiten(features).abs().max() < 10
    assert torch.isfinite(student.logits(features)).all()


def test_a_feature_that_never_differs_is_passed_over() -> None:
    features = rows(100, 7)
    features[:, 3] = 5.0
    white = student_of(features=features).whiten(features)
    covariance = white.T @ white / 100
    torch.testing.assert_close(covariance[:6, :6], torch.eye(6), rtol=0, atol=1e-4)
    assert white[:, 6].abs().max() < 1e-2


# ------------------------------------------------------------------------------------------------------- other words


def test_a_closed_student_knows_no_other_words() -> None:
    with pytest.raises(InputError, match=r"knows seat, back, leg only\. Train one with pretrain --open"):
        student_of().with_prompts(("wheel",), rows(1, 5))


def test_asked_for_its_own_words_an_open_student_says_the_same() -> None:
    student, features = student_of(is_open=True), rows(20, 7)
    asked = student.with_prompts(WORDS, student.directions.detach())
    assert torch.equal(asked.logits(features), student.logits(features))
    assert asked.prompts == WORDS
    assert asked.open


@few
@given(st.permutations(range(len(WORDS))))
def test_the_order_of_words_is_that_of_the_answers(order: list[int]) -> None:
    student, features = student_of(is_open=True), rows(20, 7)
    asked = student.with_prompts(tuple(WORDS[i] for i in order), student.directions.detach()[order])
    torch.testing.assert_close(asked.logits(features), student.logits(features)[:, [*order, len(WORDS)]])


def test_other_words_are_answered_by_where_they_lie_and_change_nothing_in_the_student() -> None:
    student, features = student_of(is_open=True), rows(20, 7)
    before = student.logits(features)
    words = rows(5, 5, seed=8)
    chance = torch.get_rng_state()
    asked = student.with_prompts(tuple("abcde"), words)
    assert torch.equal(torch.get_rng_state(), chance)
    place = functional.normalize(student.net(student.whiten(features)), dim=1)
    expected = place @ functional.normalize(words, dim=1).T * student.log_scale.exp()
    torch.testing.assert_close(asked.logits(features)[:, :5], expected.detach())
    torch.testing.assert_close(asked.logits(features)[:, 5], before[:, 3])
    assert torch.equal(student.logits(features), before)


# ------------------------------------------------------------------------------------------------------------- files


@BOTH
def test_what_was_saved_answers_with_the_same_bytes(tmp_path: Path, is_open: bool) -> None:
    student, features = student_of(is_open), rows(40, 7)
    record = {**RECORD, "shapes": 12}
    path = save(student, tmp_path / "student.safetensors", record)
    chance = torch.get_rng_state()
    again, about = load(path)
    assert torch.equal(torch.get_rng_state(), chance)
    assert again.logits(features).numpy().tobytes() == student.logits(features).numpy().tobytes()
    assert (again.prompts, again.open, about) == (WORDS, is_open, record)
    assert [p.requires_grad for p in again.parameters()] == [p.requires_grad for p in student.parameters()]
    assert not again.training
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert save(again, tmp_path / "copy.safetensors", about).read_bytes() == path.read_bytes()


Damage = Callable[[dict[str, Tensor], dict[str, str]], object]


def about(**change: object) -> Damage:
    """Other words about the student: its file says something else than its tensors do."""

    def damage(tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
        said = {**json.loads(metadata["meronym"]), **change}
        metadata["meronym"] = json.dumps({key: value for key, value in said.items() if value is not None})

    return damage


def record(**change: object) -> Damage:
    """A record that says something else."""
    return about(record={key: value for key, value in {**RECORD, **change}.items() if value is not Ellipsis})


def filled(name: str, value: float) -> Damage:
    def damage(tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
        tensors[name] = tensors[name].clone()
        tensors[name].view(-1)[-1] = value

    return damage


DAMAGES: dict[str, tuple[Damage, str]] = {
    "nothing about it": (lambda tensors, metadata: metadata.clear(), "meronym"),
    "broken JSON": (lambda tensors, metadata: metadata.update(meronym="{"), "Expecting property name"),
    "a list": (lambda tensors, metadata: metadata.update(meronym="[]"), "meronym: expected the keys open, prompts, record"),
    "a number": (lambda tensors, metadata: metadata.update(meronym="7"), "meronym: expected the keys .*, got 7"),
    "no weight": (lambda tensors, metadata: tensors.pop("net.0.weight"), r"net\.0\.weight"),
    "no mean": (lambda tensors, metadata: tensors.pop("mean"), "mean"),
    "no directions": (lambda tensors, metadata: tensors.pop("directions"), "directions"),
    "flat mean": (lambda tensors, metadata: tensors.update(mean=torch.tensor(0.0)), ""),
    "other basis": (lambda tensors, metadata: tensors.update(basis=torch.zeros(7, 6)), r"net\.0\.weight"),
    "flat directions": (lambda tensors, metadata: tensors.update(directions=torch.zeros(3)), ""),
    "extra": (lambda tensors, metadata: tensors.update(extra=torch.zeros(3)), "extra"),
    "other numbers": (lambda tensors, metadata: tensors.update(mean=tensors["mean"].half()), "mean: expected float32, got"),
    "NaN": (filled("net.3.weight", math.nan), r"^.*: net\.3\.weight: expected finite numbers, found NaN"),
    "infinity": (filled("basis", math.inf), "^.*: basis: expected finite numbers"),
    "no prompts": (about(prompts=None), "expected the keys"),
    "prompts 5": (about(prompts=5), "prompts: expected a list of texts, got 5"),
    "fewer prompts": (about(prompts=["seat", "back"]), "directions"),
    "prompts that are no text": (about(prompts=["seat", "back", 7]), r"prompts: expected a list of texts, got \[.*7\]"),
    "a text for prompts": (about(prompts="abc"), "prompts: expected a list of texts, got 'abc'"),
    "a prompt twice": (about(prompts=["seat", "back", "seat"]), "repeats"),
    "a control character": (about(prompts=["seat", "back", "le\x1bg"]), "control character"),
    "open?": (about(open=None), "expected the keys"),
    "open 1": (about(open=1), "open: expected true or false, got 1"),
    "no record": (about(record=None), "expected the keys"),
    "a record that is a text": (about(record="lifted"), "record: expected an object, got 'lifted'"),
    "another field": (about(code="os:abort"), "expected the keys open, prompts, record, got .*code"),
    "other metadata": (lambda tensors, metadata: metadata.update(pickle="x"), "metadata: expected the keys meronym"),
    **{
        f"{field} {value!r}": (record(**{field: value}), rf"^.*: record\.{field}: .* is not what `meronym pretrain` writes")
        for field, values in {
            "backbone": (..., ["os:abort"], None),
            "teacher": (..., "builtin", {"weights": []}, {"name": 5}),
            "views": (..., 0, 10**9, True, "10", 2.5),
            "category": (..., 5, ["chair"]),
        }.items()
        for value in values
    },
}
"""What is wrong in a file, and what the error says of it."""


@BOTH
@pytest.mark.parametrize(("damage", "said"), DAMAGES.values(), ids=DAMAGES)
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, damage: Damage, said: str, is_open: bool) -> None:
    path = save(student_of(is_open), tmp_path / "student.safetensors", RECORD)
    with safe_open(path, framework="pt") as file:
        tensors, metadata = {key: file.get_tensor(key) for key in file.keys()}, dict(file.metadata())  # noqa: SIM118
    damage(tensors, metadata)
    save_file(tensors, path, metadata)
    refusal = rf"student\.safetensors: not a student that `meronym pretrain` wrote \((?s:.*){said}"
    with pytest.raises(WeightsError, match=said if said.startswith("^") else refusal):
        load(path)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "student.safetensors"
    with path.open("wb") as file:
        file.truncate(head.MAX_BYTES + 1)
    with pytest.raises(WeightsError, match=r"268435457 bytes, at most 268435456 are expected"):
        load(path)


@pytest.mark.parametrize("place", ["beside the file", "os"])
def test_a_backbone_that_a_file_names_is_never_imported(tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that lies where the file does, and that Python would find."""
    (tmp_path / "helpers.py").write_text("raise SystemExit('this code has run')")
    monkeypatch.syspath_prepend(str(tmp_path))
    named = "helpers:Backbone" if place == "beside the file" else "os:abort"
    path = save(student_of(), tmp_path / "student.safetensors", {**RECORD, "backbone": named})
    _, about = load(path)
    with pytest.raises(PluginError, match=rf"student\.safetensors: names the student '{named}', which is not registered"):
        load_registered("students", about["backbone"], path.name)
    assert "helpers" not in sys.modules


@pytest.mark.parametrize("keep", [0, 7, 500, -1])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    path = save(student_of(), tmp_path / "student.safetensors", RECORD)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(WeightsError, match="Train it again"):
        load(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.safetensors", tmp_path):
        with pytest.raises(WeightsError, match="not a student"):
            load(path)
