"""Dense teachers: models that were trained on pictures with captions score every prompt at every patch of every view.

`ClipTeacher` and `SiglipTeacher` compare patches with prompts in the space that the model made for whole pictures;
`ClipSegTeacher` has a decoder that was trained to draw masks. A prompt is put in one fixed sentence. Photos of scenes are
encoded window by window, each as a whole picture, which is what the first two were trained for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from meronym.errors import InputError
from meronym.teachers.crops import content_boxes, grid_size, resize
from meronym.teachers.network import Network
from meronym.types import Relevancy, Views

FORM, FORM_WITH_CATEGORY = "a photo of a {p}", "a {p} of a {c}"
"""Sentences of a prompt {p}, also for objects of a known category {c}."""
NEUTRAL = ("background", "object", "thing")
"""Words whose mean is "none of these" to CLIP and SigLIP."""
SCALES, STRIDE = (1 / 5, 1 / 7, 1 / 10), 0.25
"""Windows of 3D-OVS (Liu et al., NeurIPS 2023), see `ImageTextEncoder`."""


class ClipTeacher:
    """CLIP (Radford et al., ICML 2021): 100 times the cosine of a patch and a prompt.

    `last` is how the last block is run. "value", as in MaskCLIP (Zhou et al., ECCV 2022): without attention, so that a patch
    is described by its own place; of the block only value and output projection are left, as the rest adds noise (ClearCLIP,
    Lan et al., ECCV 2024). "attention", as PointCLIPv2 was released: the block as it is. `tokens` is the number of patches
    spent on a view; CLIP was trained with 196. `form`, `form_with_category` and `neutral` are explained at the constants.

    Raises: InputError for another `last`; WeightsError if the weights cannot be had.
    """

    def __init__(
        self,
        weights: str | Path = "clip-vit-base-patch16",
        tokens: int = 196,
        last: str = "value",
        form: str = FORM,
        form_with_category: str = FORM_WITH_CATEGORY,
        neutral: Sequence[str] = NEUTRAL,
        scales: Sequence[float] = SCALES,
        stride: float = STRIDE,
        device: torch.device | str = "cpu",
        dtype: torch.dtype | str = torch.float32,
    ) -> None:
        if last not in ("value", "attention"):
            raise InputError(f"last: expected 'value' or 'attention', got {last!r}")
        self.network = Network(weights, "CLIPModel", "4.46", device, dtype)
        self.tokens, self.last, self.scales, self.stride = tokens, last, tuple(scales), stride
        self.form, self.form_with_category, self.neutral = form, form_with_category, tuple(neutral)
        self.sharpness = float(self.network.model.logit_scale.detach().float().exp())

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits on a grid over the part of each view that shows something."""
        text = self._text([*sentences(self, prompts, category), *sentences(self, self.neutral, None)])
        return compare(self.network, views, self.tokens, self.patch_features, with_none(text, len(prompts)), self.sharpness)

    def patch_features(self, pixels: Float[Tensor, "1 3 _h _w"]) -> Float[Tensor, "1 t d"]:
        """Patches in the space of text, not normalised."""
        vision = self.network.model.vision_model
        states = vision(pixel_values=pixels, interpolate_pos_encoding=True, output_hidden_states=True)
        if self.last == "attention":
            token = states.last_hidden_state
        else:
            block = vision.encoder.layers[-1]
            token = block.self_attn.out_proj(block.self_attn.v_proj(block.layer_norm1(states.hidden_states[-2])))
        patches: Tensor = self.network.model.visual_projection(vision.post_layernorm(token[:, 1:]))
        return patches

    @torch.no_grad()
    def encode_image(self, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "1 1 d"]:
        """The embedding of a whole picture, which is made square."""
        model = self.network.model
        pooled = model.vision_model(pixel_values=square_picture(self.network, picture)).pooler_output
        return unit_length(model.visual_projection(pooled))[None].to(picture.device)

    @torch.no_grad()
    def encode_text(self, prompts: Sequence[str]) -> Float[Tensor, "p d"]:
        """The embedding of each prompt's sentence, on the teacher's own device."""
        return unit_length(self._text(sentences(self, prompts, None)))

    def _text(self, phrases: Sequence[str]) -> Float[Tensor, "n d"]:
        model = self.network.model
        text: Tensor = model.text_projection(model.text_model(input_ids=tokenize(self.network, phrases)).pooler_output)
        return text

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, settings."""
        return {"name": "clip", "last": self.last, **describe(self)}


class SiglipTeacher:
    """SigLIP 2 (Tschannen et al., 2025): the model's own scale and bias on the cosine of a patch and a prompt.

    SigLIP pools patches by attention; as MaskCLIP does with such a pool, each patch is pooled by itself. `tokens` is the
    number of patches spent on a view; the model was trained with 256. The other settings are those of `ClipTeacher`.

    Raises: WeightsError if the weights cannot be had.
    """

    def __init__(
        self,
        weights: str | Path = "siglip2-base",
        tokens: int = 256,
        form: str = FORM,
        form_with_category: str = FORM_WITH_CATEGORY,
        neutral: Sequence[str] = NEUTRAL,
        scales: Sequence[float] = SCALES,
        stride: float = STRIDE,
        device: torch.device | str = "cpu",
        dtype: torch.dtype | str = torch.float32,
    ) -> None:
        self.network = Network(weights, "SiglipModel", "4.46", device, dtype)
        self.tokens, self.scales, self.stride = tokens, tuple(scales), stride
        self.form, self.form_with_category, self.neutral = form, form_with_category, tuple(neutral)
        self.sharpness = float(self.network.model.logit_scale.detach().float().exp())

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits on a grid over the part of each view that shows something."""
        text = self._text([*sentences(self, prompts, category), *sentences(self, self.neutral, None)])
        bias = self.network.model.logit_bias.float()
        text = with_none(text, len(prompts))
        return compare(self.network, views, self.tokens, self.patch_features, text, self.sharpness, bias)

    def patch_features(self, pixels: Float[Tensor, "1 3 _h _w"]) -> Float[Tensor, "1 t d"]:
        """Patches in the space of text, not normalised."""
        vision = self.network.model.vision_model
        token = vision(pixel_values=pixels, interpolate_pos_encoding=True).last_hidden_state
        pool = vision.head.attention
        value = functional.linear(token, pool.in_proj_weight.chunk(3)[2], pool.in_proj_bias.chunk(3)[2])
        pooled = pool.out_proj(value)
        patches: Tensor = pooled + vision.head.mlp(vision.head.layernorm(pooled))
        return patches

    @torch.no_grad()
    def encode_image(self, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "1 1 d"]:
        """The embedding of a whole picture, which is made square."""
        pooled = self.network.model.vision_model(pixel_values=square_picture(self.network, picture)).pooler_output
        return unit_length(pooled)[None].to(picture.device)

    @torch.no_grad()
    def encode_text(self, prompts: Sequence[str]) -> Float[Tensor, "p d"]:
        """The embedding of each prompt's sentence, on the teacher's own device."""
        return unit_length(self._text(sentences(self, prompts, None)))

    def _text(self, phrases: Sequence[str]) -> Float[Tensor, "n d"]:
        text: Tensor = self.network.model.text_model(input_ids=tokenize(self.network, phrases)).pooler_output
        return text

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, settings."""
        return {"name": "siglip2", **describe(self)}


class ClipSegTeacher:
    """CLIPSeg (Lüddecke and Ecker, CVPR 2022): the logit of a mask for each prompt; "none of these" is 0, its threshold.

    `size` is the side, in pixels, of the square picture that the model gets.

    Raises: InputError if the patches of the model do not fill `size`; WeightsError if the weights cannot be had.
    """

    def __init__(
        self,
        weights: str | Path = "clipseg",
        size: int = 352,
        form: str = FORM,
        form_with_category: str = FORM_WITH_CATEGORY,
        device: torch.device | str = "cpu",
        dtype: torch.dtype | str = torch.float32,
    ) -> None:
        self.network = Network(weights, "CLIPSegForImageSegmentation", "4.46", device, dtype)
        patch = self.network.model.config.vision_config.patch_size
        if size < patch or size % patch:
            raise InputError(f"size: expected a multiple of the model's patch, {patch} pixels, got {size}")
        self.size, self.form, self.form_with_category = size, form, form_with_category

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits on a grid over a square around what each view shows. A view is encoded once for all prompts."""
        model, box = self.network.model, content_boxes(views, square=True)
        ids = tokenize(self.network, sentences(self, prompts, category))
        text = model.clip.text_projection(model.clip.text_model(input_ids=ids).pooler_output)
        logit = []
        for colour, (x0, y0, x1, y1) in zip(views.colour, box.int().tolist(), strict=True):
            pixels = preprocess(self.network, colour[y0:y1, x0:x1], (self.size, self.size))
            states = model.clip.vision_model(pixel_values=pixels, interpolate_pos_encoding=True, output_hidden_states=True)
            layers = [states.hidden_states[index + 1].expand(len(prompts), -1, -1) for index in model.extract_layers]
            masks = model.decoder(layers, text).logits
            logit.append(masks.reshape(len(prompts), *masks.shape[-2:]).to(views.colour.device, torch.float32))
        return Relevancy(tuple(logit), tuple(torch.zeros_like(grid[0]) for grid in logit), box)

    def describe(self) -> dict[str, Any]:
        """For the record: name, weights with sha256 and licence, settings."""
        return {
            "name": "clipseg",
            "weights": [self.network.record],
            "size": self.size,
            "form": self.form,
            "form_with_category": self.form_with_category,
            "none": 0,
            "dtype": str(self.network.dtype),
        }


