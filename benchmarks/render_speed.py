"""Milliseconds a view of the renderer: python -m benchmarks.render_speed [--json FILE] [--views N] [--device cuda]

A torus, framed, smooth shading, anti-aliased; the least of three timed calls, one thread. The preparation of the mesh is
shared out over the views of a call.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import trimesh

from meronym.core import cameras
from meronym.render import TorchRenderer
from meronym.types import Cameras, Mesh

FACES = (1_000, 10_000, 50_000, 200_000, 1_000_000)
SIZES = (256, 512)


def torus(faces: int) -> Mesh:
    around = round((faces * 1.6 / 2) ** 0.5)
    solid = trimesh.creation.torus(1, 0.35, major_sections=around, minor_sections=round(faces / 2 / around))
    return Mesh(np.array(solid.vertices), np.array(solid.faces))


def milliseconds(renderer: TorchRenderer, mesh: Mesh, look: Cameras) -> float:
    renderer(mesh, look)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        renderer(mesh, look).element.cpu()  # waits for the device
        times.append(time.perf_counter() - start)
    return 1000 * min(times) / len(look)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    parser.add_argument("--views", type=int, default=4, help="views a call")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or auto")
    options = parser.parse_args()
    renderer = TorchRenderer(device=options.device)
    torch.set_num_threads(1)
    up = torch.tensor([0.0, 0.0, 1.0])
    rows = []
    print(f"{'faces':>9} {'pixels':>6} {'ms a view':>9}")
    for faces in FACES:
        mesh = torus(faces)
        for size in SIZES:
            look = cameras.frame(mesh.vertices, cameras.spread(options.views, up), up, size)
            taken = milliseconds(renderer, mesh, look)
            rows.append({"faces": len(mesh.faces), "size": size, "ms": taken})
            print(f"{len(mesh.faces):9d} {size:6d} {taken:9.1f}", flush=True)
    if options.json:
        temporary = options.json.with_name(options.json.name + ".part")
        record = {"device": str(renderer.device), "threads": 1, "views": options.views, "rows": rows}
        temporary.write_text(json.dumps(record, indent=1))
        temporary.replace(options.json)


if __name__ == "__main__":
    main()
