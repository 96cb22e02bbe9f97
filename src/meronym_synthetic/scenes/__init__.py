"""Random labelled scenes: named objects on a ground, rendered from known cameras and written in 3D-OVS's layout.

`props` has the objects and their materials, `grounds` the textures of the ground, `layout` places objects and cameras, `light`
renders the photos, `write` saves them as a capture.
"""

from meronym_synthetic.scenes.layout import Prop, Scene, arc, around, make_scene, model_files
from meronym_synthetic.scenes.light import render_scene
from meronym_synthetic.scenes.write import check_vacant, write_scene

__all__ = ["Prop", "Scene", "arc", "around", "check_vacant", "make_scene", "model_files", "render_scene", "write_scene"]
