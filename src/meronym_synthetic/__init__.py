"""Procedural shapes and scenes whose parts have names; the built-in teacher is trained on them.

`kit` holds random numbers, curves, solids and the registry of kinds; each module of `kinds` describes related things as short
functions that return named solids; `build` turns solids into one labelled mesh; `gallery` draws what kinds look like; `scenes`
places objects on a ground and renders photos of them.
"""
