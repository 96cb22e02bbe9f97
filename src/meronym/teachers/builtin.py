"""The default teacher: frozen DINOv2 patch features, a small trained head, and the space of a sentence encoder.

The head maps the feature of a patch to the embedding of the name of what the patch shows, so the logit of a prompt is a scaled
cosine. It is trained on renders of procedural shapes only (`training/`), ships inside the package, with the names that it knows
and other ways to say them, and needs no hub.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn
from torch.nn import functional

from meronym.core.hashing import sha256_of
from meronym.errors import WeightsError
from meronym.teachers.features import PatchEncoder
from meronym.teachers.network import precision
from meronym.teachers.text import TextEncoder
from meronym.types import FeatureMaps, Relevancy, Views, Vocabulary
from meronym.weights import catalogue

HEAD = Path(__file__).with_name("builtin_head.safetensors")
FORMS_WITH_CATEGORY = ("{c} {p}", "{p} of a {c}", "the {p} of the {c}")
"""How a prompt {p} is put where the category {c} is known, as in the head's training."""
FORMS = ("{p}", *FORMS_WITH_CATEGORY)


class Head(nn.Module):
    """Patch feature and sentence embedding -> unit vectors in one space; with the scale of logits and "none of these"."""

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        dim: int = PatchEncoder.dim,
        hidden: int = 1024,
        text_dim: int = TextEncoder.dim,
        drop: float = 0.3,
    ):
        super().__init__()
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("std", torch.ones(dim))
        self.net = nn.Sequential(nn.Linear(dim, hidden), nn.GELU(), nn.Dropout(drop), nn.Linear(hidden, text_dim))
        self.log_scale = nn.Parameter(torch.tensor(2.5))
        self.none = nn.Parameter(torch.tensor(0.0))

    def forward(self, feature: Float[Tensor, "*b d"]) -> Float[Tensor, "*b t"]:
        return functional.normalize(self.net((feature - self.mean) / self.std), dim=-1)


def load_head(path: Path = HEAD) -> tuple[Head, Vocabulary, dict[str, str]]:
    """The trained head, the names that it knows, and the metadata of its file.

    Raises: WeightsError if the file is missing or damaged, or its tensors are not those of a head.
    """
    if not path.is_file():
        raise WeightsError(f"{path}: the built-in teacher's head is missing. Reinstall meronym, or run `make teacher`.")
    try:
        with safe_open(path, framework="pt") as file:
            state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            metadata = file.metadata() or {}
    except SafetensorError as error:
        raise WeightsError(f"{path}: damaged ({error}). Reinstall meronym, or run `make teacher`.") from error
    words = {key: state.pop(f"vocabulary.{key}", None) for key in ("whole", "part", "name", "phrase", "part_of_phrase")}
    expected = Head(1, 1, 1).state_dict().keys()
    if state.keys() != expected or None in words.values():
        raise WeightsError(f"{path}: expected tensors {sorted(expected)}, found {sorted(state)}. Run `make teacher`.")
    (hidden, dim), text_dim = state["net.0.weight"].shape, len(state["net.3.weight"])
    head = Head(dim, hidden, text_dim)
    head.load_state_dict({key: tensor.float() for key, tensor in state.items()})
    return head.eval().requires_grad_(False), _vocabulary(words, metadata, path), metadata


def _vocabulary(embedded: Mapping[str, Any], metadata: Mapping[str, str], path: Path) -> Vocabulary:
    try:
        named = json.loads(metadata["vocabulary"])
        wholes, parts, names = (tuple(named[key]) for key in ("wholes", "parts", "names"))
        of = torch.tensor(named["whole_of_part"], dtype=torch.long)
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"{path}: its vocabulary cannot be read ({error}). Run `make teacher`.") from error
    counts = [len(wholes), len(parts), len(names), len(parts)]
    if counts != [len(embedded["whole"]), len(embedded["part"]), len(embedded["name"]), len(of)]:
        raise WeightsError(f"{path}: its vocabulary has {counts} names, and not as many embeddings. Run `make teacher`.")
    pairs = embedded["part_of_phrase"].long()
    if pairs.numel() and (pairs.min() < 0 or (pairs.amax(0) >= torch.tensor([len(parts), len(embedded["phrase"])])).any()):
        raise WeightsError(f"{path}: its vocabulary names phrases or parts that it lacks. Run `make teacher`.")
    whole, part, name, phrase = (
        functional.normalize(embedded[key].float(), dim=-1) for key in ("whole", "part", "name", "phrase")
    )
    return Vocabulary(wholes, whole, parts, part, of, names, name, phrase, pairs)


