"""`meronym segment`: the parts of a shape, or what is in a folder of photos."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from meronym.cli.arguments import Device, Settings, check_input, holds_photos, read_settings, refuse
from meronym.cli.progress import bars
from meronym.cli.tables import about_shape, print_parts, print_summary, print_things, say_losses, say_words
from meronym.core.directions import Up
from meronym.core.prompts import check_prompts

if TYPE_CHECKING:
    from meronym.results import Segmentation

VIEWS, SIZE = 10, 200


def segment(
    input: Annotated[Path, tyro.conf.Positional],
    prompts: list[str] = [],  # noqa: B006
    category: str | None = None,
    method: str | None = None,
    student: Path | None = None,
    teacher: str = "builtin",
    views: int = VIEWS,
    seed: int = 0,
    up: Up | None = None,
    repair: bool = False,
    preview: bool = False,
    capped: bool = False,
    size: int = SIZE,
    film: Literal["gif", "mp4"] | None = None,
    mesh: bool = False,
    settings: Settings = [],  # noqa: B006
    device: Device = "auto",
    out: Path | None = None,
) -> None:
    """Name the parts of a mesh, point cloud or Gaussians, or what is in a folder of photos.

    A word gets what is recognised as it, be it alone or among others, and what is none of the words stays unnamed. A word that
    the teacher did not learn is said to be so. Without words to hand, begin with `meronym propose`.

    Of a shape, leaves in OUT: parts.glb (the input with its textures and hierarchy, one named node per instance of a part:
    leg_1, leg_2 ...), parts.ply (labels and scores), parts.json (shares, scores, instances and how the answer came to be),
    result.npz (for meronym.load and `meronym query`) and, with --preview, preview.png. Of Gaussians, parts.ply is the input
    with a label for each, and objects/ has a PLY of Gaussians for each word.

        meronym segment chair.glb --prompts seat backrest leg armrest --category chair --preview
        meronym segment truck.glb --prompts wheel

    Or one file, by its ending: GLB, VRM, PLY, OBJ, 3MF (an object and a colour for each part, to be printed), USD (.usdz .usda
    .usdc; a subset of faces for each part, with semantic labels), URDF (a link and an .stl for each part), NPZ or JSON.

        meronym segment chair.glb --prompts seat leg --out chair.3mf --capped

    Of photos: contact_sheet.png (look there first), photos/, labels/, colours/, rendered/ and relevancy/ (a PNG for every
    photo), points.ply, objects/ (a PLY for each word), coco.json, scene.json, result.npz, features.safetensors (for `meronym
    query`), and kept/, from which a later run with other words goes on.

        meronym segment kitchen/ --prompts kettle mug "wooden table" --film gif

    Args:
        input: A mesh (.glb .gltf .vrm .obj .ply .stl .off .3mf .dae .usd .usda .usdc .usdz .step .stp .iges .igs), points (.ply
            .xyz .pts .asc .txt .csv .xyzrgb .npz .npy .las .laz .e57 .pcd), Gaussians (.ply .splat .spz, or the folder that
            3DGS wrote), or one of them with its files in a .zip or .zae file. Or a folder of photos with poses: COLMAP,
            transforms.json, LLFF, 3D-OVS; without poses they are found, if pycolmap is installed.
        prompts: The words, one part or thing each; `meronym words` lists those that are known. For photos, those in
            segmentations/classes.txt if none are given.
        category: What the whole shape is called; helps the teacher. Guessed from pictures and words if not given. Gaussians
            with the cameras of their photos are taken for a scene if not given.
        method: How views become labels. Shapes: recognise (default; words are matched with segments, beside everything else
            that could be there), lift, vote, part-distill, pointclip, pointclip-v2, satr, openscene, part-slip. Photos: 3d-ovs
            (default), ffd, lerf, teacher-alone, and those of shapes.
        student: A file that `meronym pretrain` wrote; no teacher is needed, and its prompts are used unless others are given.
        teacher: A built-in or installed teacher such as builtin, tipsv2, clip or owlv2; a detector with SAM such as
            grounding-dino+sam; or "module:attribute".
        views: Number of pictures of a shape that the teacher gets.
        seed: Turns the ring of views; the same seed gives the same answer.
        up: The shape's up axis; guessed if the format does not say.
        repair: Drop broken faces and vertices of a shape instead of refusing the file.
        preview: Also write preview.png, the shape beside its labels from four sides.
        capped: Close the surface of each part, so that it can be printed; of OUT.3mf only.
        size: Pixels along the longer side of a photo, as the field sees it.
        film: Also write a flight through the scene, its labels beside it.
        mesh: Also write the scene's surface, scene.glb, one named node per thing.
        settings: Of the method or the teacher, such as part-distill.targets=votes, 3d-ovs.preset=paper or clip.tokens=400;
            of photos also reconstruction.preset=fast.
        device: Where to compute; auto takes a GPU where there is one.
        out: Folder for the results, or one file of a shape's [default: <input>_parts in the current folder].
    """
    check_input(input)
    photos = holds_photos(input)
    of_shapes = {
        "category": category is not None, "student": student is not None, "views": views != VIEWS, "up": up is not None,
        "repair": repair, "preview": preview, "capped": capped,
    }  # fmt: skip
    of_photos = {"size": size != SIZE, "film": film is not None, "mesh": mesh}
    refuse("photos" if photos else "shapes", of_shapes if photos else of_photos)
    words = check_prompts(prompts) if prompts or not (photos or student) else None
    chosen, folder = read_settings(settings), out or Path(f"{input.resolve().stem}_parts")
    if photos:
        _segment_photos(
            input, words, folder, method=method, teacher=teacher, size=size, seed=seed, film=film, mesh=mesh,
            settings=chosen, device=device,
        )  # fmt: skip
        return
    from meronym import api
    from meronym.io.shapes.read import read_shape

    prepare(folder, input, capped)
    with bars() as progress:
        progress("read")
        shape = read_shape(input, repair=repair)
        result = api.segment(
            shape, words, category=category, method=method, student=student, teacher=teacher, views=views, seed=seed, up=up,
            settings=chosen, device=device, progress=progress,
        )  # fmt: skip
        progress("write")
        written = save(result, folder, preview, capped)
    print_parts(result)
    print_summary(result, about_shape(result))
    say_losses(result)
    say_words(result)
    if capped:
        _say_open(result)
    print(*written, sep="\n")


def prepare(out: Path, source: Path, capped: bool = False) -> None:
    """Make the folder for a shape's results, unless `out` has the ending of a file.

    Raises: InputError if it cannot be made, if no results are written to such a file, or if it is the `source`.
    """
    from meronym.io.files import check_target, make_folder
    from meronym.io.shapes.write import check_ending

    if capped or _is_file(out):
        check_ending(out, capped)
        check_target(out, source)
    else:
        make_folder(out)


def save(result: Segmentation, out: Path, preview: bool, capped: bool = False) -> list[Path]:
    """Write a shape's result, and the preview if it is wanted; the files."""
    from meronym.io.pictures import save_preview

    result.save(out, capped=capped)
    if not _is_file(out):
        return [*written_files(out), *([save_preview(result, out / "preview.png")] if preview else [])]
    return [out, *([save_preview(result, out.with_name(f"{out.stem}_preview.png"))] if preview else [])]


