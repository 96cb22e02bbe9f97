"""Faults of parsers in meronym's own words."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from meronym.errors import Error, InputError, LimitError, MissingExtra


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn every exception of a parser into one of meronym's, with the file's name in front; warnings are silenced."""
    quiet = logging.NullHandler()  # without any handler, what trimesh logs would be printed
    logging.getLogger("trimesh").addHandler(quiet)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.filterwarnings("error", message="string or file could not be read")
            yield
    except MissingExtra:
        raise
    except Error as error:
        if str(error).startswith((path.name, str(path))):
            raise
        raise type(error)(f"{path.name}: {error}") from error
    except MemoryError as error:
        raise LimitError(f"{path.name}: not enough memory to read it. Simplify it.") from error
    except Exception as error:  # a parser may raise anything at all on a damaged file
        reason = f"{type(error).__name__}: {error}"[:200]
        raise InputError(f"{path.name}: damaged, or not what its ending says ({reason}). Export it again.") from error
    finally:
        logging.getLogger("trimesh").removeHandler(quiet)