def sentences(teacher: ClipTeacher | SiglipTeacher | ClipSegTeacher, prompts: Sequence[str], category: str | None) -> list[str]:
    """Prompts in the teacher's sentence; lower case, as SigLIP 2 was trained (CLIP's own tokenizer lowers it anyway)."""
    form = teacher.form_with_category if category else teacher.form
    return [form.format(p=prompt, c=category).lower() for prompt in prompts]


def tokenize(network: Network, phrases: Sequence[str]) -> Int[Tensor, "p t"]:
    """Token ids, padded to the length of the model's training: SigLIP takes the state of the last one.

    To the right, as in training; the tokenizer that SigLIP 2 comes with would do it to the left.

    Raises: InputError if a sentence is longer.
    """
    limit = network.model.config.text_config.max_position_embeddings
    ids = network.tokenizer(list(phrases), padding="max_length", padding_side="right", max_length=limit)["input_ids"]
    for phrase, row in zip(phrases, ids, strict=True):
        if len(row) > limit:
            raise InputError(f"prompt {phrase!r} is {len(row)} tokens; the teacher reads at most {limit}: shorten it")
    return torch.tensor(ids, device=network.device)


def with_none(text: Float[Tensor, "n d"], prompts: int) -> Float[Tensor, "_prompts_and_none d"]:
    """Unit vectors of the first `prompts` rows and, last, of "none of these": the mean of the other, neutral ones."""
    unit = unit_length(text)
    return torch.cat([unit[:prompts], functional.normalize(unit[prompts:].mean(0, keepdim=True), dim=-1)])


