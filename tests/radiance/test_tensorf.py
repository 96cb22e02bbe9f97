"""TensoRF and the field on it: agree with the official code and with slow twins; their grids can be cut and refined."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from golden_files import golden_files
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from meronym.radiance.rays import Samples
from meronym.radiance.samples import PackedSamples
from meronym.radiance.tensorf import FAINT, LINES, OPAQUE, PLANES, OccupancySettings, TensoRF, VectorMatrix
from meronym.students.feature_field import FeatureField

few = settings(max_examples=10, deadline=None, derandomize=True)
seeds = st.integers(0, 2**16)
GOLDEN = golden_files("tensorf_vm_seed*.npz")


def random(*shape: int, seed: int = 0) -> Tensor:
    """Evenly in -1..1."""
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def scene(grid: tuple[int, int, int] = (6, 5, 7), seed: int = 0) -> TensoRF:
    """Empty in places, half opaque in others."""
    field = TensoRF(grid, (3, 2, 2), (4, 3, 2), torch.Generator().manual_seed(seed))
    with torch.no_grad():
        for part in (field.density, field.appearance):
            for tensor in part.parameters():
                tensor.mul_(5)
    return field


def along_rays(rays: int = 9, count: int = 11, seed: int = 0) -> Samples:
    """Places along rays through the cube, some of them outside."""
    start, end = 1.2 * random(rays, 3, seed=seed), 1.2 * random(rays, 3, seed=seed + 1)
    share = (torch.arange(count) + 0.5) / count
    point = start[:, None] + (end - start)[:, None] * share[:, None]
    step = (end - start).norm(dim=1, keepdim=True).expand(-1, count) / count
    return Samples(point, 2 * share.expand(rays, -1), step, (point.abs() <= 1).all(-1))


def some(samples: Samples, rays: Tensor) -> Samples:
    return Samples(samples.point[rays], samples.distance[rays], samples.step[rays], samples.inside[rays])


# -------------------------------------------------------------------------------------------------------------- golden


def golden_field(held: dict[str, Tensor]) -> FeatureField:
    """The official weights under our names."""
    grid = held["grid_size"].tolist()
    shared: dict[str, str] = {}
    for k in range(3):
        for ours, theirs in {"scene.density": "density", "scene.appearance": "app", "selection": "select"}.items():
            shared |= {f"{ours}.{part}.{k}": f"{theirs}_{part}.{k}" for part in ("plane", "line")}
        for kind in ("weight", "bias"):
            shared[f"scene.colour.{2 * k}.{kind}"] = f"renderModule.mlp.{2 * k}.{kind}"
            shared[f"head.{k}.{kind}"] = f"feature_render_module.mlp.{k}.{kind}"
    shared |= {"choose.weight": "select_basis_mat.weight", "choose.bias": "select_basis_mat.bias"}
    shared["scene.basis.weight"] = "basis_mat.weight"
    components = {name: [held[f"w/{name}_plane.{k}"].shape[1] for k in range(3)] for name in ("density", "app", "select")}
    field = FeatureField(
        TensoRF(grid, components["density"], components["app"]), len(held["w/feature_render_module.mlp.2.bias"]), 3
    )
    field.selection = VectorMatrix(components["select"], grid)
    field.choose = torch.nn.Linear(sum(components["select"]), 3)
    box = {"scene.low": held["aabb"][0], "scene.high": held["aabb"][1], "scene.occupied": field.scene.occupied}
    field.load_state_dict({ours: held[f"w/{theirs}"] for ours, theirs in shared.items()} | box)
    return field


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
@torch.no_grad()
def test_golden_maps(path: Path) -> None:
    """Colours are before black. The official code adds what is not opaque, times z of the ray's direction, to the depth."""
    with np.load(path) as file:
        held = {key: torch.from_numpy(np.asarray(file[key])) for key in file.files}
    field, origin, direction = golden_field(held), held["rays"][:, :3], held["rays"][:, 3:]
    assert float(held["distance_scale"]) == OPAQUE
    assert float(held["weight_threshold"]) == FAINT
    along = torch.linspace(*held["near_far"].tolist(), int(held["n_samples"]))
    point = origin[:, None] + direction[:, None] * along[:, None]
    length = direction.norm(dim=1, keepdim=True)
    step = torch.cat([along.diff(), torch.zeros(1)]) * length
    inside = ((point >= held["aabb"][0]) & (point <= held["aabb"][1])).all(-1)
    packed = field.scene.march(Samples(point, along.expand_as(step), step, inside))
    close = {"rtol": 0, "atol": 1e-5}
    torch.testing.assert_close(field.scene.paint(packed, direction / length, 0.0), held["rgb_map"], **close)
    torch.testing.assert_close(packed.distance + (1 - packed.opacity) * direction[:, 2], held["depth_map"], **close)
    solid = packed.accumulate(torch.ones(len(packed.ray), 1))[:, 0]
    appearance = packed.accumulate(field.scene.features(packed.point))
    torch.testing.assert_close(field.features(appearance, solid), held["feature_map"], **close)
    torch.testing.assert_close(field.features(appearance, packed.opacity), held["feature_map"], rtol=0, atol=1e-4)
    torch.testing.assert_close(field.scales(packed), held["selection_map"], **close)


