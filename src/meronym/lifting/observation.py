"""A shape with the views that show it and a teacher's answers: everything that a method gets to see.

A capture is observed in the same way: its surface points are the shape, its photos are the views.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float
from scipy import sparse
from torch import Tensor

from meronym.errors import PluginError
from meronym.lifting import diffusion, gather, voting
from meronym.lifting.graph import surface_graph
from meronym.progress import Progress, silent
from meronym.protocols import EmbeddingTeacher, Encoder, Teacher
from meronym.types import FeatureMaps, Labelling, PartTree, Regions, Relevancy, Shape, Views, Votes


@dataclass(frozen=True, eq=False)
class LiftedFeatures:
    """Image features of the elements of a shape, in few directions."""

    features: Float[Tensor, "n r"]
    basis: Float[Tensor, "r d"]
    """Orthonormal rows: features @ basis are the encoder's own."""
    seen: Bool[Tensor, " n"]
    """Shown by at least one view."""


@dataclass(frozen=True, eq=False)
class Observation:
    """One shape, the words for its parts, its views and a teacher's answers; each is computed when first needed, and kept."""

    shape: Shape
    prompts: tuple[str, ...]
    category: str | None
    """Name of the whole."""
    up: Float[Tensor, " 3"]
    teacher: Teacher
    encoder: Encoder
    """Image features without words."""
    show: Callable[[], Views]
    """Makes the views: renders a shape, or reads a capture's photos."""
    segment: Callable[[Shape, Float[np.ndarray, "n d"]], PartTree]
    """Makes the part tree from features of the elements."""
    embedder: EmbeddingTeacher | None = None
    """The teacher, if it embeds views once for all words."""
    link: Callable[[Shape], sparse.csr_matrix] = surface_graph
    """Makes the graph over which evidence is smoothed."""
    radius: float = 0.15
    """How far evidence is smoothed over the surface, in bounding-sphere radii."""
    of_scene: bool = False
    """The views show several things in their surroundings, as photos of a room do, not one thing. Of a dense teacher's answer
    probabilities, not logits, are then averaged over the pixels of an element and smoothed over the surface."""
    scene: object | None = None
    """Of a capture: its reconstruction and photos, for methods that train fields (`methods.scene_evidence.SceneEvidence`)."""
    seed: int = 0
    """Of whatever a method draws at random."""
    progress: Progress = silent

    @cached_property
    def views(self) -> Views:
        """Pictures, and the element that each pixel shows."""
        return self.show()

    @cached_property
    def answer(self) -> Relevancy | Regions:
        """The teacher's answer for the views."""
        return self.teacher(self.views, self.prompts, self.category)

    @cached_property
    def votes(self) -> Votes:
        """The answer as votes of regions; a dense teacher's maps are cut into regions first, as a detector would give them."""
        found = self.answer if isinstance(self.answer, Regions) else voting.regions_from_relevancy(self.answer, self.views)
        return voting.cast_votes(found, self.views, self.shape)

    @cached_property
    def evidence(self) -> gather.Evidence:
        """The answer gathered on the elements: the mean of a dense teacher's maps, or the votes of a detector, counted."""
        if isinstance(self.answer, Regions):
            return voting.count_votes(self.votes, len(self.prompts))
        gathered = gather.gather_probability if self.of_scene else gather.gather_relevancy
        return gathered(self.answer, self.views, self.shape)

    @cached_property
    def links(self) -> sparse.csr_matrix:
        """The surface as a graph."""
        return self.link(self.shape)

    @cached_property
    def maps(self) -> FeatureMaps:
        """Image features of the views."""
        return self.encoder.features(self.views)

    @cached_property
    def embedding(self) -> LiftedFeatures:
        """The teacher's embedding of each element, smoothed; on the CPU.

        Raises: PluginError if the teacher embeds no views.
        """
        if self.embedder is None:
            raise PluginError("the teacher embeds no views; builtin does.")
        return self.lifted(self.embedder.embed_views(self.views))

    def lifted(self, maps: FeatureMaps, rank: int = gather.DEFAULT.rank) -> LiftedFeatures:
        """Features of the views gathered on the elements and smoothed, in their `rank` longest directions; on the CPU."""
        basis = gather.longest_directions(maps.grid, rank)
        reduced = FeatureMaps(tuple(grid @ basis.T for grid in maps.grid), maps.box)
        mean, weight = gather.gather_features(reduced, self.views, self.shape)
        return LiftedFeatures(self.smooth(mean, gather.confidence(weight)), basis.cpu(), weight > 0)

    @cached_property
    def tree(self) -> PartTree:
        """Segments without words; their features are the teacher's embeddings, or image features where it embeds no views."""
        lifted = self.lifted(self.maps) if self.embedder is None else self.embedding
        tree = self.segment(self.shape, lifted.features.double().numpy())
        return replace(tree, features=tree.features @ lifted.basis.double().numpy())

    def asked(self, prompts: tuple[str, ...], category: str | None) -> Observation:
        """The same views asked for other words; what does not depend on words is not computed again."""
        other = replace(self, prompts=prompts, category=category)
        for name in ("views", "links", "maps", "embedding", "tree"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    def smooth(self, values: Float[Tensor, "n c"], confidence: Float[Tensor, " n"]) -> Float[Tensor, "n c"]:
        """Values spread over the surface by heat flow; elements with confidence 0 take theirs from their neighbours."""
        return diffusion.diffuse(values, confidence, self.shape, self.links, self.radius)


@runtime_checkable
class Method(Protocol):
    """Turns an observation into labels. A frozen dataclass, whose fields are its settings."""

    def __call__(self, observation: Observation) -> Labelling:
        """Label every element of `observation.shape`."""
        ...


@runtime_checkable
class Backbone(Protocol):
    """The frozen part of a student: features of elements, the same each time for the same shape."""

    def __call__(self, observation: Observation) -> Float[Tensor, "n d"]:
        """A feature for every element of the shape; NaN = nothing is known of it."""
        ...

    def describe(self, observation: Observation) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence."""
        ...
