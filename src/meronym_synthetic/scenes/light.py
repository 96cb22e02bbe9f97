"""Renders photos of scenes: sun and sky with soft shadows, highlights, vignetting and sensor noise.

Light comes from a few dozen directions, a patch of sun and the hemisphere of the sky; each has a shadow map. Pictures are
shaded at every half pixel, as the renderer samples them, in linear colour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import grid_sample, normalize

from meronym.core.cameras import orbit
from meronym.render import RenderStyle, TorchRenderer
from meronym.render.shading import Material, prepare, take
from meronym.types import Cameras, Mesh, Views
from meronym_synthetic.scenes import grounds
from meronym_synthetic.scenes.layout import UP, Scene

SUN, SKY = 8, 40
"""Number of directions that sample the sun, and the sky."""
FAR = 40.0
"""Distance of the lights, in radii of what they light."""


@dataclass(frozen=True, eq=False)
class Lights:
    """Directional lights with their shadow maps."""

    direction: Float[Tensor, "l 3"]
    strength: Float[Tensor, "l 3"]
    """Linear colour, of a surface that faces it."""
    pixel_from_world: Float[Tensor, "l 3 4"]
    reach: Float[Tensor, "l s s"]
    """Depth at which it meets a thing; inf = none."""


def render_scene(scene: Scene, cameras: Cameras) -> tuple[Views, Int[np.ndarray, "c h w"]]:
    """Photos of a scene, and the class of each pixel: index into `names`, -1 = none.

    Elements are faces of the scene's mesh.
    """
    mesh = scene.mesh
    bare = Mesh(mesh.vertices, mesh.faces)
    material = prepare(mesh, True, max(cameras.height, cameras.width), torch.device("cpu"))
    lights, layers, solid = _lights(scene, min(448, 2 * cameras.width)), _layers(scene.ground), _solid(scene.seed)
    renderer = TorchRenderer(RenderStyle(smooth=False))
    colours, depths, elements = [], [], []
    for index in range(len(cameras)):
        fine = _doubled(cameras, index)
        seen = renderer(bare, fine)
        radiance = _shade(scene, material, lights, layers, solid, fine, seen)
        colours.append(_develop(radiance, np.random.default_rng([scene.seed, index, 5])))
        depths.append(seen.depth[0, 1::2, 1::2])
        elements.append(seen.element[0, 1::2, 1::2])
    views = Views(cameras, torch.stack(colours), torch.stack(depths), torch.stack(elements))
    label = np.append(scene.label, -1)[views.element.numpy()]
    return views, label


def _doubled(cameras: Cameras, index: int) -> Cameras:
    """One camera with a pixel for every half pixel: pixel centres are the odd ones."""
    finer = torch.tensor([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]], dtype=torch.float64)
    pose, intrinsics = cameras.world_from_camera[index : index + 1], cameras.intrinsics[index : index + 1]
    return Cameras(pose.double(), finer @ intrinsics.double(), 2 * cameras.height + 1, 2 * cameras.width + 1)


# ---------------------------------------------------------------------------------------------------------- light


def _lights(scene: Scene, size: int) -> Lights:
    """Sun and sky with shadow maps of `size` pixels a side."""
    used, faces = np.unique(scene.mesh.faces[: scene.things], return_inverse=True)
    things = Mesh(scene.mesh.vertices[used], faces.reshape(-1, 3))
    points = torch.tensor(things.vertices)
    centre = (points.amin(0) + points.amax(0)) / 2
    radius = float((points - centre).norm(dim=1).max()) * 1.02
    k = torch.arange(SUN, dtype=torch.float64)
    sun = torch.tensor(scene.sun, dtype=torch.float64)
    side = normalize(torch.linalg.cross(sun, UP), dim=0)
    over = torch.linalg.cross(sun, side)
    wide = 0.045 * ((k + 0.5) / SUN).sqrt()[:, None]
    turn = (2.399963 * k)[:, None]
    patch = normalize(sun + wide * (turn.cos() * side + turn.sin() * over), dim=1)
    k = torch.arange(SKY, dtype=torch.float64)
    height = ((k + 0.5) / SKY)[:, None].sqrt()
    flat = (1 - height.square()).sqrt()
    turn = (2.399963 * k)[:, None]
    sky = torch.cat([flat * turn.cos(), height, flat * turn.sin()], 1)
    direction = torch.cat([patch, sky])
    warm, cool = ([1.5, 1.4, 1.22], [0.42, 0.48, 0.58]) if scene.outdoors else ([1.1, 1.02, 0.9], [0.6, 0.6, 0.6])
    strength = torch.tensor([warm] * SUN, dtype=torch.float64) / SUN
    dim = torch.tensor(cool, dtype=torch.float64) / sky[:, 1].sum()
    maps = orbit(direction, UP, centre, FAR * radius, 2 * math.degrees(math.atan(1.03 / FAR)), size)
    depth = TorchRenderer(RenderStyle(smooth=False))(things, maps).depth
    into = torch.linalg.inv(maps.world_from_camera)
    return Lights(direction, torch.cat([strength, dim.expand(SKY, 3)]), maps.intrinsics @ into[:, :3], depth)


def _reached(lights: Lights, light: int, point: Float[Tensor, "k 3"], soft: float) -> Float[Tensor, " k"]:
    """Share of a light that reaches points, 0..1."""
    matrix = lights.pixel_from_world[light]
    x, y, depth = matrix[:, :3] @ point.T + matrix[:, 3:]
    size = lights.reach.shape[-1]
    column, row = (x / depth).floor().long(), (y / depth).floor().long()
    inside = (column >= 0) & (column < size) & (row >= 0) & (row < size)
    place = row.clamp(0, size - 1) * size + column.clamp(0, size - 1)
    behind = depth - take(lights.reach[light].view(-1).double(), place)
    return torch.where(inside, 1 - (behind / soft - 1).clamp(0, 1), 1.0)


def _shade(
    scene: Scene,
    material: Material,
    lights: Lights,
    layers: Float[Tensor, "1 3 d n n"],
    solid: Float[Tensor, "1 1 s s s"],
    camera: Cameras,
    seen: Views,
) -> Float[Tensor, "h w 3"]:
    """Linear colour of every sample."""
    element = seen.element[0].reshape(-1)
    result = torch.zeros(len(element), 3, dtype=torch.float64)
    point, ray = _points(camera, seen)
    wall = torch.tensor(scene.label)[element.clamp(min=0)] < 0
    thing = (element >= 0) & (element < scene.things)
    ground = ((element >= scene.things) & ~wall).nonzero()[:, 0]
    behind, thing = (wall & (element >= 0)).nonzero()[:, 0], thing.nonzero()[:, 0]
    shown = element[behind]
    assert material.corner_colour is not None
    result[behind] = _linear(_corner_mix(scene, material.corner_colour, shown, point[behind])) * 0.9
    spots = point[thing]
    normal, albedo = _surface(scene, material, element[thing], spots, ray[thing], solid)
    gloss = torch.tensor(scene.gloss)[element[thing]]
    result[thing] = _lit(lights, spots, normal, albedo, gloss, ray[thing])
    spots = point[ground]
    focal = float(camera.intrinsics[0, 0, 0])
    distance = (spots - camera.world_from_camera[0, :3, 3]).norm(dim=1)
    albedo = _linear(_ground(layers, spots, distance / focal / ray[ground, 1].abs().clamp(min=0.05).sqrt()))
    up = UP.expand_as(spots)
    result[ground] = _lit(lights, spots, up, albedo, torch.zeros(len(spots), dtype=torch.float64), ray[ground])
    return result.view(*seen.element.shape[1:], 3)


def _points(camera: Cameras, seen: Views) -> tuple[Float[Tensor, "k 3"], Float[Tensor, "k 3"]]:
    """World position of each sample, and the unit direction from the camera to it."""
    y, x = torch.meshgrid(torch.arange(camera.height) + 0.5, torch.arange(camera.width) + 0.5, indexing="ij")
    pixel = torch.stack([x, y, torch.ones_like(x)], -1).view(-1, 3).double()
    ray = pixel @ (camera.world_from_camera[0, :3, :3] @ torch.linalg.inv(camera.intrinsics[0])).T
    depth = seen.depth[0].reshape(-1, 1).double().nan_to_num(posinf=0.0)
    return camera.world_from_camera[0, :3, 3] + ray * depth, normalize(ray, dim=1)


def _lit(
    lights: Lights,
    point: Float[Tensor, "k 3"],
    normal: Float[Tensor, "k 3"],
    albedo: Float[Tensor, "k 3"],
    gloss: Float[Tensor, " k"],
    ray: Float[Tensor, "k 3"],
) -> Float[Tensor, "k 3"]:
    """Diffuse light from everywhere, a highlight of the sun, a little light from the ground."""
    start = point + 0.004 * normal
    bright = torch.zeros_like(point)
    shine = torch.zeros(len(point), dtype=torch.float64)
    for light, (direction, strength) in enumerate(zip(lights.direction, lights.strength, strict=True)):
        facing = (normal @ direction).clamp(min=0)
        reached = _reached(lights, light, start, 0.004 if light < SUN else 0.01)
        bright += (facing * reached)[:, None] * strength
        if light < SUN:
            half = normalize(direction - ray, dim=1)
            shine += reached * (normal * half).sum(1).clamp(min=0) ** 60 / SUN
    bounce = 0.14 * (1 - normal[:, 1:2]) + 0.03
    return albedo * (bright + bounce) + (gloss * shine)[:, None]


# ---------------------------------------------------------------------------------------------------------- surfaces


def _weights(scene: Scene, element: Int[Tensor, " k"], point: Float[Tensor, "k 3"]) -> Float[Tensor, "k 3"]:
    """Barycentric coordinates of points on faces."""
    corner = torch.tensor(scene.mesh.vertices)[torch.tensor(scene.mesh.faces)[element].long()]
    a, b, c = corner.unbind(1)
    whole = torch.linalg.cross(b - a, c - a)
    area = whole.square().sum(1).clamp(min=1e-30)
    wb = (torch.linalg.cross(point - a, c - a) * whole).sum(1) / area
    wc = (torch.linalg.cross(b - a, point - a) * whole).sum(1) / area
    weight = torch.stack([1 - wb - wc, wb, wc], 1).clamp(0, 1)
    return weight / weight.sum(1, keepdim=True)


def _blend(values: Float[Tensor, "3 d f"], element: Int[Tensor, " k"], weight: Float[Tensor, "k 3"]) -> Float[Tensor, "k d"]:
    return torch.einsum("cdk,kc->kd", take(values, element).double(), weight)


def _corner_mix(
    scene: Scene, values: Float[Tensor, "3 d f"], element: Int[Tensor, " k"], point: Float[Tensor, "k 3"]
) -> Float[Tensor, "k d"]:
    return _blend(values, element, _weights(scene, element, point))


def _surface(
    scene: Scene,
    material: Material,
    element: Int[Tensor, " k"],
    point: Float[Tensor, "k 3"],
    ray: Float[Tensor, "k 3"],
    solid: Float[Tensor, "1 1 s s s"],
) -> tuple[Float[Tensor, "k 3"], Float[Tensor, "k 3"]]:
    """Normal, towards the camera, and linear colour of things."""
    weight = _weights(scene, element, point)
    assert material.corner_normal is not None
    assert material.corner_colour is not None
    flat = take(material.face_normal, element).T.double()
    away = torch.where((flat * ray).sum(1, keepdim=True) > 0, -1.0, 1.0)
    normal = normalize(_blend(material.corner_normal, element, weight) * away, dim=1)
    colour = _blend(material.corner_colour, element, weight)
    if material.image_of_face is not None and material.uv is not None:
        image = take(material.image_of_face, element)
        uv = _blend(material.uv, element, weight)
        for index, pixels in enumerate(material.images):
            here = (image == index).nonzero()[:, 0]
            colour[here] *= _texel(pixels, uv[here])
    grain = torch.tensor(scene.grain)[element]
    spots = _lookup(solid, point * 2.5) + 0.4 * _lookup(solid, point * 9.0)
    streaks = _lookup(solid, point * torch.tensor([1.5, 9.0, 9.0]) + 0.02 * spots)
    pattern = (grain * torch.cat([spots, streaks], 1)).sum(1, keepdim=True)
    return normal, _linear(colour) * (1 + pattern).clamp(0.25, 1.8)


def _texel(image: Tensor, uv: Float[Tensor, "k 2"]) -> Float[Tensor, "k 3"]:
    """Bilinear look-up of a texture that repeats; v points up."""
    layer = image.permute(2, 0, 1).double()[None, :, None] / 255
    return _lookup(_wrapped(layer), torch.stack([uv[:, 0], 1 - uv[:, 1], torch.zeros(len(uv))], 1))


def _solid(seed: int, size: int = 48) -> Float[Tensor, "1 1 s s s"]:
    """Noise in space, deviation 1, that repeats every unit."""
    rng = np.random.default_rng([seed, 3])
    frequency = np.fft.fftfreq(size, 1 / size)
    radius = np.sqrt(sum(axis**2 for axis in np.meshgrid(frequency, frequency, frequency, indexing="ij")))
    field = np.fft.ifftn(np.fft.fftn(rng.normal(size=(size,) * 3)) * np.maximum(radius, 3.0) ** -1.2).real
    return _wrapped(torch.tensor(field / field.std())[None, None])


def _layers(texture: Float[np.ndarray, "n n 3"], count: int = 6) -> Float[Tensor, "1 3 d m m"]:
    """The texture and ever more blurred levels of it, for samples ever farther away."""
    sharp = torch.tensor(texture).permute(2, 0, 1)[None]
    size = sharp.shape[-1]
    levels = [sharp]
    for level in range(1, count):
        small = torch.nn.functional.avg_pool2d(sharp, 2**level)
        padded = torch.nn.functional.pad(small, (1, 1, 1, 1), mode="circular")
        large = torch.nn.functional.interpolate(padded, scale_factor=2.0**level, mode="bilinear", align_corners=False)
        levels.append(large[..., 2**level : -(2**level), 2**level : -(2**level)])
    stack = torch.stack(levels, 2)
    assert stack.shape[-1] == size
    return _wrapped(stack, depth=False)


def _ground(
    layers: Float[Tensor, "1 3 d n n"], point: Float[Tensor, "k 3"], footprint: Float[Tensor, " k"]
) -> Float[Tensor, "k 3"]:
    """The ground's sRGB colour; `footprint` is the width of a sample, world units."""
    texel = grounds.TILE / (layers.shape[-1] - 1)
    last = layers.shape[2] - 1
    level = (footprint / texel).clamp(min=1).log2().clamp(max=last) / last
    return _lookup(layers, torch.stack([point[:, 0] / grounds.TILE, point[:, 2] / grounds.TILE, level], 1), wrap=2)