# ---------------------------------------------------------------------------------------------------------------- twins


def interpolated(values: Tensor, at: float) -> Tensor:
    """Between the two values nearest to a place in -1..1, along the last axis."""
    position = (at + 1) / 2 * (values.shape[-1] - 1)
    below = min(int(position), values.shape[-1] - 2)
    return values[..., below] + (values[..., below + 1] - values[..., below]) * (position - below)


def slow_products(volume: VectorMatrix, point: Tensor) -> Tensor:
    """Place by place, axis by axis, component by component."""
    rows = []
    for place in point.tolist():
        row = []
        for plane, line, (a, b), c in zip(volume.plane, volume.line, PLANES, LINES, strict=True):
            for k in range(plane.shape[1]):
                row.append(
                    interpolated(interpolated(plane[0, k], place[a]), place[b]) * interpolated(line[0, k, :, 0], place[c])
                )
        rows.append(torch.stack(row))
    return torch.stack(rows)


def same_gradients(fast: Tensor, slow: Tensor, parameters: list[Tensor]) -> None:
    """The same values, and the same gradients of a weighted sum of them."""
    torch.testing.assert_close(fast, slow, rtol=1e-5, atol=1e-5)
    mix = random(*fast.shape, seed=99)
    both = [
        torch.autograd.grad((value * mix).sum(), parameters, retain_graph=True, allow_unused=True) for value in (fast, slow)
    ]
    assert any(gradient is not None and gradient.abs().max() > 1e-4 for gradient in both[1])
    for a, b, parameter in zip(*both, parameters, strict=True):
        a, b = (torch.zeros_like(parameter) if gradient is None else gradient for gradient in (a, b))
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


@few
@given(st.tuples(*[st.integers(2, 6)] * 3), st.tuples(*[st.integers(1, 3)] * 3), seeds)
def test_components_are_planes_times_lines(grid: tuple[int, int, int], components: tuple[int, int, int], seed: int) -> None:
    volume = VectorMatrix(components, grid, 1.0, torch.Generator().manual_seed(seed))
    assert volume.grid == grid
    point = torch.cat([random(6, 3, seed=seed), torch.tensor([[-1.0, 1, -1], [1, 1, 1], [0, -1, 1]])])
    slow = slow_products(volume, point)
    same_gradients(volume(point), slow, list(volume.parameters()))
    same_gradients(volume.total(point), slow.sum(1), list(volume.parameters()))


def test_variation_is_the_mean_squared_step_between_neighbours() -> None:
    volume = VectorMatrix((1, 2, 1), (3, 4, 5), 1.0)
    total = 0.0
    for plane in volume.plane:
        rows = plane.detach()[0].tolist()
        down = [(b - a) ** 2 for rows_of in rows for one, next_ in pairwise(rows_of) for a, b in zip(one, next_, strict=True)]
        across = [(b - a) ** 2 for rows_of in rows for row in rows_of for a, b in pairwise(row)]
        total += 2 * (sum(down) / len(down) + sum(across) / len(across))
    assert float(volume.variation().detach()) == pytest.approx(total, rel=1e-5)


def slow_render(field: TensoRF, samples: Samples, direction: Tensor, background: float) -> Tensor:
    """Colour, opacity, distance and spread of each ray: light is followed place after place."""
    rays, count = [], samples.point.shape[1]
    for ray in range(len(samples.point)):
        clear, opacity, distance = torch.ones(()), torch.zeros(()), torch.zeros(())
        colour, weights = torch.zeros(3), [torch.zeros(())] * count
        for k in range(count):
            place = samples.point[ray, k : k + 1]
            if not bool(samples.inside[ray, k]) or not bool(field.is_occupied(place)):
                continue
            sigma = slow_products(field.density, field.place(place)).sum().clamp_min(0)
            stopped = 1 - torch.exp(-sigma * samples.step[ray, k] * OPAQUE)
            weights[k] = weight = clear * stopped
            clear = clear * (1 - stopped)
            opacity, distance = opacity + weight, distance + weight * samples.distance[ray, k]
            if weight > FAINT:
                seen = field.basis(slow_products(field.appearance, field.place(place)))
                colour = colour + weight * torch.sigmoid(field.colour(torch.cat([seen, direction[ray : ray + 1]], 1)))[0]
        apart = torch.stack([a * b * abs(i - j) / count for i, a in enumerate(weights) for j, b in enumerate(weights)]).sum()
        spread = apart + sum(weight**2 / (3 * count) for weight in weights)
        rays.append(torch.cat([colour + (1 - opacity) * background, torch.stack([opacity, distance, spread])]))
    return torch.stack(rays)


