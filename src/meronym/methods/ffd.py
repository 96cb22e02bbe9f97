"""`ffd`: distilled feature fields (Kobayashi et al., NeurIPS 2022): a 2D model's features, averaged over scales.

3D-OVS's field without selection volume, RDA and FDA; each pixel is labelled by itself.
"""

from __future__ import annotations

from functools import partial

from meronym.methods.three_d_ovs import OVS3D

Ffd = partial(OVS3D, selection=False, rda=False, fda=False, consistent=False)
