"""A user's mypy sees the types of the public names."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFIG = """
[mypy]
strict = true
follow_imports = silent
[mypy-torch.*,transformers.*,scipy.*,PIL.*,h5py.*]
follow_imports = skip
ignore_missing_imports = true
"""
"""Other packages' types are left out: to read those of torch takes longer than all else."""


def test_a_users_script_has_real_types(tmp_path: Path) -> None:
    script = tmp_path / "user.py"
    lines = (Path(__file__).parent / "typed_user.py.txt").read_text(encoding="utf-8").splitlines()
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "mypy.ini").write_text(CONFIG, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--cache-dir", "cache", "user.py"]
    environment = {"MYPYPATH": str(ROOT / "src"), "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    said = {}
    for line in done.stdout.splitlines():
        found = re.match(r"user\.py:(\d+): (?:error|note): (.*)", line)
        if found:
            said.setdefault(int(found[1]), found[2])
    expected = {
        number: line.rsplit("  # ", 1)[1] for number, line in enumerate(lines, 1) if "  # " in line and not line.startswith('"')
    }
    assert said.keys() == expected.keys(), done.stdout + done.stderr
    for number, words in expected.items():
        revealed = re.fullmatch(r'Revealed type is "(.*)"', said[number])
        if words.startswith("error: "):
            assert said[number].startswith(words.removeprefix("error: "))
        else:
            assert revealed is not None
            assert revealed[1].replace("builtins.", "").startswith(words), said[number]


def test_packages_say_that_they_are_typed() -> None:
    assert all((ROOT / "src" / package / "py.typed").is_file() for package in ("meronym", "meronym_synthetic"))
