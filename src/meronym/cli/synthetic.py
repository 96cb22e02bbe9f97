"""`meronym synthetic`: procedural scenes with labels, and pictures of the things in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import tyro

from meronym.cli.progress import bars


def scenes(
    out: Path,
    seed: int = 0,
    scenes: int | None = None,
    views: int = 30,
    width: int = 400,
    height: int = 300,
    layout: Literal["arc", "around"] = "arc",
    models: Path | None = None,
) -> None:
    """Labelled random scenes in 3D-OVS's layout: named things on a ground, photos with poses, a mask of each class.

        meronym synthetic scenes --out scene/ --seed 3

    Args:
        out: Folder for the scene.
        seed: The same seed gives the same files.
        scenes: Make so many, with seeds from `seed` on, in OUT/scene_00, OUT/scene_01 ...
        views: Number of photos.
        width: Pixels.
        height: Pixels.
        layout: arc: from the front, 35 degrees to either side; around: from all sides.
        models: Folder of glTF files, a thing each, named after their files; up to three take part in a scene.
    """
    from meronym_synthetic import scenes as generator

    files = [] if models is None else generator.model_files(models)
    for index in range(scenes or 1):
        folder = out / f"scene_{index:02d}" if scenes else out
        generator.check_vacant(folder)
        scene = generator.make_scene(seed + index, files)
        cameras = {"arc": generator.arc, "around": generator.around}[layout](scene, views, width, height)
        print(generator.write_scene(scene, *generator.render_scene(scene, cameras), folder))


def gallery(
    kinds: Annotated[list[str], tyro.conf.Positional] = [],  # noqa: B006
    out: Path = Path("gallery.png"),
    seed: int = 0,
    size: int = 200,
) -> None:
    """A picture of kinds of things as the generator makes them, each beside its parts.

        meronym synthetic gallery chair table --out gallery.png

    Args:
        kinds: Names of kinds, such as chair; without any, all of them.
        out: The picture, a PNG.
        seed: The same seed gives the same things.
        size: Pixels along a side of each picture.
    """
    from meronym_synthetic.gallery import save_gallery

    with bars() as progress:
        written = save_gallery(out, kinds, seed=seed, size=size, progress=progress)
    print(written)


Verb = (
    Annotated[None, tyro.conf.subcommand("scenes", constructor=scenes)]
    | Annotated[None, tyro.conf.subcommand("gallery", constructor=gallery)]
)


def synthetic(verb: Annotated[Verb, tyro.conf.arg(name="")]) -> None:
    """Procedural things with labels: scenes to try and measure on, and a gallery of the kinds of things.

    meronym synthetic scenes --out scene/ --seed 3

    meronym synthetic gallery chair table --out gallery.png
    """
