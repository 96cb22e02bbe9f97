"""Reading shapes and captures, and writing results."""