class BuiltinTeacher:
    """Scores every prompt at every patch of every view. `docs/teacher.md` tells which names it knows, and how well.

    `tokens` is the number of patches spent on a view. Photos of scenes are encoded in windows of `scales` (shares of the
    shorter side), `stride` (share of their side) apart, on `window_tokens` patches each: patches are dense, so windows may be
    large and far apart.

    Networks are loaded when first used.

    Raises: WeightsError if the head is missing or damaged, and in use if weights cannot be had.
    """

    def __init__(
        self,
        head: str | Path = HEAD,
        tokens: int = 324,
        window_tokens: int = 196,
        scales: Sequence[float] = (0.6, 0.4, 0.25),
        stride: float = 0.75,
        device: torch.device | str = "cpu",
        dtype: torch.dtype | str = torch.float32,
    ) -> None:
        self.head_path, self.tokens, self.window_tokens = Path(head), tokens, window_tokens
        self.scales, self.stride, self.dtype = tuple(scales), stride, precision(dtype)
        self.head, self.vocabulary, self.metadata = load_head(self.head_path)
        self.head.to(device)
        self.device, self.sharpness, self.none = torch.device(device), float(self.head.log_scale.exp()), float(self.head.none)

    @cached_property
    def patches(self) -> PatchEncoder:
        """The network of pictures, loaded when the first picture comes: words alone need none."""
        return PatchEncoder(self.tokens, self.device, self.dtype)

    @cached_property
    def text(self) -> TextEncoder:
        """The network of words, loaded when the first word comes: the vocabulary needs none."""
        return TextEncoder(self.device)

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits of the prompts and of "none of these" on a grid over the part of each view that shows something."""
        text, maps = self.embed(prompts, category), self.embed_views(views)
        logits = [torch.einsum("hwd,pd->phw", grid, text.to(grid.device)) * self.sharpness for grid in maps.grid]
        none = [grid.new_full(grid.shape[:2], self.none) for grid in maps.grid]
        return Relevancy(tuple(logits), tuple(none), maps.box)

    @torch.no_grad()
    def embed_views(self, views: Views) -> FeatureMaps:
        """Unit embeddings of what each patch of the views shows, in the space of `embed`."""
        maps = self.features(views)
        return FeatureMaps(tuple(self.head(grid.to(self.device)).to(grid.device) for grid in maps.grid), maps.box)

    def features(self, views: Views, tokens: int | None = None) -> FeatureMaps:
        """DINOv2's features of the views, which are the input of the head."""
        return self.patches.features(views, tokens)

    @torch.no_grad()
    def encode_image(self, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "gh gw d"]:
        """The head's sentence embedding at each patch of a picture; a picture with too few pixels is enlarged."""
        features = self.patches.encode_image(picture, self.window_tokens)
        embedding: Tensor = self.head(features.to(self.device)).to(picture.device)
        return embedding

    def encode_text(self, prompts: Sequence[str]) -> Float[Tensor, "p d"]:
        """Sentence embeddings of names of whole objects, on the teacher's own device."""
        return self.embed(prompts, None)

    @torch.no_grad()
    def embed(self, prompts: Sequence[str], category: str | None) -> Float[Tensor, "p d"]:
        """Embeddings of the prompts: the mean over several ways to say each."""
        forms = FORMS if category else FORMS[:1]
        phrases = [form.format(p=prompt, c=category) for prompt in prompts for form in forms]
        text = self.text(phrases).reshape(len(prompts), len(forms), -1)
        return functional.normalize(text.mean(1), dim=-1)

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, settings."""
        head = {"name": "builtin head", "licence": "Apache-2.0", "sha256": sha256_of(self.head_path)}
        return {
            "name": "builtin",
            "weights": [catalogue.record("dinov2-small"), catalogue.record("minilm"), head],
            "tokens": self.tokens,
            "window_tokens": self.window_tokens,
            "scales": list(self.scales),
            "stride": self.stride,
            "dtype": str(self.dtype),
            "training": json.loads(self.metadata["training"]),
        }
