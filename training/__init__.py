"""How the built-in teacher's head is made: `features` renders procedural shapes, `head` trains, `choose` compares."""
