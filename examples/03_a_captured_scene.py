"""Render photos of a scene, name what is in them, and ask for a word that was not trained on: about ten minutes on two cores.

python examples/03_a_captured_scene.py
"""

from pathlib import Path

import meronym
from meronym.scenes.pipeline import hire_open
from meronym.scenes.query import query
from meronym_synthetic import scenes

folder = Path("demo/scene")
if not folder.exists():  # with a capture of your own, this is its folder
    scene = scenes.make_scene(seed=2)
    scenes.write_scene(scene, *scenes.render_scene(scene, scenes.arc(scene, views=20)), folder)

capture = meronym.read(folder)  # photos, cameras and, in this layout, names
found = meronym.segment(capture, kept=Path("demo/kept"))  # one label for every pixel and point
found.save("demo/scene_parts")  # look at contact_sheet.png first
print(found.points.counts())
found["snowman"]  # its points, a cloud of its own

assert found.features is not None
fit = query(found.features, hire_open("builtin").read(["wheel"]).numpy())  # other words need no training
print(found.points.shape.points[fit[:, 0].argmax()])
