"""Finds the poses of photos or video frames that have none, by structure from motion (COLMAP, through pycolmap)."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout
from PIL import Image, ImageOps

from meronym.core.hashing import sha256_of
from meronym.errors import InputError, MissingExtra
from meronym.io.captures.photos import Header, opened, photo_header
from meronym.io.captures.pose_file import listed
from meronym.io.documents import json_bytes
from meronym.io.files import atomic, make_folder, write_file
from meronym.progress import Progress, silent

_FORMAT = "meronym.registration"
_STATE = "registration.json"
"""Of which photos a folder is the registration, and once that is over, what became of them."""
_SCRATCH = ("database", "numbered", "models", "unfinished")
"""Folders that are needed only until the poses are found."""
_READ_BY_COLMAP = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp")
_LENS = (0x010F, 0x0110, 0x920A, 0xA405)
"""EXIF's tags of maker, model, focal length, and that in terms of 35 mm film."""
_SIDE = 1600
"""Pixels along the longer side at which details are looked for, at the most."""
_FEW = 300
"""A photo with fewer details than this is blurred, dark or plain."""
_SURE = 15
"""Details that two photos have in common from which on they count as matched: COLMAP's own figure."""
_NEAR = (*range(1, 11), *(2**k for k in range(4, 10)))
"""With which of the frames after it a frame of a video is compared."""
_CURE = (
    "Take sharp photos that overlap by two thirds, from many places around the scene (turning on the spot is not enough), "
    "of things that are textured and stand still."
)


class Registration(NamedTuple):
    """Poses that were found."""

    model: Path
    """Folder of a COLMAP model, for `read_capture`."""
    note: str
    """The photos that found no place, and why; empty if there are none."""


def register(folder: Path, work: Path, progress: Progress = silent, exhaustive: int = 200) -> Registration:
    """Find where the photos in `folder` were taken from; `work` is a folder for the files of this alone.

    The photos may differ in size and orientation; those of one size, camera and focal length share a lens. Upright photos are
    in `work`/images. Up to `exhaustive` photos each is compared with each; more are taken for frames of a video, named in their
    order, and compared with their neighbours. Takes minutes to hours. The same photos get the same poses. If it is
    interrupted, the next call goes on; if it is done, the next call with the same photos finds it so.

    Raises: InputError if the photos cannot be used, or fewer than two find a place; MissingExtra without pycolmap.
    """
    photos = listed(folder)
    if len(photos) < 3:
        raise InputError(f"{folder}: {len(photos)} photos (.jpg .png .webp .tif .bmp), at least 3 are needed. Take more.")
    progress("copy photos", 0, len(photos))
    headers = [photo_header(photo) for photo in photos]
    about = {"format": _FORMAT, "photos": {photo.name: sha256_of(photo) for photo in photos}}
    with _alone(work):
        known = _state(work)
        if known.get("photos") == about["photos"] and "note" in known:
            _tidy(work)
            return Registration(work / "sparse" / "0", str(known["note"]))
        try:
            import pycolmap
        except ImportError as error:
            raise MissingExtra("finding the poses of photos", "pycolmap", "poses") from error
        if known.get("photos") != about["photos"]:
            _begin(work, about)
        try:
            names = _copies(photos, headers, work, progress)
        except OSError as error:
            raise InputError(f"{work}: cannot be written: {error.strerror or error}. Choose another place.") from error
        try:
            note = _solve(pycolmap, folder, work, _lenses(work / "images", names), names, progress, exhaustive)
        except InputError:
            _begin(work, None)
            raise
        write_file(work / _STATE, json_bytes({**about, "note": note}))
        _tidy(work)
    return Registration(work / "sparse" / "0", note)


# ---------------------------------------------------------------- the folder


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """Raises: InputError if the folder cannot be made, or another process registers photos in it."""
    lock = make_folder(work) / ".lock"
    try:
        with FileLock(lock, timeout=0):
            yield
    except Timeout as error:
        raise InputError(f"{work}: another process is at work there. Wait for it, or choose another folder.") from error
    except OSError as error:
        raise InputError(f"{work}: cannot be written: {error.strerror or error}. Choose another place.") from error


