"""Checks of prompts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from meronym.errors import InputError

MAX_PROMPTS = 500


MAX_PROMPT_LENGTH = 200


def check_prompts(prompts: Sequence[str]) -> tuple[str, ...]:
    """The prompts without surrounding white space, in their order.

    Raises: InputError if there are none, too many, or one that is empty, repeated, too long or not printable text.
    """
    if isinstance(prompts, str):
        raise InputError(f"prompts: expected a list of words, got the single text {prompts[:40]!r}. Put it in a list.")
    if not prompts:
        raise InputError("prompts: none given. Name at least one part, such as 'leg'.")
    if len(prompts) > MAX_PROMPTS:
        raise InputError(f"prompts: {len(prompts)} given, at most {MAX_PROMPTS} are possible. Split the list.")
    result, seen = [], dict[str, int]()
    for index, raw in enumerate(prompts):
        if not isinstance(raw, str):
            raise InputError(f"prompts[{index}]: expected text, got {type(raw).__name__} {raw!r:.40}.")
        prompt = raw.strip()
        if not prompt:
            raise InputError(f"prompts[{index}]: {raw[:40]!r} is empty. Remove it, or name a part.")
        if len(prompt) > MAX_PROMPT_LENGTH:
            raise InputError(
                f"prompts[{index}]: {prompt[:40]!r}... has {len(prompt)} characters. Use at most {MAX_PROMPT_LENGTH}."
            )
        bad = next((c for c in prompt if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")), None)
        if bad is not None:
            raise InputError(f"prompts[{index}]: {prompt[:40]!r} holds the control character {bad!r}. Remove it.")
        key = unicodedata.normalize("NFC", prompt).casefold()
        if key in seen:
            raise InputError(f"prompts[{index}]: {prompt!r} repeats prompts[{seen[key]}]. Remove one of them.")
        seen[key] = index
        result.append(prompt)
    return tuple(result)
