"""Text files of unknown encoding."""

from __future__ import annotations

import codecs
import warnings

import numpy as np
from jaxtyping import Int, Shaped

from meronym.errors import InputError

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def plain_text(data: bytes) -> bytes:
    """A text file as UTF-8 without byte order mark, its lines ended by a line feed.

    UTF-16 is told by its mark; what is neither that nor UTF-8 is taken for Latin-1.
    """
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    if encoding != "utf-8" or not data.isascii():
        try:
            data = data.decode(encoding).encode()
        except UnicodeDecodeError:
            data = data.decode("latin-1").encode()
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def numbers(text: bytes, where: str, dtype: type = float) -> tuple[Shaped[np.ndarray, " n"], Int[np.ndarray, " l"]]:
    """All numbers in a text, and how many are in each of its lines; comments that begin with # are passed over.

    Raises: InputError that begins with `where` and names the first line that holds something else.
    """
    if b"#" in text:
        text = b"\n".join(line.partition(b"#")[0] for line in text.split(b"\n"))
    counts = per_line(text, starts_of_words(text))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", DeprecationWarning)  # numpy's for text that is no number
            values: np.ndarray = np.fromstring(text, dtype, sep=" ")
    except (ValueError, DeprecationWarning):
        values = np.zeros(0, dtype)
    if len(values) != counts.sum():
        bad = next((line for line in text.split(b"\n") if not _is_numbers(line, dtype)), text)
        raise InputError(f"{where}: cannot read the line {bad.decode(errors='replace')!r:.90}. Export it again.")
    return values, counts


def _is_numbers(line: bytes, dtype: type) -> bool:
    try:
        return all(dtype(word) is not None for word in line.split())
    except ValueError:
        return False


def starts_of_words(text: bytes) -> Int[np.ndarray, " n"]:
    """Where words begin that white space parts."""
    word = np.frombuffer(text, np.uint8) > 32
    return np.flatnonzero(word & ~np.concatenate([[False], word[:-1]]))


def per_line(text: bytes, places: Int[np.ndarray, " n"]) -> Int[np.ndarray, " l"]:
    """How many of these places in a text lie in each of its lines."""
    ends = np.append(np.flatnonzero(np.frombuffer(text, np.uint8) == 10), len(text))
    return np.diff(np.searchsorted(places, ends), prepend=0)


def ragged(
    values: Shaped[np.ndarray, " n"], counts: Int[np.ndarray, " l"], width: int, fill: float
) -> Shaped[np.ndarray, "l w"]:
    """The first `width` numbers of lines of different lengths as rows of a table; shorter ones are filled up."""
    table = np.full((len(counts), width), fill, values.dtype)
    inner = np.arange(len(values)) - np.repeat(np.cumsum(counts) - counts, counts)
    table[np.arange(width) < counts[:, None]] = values[inner < width]
    return table
