"""Tables of results on standard output, and on standard error what is to be said of words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meronym.results import Segmentation


def print_parts(result: Segmentation) -> None:
    """The parts of a shape."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from meronym.core.geometry import element_areas

    table = Table("part", "instances", "share of area", "mean score", "seen", "inferred")
    area = element_areas(result.shape)
    for index, name in enumerate([*result.prompts, "none of these"]):
        named = index < len(result.prompts)
        own = result.label == (index if named else -1)
        share = float(area[own].sum())
        if share == 0:
            table.add_row(escape(name), "", "0.0 %", "", "", "")
            continue
        score = result.score[own, index] if named else 1 - result.score[own].sum(1)
        seen = float(area[own & result.seen].sum()) / share
        mean = float((score * area[own]).sum()) / share
        count = str(len(result.named_instances(name))) if named else ""
        table.add_row(escape(name), count, f"{share:.1%}", f"{mean:.2f}", f"{seen:.0%}", f"{1 - seen:.0%}")
    Console().print(table)


def print_things(result: Segmentation) -> None:
    """What is in a captured scene."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    assert result.views is not None
    table = Table("thing", "share of pixels", "share of points", "mean score")
    shares = result.views.shares(len(result.prompts))
    for index, name in enumerate([*result.prompts, "none of these"]):
        number = index if index < len(result.prompts) else -1
        pixels, points = shares[number + 1], (result.label == number).mean()
        score = "" if number < 0 or not points else f"{result.score[result.label == number, index].mean():.2f}"
        table.add_row(escape(name), f"{pixels:.1%}", f"{points:.1%}", score)
    Console().print(table)


def about_shape(result: Segmentation) -> str:
    """A sentence on how a shape stands, one on what of it is left out, and one if it was taken for a scene."""
    floaters = result.record.input.get("floaters", 0)
    left_out = f" {floaters} of {len(result.label)} Gaussians are floaters: faint or stray, and not named." if floaters else ""
    scene = " Taken for a scene, as it has the cameras of its photos; if it is one thing, give its --category."
    return f"Up axis {result.record.settings['up']}.{left_out}{scene if result.record.settings.get('scene') else ''}"


def print_summary(result: Segmentation, sentence: str) -> None:
    """Below a table: a sentence on the kind of thing, device and seconds."""
    from rich.console import Console

    record = result.record
    Console().print(
        f"{sentence} Device {record.settings['device']}. Seconds: {sum(record.seconds.values()):.1f}.",
        soft_wrap=True, markup=False,
    )  # fmt: skip


def say_losses(result: Segmentation) -> None:
    """A line on what the file of a shape holds, or names, and what was not read of it or cannot be written again."""
    lost = {kind: count for kind, count in result.shape.report.items() if kind.endswith("left_out") or kind == "missing_files"}
    if lost:
        listed = ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in lost.items())
        print(f"Note: not read of the file: {listed}.", file=sys.stderr)
    for kind, count in result.shape.report.items():
        if " " in kind:
            print(f"Note: {kind} ({count}).", file=sys.stderr)


def say_words(result: Segmentation) -> None:
    """A line for each word that the teacher did not learn, and for each that names nothing here."""
    for prompt, count in result.counts().items():
        known = result.record.words.get(prompt)
        if known is not None and not known["known"]:
            near = ", ".join(known["nearest"]) or "none"
            outcome = "Where it is named here is a guess" if count else "It names nothing here"
            print(
                f"{prompt!r} is not a word that {_teacher(result)} learned; nearest: {near}. {outcome} (use --teacher clip for "
                "open words).",
                file=sys.stderr,
            )
        elif count == 0:
            print(f"{prompt!r}: nothing here is recognised as one.", file=sys.stderr)


def _teacher(result: Segmentation) -> str:
    name = (result.record.teacher or {}).get("name")
    return "the built-in teacher" if name == "builtin" else f"the teacher {name}"
