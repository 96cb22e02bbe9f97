"""What a teacher sees of a shape: pictures and an answer, made when first asked for and kept for all that ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from jaxtyping import Float
from scipy import sparse
from torch import Tensor

from meronym import lift, surface
from meronym.plugins import Encoder, Teacher
from meronym.types import FeatureMaps, Labelling, Regions, Relevancy, Shape, Views, Votes


@dataclass(frozen=True, eq=False)
class Look:
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
        regions = answer if isinstance(answer, Regions) else lift.regions_of(answer, self.views)
        return lift.cast_votes(regions, self.views, self.shape)

    @cached_property
    def evidence(self) -> lift.Evidence:
        """The answer, gathered on the elements: the mean of a dense teacher's logits, or the votes of its regions, counted."""
        if isinstance(self.answer, Regions):
            return lift.count_votes(self.votes, len(self.prompts))
        return lift.gather(self.answer, self.views, self.shape)

    @cached_property
    def links(self) -> sparse.csr_matrix:
        """The surface as a graph, over which evidence is smoothed."""
        return surface.graph(self.shape)

    @cached_property
    def maps(self) -> FeatureMaps:
        """Image features of the views."""
        return self.encoder.features(self.views)


class Method(Protocol):
    """Turns what a teacher says of the views of a shape into labels."""

    def __call__(self, look: Look) -> Labelling:
        """Label every element of `look.shape`."""
        ...
