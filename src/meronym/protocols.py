"""The contracts of the plug-in families."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor

from meronym.types import Cameras, FeatureMaps, Regions, Relevancy, Shape, Views


@runtime_checkable
class Teacher(Protocol):
    """Looks at pictures and says where each prompt is. It never learns that there is a third dimension."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        """Score every prompt in every view. `category` names the whole thing, where the user said so."""
        ...

    def describe(self) -> dict[str, Any]:
        """What goes into the record: name, weights with sha256 and licence, settings."""
        ...


@runtime_checkable
class Encoder(Protocol):
    """Sees pictures without words. A teacher may be one too; then its pictures are encoded once for both."""

    def features(self, views: Views) -> FeatureMaps:
        """Features of what each view shows."""
        ...

    def describe(self) -> dict[str, Any]:
        """What goes into the record: name, weights with sha256 and licence."""
        ...


@runtime_checkable
class ImageTextEncoder(Protocol):
    """Sees pictures and reads words in one space, so that they can be compared long after the picture was seen."""

    scales: Sequence[float]
    """Sides of the windows in which it wants to be shown a photo, as shares of the photo's short side; up to 1."""
    stride: float
    """How far apart the windows lie, as a share of their side."""
    sharpness: float
    """What the model itself multiplies cosines with before a softmax makes probabilities of them; CLIP: 100."""

    def encode_image(self, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "gh gw d"]:
        """Unit features of a picture 0..1 on a grid that covers it; 1 x 1 where the model speaks of pictures as wholes."""
        ...

    def encode_text(self, prompts: Sequence[str]) -> Float[Tensor, "p d"]:
        """Unit features of words."""
        ...

    def describe(self) -> dict[str, Any]:
        """What goes into the record: name, weights with sha256 and licence, settings."""
        ...


@runtime_checkable
class Renderer(Protocol):
    """Makes views of a shape."""

    def __call__(self, shape: Shape, cameras: Cameras) -> Views:
        """Render `shape` from every camera."""
        ...
