"""Every error that meronym raises on purpose.

Error
├── InputError      a file, mesh, prompt or setting that cannot be used (also a ValueError)
├── LimitError      input too large for the limits in force
├── WeightsError    pretrained weights missing, damaged or not what they claim to be
├── DeviceError     a device is absent or out of memory
├── MissingExtra    an optional package is not installed (also an ImportError)
└── PluginError     a plug-in is unknown, cannot be made, or broke its contract

A message says what is wrong, in which file or field, the value seen, and the cure.
"""

from __future__ import annotations


class Error(Exception):
    """Base of all of meronym's errors."""


class InputError(Error, ValueError):
    """A file, mesh, prompt or setting that cannot be used."""


class LimitError(Error):
    """Input too large for the limits in force."""


class WeightsError(Error):
    """Pretrained weights missing, damaged or not what they claim to be."""


class DeviceError(Error):
    """A device is absent or out of memory."""


class PluginError(Error):
    """A plug-in is unknown, cannot be made, or broke its contract."""


class MissingExtra(Error, ImportError):
    """An optional package is not installed; the message names the extra that brings it."""

    def __init__(self, what: str, package: str, extra: str) -> None:
        super().__init__(f"{what} needs {package}. Install it: pip install 'meronym[{extra}]'")
