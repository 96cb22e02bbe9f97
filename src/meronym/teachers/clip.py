"""Dense teachers: models that learned from pictures with captions score every prompt at every patch of every view.

`ClipTeacher` and `SiglipTeacher` compare patches with prompts in the space that the model made for whole pictures;
`ClipSegTeacher` has a decoder that was trained to draw masks. Prompts are put in one fixed sentence. For scenes the first two
speak of pictures as wholes, which is what they were trained for.
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
NEUTRAL = ("background", "object", "thing")
"""Their mean, each in FORM, is what "none of these" looks like to CLIP and SigLIP."""
SCALES, STRIDE = (1 / 5, 1 / 7, 1 / 10), 0.25
"""Windows in which photos of scenes are seen, as in 3D-OVS (Liu et al., NeurIPS 2023): each as a picture of its own."""


class ClipTeacher:
    """CLIP (Radford et al., ICML 2021): 100 times the cosine of a patch and a prompt.

    `last` says how the last block is run. "value", as in MaskCLIP (Zhou et al., ECCV 2022): without attention, so that a
    patch speaks of its own place; of the block only value and output projection are left, as the rest adds noise (ClearCLIP,
    Lan et al., ECCV 2024). "attention", as PointCLIPv2 was released: the block as it is. `tokens` is the number of patches
    spent on a view; CLIP was trained with 196.

    Raises: InputError for another `last`; WeightsError if the weights cannot be had.
    """

    def __init__(
        self,
        weights: str | Path = "clip-vit-base-patch16",
        tokens: int = 196,
        last: str = "value",
        device: str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        if last not in ("value", "attention"):
            raise InputError(f"last: expected 'value' or 'attention', got {last!r}")
        self.network = Network(weights, "CLIPModel", "4.46", device, dtype)
        self.tokens, self.last = tokens, last
        self.sharpness = float(self.network.model.logit_scale.detach().float().exp())

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits on a grid over the part of each view that shows something."""
        text = self._text([*phrase(prompts, category), *phrase(NEUTRAL, None)])
        return compare(self.network, views, self.tokens, self.encode, with_none(text))

    def encode(self, pixels: Float[Tensor, "1 3 _h _w"]) -> Float[Tensor, "1 t d"]:
        """Patches in the space of text, not normalised."""
        vision = self.network.model.vision_model
        seen = vision(pixel_values=pixels, interpolate_pos_encoding=True, output_hidden_states=True)
        if self.last == "attention":
            token = seen.last_hidden_state
        else:
            block = vision.encoder.layers[-1]
            token = block.self_attn.out_proj(block.self_attn.v_proj(block.layer_norm1(seen.hidden_states[-2])))
        patches: Tensor = self.network.model.visual_projection(vision.post_layernorm(token[:, 1:]))
        return patches

    scales, stride = SCALES, STRIDE

    @torch.no_grad()
    def encode_image(self, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "1 1 d"]:
        """The embedding of a whole picture, which is made square."""
        model = self.network.model
        seen = model.vision_model(pixel_values=whole(self.network, picture)).pooler_output
        return unit_length(model.visual_projection(seen))[None]

    @torch.no_grad()
    def encode_text(self, prompts: Sequence[str]) -> Float[Tensor, "p d"]:
        """The embedding of each prompt, in the one fixed sentence."""
        return unit_length(self._text(phrase(prompts, None)))

    def _text(self, sentences: Sequence[str]) -> Float[Tensor, "n d"]:
        model = self.network.model
        text: Tensor = model.text_projection(model.text_model(input_ids=words(self.network, sentences)).pooler_output)
        return text

    def describe(self) -> dict[str, Any]:
        """Name, weights with hash and licence, settings."""
        return describe("clip", self.network, tokens=self.tokens, last=self.last, none=NEUTRAL)


