"""Prompts: which can be used, and names of files made from them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence

from meronym.errors import InputError

MAX_PROMPTS = 500
MAX_PROMPT_LENGTH = 200
"""Characters."""
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(1, 10))}
"""Names of devices, which are no names of files on Windows."""


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


def slug(prompt: str) -> str:
    """A file name made from a prompt: lower-case ASCII letters, digits and dashes, never empty, never a device name.

    A prompt that has no ASCII form gets the start of its sha256 instead, so that it has the same name everywhere.
    """
    text = unicodedata.normalize("NFKD", prompt).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")
    if name and name not in _RESERVED:
        return name
    return "part-" + hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def slugs(prompts: Sequence[str]) -> tuple[str, ...]:
    """One slug for each prompt, no two alike."""
    return tuple(unique((slug(prompt) for prompt in prompts), separator="-"))


def unique(names: Iterable[str], taken: Iterable[str] = (), separator: str = ".") -> list[str]:
    """The names, with a number added to those that are taken or repeat: leg, leg.1, leg.2."""
    used, counts, result = set(taken), dict[str, int](), []
    for name in names:
        candidate = name
        while candidate in used:
            counts[name] = counts.get(name, 0) + 1
            candidate = f"{name}{separator}{counts[name]}"
        used.add(candidate)
        result.append(candidate)
    return result
