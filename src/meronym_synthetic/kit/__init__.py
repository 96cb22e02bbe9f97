"""Random numbers, curves, solids and the registry that kinds of things are written with."""