class SiglipTeacher:
    """SigLIP 2 (Tschannen et al., 2025): the model's own scale and bias on the cosine of a patch and a prompt.

    SigLIP pools patches by attention; MaskCLIP's way with such a pool is taken: each patch is pooled by itself. `tokens` is
    the number of patches spent on a view; the model was trained with 256.

    Raises: WeightsError if the weights cannot be had.
    """

    def __init__(
        self,
        weights: str | Path = "siglip2-base",
        tokens: int = 256,
        device: str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.network = Network(weights, "SiglipModel", "4.46", device, dtype)
        self.tokens = tokens
        self.sharpness = float(self.network.model.logit_scale.detach().float().exp())

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits on a grid over the part of each view that shows something."""
        text = with_none(self._text([*phrase(prompts, category), *phrase(NEUTRAL, None)]))
        return compare(self.network, views, self.tokens, self.encode, text, self.network.model.logit_bias.float())

    def encode(self, pixels: Float[Tensor, "1 3 _h _w"]) -> Float[Tensor, "1 t d"]:
        """Patches in the space of text, not normalised."""
        vision = self.network.model.vision_model
        token = vision(pixel_values=pixels, interpolate_pos_encoding=True).last_hidden_state
        pool = vision.head.attention
        value = functional.linear(token, pool.in_proj_weight.chunk(3)[2], pool.in_proj_bias.chunk(3)[2])
        pooled = pool.out_proj(value)
        patches: Tensor = pooled + vision.head.mlp(vision.head.layernorm(pooled))
        return patches

    scales, stride = SCALES, STRIDE

    @torch.no_grad()
    def encode_image(self, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "1 1 d"]:
        """The embedding of a whole picture, which is made square."""
        return unit_length(self.network.model.vision_model(pixel_values=whole(self.network, picture)).pooler_output)[None]

    @torch.no_grad()
    def encode_text(self, prompts: Sequence[str]) -> Float[Tensor, "p d"]:
        """The embedding of each prompt, in the one fixed sentence."""
        return unit_length(self._text(phrase(prompts, None)))

    def _text(self, sentences: Sequence[str]) -> Float[Tensor, "n d"]:
        text: Tensor = self.network.model.text_model(input_ids=words(self.network, sentences)).pooler_output
        return text

    def describe(self) -> dict[str, Any]:
        """Name, weights with hash and licence, settings."""
        return describe("siglip2", self.network, tokens=self.tokens, none=NEUTRAL)


class ClipSegTeacher:
    """CLIPSeg (Lüddecke and Ecker, CVPR 2022): the logit of a mask for each prompt; "none of these" is 0, its threshold.

    `size` is the side of the square picture that the model gets, in pixels.

    Raises: InputError if the patches of the model do not fill `size`; WeightsError if the weights cannot be had.
    """

    def __init__(
        self, weights: str | Path = "clipseg", size: int = 352, device: str = "cpu", dtype: torch.dtype = torch.float32
    ) -> None:
        self.network = Network(weights, "CLIPSegForImageSegmentation", "4.46", device, dtype)
        patch = self.network.model.config.vision_config.patch_size
        if size < patch or size % patch:
            raise InputError(f"size: expected a multiple of the model's patch, {patch} pixels, got {size}")
        self.size = size

    @torch.no_grad()
    def __call__(self, views: Views, prompts: Sequence[str], category: str | None = None) -> Relevancy:
        """Logits on a grid over a square about what each view shows. A view is encoded once, whatever the number of prompts."""
        model, box = self.network.model, content_boxes(views, square=True)
        ids = words(self.network, phrase(prompts, category))
        text = model.clip.text_projection(model.clip.text_model(input_ids=ids).pooler_output)
        logit = []
        for colour, (x0, y0, x1, y1) in zip(views.colour, box.int().tolist(), strict=True):
            pixels = look(self.network, colour[y0:y1, x0:x1], (self.size, self.size))
            seen = model.clip.vision_model(pixel_values=pixels, interpolate_pos_encoding=True, output_hidden_states=True)
            layers = [seen.hidden_states[index + 1].expand(len(prompts), -1, -1) for index in model.extract_layers]
            masks = model.decoder(layers, text).logits
            logit.append(masks.reshape(len(prompts), *masks.shape[-2:]).to(views.colour.device, torch.float32))
        return Relevancy(tuple(logit), tuple(torch.zeros_like(grid[0]) for grid in logit), box)

    def describe(self) -> dict[str, Any]:
        """Name, weights with hash and licence, settings."""
        return describe("clipseg", self.network, size=self.size, none=0)


def phrase(prompts: Sequence[str], category: str | None) -> list[str]:
    """Prompts as the sentences that are asked; lower case, as SigLIP 2 was trained (CLIP's tokenizer sees to it itself)."""
    return [(FORM_WITH_CATEGORY if category else FORM).format(p=prompt, c=category).lower() for prompt in prompts]


def words(network: Network, sentences: Sequence[str]) -> Int[Tensor, "p t"]:
    """Token ids, filled up to the length that the model was trained with: SigLIP reads its answer off the last one.

    To the right, as in training; the tokenizer that SigLIP 2 comes with would do it to the left.

    Raises: InputError if a sentence is longer.
    """
    limit = network.model.config.text_config.max_position_embeddings
    ids = network.tokenizer(list(sentences), padding="max_length", padding_side="right", max_length=limit)["input_ids"]
    for sentence, row in zip(sentences, ids, strict=True):
        if len(row) > limit:
            raise InputError(f"prompt {sentence!r} is {len(row)} tokens; the teacher reads at most {limit}: shorten it")
    return torch.tensor(ids, device=network.device)


def with_none(text: Float[Tensor, "n d"]) -> Float[Tensor, "p d"]:
    """Unit vectors of the prompts and, last, of "none of these": the mean of the NEUTRAL ones that end `text`."""
    unit = functional.normalize(text.float(), dim=-1)
    prompts, neutral = unit[: -len(NEUTRAL)], unit[-len(NEUTRAL) :]
    return torch.cat([prompts, functional.normalize(neutral.mean(0, keepdim=True), dim=-1)])


def look(network: Network, colour: Float[Tensor, "h w 3"], size: tuple[int, int]) -> Float[Tensor, "1 3 _h _w"]:
    """A picture as the model was trained to have it, but for its size."""
    mode = "bilinear" if network.picture.get("resample") == 2 else "bicubic"  # PIL's number for it
    return network.pixels(resize(colour.to(network.device), size, mode))


def whole(network: Network, picture: Float[Tensor, "h w 3"]) -> Float[Tensor, "1 3 s s"]:
    """A picture as the model was trained to have it."""
    side = network.model.config.vision_config.image_size
    return look(network, picture, (side, side))


def unit_length(embedding: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    """Single precision, unit length, where photos are: on the CPU."""
    return functional.normalize(embedding.float(), dim=-1).cpu()


def compare(
    network: Network,
    views: Views,
    tokens: int,
    encode: Callable[[Tensor], Tensor],
    text: Float[Tensor, "p d"],
    bias: Float[Tensor, "*one"] | float = 0.0,
) -> Relevancy:
    """Logits of the rows of `text`, the last of which is "none of these", at every patch of every view."""
    patch, scale = network.model.config.vision_config.patch_size, network.model.logit_scale.float().exp()
    box, grids = content_boxes(views), []
    for colour, (x0, y0, x1, y1) in zip(views.colour, box.int().tolist(), strict=True):
        rows, columns = grid_size(y1 - y0, x1 - x0, tokens)
        feature = encode(look(network, colour[y0:y1, x0:x1], (rows * patch, columns * patch)))[0]
        logit = text @ functional.normalize(feature.float(), dim=-1).T * scale + bias
        grids.append(logit.reshape(-1, rows, columns).to(views.colour.device))
    return Relevancy(tuple(grid[:-1] for grid in grids), tuple(grid[-1] for grid in grids), box)


def describe(name: str, network: Network, **settings: Any) -> dict[str, Any]:
    """What goes into the record."""
    form = {"form": FORM, "form_with_category": FORM_WITH_CATEGORY}
    return {"name": name, "weights": [network.record], **form, **settings, "dtype": str(network.dtype)}
