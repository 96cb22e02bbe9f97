"""Entry point of the command line: finds the verb, and says errors in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import tyro

from meronym.cli.batch import batch
from meronym.cli.doctor import doctor
from meronym.cli.evaluate import evaluate
from meronym.cli.pretrain import pretrain
from meronym.cli.propose import propose
from meronym.cli.query import query
from meronym.cli.segment import segment
from meronym.cli.synthetic import synthetic
from meronym.cli.weights import weights
from meronym.cli.words import words
from meronym.errors import Error


def main() -> None:
    """Run the verb that the arguments name; an error that meronym raises on purpose ends with exit status 2."""
    verbs: dict[str, Callable[..., None]] = {
        "segment": segment, "propose": propose, "query": query, "words": words, "pretrain": pretrain, "batch": batch,
        "evaluate": evaluate, "synthetic": synthetic, "weights": weights, "doctor": doctor,
    }  # fmt: skip
    try:
        tyro.extras.subcommand_cli_from_dict(verbs, prog="meronym", description="Names the parts of 3D things.")
    except Error as error:
        print(f"meronym: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        os._exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
