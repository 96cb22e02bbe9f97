"""The pictures of a glTF document, decoded when a material first asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np

from meronym.io.images import open_image, pixels
from meronym.io.limits import check_unpacked
from meronym.io.shapes.gltf.document import Gltf

_UNREAD = {
    "KHR_texture_basisu": "KTX2 are not read, the teacher does not see them; convert them: gltf-transform ktxdecompress IN OUT",
    "MSFT_texture_dds": "DDS are not read, the teacher does not see them; convert them to PNG",
    "EXT_texture_avif": "AVIF are not read, the teacher does not see them; convert them: gltf-transform png IN OUT",
}


@dataclass
class GltfImages:
    """Decodes each picture once, however many images of the document hold it."""

    gltf: Gltf
    images: list[np.ndarray] = field(default_factory=list)
    """Those decoded so far, uint8 [h w 3] or [h w 4]."""
    unread: dict[str, int] = field(default_factory=dict)
    """Textures of formats that are not read, in words, and how many."""
    _index: dict[Any, int] = field(default_factory=dict)
    _packed: int = 0
    _unpacked: int = 0

    def index(self, info: Mapping[str, Any], alpha: bool) -> int:
        """Index into `images` of a texture's picture, with or without its alpha; -1 = none, or missing, or not read.

        Raises: InputError if the picture is damaged; LimitError if it is too large, or all are together.
        """
        texture, number = self.gltf.item("textures", info["index"]), info["index"]
        if (number, alpha) not in self._index:
            self._index[number, alpha] = self._decoded(texture, alpha)
        return self._index[number, alpha]

    def _decoded(self, texture: Mapping[str, Any], alpha: bool) -> int:
        held = texture.get("extensions", {})
        source = held.get("EXT_texture_webp", texture).get("source", texture.get("source"))
        data = None if source is None else self.gltf.image(source)
        unread = next((name for name in _UNREAD if name in held and data is None), None)
        if unread or (data or b"").startswith(b"\xabKTX 20\xbb"):
            line = f"textures in {_UNREAD[unread or 'KHR_texture_basisu']}"
            self.unread[line] = self.unread.get(line, 0) + 1
            return -1
        if data is None:
            return -1
        name, limits = str(self.gltf.item("images", source).get("name", f"images[{source}]")), self.gltf.folder.limits
        digest = sha256(data).digest()
        if (digest, alpha) not in self._index:
            image = open_image(data, name, limits)
            self._packed += len(data)
            self._unpacked += image.width * image.height * 3
            check_unpacked("its pictures together", self._unpacked, self._packed, limits, limits.image_pixels * 3)
            self._index[digest, alpha] = len(self.images)
            self.images.append(pixels(image, name, limits, alpha))
        return self._index[digest, alpha]
