"""TIPSv2 as a dense teacher: pictures and captions in one space, trained so that patches are described too.

TIPS (Maninis et al., ICLR 2025) and TIPSv2 (2026). The recipe is that of the authors' notebook for zero-shot segmentation:
the last block without attention, so that a patch is described by its own place (MaskCLIP, Zhou et al., ECCV 2022); pictures
of 448 pixels, large ones in windows of that size three quarters of it apart; a prompt in nine sentences, whose embeddings are
averaged (TCL, Cha et al., CVPR 2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from meronym.errors import InputError
from meronym.teachers.clip import NEUTRAL, compare, preprocess, unit_length, with_none
from meronym.teachers.crops import grid_size
from meronym.teachers.network import Network
from meronym.types import Relevancy, Views

FORMS = (
    "itap of a {}.", "a bad photo of a {}.", "a origami {}.", "a photo of the large {}.", "a {} in a video game.",
    "art of the {}.", "a photo of the small {}.", "a photo of many {}.", "a photo of {}s.",
)  # fmt: skip
"""Sentences of the notebook."""


class TipsTeacher:
    """TIPSv2: the cosine of a patch and a prompt, over the temperature of the model's training.

    `tokens` is the number of patches spent on a view, or on a window of a photo: the model was trained with 1,024. `forms`
    are the sentences that a prompt is put in, `with_category` how it is called where the category is known; "none of these"
    is the mean of the `neutral` words. `scales` and `stride`: of the windows of photos, as for `ImageTextEncoder`.

    Raises: PluginError if transformers does not have the model; WeightsError if the weights cannot be had.
    """

    def __init__(
        self,
        weights: str | Path = "tipsv2-base",
        tokens: int = 1024,
        forms: Sequence[str] = FORMS,
        with_category: str = "{c} {p}",
        neutral: Sequence[str] = NEUTRAL,
        scales: Sequence[float] = (1.0,),
        stride: float = 0.75,
        device: torch.device | str = "cpu",
        dtype: torch.dtype | str = torch.float32,
    ) -> None:
        self.network = Network(weights, "Tipsv2Model", "5.24", device, dtype)
        self.tokens, self.forms, self.with_category, self.neutral = tokens, tuple(forms), with_category, tuple(neutral)
        self.scales, self.stride = tuple(scales), stride
        self.sharpness = 1 / float(self.network.model.temperature.detach().float())

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits on a grid over the part of each view that shows something."""
        named = [self.with_category.format(p=prompt, c=category) if category else prompt for prompt in prompts]
        text = with_none(self.encode_text([*named, *self.neutral]), len(prompts))
        return compare(self.network, views, self.tokens, self.patch_features, text, self.sharpness)

    def patch_features(self, pixels: Float[Tensor, "1 3 _h _w"]) -> Float[Tensor, "1 t d"]:
        """Patches in the space of text, not normalised."""
        vision = self.network.model.vision_model
        *blocks, last = vision.encoder.layer
        token = vision.embeddings(pixels)
        for block in blocks:
            token = block(token)
        token = token + last.layer_scale1(last.attention.o_proj(last.attention.v_proj(last.norm1(token))))
        token = token + last.layer_scale2(last.mlp(last.norm2(token)))
        patches: Tensor = vision.layernorm(token)[:, 1 + vision.config.num_register_tokens :]
        return patches

    @torch.no_grad()
    def encode_image(self, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "gh gw d"]:
        """The embedding of each patch of a picture."""
        rows, columns = grid_size(picture.shape[0], picture.shape[1], self.tokens)
        patch = self.network.model.config.vision_config.patch_size
        found = self.patch_features(preprocess(self.network, picture, (rows * patch, columns * patch)))
        return unit_length(found[0]).reshape(rows, columns, -1).to(picture.device)

    @torch.no_grad()
    def encode_text(self, prompts: Sequence[str]) -> Float[Tensor, "p d"]:
        """The embedding of each prompt, the mean over its sentences, on the teacher's own device."""
        model, limit = self.network.model, self.network.model.config.text_config.max_position_embeddings
        phrases = [form.format(prompt.lower()) for prompt in prompts for form in self.forms]
        read = self.network.tokenizer(phrases, padding=True, padding_side="right")
        length = max(map(sum, read["attention_mask"]))
        if length > limit:
            raise InputError(f"a prompt is {length} tokens in its sentence; the teacher reads at most {limit}: shorten it")
        ids, mask = (torch.tensor(read[key], device=self.network.device) for key in ("input_ids", "attention_mask"))
        text = unit_length(model.text_model(input_ids=ids, attention_mask=mask).pooler_output)
        return functional.normalize(text.unflatten(0, (len(prompts), -1)).mean(1), dim=-1)

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, settings."""
        return {
            "name": "tipsv2",
            "weights": [self.network.record],
            "tokens": self.tokens,
            "forms": list(self.forms),
            "with_category": self.with_category,
            "neutral": list(self.neutral),
            "scales": list(self.scales),
            "stride": self.stride,
            "dtype": str(self.network.dtype),
        }
