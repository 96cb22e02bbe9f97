"""`meronym evaluate`: methods side by side on labelled shapes or scenes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import tyro

from meronym.cli.arguments import Device, Settings, check_input, check_input_folder, read_settings, refuse
from meronym.cli.progress import bars
from meronym.core.prompts import check_prompts

SPLIT, VIEWS, SIZE = "test", 10, 200


def evaluate(
    dataset: Annotated[
        Literal["labelled-psb", "shapenetpart", "partnete", "coseg", "named-gltf", "folder", "3d-ovs", "lerf-ovs"],
        tyro.conf.Positional,
    ],
    data: Path,
    out: Path,
    methods: str = "recognise",
    teacher: str = "builtin",
    protocol: str | None = None,
    names: Path | None = None,
    categories: list[str] | None = None,
    prompts: list[str] = [],  # noqa: B006
    category: str = "",
    split: str = SPLIT,
    limit: int | None = None,
    views: int = VIEWS,
    size: int = SIZE,
    words: bool = True,
    settings: Settings = [],  # noqa: B006
    device: Device = "auto",
) -> None:
    """Measure methods side by side on shapes or scenes with labels. The labels reach the metrics only.

    Leaves in OUT: table.md, report.json (per category and shape, floors, protocol, failures, seconds, commit) and plot.png.

        meronym evaluate labelled-psb --data psb/ --names names.json --methods lift,vote,part-distill --out results/

    Args:
        dataset: labelled-psb: <Category>/<id>.npz; shapenetpart: the published text files and split lists; partnete: PartSLIP's
            layout; coseg: shapes/*.off and gt/*.seg; named-gltf: glTF whose nodes name the parts; folder: labels beside shapes;
            3d-ovs: scenes with segmentations/, as `meronym synthetic scenes` makes; lerf-ovs: scenes and label/<scene>/*.json.
        data: The folder that holds it.
        out: Folder for the results.
        methods: Names with commas between: recognise, lift, vote, part-distill, part-distill-pre (learns from all shapes of a
            category, without labels), pointclip, pointclip-v2, satr, openscene, part-slip; of scenes 3d-ovs, ffd, lerf,
            teacher-alone and those of shapes.
        teacher: A built-in or installed teacher such as builtin, clip or owlv2; a detector with SAM such as
            grounding-dino+sam; or "module:attribute".
        protocol: Averaging convention [default: the dataset's published one].
        names: JSON that maps a category's raw labels to plain English (labelled-psb, coseg).
        categories: Only these.
        prompts: The words that the labels index (folder).
        category: What the things are called (folder).
        split: Which of the published lists (shapenetpart, partnete).
        limit: At most so many shapes of a category.
        views: Number of pictures of a shape that the teacher gets.
        size: Pixels along the longer side of a photo, as the field gets it (scenes).
        words: Ask also for each word alone, and for words that name nothing of the shape (methods that train nothing); it takes
            some twenty answers more for each shape.
        settings: Of the methods or the teacher, such as part-distill.targets=votes or clip.tokens=400; of scenes also
            reconstruction.preset=fast.
        device: Where to compute; auto takes a GPU where there is one.
    """
    chosen = read_settings(settings)
    check_input_folder(data)
    if names is not None:
        check_input(names)
    if dataset in ("3d-ovs", "lerf-ovs"):
        of_shapes = {
            "protocol": protocol is not None, "names": names is not None, "categories": categories is not None,
            "prompts": bool(prompts), "category": bool(category), "split": split != SPLIT, "limit": limit is not None,
            "views": views != VIEWS, "no-words": not words,
        }  # fmt: skip
        refuse("scenes", of_shapes)
    said = check_prompts(prompts) if prompts else ()
    from meronym.evaluation.datasets import PROTOCOL_OF, open_dataset
    from meronym.evaluation.report import plot, save_report, table
    from meronym.evaluation.runner import evaluate as measure
    from meronym.io.files import make_folder

    source = open_dataset(
        dataset, data, names=names, categories=categories, limit=limit, split=split, prompts=said, category=category
    )
    make_folder(out)
    with bars() as progress:
        report = measure(
            source, methods=methods.split(","), teacher=teacher, views=views, size=size, cache=out / "kept",
            protocol=protocol or PROTOCOL_OF[dataset], settings=chosen, words=words, device=device,
            progress=progress,
        ).report  # fmt: skip
    text = table(report)
    print(text)
    print(*save_report(out, report, text), plot(report, out / "plot.png"), sep="\n")