@few
@given(seeds, st.sampled_from([0.0, 1.0]), st.booleans())
def test_rays_are_rendered_as_if_light_were_followed(seed: int, background: float, cut: bool) -> None:
    field, samples = scene(seed=seed), along_rays(seed=seed)
    if cut:
        field.low, field.high = torch.tensor([-0.7, -1, -0.4]), torch.tensor([1, 0.8, 0.9])
    direction = torch.nn.functional.normalize(random(len(samples.point), 3, seed=seed), dim=1)
    packed = field.march(samples)
    ends = torch.stack([packed.opacity, packed.distance, packed.spread], 1)
    fast = torch.cat([field.paint(packed, direction, background), ends], 1)
    same_gradients(fast, slow_render(field, samples, direction, background), list(field.parameters()))
    assert (packed.weight > FAINT).all()
    assert (packed.opacity <= 1 + 1e-6).all()


def test_a_ray_that_meets_nothing_shows_the_background() -> None:
    field, samples = scene(), along_rays(4)
    empty = Samples(samples.point, samples.distance, samples.step, torch.zeros_like(samples.inside))
    packed = field.march(empty)
    assert len(packed.ray) == 0
    assert not packed.opacity.any()
    assert (field.paint(packed, torch.zeros(4, 3), 0.25) == 0.25).all()


@few
@given(seeds, st.lists(st.integers(0, 8), min_size=1, max_size=12), st.integers(1, 9))
def test_rays_taken_from_joined_chunks_are_what_marching_them_again_gives(seed: int, asked: list[int], chunk: int) -> None:
    field, samples, rays = scene(seed=seed), along_rays(seed=seed), torch.tensor(asked)
    samples = Samples(samples.point, samples.distance, samples.step, samples.inside & (torch.arange(9) % 4 > 0)[:, None])
    joined = PackedSamples.join([field.march(some(samples, part)) for part in torch.arange(9).split(chunk)])
    assert len(joined) == 9
    taken, again = joined.take(rays), field.march(some(samples, rays))
    assert torch.equal(taken.ray, again.ray)
    for name in ("point", "weight", "opacity", "distance", "spread"):
        torch.testing.assert_close(getattr(taken, name), getattr(again, name), rtol=1e-6, atol=1e-7)


def student(seed: int = 0, dim: int = 5, scales: int = 3) -> FeatureField:
    field = FeatureField(scene(seed=seed), dim, scales, torch.Generator().manual_seed(seed))
    with torch.no_grad():
        for parameter in field.head.parameters():
            parameter.mul_(3)
    return field


@few
@given(seeds)
def test_mapping_once_a_ray_is_mapping_at_every_place_and_then_rendering(seed: int) -> None:
    field = student(seed)
    packed = field.scene.march(along_rays(seed=seed), threshold=0.0)
    appearance = field.scene.features(packed.point)
    fast = field.features(packed.accumulate(appearance), packed.opacity)
    same_gradients(fast, packed.accumulate(field.head(appearance)), list(field.parameters()))


@few
@given(seeds)
def test_faint_places_are_missed_by_less_than_they_contribute(seed: int) -> None:
    """By default: they count in the opacity, and so with the bias of the head, but not in the rendered appearance."""
    field = student(seed)
    packed = field.scene.march(along_rays(seed=seed))
    appearance = field.scene.features(packed.point)
    apart = field.features(packed.accumulate(appearance), packed.opacity) - packed.accumulate(field.head(appearance))
    faint = packed.opacity - packed.accumulate(torch.ones(len(packed.ray), 1))[:, 0]
    assert (faint <= 11 * FAINT + 1e-6).all()
    assert (apart.abs() <= faint.clamp_min(0)[:, None] * field.mapping()[1].abs() + 1e-5).all()


