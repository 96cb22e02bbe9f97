"""The default teacher: frozen DINOv2 patch features, a small trained head, and the space of a sentence encoder.

The head maps the feature of a patch to the sentence embedding of the name of what the patch shows, so the logit of a prompt is
a scaled cosine. It is trained on renders of procedural shapes only (`training/`), ships inside the package and needs no hub.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
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
from meronym.teachers.text import TextEncoder
from meronym.types import FeatureMaps, Relevancy, Views
from meronym.weights import catalogue

HEAD = Path(__file__).with_name("builtin_head.safetensors")
FORMS_WITH_CATEGORY = ("{c} {p}", "{p} of a {c}", "the {p} of the {c}")
"""How a prompt {p} is put where the category {c} is known, as in the head's training."""


class Head(nn.Module):
    """Patch feature -> unit vector in the sentence space; plus the scale of the logits and that of "none of these"."""

    mean: Tensor
    std: Tensor
    vocabulary: Tensor
    """Phrases [words text_dim] that the head was trained on."""

    def __init__(
        self, dim: int = PatchEncoder.dim, hidden: int = 512, text_dim: int = TextEncoder.dim, words: int = 0, drop: float = 0.3
    ):
        super().__init__()
        self.register_buffer("vocabulary", torch.zeros(words, text_dim))
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("std", torch.ones(dim))
        self.net = nn.Sequential(nn.Linear(dim, hidden), nn.GELU(), nn.Dropout(drop), nn.Linear(hidden, text_dim))
        self.log_scale = nn.Parameter(torch.tensor(2.5))
        self.none = nn.Parameter(torch.tensor(0.0))

    def forward(self, feature: Float[Tensor, "*b d"]) -> Float[Tensor, "*b t"]:
        return functional.normalize(self.net((feature - self.mean) / self.std), dim=-1)

    def familiar(self, text: Float[Tensor, "p t"], pull: float = 0.3, focus: float = 30.0) -> Float[Tensor, "p t"]:
        """Phrases drawn towards the nearest of those that the head was trained on: known ones stay, new ones move.

        `pull` is the share of the nearest in the sum, 0..1; `focus` sharpens the softmax that weighs them.
        """
        if not len(self.vocabulary):
            return text
        nearest = (text @ self.vocabulary.T * focus).softmax(1) @ self.vocabulary
        return functional.normalize((1 - pull) * text + pull * nearest, dim=-1)


def load_head(path: Path = HEAD) -> tuple[Head, dict[str, str]]:
    """The trained head, and the metadata of its file.

    Raises: WeightsError if the file is missing or damaged, or its tensors are not those of a head.
    """
    if not path.is_file():
        raise WeightsError(f"{path}: the built-in teacher's head is missing. Reinstall meronym, or run `make teacher`.")
    try:
        with safe_open(path, framework="pt") as file:
            state = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
            metadata = file.metadata() or {}
    except SafetensorError as error:
        raise WeightsError(f"{path}: damaged ({error}). Reinstall meronym, or run `make teacher`.") from error
    expected = Head(1, 1, 1).state_dict().keys()
    if state.keys() != expected:
        raise WeightsError(f"{path}: expected tensors {sorted(expected)}, found {sorted(state)}. Run `make teacher`.")
    hidden, dim = state["net.0.weight"].shape
    head = Head(dim, hidden, len(state["net.3.bias"]), len(state["vocabulary"]))
    head.load_state_dict(state)
    return head.eval().requires_grad_(False), metadata


class BuiltinTeacher:
    """Scores every prompt at every patch of every view. `docs/teacher.md` tells which names it knows, and how well.

    `tokens` is the number of patches spent on a view. Photos of scenes are encoded in windows of `scales` (shares of the
    shorter side), `stride` (share of their side) apart, on `window_tokens` patches each: patches are dense, so windows may be
    large and far apart. `pull` is that of `Head.familiar`.

    Raises: WeightsError if the weights cannot be had, or the head is missing or damaged.
    """

    def __init__(
        self,
        head: str | Path = HEAD,
        tokens: int = 324,
        window_tokens: int = 196,
        scales: Sequence[float] = (0.6, 0.4, 0.25),
        stride: float = 0.75,
        pull: float = 0.3,
        device: torch.device | str = "cpu",
        dtype: torch.dtype | str = torch.float32,
    ) -> None:
        self.head_path, self.tokens, self.window_tokens = Path(head), tokens, window_tokens
        self.scales, self.stride, self.pull = tuple(scales), stride, pull
        self.head, self.metadata = load_head(self.head_path)
        self.head.to(device)
        self.device, self.sharpness = torch.device(device), float(self.head.log_scale.exp())
        self.patches, self.text = PatchEncoder(tokens, device, dtype), TextEncoder(device)

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits of the prompts and of "none of these" on a grid over the part of each view that shows something."""
        text = self.embed(prompts, category)
        maps = self.features(views)
        logit, none = [], []
        for grid in maps.grid:
            feature = self.head(grid.to(self.device))
            logits = torch.einsum("hwd,pd->phw", feature, text) * self.head.log_scale.exp()
            logit.append(logits.to(grid.device))
            none.append(self.head.none.expand(feature.shape[:2]).to(grid.device))
        return Relevancy(tuple(logit), tuple(none), maps.box)

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

    def embed(self, prompts: Sequence[str], category: str | None) -> Float[Tensor, "p d"]:
        """Sentence embeddings of the prompts: the mean over several ways to say each."""
        forms = ("{p}", *FORMS_WITH_CATEGORY) if category else ("{p}",)
        phrases = [form.format(p=prompt, c=category) for prompt in prompts for form in forms]
        text = functional.normalize(self.text(phrases).reshape(len(prompts), len(forms), -1).mean(1), dim=-1)
        return self.head.familiar(text, self.pull)

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
            "pull": self.pull,
            "dtype": str(self.patches.dtype),
            "training": json.loads(self.metadata["training"]),
        }
