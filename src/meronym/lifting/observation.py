"""What a teacher sees of a shape: pictures and an answer, made when first asked for and kept for all that ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

from jaxtyping import Float
from scipy import sparse
from torch import Tensor

from meronym.lifting import gather, graph, voting
from meronym.protocols import Encoder, Teacher
from meronym.types import FeatureMaps, Labelling, Regions, Relevancy, Shape, Views, Votes


@dataclass(frozen=True, eq=False)
class Observation:
    """One shape, the words for its parts, and a teacher who looks at it. Methods get nothing else."""

    shape: Shape
    prompts: tuple[str, ...]
    category: str | None
    """What the whole is called."""
    up: Float[Tensor, " 3"]
    teacher: Teacher
    encoder: Encoder
    render: Callable[[Shape], Views]

    @cached_property
    def views(self) -> Views:
        """The shape from all sides."""
        return self.render(self.shape)

    @cached_property
    def answer(self) -> Relevancy | Regions:
        """What the teacher says of the views."""
        return self.teacher(self.views, self.prompts, self.category)

    @cached_property
    def votes(self) -> Votes:
        """The answer as votes of regions; a dense teacher's maps are cut into regions first, as a detector would give them."""
        answer = self.answer
        found = answer if isinstance(answer, Regions) else voting.regions_from_relevancy(answer, self.views)
        return voting.cast_votes(found, self.views, self.shape)

    @cached_property
    def evidence(self) -> gather.Evidence:
        """The answer, gathered on the elements: the mean of a dense teacher's logits, or the votes of its regions, counted."""
        if isinstance(self.answer, Regions):
            return voting.count_votes(self.votes, len(self.prompts))
        return gather.gather_relevancy(self.answer, self.views, self.shape)

    @cached_property
    def links(self) -> sparse.csr_matrix:
        """The surface as a graph, over which evidence is smoothed."""
        return graph.surface_graph(self.shape)

    @cached_property
    def maps(self) -> FeatureMaps:
        """Image features of the views."""
        return self.encoder.features(self.views)


class Method(Protocol):
    """Turns what a teacher says of the views of a shape into labels."""

    def __call__(self, observation: Observation) -> Labelling:
        """Label every element of `observation.shape`."""
        ...


@runtime_checkable
class Backbone(Protocol):
    """Frozen features of elements; the same shape always has the same."""

    def __call__(self, observation: Observation) -> Float[Tensor, "n d"]:
        """A feature for every element of the shape; NaN = nothing is known of it."""
        ...

    def describe(self, observation: Observation) -> dict[str, Any]:
        """What goes into the record: name, weights with sha256 and licence."""
        ...
