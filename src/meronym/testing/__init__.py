"""Conformance checks for plug-ins, and labelled shapes to try them on. How to write a plug-in: docs/extending.md."""

from meronym.testing.plugins import check_backbone, check_dataset, check_kind, check_method, observation_of
from meronym.testing.teachers import check_renderer, check_teacher, labelled_shape

__all__ = [
    "check_backbone", "check_dataset", "check_kind", "check_method", "check_renderer", "check_teacher", "labelled_shape",
    "observation_of",
]  # fmt: skip
