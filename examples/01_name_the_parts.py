"""Name the parts of a mesh, look at the answer, save it. Run `make demo` first: it fetches demo/ant.ply."""

import meronym

ant = meronym.read("demo/ant.ply")  # 486 vertices, 912 faces
parts = meronym.segment(ant, ["head", "thorax", "abdomen", "leg", "antenna"], category="ant")

print(parts.counts())  # faces per word
print(parts.score.shape, parts.seen.mean())  # [faces, words] in 0..1; share of the faces that some view showed
print(parts["leg"].element_count)  # faces of the legs, a mesh of their own
print(parts.save("demo/ant_parts.glb"))  # one named node per part
