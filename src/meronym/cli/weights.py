"""`meronym weights`: the pretrained weights that teachers use."""

from __future__ import annotations

from typing import Annotated, Literal

import tyro

from meronym.cli.progress import bars


def weights(
    action: Annotated[Literal["list", "fetch", "verify"], tyro.conf.Positional],
    names: Annotated[list[str], tyro.conf.Positional] = [],  # noqa: B006
) -> None:
    """The pretrained weights that teachers use: what there is, download, check.

        meronym weights fetch

    Args:
        action: list what is known, fetch what is missing, or verify every byte.
        names: Which; without any, what the default teacher needs and what is in the cache.
    """
    from meronym.weights import catalogue

    if action == "list":
        from rich.console import Console
        from rich.table import Table

        table = Table("name", "what", "licence", "state", "folder")
        for row in catalogue.status():
            table.add_row(row["name"], row["what"], row["licence"], row["state"], row["folder"])
        Console().print(table)
        return
    chosen = names or catalogue.names(at_hand=True)
    if action == "fetch":
        with bars() as progress:
            for name in chosen:
                catalogue.fetch(name, progress=progress)
    for name in chosen:
        print(f"{name}: {catalogue.verify(name)['sha256']} verified")
