"""Checkpoints of a few kilobytes with random weights, laid out as on the hub, for teachers that wrap transformers."""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
CLIP = {"image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}
RAW = {"image_mean": [123.675, 116.28, 103.53], "image_std": [58.395, 57.12, 57.375]}
PROMPTS = {"hidden_size": 16, "mask_input_channels": 4}
MASKS = {"hidden_size": 16, "mlp_dim": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "iou_head_hidden_dim": 16}
SMALL = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
TEXT = {**SMALL, "vocab_size": 59, "bos_token_id": 57, "eos_token_id": 58, "max_position_embeddings": 48}
VISION = {**SMALL, "num_hidden_layers": 3, "image_size": 32, "patch_size": 8}


def has(since: str) -> bool:
    """Whether the transformers that is installed is that new."""
    return [int(part) for part in version("transformers").split(".")[:2]] >= [int(part) for part in since.split(".")]


def save(folder: Path, build: Callable[[], Any], picture: dict[str, Any], seed: int = 0) -> Path:
    """Write a model with random weights, and its preprocessor_config.json."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = build()
        with torch.no_grad():
            for parameter in model.parameters():  # as made, some layers say the same of everything and some far too much
                if parameter.ndim > 1:
                    parameter.normal_(std=0.15)
        model.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(picture))
    return folder


def bert_words(folder: Path) -> None:
    """A vocabulary of letters, with the special tokens where Grounding DINO expects them."""
    words = [f"[unused{index}]" for index in range(1100)]
    for index, word in {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]", 1012: ".", 1029: "?"}.items():
        words[index] = word
    letters = string.ascii_lowercase
    words[200:252] = [*letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(words))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True}))


def clip_words(folder: Path, limit: int) -> None:
    """A vocabulary of letters; the padding is "!", as in OWLv2."""
    letters = [*string.ascii_lowercase, ",", "."]
    words = ["!", *letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: index for index, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    settings = {"tokenizer_class": "CLIPTokenizer", "pad_token": "!", "unk_token": "<|endoftext|>", "model_max_length": limit}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def swin() -> Any:
    from transformers import SwinConfig

    return SwinConfig(
        image_size=64,
        patch_size=4,
        embed_dim=8,
        depths=[1, 1, 1, 1],
        num_heads=[1, 2, 2, 4],
        window_size=4,
        out_indices=[2, 3, 4],
    )


def grounding_dino(folder: Path, mm: bool = False) -> Path:
    import transformers

    name = "MMGroundingDino" if mm else "GroundingDino"

    def build() -> Any:
        text = transformers.BertConfig(vocab_size=1100, max_position_embeddings=64, **SMALL)
        config = getattr(transformers, f"{name}Config")(
            backbone_config=swin(),
            text_config=text,
            d_model=32,
            encoder_layers=1,
            decoder_layers=2,
            encoder_ffn_dim=32,
            decoder_ffn_dim=32,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            num_queries=20,
            max_text_len=64,
        )
        return getattr(transformers, f"{name}ForObjectDetection")(config)

    save(folder, build, {"size": {"shortest_edge": 80, "longest_edge": 120}, **IMAGENET})
    bert_words(folder)
    return folder


def owlv2(folder: Path) -> Path:
    import transformers

    def build() -> Any:
        text = {"vocab_size": 59, "bos_token_id": 57, "eos_token_id": 58, "max_position_embeddings": 16, **SMALL}
        vision = {"image_size": 64, "patch_size": 16, **SMALL}
        config = transformers.Owlv2Config(text_config=text, vision_config=vision, projection_dim=32)
        return transformers.Owlv2ForObjectDetection(config)

    save(folder, build, {"size": {"height": 64, "width": 64}, **CLIP})
    clip_words(folder, 16)
    return folder


def omdet_turbo(folder: Path, channels: Sequence[int] = (16, 32, 64), backbone: Any = None) -> Path:
    import transformers

    def build() -> Any:
        text = transformers.CLIPTextConfig(vocab_size=59, max_position_embeddings=77, **{**SMALL, "hidden_size": 48})
        config = transformers.OmDetTurboConfig(
            text_config=text,
            backbone_config=backbone or swin(),
            backbone=None,
            use_timm_backbone=False,
            apply_layernorm_after_vision_backbone=False,
            image_size=64,
            num_queries=20,
            encoder_hidden_dim=32,
            decoder_hidden_dim=32,
            vision_features_channels=[32, 32, 32],
            encoder_in_channels=list(channels),
            encoder_dim_feedforward=32,
            decoder_dim_feedforward=32,
            task_encoder_hidden_dim=32,
            text_projection_in_dim=48,
            text_projection_out_dim=48,
            class_embed_dim=48,
            decoder_num_layers=2,
            encoder_attention_heads=4,
            decoder_num_heads=4,
        )
        return transformers.OmDetTurboForObjectDetection(config)

    save(folder, build, {"size": {"height": 64, "width": 64}, "do_rescale": False, **RAW})
    clip_words(folder, 77)
    return folder


def sam(folder: Path) -> Path:
    import transformers

    def build() -> Any:
        size = {"image_size": 64, "patch_size": 16}
        vision = {
            **size,
            "output_channels": 16,
            "mlp_dim": 32,
            "window_size": 2,
            "global_attn_indexes": [0],
            "num_pos_feats": 8,
        }
        vision |= {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
        prompts = {**size, "image_embedding_size": 4, **PROMPTS}
        config = transformers.SamConfig(vision_config=vision, prompt_encoder_config=prompts, mask_decoder_config=MASKS)
        return transformers.SamModel(config)

    return save(folder, build, IMAGENET)


def sam2(folder: Path, kind: str = "Sam2") -> Path:
    """`kind` "Sam2Video" is the layout of the hub, where the video model's tensors are there too."""
    import transformers

    def build() -> Any:
        stages = {
            "hidden_size": 8,
            "num_attention_heads": 1,
            "image_size": [64, 64],
            "blocks_per_stage": [1, 1, 2, 1],
            "embed_dim_per_stage": [8, 16, 32, 64],
            "num_attention_heads_per_stage": [1, 1, 2, 2],
            "window_size_per_stage": [4, 4, 4, 2],
            "global_attention_blocks": [3],
            "window_positional_embedding_background_size": [2, 2],
        }
        vision = {
            "backbone_config": {"model_type": "sam2_hiera_det_model", **stages},
            "backbone_channel_list": [64, 32, 16, 8],
            "backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]],
            "fpn_hidden_size": 16,
        }
        prompts = {"image_size": 64, "patch_size": 16, **PROMPTS}
        config = getattr(transformers, f"{kind}Config")(
            vision_config=vision, prompt_encoder_config=prompts, mask_decoder_config=MASKS
        )
        return getattr(transformers, f"{kind}Model")(config)

    return save(folder, build, IMAGENET)


def clip() -> Any:
    import transformers

    return transformers.CLIPModel(transformers.CLIPConfig(text_config=TEXT, vision_config=VISION, projection_dim=16))


def siglip() -> Any:
    import transformers

    model = transformers.SiglipModel(transformers.SiglipConfig(text_config=TEXT, vision_config=VISION))
    torch.nn.init.constant_(model.logit_scale, 2.0)
    torch.nn.init.constant_(model.logit_bias, -3.0)
    return model


def tips() -> Any:
    import transformers

    vision = {
        "num_hidden_layers": 3,
        "hidden_size": 32,
        "num_attention_heads": 2,
        "patch_size": 8,
        "image_size": 32,
        "mlp_ratio": 2,
    }
    text = {
        "num_hidden_layers": 2, "hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 2, "vocab_size": 60,
        "max_position_embeddings": 64,
    }  # fmt: skip
    model = transformers.Tipsv2Model(transformers.Tipsv2Config(text_config=text, vision_config=vision))
    for name, parameter in model.vision_model.named_parameters():
        if "layer_scale" in name or "register" in name or "cls" in name:
            torch.nn.init.normal_(parameter)
    return model


def tips_words(folder: Path) -> None:
    """A vocabulary of letters with the tokenizer that TIPSv2 comes with."""
    from transformers import Tipsv2Tokenizer

    letters = ["<pad>", "<unk>", *string.ascii_lowercase, "▁", "."]
    Tipsv2Tokenizer(vocab={letter: index for index, letter in enumerate(letters)}, merges=[]).save_pretrained(folder)


def clipseg() -> Any:
    import transformers

    config = transformers.CLIPSegConfig(
        text_config=TEXT, vision_config={**VISION, "patch_size": 16}, projection_dim=16, reduce_dim=8, extract_layers=[0, 1, 2],
        decoder_num_attention_heads=2, decoder_intermediate_size=16, use_complex_transposed_convolution=True,
    )  # fmt: skip
    return transformers.CLIPSegForImageSegmentation(config)


def gemma_words(folder: Path, limit: int) -> None:
    """A vocabulary of letters with the tokenizer that SigLIP 2 comes with, which by itself keeps capitals and fills up left."""
    from transformers import GemmaTokenizer

    letters = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", *string.ascii_lowercase, "<unused>", "▁"]
    vocabulary = {letter: index for index, letter in enumerate(letters)}
    words = GemmaTokenizer(vocab=vocabulary, merges=[], add_bos_token=False, add_eos_token=True, model_max_length=limit)
    words.save_pretrained(folder)


def dense(root: Path) -> None:
    """The dense teachers' checkpoints, each in the folder of its name."""
    made = {
        "clip-vit-base-patch16": (clip, {**CLIP, "resample": 3}),
        "siglip2-base": (siglip, {"image_mean": [0.5] * 3, "image_std": [0.5] * 3, "resample": 2}),
        "clipseg": (clipseg, {**IMAGENET, "resample": 2}),
    }
    for name, (build, picture) in made.items():
        save(root / name, build, picture)
        (gemma_words if name == "siglip2-base" else clip_words)(root / name, 48)
