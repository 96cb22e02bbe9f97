"""`meronym weights`: what there is."""

from __future__ import annotations

from typing import Any


def test_weights_list_says_what_is_missing(run: Any) -> None:
    status, out, _ = run("weights list")
    assert status == 0
    assert all(word in out for word in ("dinov2-small", "minilm", "Apache-2.0", "missing"))