def _state(work: Path) -> Mapping[str, Any]:
    """What a folder's state file says; empty if there is none.

    Raises: InputError if the folder holds other things than a registration.
    """
    try:
        known = json.loads((work / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        known = None
    if isinstance(known, dict) and known.get("format") == _FORMAT:
        return known
    if any(not entry.name.startswith(".") for entry in work.iterdir()):
        raise InputError(f"{work}: not an empty folder. Choose a new one for the registration.")
    return {}


def _begin(work: Path, about: Mapping[str, Any] | None) -> None:
    """Remove a registration, and say of which photos the next one is."""
    for name in (*_SCRATCH, "images", "sparse"):
        shutil.rmtree(work / name, ignore_errors=True)
    (work / _STATE).unlink(missing_ok=True)
    if about is not None:
        write_file(work / _STATE, json_bytes(about))


def _tidy(work: Path) -> None:
    for name in _SCRATCH:
        shutil.rmtree(work / name, ignore_errors=True)


def _copies(photos: Sequence[Path], headers: Sequence[Header], work: Path, progress: Progress) -> dict[str, str]:
    """Make upright copies in `work`/images; and files in `work`/numbered that COLMAP reads, whatever a photo is called.

    Returns the name of each numbered file's photo.
    """
    images, numbered = make_folder(work / "images"), make_folder(work / "numbered")
    names = {}
    for done, (photo, header) in enumerate(zip(photos, headers, strict=True)):
        progress("copy photos", done, len(photos))
        upright, plain = images / photo.name, photo.suffix.lower() in _READ_BY_COLMAP and "CMYK photos" not in header.kinds
        number = numbered / f"{done:06d}{photo.suffix.lower() if plain else '.jpg'}"
        names[number.name] = photo.name
        if not upright.exists():
            _copy(photo, upright, turn=header.turned)
        if not number.exists():
            _copy(upright, number, convert=not plain)
    progress("copy photos", len(photos), len(photos))
    return names


def _copy(photo: Path, target: Path, turn: bool = False, convert: bool = False) -> None:
    """Link to a photo, or store a copy: with its pixels turned as EXIF says, since COLMAP ignores that, or as a JPEG."""
    if not (turn or convert):
        try:
            os.link(photo.resolve(), target)
            return
        except OSError:
            pass
    with atomic(target) as temporary:
        if not (turn or convert):
            shutil.copyfile(photo, temporary)
            return
        with opened(photo) as image:
            picture = ImageOps.exif_transpose(image) if turn else image
            exif = picture.getexif()
            (picture.convert("RGB") if convert else picture).save(temporary, quality=95, exif=exif)


def _lenses(images: Path, names: Mapping[str, str]) -> list[list[str]]:
    """The numbered files in groups that were taken through one lens: of one size, camera and focal length."""
    groups = dict[tuple[object, ...], list[str]]()
    for number, name in names.items():
        with opened(images / name) as image:
            exif = image.getexif()
            tags = {**exif, **exif.get_ifd(Image.ExifTags.IFD.Exif)}  # type: ignore[attr-defined]
            lens = (photo_header(images / name).upright, *(str(tags.get(tag)) for tag in _LENS))
        groups.setdefault(lens, []).append(number)
    return list(groups.values())


# ---------------------------------------------------------------- COLMAP


def _solve(
    pycolmap: Any, folder: Path, work: Path, lenses: Sequence[Sequence[str]], names: Mapping[str, str], progress: Progress,
    exhaustive: int,
) -> str:  # fmt: skip
    """Find the poses and write the largest model into `work`/sparse/0; returns a note on the photos without a place.

    Details and matches are those in the database of an interrupted run, as far as it went. One seed, and one thread where the
    order of sums matters, make it reproducible.
    """
    database = make_folder(work / "database") / "colmap.db"
    level, pycolmap.logging.minloglevel = pycolmap.logging.minloglevel, 3
    try:
        _find_details(pycolmap, database, work / "numbered", lenses, progress)
        _match(pycolmap, database, sorted(names), progress, exhaustive)
        best = _find_poses(pycolmap, database, work, len(names), progress)
        placed = set() if best is None else {image.name for image in best.images.values() if image.has_pose}
        reasons = _reasons(pycolmap, database, names, placed)
        if best is None or len(placed) < 2:
            raise InputError(f"{folder}: of {len(names)} photos none found its place beside the others. {reasons} {_CURE}")
        for image in best.images.values():
            image.name = names[image.name]
        best.write(str(make_folder(work / "unfinished" / "0")))
        shutil.rmtree(work / "sparse", ignore_errors=True)
        os.replace(work / "unfinished", work / "sparse")
    except (RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{folder}: the registration of {len(names)} photos failed: {str(error)[:200]}. {_CURE}") from error
    finally:
        pycolmap.logging.minloglevel = level
    lost = len(names) - len(placed)
    return f"{lost} of {len(names)} photos found no place beside the others. {reasons} {_CURE}" if lost else ""


def _find_details(pycolmap: Any, database: Path, photos: Path, lenses: Sequence[Sequence[str]], progress: Progress) -> None:
    names = [name for group in lenses for name in group]
    with pycolmap.Database.open(str(database)) as known:
        found = known.num_images()
    if found not in (0, len(names)):  # interrupted while it was filled
        database.unlink()
        with pycolmap.Database.open(str(database)):
            found = 0
    if not found:
        for group in lenses:
            one = pycolmap.CameraMode.SINGLE
            pycolmap.import_images(str(database), str(photos), camera_mode=one, image_names=group)
    options = pycolmap.FeatureExtractionOptions()
    options.max_image_size, options.num_threads = _SIDE, min(8, os.cpu_count() or 1)
    for done in range(0, len(names), options.num_threads):
        progress("find details", done, len(names))
        some = names[done : done + options.num_threads]
        pycolmap.extract_features(str(database), str(photos), image_names=some, extraction_options=options)
    progress("find details", len(names), len(names))


def _match(pycolmap: Any, database: Path, names: Sequence[str], progress: Progress, exhaustive: int) -> None:
    pairs, verification = pycolmap.ImportedPairingOptions(), pycolmap.TwoViewGeometryOptions()
    pairs.match_list_path = str(database.with_name("pairs.txt"))
    verification.ransac.random_seed = 0
    for done, name in enumerate(names):
        progress("match photos", done, len(names))
        near = range(1, done + 1) if len(names) <= exhaustive else _NEAR
        before = [names[done - step] for step in near if step <= done]
        Path(pairs.match_list_path).write_text("".join(f"{name} {other}\n" for other in before))
        if before:
            pycolmap.match_image_pairs(str(database), pairing_options=pairs, verification_options=verification)
    progress("match photos", len(names), len(names))


def _find_poses(pycolmap: Any, database: Path, work: Path, count: int, progress: Progress) -> Any:
    """The largest reconstruction, or None."""
    options = pycolmap.IncrementalPipelineOptions()
    options.num_threads = options.mapper.num_threads = 1
    options.random_seed = options.mapper.random_seed = options.triangulation.random_seed = 0
    placed = [0]

    def tell() -> None:
        placed[0] += 1
        progress("find poses", min(placed[0], count), count)

    progress("find poses", 0, count)
    shutil.rmtree(work / "models", ignore_errors=True)
    found = pycolmap.incremental_mapping(
        str(database), str(work / "numbered"), str(make_folder(work / "models")), options=options,
        initial_image_pair_callback=tell, next_image_callback=tell,
    )  # fmt: skip
    progress("find poses", count, count)
    return max(found.values(), key=lambda model: model.num_reg_images(), default=None)


def _reasons(pycolmap: Any, database: Path, names: Mapping[str, str], placed: set[str]) -> str:
    """Why photos are not placed: too few details, nothing in common with any other, or not enough."""
    with pycolmap.Database.open(str(database)) as known:
        images = known.read_all_images()
        number = {image.image_id: image.name for image in images}
        details = {image.name: known.num_keypoints_for_image(image.image_id) for image in images}
        ids, common = known.read_two_view_geometry_num_inliers()
    matched = {
        number[image]
        for pair, count in zip(ids, common, strict=True)
        if count >= _SURE
        for image in pycolmap.pair_id_to_image_pair(pair)
    }
    lost = [name for name in sorted(names) if name not in placed]
    plain = [name for name in lost if details.get(name, 0) < _FEW]
    alone = [name for name in lost if name not in matched and name not in plain]
    weak = [name for name in lost if name in matched and name not in plain]
    kinds = (
        (plain, "with hardly any detail (blurred, dark, or of plain surfaces)"),
        (alone, "that show nothing that another photo shows"),
        (weak, "that share too little with the others, or were taken from the same place"),
    )
    return " ".join(f"{len(some)} {kind}: {_first(some, names)}." for some, kind in kinds if some)


def _first(numbers: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(names[number] for number in numbers[:5]) + (", ..." if len(numbers) > 5 else "")
