"""Native parsers in a process of their own: on a damaged file they may crash, or never end."""

from __future__ import annotations

import subprocess
import sys

from meronym.errors import InputError

_LIMITED = """
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (16_000_000_000, 16_000_000_000))
except (ImportError, ValueError, OSError):
    pass
"""
"""Bounds the memory of a process, where the system can."""


def run_apart(code: str, *arguments: str, seconds: float) -> None:
    """Run Python code in a process of its own, with arguments in `sys.argv`; what it prints is dropped.

    Raises: InputError if it fails, crashes, or takes longer than `seconds`.
    """
    command = [sys.executable, "-I", "-c", _LIMITED + code, *arguments]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise InputError(f"its parser did not end within {seconds:.0f} seconds. Export it again.") from error
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"stopped with {done.returncode}"]
        raise InputError(f"its parser failed ({last[0][:160]}). Export it again.")