@few
@given(seeds)
def test_the_selection_volume_is_rendered_and_shared_out(seed: int) -> None:
    field = student(seed)
    packed = field.scene.march(along_rays(seed=seed))
    rendered = torch.zeros(9, 3)
    for ray, place, weight in zip(packed.ray.tolist(), packed.point, packed.weight, strict=True):
        preference = field.choose(slow_products(field.selection, field.scene.place(place[None])))[0]
        rendered[ray] = rendered[ray] + weight / (1 + torch.exp(-preference))
    share = torch.exp(rendered) / torch.exp(rendered).sum(1, keepdim=True)
    same_gradients(field.scales(packed), share, [*field.selection.parameters(), *field.choose.parameters()])


def test_accumulating_adds_up_each_ray() -> None:
    packed = PackedSamples(torch.tensor([0, 0, 2]), torch.zeros(3, 3), torch.tensor([0.5, 0.25, 1.0]), *[torch.zeros(3)] * 3)
    value = torch.tensor([[1.0, 10], [2, 20], [3, 30]])
    assert torch.equal(packed.accumulate(value), torch.tensor([[1.0, 10], [0, 0], [3, 30]]))


@few
@given(st.lists(st.lists(st.floats(0.01, 1), max_size=6), min_size=1, max_size=6), seeds)
def test_the_median_has_half_of_the_weight_before_it(weights: list[list[float]], seed: int) -> None:
    """Ray by ray; of rays without samples it is the cube's centre."""
    ray = torch.tensor([k for k, ray in enumerate(weights) for _ in ray], dtype=torch.long)
    flat = torch.tensor([weight for ray in weights for weight in ray])
    packed = PackedSamples(ray, random(len(ray), 3, seed=seed), flat, *[torch.zeros(len(weights))] * 3)
    for k, (ray_weights, median) in enumerate(zip(weights, packed.median(), strict=True)):
        if not ray_weights:
            assert torch.equal(median, torch.zeros(3))
            continue
        own = packed.point[ray == k]
        before, half, place = ray_weights[0], sum(ray_weights) / 2, 0
        while before < half - 1e-6:
            place += 1
            before += ray_weights[place]
        assert any(torch.equal(median, point) for point in own[place : place + 2]), "or the next, if halves are equal"


# ---------------------------------------------------------------------------------------------------------------- grids


def values(field: TensoRF, point: Tensor) -> Tensor:
    """Density and appearance at places in the cube."""
    with torch.no_grad():
        return torch.cat([field.density.total(field.place(point))[:, None], field.features(point)], 1)


@few
@given(seeds, st.integers(1, 3))
def test_a_grid_that_holds_the_old_one_keeps_all_values(seed: int, finer: int) -> None:
    """At the same size, resizing changes nothing at all."""
    volume = scene(seed=seed).density
    before, point = [tensor.clone() for tensor in volume.parameters()], random(50, 3, seed=seed)
    told = volume(point)
    volume.resize([finer * (side - 1) + 1 for side in volume.grid])
    torch.testing.assert_close(volume(point), told, rtol=1e-4, atol=1e-5)
    if finer == 1:
        assert all(torch.equal(a, b) for a, b in zip(before, volume.parameters(), strict=True))


@few
@given(seeds, st.data())
def test_cropping_keeps_what_is_left(seed: int, data: st.DataObject) -> None:
    volume, low, high = scene(seed=seed).density, [], []
    grid = volume.grid
    for side in grid:
        low.append(data.draw(st.integers(0, side - 2)))
        high.append(data.draw(st.integers(low[-1] + 2, side)))
    start, stop, last = torch.tensor(low), torch.tensor(high), torch.tensor(grid) - 1
    within = (random(20, 3, seed=seed) + 1) / 2
    point = (start + within * (stop - 1 - start)) / last * 2 - 1
    told = volume(point)
    volume.crop(low, high)
    assert volume.grid == tuple((stop - start).tolist())
    torch.testing.assert_close(volume(within * 2 - 1), told, rtol=1e-4, atol=1e-5)


def lump(grid: tuple[int, int, int], centre: Tensor, radius: float) -> TensoRF:
    """Dense near `centre`, empty elsewhere."""
    field = TensoRF(grid, (1, 1, 1), (2, 2, 2), torch.Generator().manual_seed(1), OccupancySettings((48, 256)))
    with torch.no_grad():
        for k, ((a, b), c) in enumerate(zip(PLANES, LINES, strict=True)):
            across, along, up = ((torch.linspace(-1, 1, grid[axis]) - centre[axis]) / radius for axis in (a, b, c))
            field.density.plane[k].copy_((-along[:, None].square() - across.square()).exp()[None, None])
            field.density.line[k].copy_(3 * (-up.square()).exp()[None, None, :, None])
            field.density.plane[k].sub_(0.02)
    return field