def preprocess(network: Network, colour: Float[Tensor, "h w 3"], size: tuple[int, int]) -> Float[Tensor, "1 3 _h _w"]:
    """A picture 0..1, resized and normalised as in the model's training, on the model's device."""
    mode = "bilinear" if network.picture.get("resample") == 2 else "bicubic"  # PIL's number for it
    return network.pixels(resize(colour.to(network.device), size, mode))


def square_picture(network: Network, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "1 3 s s"]:
    """A picture as `preprocess` makes it, at the size of the model's training."""
    side = network.model.config.vision_config.image_size
    return preprocess(network, picture, (side, side))


def unit_length(embedding: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    """Unit vectors in single precision."""
    return functional.normalize(embedding.float(), dim=-1)


def compare(
    network: Network,
    views: Views,
    tokens: int,
    patch_features: Callable[[Tensor], Tensor],
    text: Float[Tensor, "p d"],
    scale: float,
    bias: Float[Tensor, "*one"] | float = 0.0,
) -> Relevancy:
    """Logits of the rows of `text`, the last of which is "none of these", at every patch of every view: scaled cosines."""
    patch = network.model.config.vision_config.patch_size
    box, grids = content_boxes(views), []
    for colour, (x0, y0, x1, y1) in zip(views.colour, box.int().tolist(), strict=True):
        rows, columns = grid_size(y1 - y0, x1 - x0, tokens)
        feature = patch_features(preprocess(network, colour[y0:y1, x0:x1], (rows * patch, columns * patch)))[0]
        logit = text @ unit_length(feature).T * scale + bias
        grids.append(logit.reshape(-1, rows, columns).to(views.colour.device))
    return Relevancy(tuple(grid[:-1] for grid in grids), tuple(grid[-1] for grid in grids), box)


def describe(teacher: ClipTeacher | SiglipTeacher) -> dict[str, Any]:
    """For the record: all but the name of `ClipTeacher` and `SiglipTeacher`."""
    return {
        "weights": [teacher.network.record],
        "tokens": teacher.tokens,
        "form": teacher.form,
        "form_with_category": teacher.form_with_category,
        "neutral": list(teacher.neutral),
        "scales": list(teacher.scales),
        "stride": teacher.stride,
        "dtype": str(teacher.network.dtype),
    }
