"""What a step of 3D-OVS costs beside the straightforward one; a scene from photos to labels; a query.

    meronym synthetic scenes --out SCENE --seed 0 --views 20 --width 400 --height 300
    python -m benchmarks.scene_speed --data SCENE --cache build/scenes

step      the straightforward step marches every ray, maps features at every place to the teacher's full width, and runs
          DINOv2 on the photos of its patches; ours keeps what does not change and maps once a ray. Same losses to 1e-4.
scene     from photos to labels, everything computed anew: 3D-OVS, and the training-free lift
query     a new word on 100,000 points, without the text encoder's own time
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from meronym.io.captures.read import read_capture
from meronym.lifting import losses
from meronym.methods.scene_evidence import TOKENS, SceneEvidence, scene_of
from meronym.methods.three_d_ovs import OVS3D, Batch, Batches, step_loss
from meronym.radiance import rays
from meronym.radiance.rendered import LEAST_WEIGHT
from meronym.radiance.tensorf import samples_per_ray
from meronym.results import PointFeatures
from meronym.scenes import pipeline
from meronym.scenes.observation import CaptureSettings, Photos, observe
from meronym.scenes.query import query
from meronym.students.feature_field import FeatureField
from meronym.teachers.checked import CheckedTeacher, load_teacher


def straightforward(field: FeatureField, scene: SceneEvidence, settings: OVS3D, batch: Batch) -> Float[Tensor, ""]:
    """The losses of a step without any of our savings."""
    origin, direction = (part[batch.ray] for part in rays.all_rays(scene.photos.cameras))
    middle = torch.full((len(batch.ray), 1), 0.5)
    samples = scene.field.march(scene.space.sample(origin, direction, samples_per_ray(scene.field), middle), LEAST_WEIGHT)
    basis, count = scene.pyramid.basis, settings.rays
    faint = samples.opacity - samples.accumulate(torch.ones(len(samples.ray), 1))[:, 0]
    rendered = samples.accumulate(field.head(field.scene.features(samples.point)) @ basis)
    rendered = rendered + faint[:, None] * (field.mapping()[1] @ basis)
    preference = torch.sigmoid(field.choose(field.selection(field.scene.place(samples.point))))
    selection = samples.accumulate(preference)[:count].softmax(1)
    loss = losses.feature_loss(rendered[:count], (selection[:, :, None] * (batch.feature @ basis)).sum(1))
    words = scene.text @ basis.T @ basis
    logits = functional.normalize(rendered[:count], dim=1) @ words.T / scene.contrast
    loss = loss + settings.align * losses.rda_loss(settings.sharp * logits, settings.sharp * batch.relevancy, selection)
    height, width = scene.photos.colour.shape[1:3]
    likeness = []
    for patch in batch.ray[count:].reshape(settings.patches, -1):
        view, row, column = patch // (height * width), patch // width % height, patch % width
        photo = scene.sharp.colour[int(view[0])]
        looks = functional.normalize(scene.encode(photo, TOKENS), dim=-1).permute(2, 0, 1)[None]
        place = (torch.stack([column, row], 1) + 0.5) / torch.tensor([width, height]) * 2 - 1
        likeness.append(functional.grid_sample(looks, place[None, None], align_corners=False, padding_mode="border")[0, :, 0].T)
    patches = functional.normalize(rendered[count:], dim=1).reshape(settings.patches, -1, rendered.shape[1])
    attract, repel = losses.fda_loss(patches @ words.T / scene.contrast, torch.stack(likeness), settings.shift)
    return loss + settings.attract * attract + (settings.repel or 0.0) * repel


def fastest(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the quickest of some runs, the first left out."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def step(scene: SceneEvidence) -> None:
    """Both steps on the same batches: forward and backward."""
    settings = OVS3D(repel=0.2)
    draw = torch.Generator().manual_seed(0)
    field = FeatureField(scene.copy_field(), scene.pyramid.grid.shape[-1], scene.pyramid.grid.shape[1], draw)
    for parameter in field.scene.parameters():
        parameter.requires_grad_(False)
    batches = Batches(scene, settings, draw)
    batch = batches.draw()
    ours, theirs = step_loss(field, scene, settings, batch, joint=False), straightforward(field, scene, settings, batch)
    print(f"losses: ours {float(ours.detach()):.6f}, straightforward {float(theirs.detach()):.6f}")
    if abs(float((ours - theirs).detach())) > 1e-4 * max(1.0, abs(float(theirs.detach()))):
        raise SystemExit("the losses differ")
    quick = fastest(lambda: step_loss(field, scene, settings, batches.draw(), joint=False).backward())
    plain = fastest(lambda: straightforward(field, scene, settings, batches.draw()).backward())
    rays_each = settings.rays + settings.patches * settings.side**2
    print(
        f"a step of {rays_each} rays: ours {1000 * quick:.0f} ms, straightforward {1000 * plain:.0f} ms: {plain / quick:.1f} x"
    )


def whole(data: Path) -> None:
    """Photos to labels with nothing kept, by both methods."""
    capture = read_capture(data)
    for method in ("lift", "3d-ovs"):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            result = pipeline.segment(capture, method=method, cache=Path(folder))
            print(f"{method}: {len(capture)} photos to labels in {time.perf_counter() - start:.0f} s: {result.record.seconds}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"peak memory {peak:.1f} GB")


def asking() -> None:
    """A new word on 100,000 points with features of a field."""
    draw = np.random.default_rng(0)
    features = PointFeatures(draw.normal(size=(100_000, 28)).astype(np.float32), draw.normal(size=(28, 384)).astype(np.float32))
    word = draw.normal(size=(1, 384)).astype(np.float32)
    print(f"query of a word on 100,000 points: {1000 * fastest(lambda: query(features, word)):.0f} ms")


def main() -> None:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--parts", nargs="*", default=["step", "scene", "query"])
    arguments = parser.parse_args()
    if "step" in arguments.parts:
        capture = read_capture(arguments.data)
        shot = Photos.of(capture, CaptureSettings(), torch.device("cpu"))
        teacher = CheckedTeacher(load_teacher("builtin"))
        step(scene_of(observe(capture, shot, capture.names, teacher, cache_folder=arguments.cache), "step"))
    if "scene" in arguments.parts:
        whole(arguments.data)
    if "query" in arguments.parts:
        asking()


if __name__ == "__main__":
    main()
