"""Contracts of the plug-in families."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor

from meronym.types import Cameras, FeatureMaps, Regions, Relevancy, Shape, Views, Vocabulary


@runtime_checkable
class Teacher(Protocol):
    """Finds prompts in pictures; it gets no 3D geometry. Its answer lies on the device of the views, wherever it computes."""

    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy | Regions:
        """Score every prompt in every view. `category` names the whole object, where the user gave a name."""
        ...

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, every setting."""
        ...


@runtime_checkable
class Encoder(Protocol):
    """Image features without words. A teacher that is an encoder too serves as both, and encodes each view once."""

    def features(self, views: Views, tokens: int | None = None) -> FeatureMaps:
        """Features of the part of each view that shows something, on the device of the views.

        `tokens` is the number of patches spent on a view; None = the encoder's own.
        """
        ...

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, every setting."""
        ...


@runtime_checkable
class ImageTextEncoder(Protocol):
    """A dense teacher's second capability: pictures and text in one space, in which they are compared by cosine."""

    scales: Sequence[float]
    """Sides of the square windows in which a photo is encoded, as shares of the photo's shorter side; up to 1."""
    stride: float
    """Distance between neighbouring windows, as a share of their side."""
    sharpness: float
    """Factor of the cosines in the model's own softmax over texts; 100 for CLIP."""

    def encode_image(self, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "gh gw d"]:
        """Unit features, single precision, of a picture 0..1 on a grid that covers it; 1 x 1 from a model of whole pictures.

        They lie on the picture's device.
        """
        ...

    def encode_text(self, prompts: Sequence[str]) -> Float[Tensor, "p d"]:
        """Unit features, single precision, on the device that the encoder computes on (the CPU unless `device` was given).

        Callers move them to where the image features lie.
        """
        ...

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, every setting."""
        ...


@runtime_checkable
class EmbeddingTeacher(Protocol):
    """A dense teacher's third capability: one embedding of each view from which the answer for any words follows."""

    sharpness: float
    """Factor of the cosines in the logits."""
    none: float
    """Logit of "none of these"."""
    vocabulary: Vocabulary
    """The names that it knows, in its space, on the CPU."""

    def embed_views(self, views: Views) -> FeatureMaps:
        """Unit embeddings of what each patch of the views shows, on the device of the views."""
        ...

    def embed(self, prompts: Sequence[str], category: str | None) -> Float[Tensor, "p d"]:
        """Unit embeddings of prompts in the same space, on the device that the teacher computes on."""
        ...


@runtime_checkable
class Renderer(Protocol):
    """Makes views of a shape."""

    def __call__(self, shape: Shape, cameras: Cameras) -> Views:
        """Render `shape` from every camera."""
        ...