@few
@given(st.tuples(*[st.integers(9, 40)] * 3), st.tuples(*[st.floats(-0.6, 0.6)] * 3), st.floats(0.15, 0.4), seeds)
def test_occupancy_misses_nothing_and_cropping_changes_nothing_that_is_left(
    grid: tuple[int, int, int], centre: tuple[float, float, float], radius: float, seed: int
) -> None:
    field, point = lump(grid, torch.tensor(centre), radius), random(4000, 3, seed=seed)
    assert field.is_occupied(point).all()
    told = values(field, point)
    step = 2 / max(grid)
    dense = 1 - torch.exp(-told[:, 0].relu() * step * OPAQUE) > 0.01
    field.update_occupancy()
    assert not field.is_occupied(point).all()
    assert field.is_occupied(point[dense]).all()
    field.crop()
    assert (field.low >= -1).all()
    assert (field.high <= 1 + 1e-6).all()
    assert (field.high - field.low < 2).any()
    assert field.is_occupied(point[dense]).all()
    held = field.is_occupied(point)
    inside = ((point >= field.low) & (point <= field.high)).all(1)
    assert not (held & ~inside).any()
    torch.testing.assert_close(values(field, point[inside]), told[inside], rtol=1e-4, atol=1e-4)


def test_occupancy_is_as_fine_as_the_settings_say() -> None:
    for (least, most), expected in {(4, 40): 20, (30, 40): 30, (4, 12): 12}.items():
        field = TensoRF([20, 8, 9], (1, 1, 1), (2, 2, 2), occupancy=OccupancySettings((least, most)))
        field.update_occupancy()
        assert field.occupied.shape == (expected,) * 3
    all_of_it = TensoRF([6, 6, 6], occupancy=OccupancySettings((8, 8), -1.0))
    torch.nn.init.zeros_(all_of_it.density.line[0])
    all_of_it.update_occupancy()
    assert all_of_it.occupied.all(), "no opacity is less than none"


def test_cropping_an_empty_field_leaves_it_alone() -> None:
    field = scene()
    field.occupied = torch.zeros(4, 4, 4, dtype=torch.bool)
    field.crop()
    assert field.density.grid == (6, 5, 7)
    assert not field.is_occupied(random(10, 3)).any()


@few
@given(st.integers(10**3, 30**3), st.tuples(*[st.floats(0.5, 1.0)] * 3), seeds)
def test_upsampling_keeps_straight_slopes_and_makes_cubic_voxels(
    voxels: int, half: tuple[float, float, float], seed: int
) -> None:
    field, draw = scene(), torch.Generator().manual_seed(seed)
    field.low, field.high = -torch.tensor(half), torch.tensor(half)
    with torch.no_grad():
        for part in (field.density, field.appearance):
            for tensor in part.parameters():
                a, b, c = torch.rand(3, 1, tensor.shape[1], 1, 1, generator=draw)
                y, x = (torch.linspace(-1, 1, side) for side in tensor.shape[2:])
                tensor.copy_(a + b * y[:, None] + (c * x if tensor.shape[3] > 1 else 0))
    point = random(40, 3, seed=seed) * torch.tensor(half)
    told = values(field, point)
    field.upsample(voxels)
    torch.testing.assert_close(values(field, point), told, rtol=1e-4, atol=1e-4)
    sides = torch.tensor(field.density.grid)
    assert field.appearance.grid == field.density.grid
    edge = 2 * torch.tensor(half) / sides
    ideal = (float((2 * torch.tensor(half)).prod()) / voxels) ** (1 / 3)
    for side, length in zip(sides.tolist(), edge.tolist(), strict=True):
        assert side == 8 or math.isclose(length, ideal, rel_tol=0.15)


def test_a_field_is_restored_from_its_tensors() -> None:
    field = lump((20, 18, 16), torch.tensor([0.2, -0.3, 0.1]), 0.3)
    field.update_occupancy()
    field.crop()
    again, point = TensoRF.restore(field.state_dict()), random(200, 3)
    assert again.density.grid == field.density.grid
    assert torch.equal(values(again, point), values(field, point))
    assert torch.equal(again.is_occupied(point), field.is_occupied(point))
    assert not any(parameter.requires_grad for parameter in again.parameters())


def test_the_same_draw_makes_the_same_field() -> None:
    one, other, another = (student(seed).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert not torch.equal(one["scene.density.plane.0"], another["scene.density.plane.0"])
    assert not torch.equal(one["head.0.weight"], another["head.0.weight"])
