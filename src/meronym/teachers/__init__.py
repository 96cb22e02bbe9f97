"""Teachers: 2D models that find prompts in pictures."""
