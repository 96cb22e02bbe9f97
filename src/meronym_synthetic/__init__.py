"""Procedural shapes whose parts have names: what the built-in teacher is trained on.

`kit` holds the solids and the dice; each module of `kinds` describes a family of things as short functions that return
named pieces; `build` turns pieces into one labelled mesh; `words` says how people call the parts.
"""
