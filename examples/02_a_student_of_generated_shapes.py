"""Train a student on shapes from a generator, with no 3D label, and let it name the parts of a shape that it never saw.

Any generator's folder of meshes will do; here it is meronym's own procedural one. Takes about two minutes.
"""

from pathlib import Path

import trimesh

import meronym
from meronym.testing import labelled_shape

folder = Path("demo/chairs")
folder.mkdir(parents=True, exist_ok=True)
for seed in range(12):
    mesh, _, _ = labelled_shape("chair", seed)
    trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).export(folder / f"{seed}.glb")

words = ["seat", "backrest", "leg", "armrest"]
student = meronym.pretrain(folder, words, "demo/chairs_student", category="chair")

unseen, _, _ = labelled_shape("chair", 99)
parts = meronym.segment(unseen, student=student, up="y")  # no teacher is asked
print(parts.counts(), parts.save("demo/unseen_chair_parts.glb"))
