"""`meronym pretrain`: one student for a folder of shapes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import tyro

from meronym.cli.arguments import Device, Settings, check_input_folder, read_settings
from meronym.cli.progress import bars
from meronym.core.prompts import check_prompts


def pretrain(
    folder: Annotated[Path, tyro.conf.Positional],
    prompts: list[str],
    category: str | None = None,
    teacher: str = "builtin",
    backbone: str | None = None,
    open: bool = False,
    labelled: Path | None = None,
    views: int = 10,
    epochs: int = 25,
    seed: int = 0,
    settings: Settings = [],  # noqa: B006
    device: Device = "auto",
    out: Path | None = None,
) -> None:
    """Align one student to a folder of unlabelled shapes; it then names parts without a teacher.

    Leaves OUT/student.safetensors. An interrupted run goes on where it was when it is started again.

        meronym pretrain chairs/ --prompts seat backrest leg armrest --category chair
        meronym segment new_chair.glb --student chairs_student/student.safetensors

    Args:
        folder: Meshes and point clouds of one kind of thing, at any depth.
        prompts: The words, one part each.
        category: What the things are called; helps the teacher.
        teacher: A built-in or installed teacher such as builtin, clip or owlv2; a detector with SAM such as
            grounding-dino+sam; or "module:attribute".
        backbone: Features that the student learns from: lifted (of images), geometry (no pictures: quick), or
            point-m2ae (needs its checkpoint) [default: lifted].
        open: Tie the student to a sentence encoder, so that it answers other words later.
        labelled: A few shapes with labels beside them (<name>.labels.npy, one index into the prompts per face), to be mixed in.
        views: Number of pictures of a shape that the teacher gets.
        epochs: How long to train.
        seed: The same seed gives the same student.
        settings: Of the training, the student or the teacher, such as part-distill.targets=votes or clip.tokens=400.
        device: Where to compute; auto takes a GPU where there is one.
        out: Folder for the student [default: <folder>_student].
    """
    check_input_folder(folder)
    if labelled is not None:
        check_input_folder(labelled)
    words, chosen = check_prompts(prompts), read_settings(settings)
    from meronym import api

    with bars() as progress:
        student = api.pretrain(
            folder, words, out, category=category, teacher=teacher, backbone=backbone, open_words=open, labelled=labelled,
            views=views, epochs=epochs, seed=seed, settings=chosen, device=device, progress=progress,
        )  # fmt: skip
    print(student)
