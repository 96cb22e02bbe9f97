"""The part tree: segments without words, and what can be asked of them: names, instances, proposals."""
