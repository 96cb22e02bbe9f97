"""FFD, distilled feature fields (Kobayashi et al., NeurIPS 2022): a 2D model's features, averaged over scales."""

from __future__ import annotations

from meronym.methods.three_d_ovs import FieldScores, Settings, teach
from meronym.scenes.observation import SceneObservation

PLAIN = Settings(selection=False, rda=False, fda=False)


def segment(scene: SceneObservation) -> FieldScores:
    """The same field as 3D-OVS, without selection volume, RDA and FDA."""
    return teach(scene, PLAIN)
