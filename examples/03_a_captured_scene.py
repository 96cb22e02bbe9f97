"""Render photos of a scene, name what is in them, and ask for a word that was not trained on: about ten minutes on two cores.

python examples/03_a_captured_scene.py
"""

from pathlib import Path

import meronym
from meronym_synthetic import scenes

folder = Path("demo/scene")
if not folder.exists():  # with a capture of your own, this is its folder
    scene = scenes.make_scene(seed=2)
    scenes.write_scene(scene, *scenes.render_scene(scene, scenes.arc(scene, views=20)), folder)

found = meronym.segment(folder, cache=Path("demo/cache"))  # one label for every pixel and point; the names are the capture's
found.save("demo/scene_parts")  # look at contact_sheet.png first
print(found.counts())
print(found["snowman"].element_count)  # points of the snowman, a cloud of its own

wheel = meronym.query(found, ["wheel"])  # other words need no training
print(wheel.shape.points[wheel.score[:, 0].argmax()])
