"""Labelled scenes by dice: named things on a ground, photographed from known cameras, in 3D-OVS's layout.

`cast` knows what may stand in a scene and how it is painted, `grounds` what it stands on, `stage` puts it together and
sets up cameras, `light` takes the photos, `write` leaves them as a capture.
"""

from meronym_synthetic.scenes.layout import Prop, Scene, arc, around, make_scene, model_files
from meronym_synthetic.scenes.light import render_scene
from meronym_synthetic.scenes.write import check_vacant, write_scene

__all__ = ["Prop", "Scene", "arc", "around", "check_vacant", "make_scene", "model_files", "render_scene", "write_scene"]