def _is_file(out: Path) -> bool:
    """Whether a name for results has the ending of a 3D file, so that no folder is meant."""
    from meronym.io.shapes import read, write

    return not out.is_dir() and out.suffix.lower() in (*read.ENDINGS, *write.ENDINGS)


def _say_open(result: Segmentation) -> None:
    """Name the parts that are no solids although they were to be closed."""
    from rich.console import Console

    from meronym.io.shapes.solids import not_closed

    names, count = not_closed(result)
    if names:
        listed = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
        note = f"Note: {len(names)} of {count} parts are no solids ({listed}): they are flat, or their surface branches."
        Console(stderr=True).print(note, markup=False)


def written_files(folder: Path) -> list[Path]:
    """The files of a shape's result."""
    from meronym.io.shapes.write import FOLDER, OBJECTS

    return [*(folder / name for name in FOLDER if (folder / name).exists()), *sorted((folder / OBJECTS).glob("*.ply"))]


# ---------------------------------------------------------------- photos


def _segment_photos(
    folder: Path,
    words: tuple[str, ...] | None,
    out: Path,
    *,
    method: str | None,
    teacher: str,
    size: int,
    seed: int,
    film: str | None,
    mesh: bool,
    settings: dict[str, object],
    device: Device,
) -> None:
    """Name what is in photos and leave all files in `out`."""
    from rich.console import Console

    from meronym.io.captures.read import advice, read_capture
    from meronym.io.captures.write import check_folder
    from meronym.scenes import pipeline

    check_folder(out, folder)
    film_file = None if film is None else out / f"flight.{film}"
    mesh_file = out / "scene.glb" if mesh else None
    chosen, say = method or pipeline.DEFAULT_METHOD, Console(stderr=True)
    with bars() as progress:
        progress("load")
        if (photos := _without_poses(folder)) is not None:
            from meronym.io.captures.sfm import register

            pipeline.prepare(words, chosen, settings, teacher, size=size, film=film_file, mesh=mesh_file, device=device)
            found = register(photos, out / "sfm", progress)
            if found.note:
                say.print(f"Note: {found.note}", markup=False, soft_wrap=True)
            folder = out / "sfm"
        capture = read_capture(folder)
        for said in advice(capture):
            say.print(f"Note: {said}", markup=False, soft_wrap=True)
        result = pipeline.segment(
            capture, words, method=chosen, teacher=teacher, size=size, seed=seed, cache=out / "kept", film=film_file,
            mesh=mesh_file, settings=settings, device=device, progress=progress,
        )  # fmt: skip
        progress("write")
        result.save(out)
    if (reason := result.record.input.get(pipeline.NO_MESH)) is not None:
        say.print(f"Note: {reason}", markup=False, soft_wrap=True)
        mesh_file = None
    print_things(result)
    quality = ", ".join(f"{value:.1f} dB on {name}" for name, value in result.record.psnr.items())
    print_summary(result, f"Reconstruction: {quality}.")
    say_words(result)
    features = [] if result.features is None else ["features.safetensors"]
    made = [out / name for name in ("contact_sheet.png", "points.ply", "coco.json", "scene.json", *features)]
    print(*made, *(file for file in (film_file, mesh_file) if file is not None), sep="\n")


def _without_poses(folder: Path) -> Path | None:
    """The folder of the photos, if there are photos and no poses."""
    from meronym.io.captures.pose_file import listed
    from meronym.io.captures.read import is_capture

    photos = next((place for place in (folder, folder / "images") if listed(place)), None)
    return None if photos is None or is_capture(folder) else photos