def _wrapped(values: Float[Tensor, "1 c d n m"], depth: bool = True) -> Float[Tensor, "1 c e p q"]:
    """Repeat the first entry of each axis at its end."""
    pad = (0, 1, 0, 1, 0, 1 if depth else 0)
    return torch.nn.functional.pad(values, pad, mode="circular")


def _lookup(values: Float[Tensor, "1 c d n m"], place: Float[Tensor, "k 3"], wrap: int = 3) -> Float[Tensor, "k c"]:
    """Trilinear look-up at (column, row, layer), each 0..1; the first `wrap` of them repeat."""
    place = torch.cat([place[:, :wrap] - place[:, :wrap].floor(), place[:, wrap:]], 1)
    grid = (2 * place - 1).view(1, 1, 1, -1, 3)
    return grid_sample(values, grid, align_corners=True)[0, :, 0, 0].T


# ---------------------------------------------------------------------------------------------------------- pictures


def _linear(colour: Float[Tensor, "k 3"]) -> Float[Tensor, "k 3"]:
    """Linear colour of sRGB."""
    return torch.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055).clamp(min=0) ** 2.4)


def _develop(radiance: Float[Tensor, "s t 3"], rng: np.random.Generator) -> Float[Tensor, "h w 3"]:
    """Samples to a picture: highlights roll off, pixels are means, corners are darker, the sensor is noisy."""
    bright = torch.where(radiance > 0.7, 1 - 0.3 * torch.exp(-(radiance - 0.7) / 0.3), radiance)
    rows = (bright[:-2:2] + 2 * bright[1::2] + bright[2::2]) / 4
    mean = (rows[:, :-2:2] + 2 * rows[:, 1::2] + rows[:, 2::2]) / 4
    height, width = mean.shape[:2]
    y, x = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    mean = mean * (1 - 0.12 * (x.square() + y.square()) / 2)[..., None]
    photo = torch.where(mean <= 0.0031308, 12.92 * mean, 1.055 * mean.clamp(min=1e-9) ** (1 / 2.4) - 0.055)
    return (photo + 0.008 * torch.tensor(rng.normal(size=mean.shape))).clamp(0, 1).float()
