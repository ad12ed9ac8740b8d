"""The main job on this machine: every step done by whoever does it in life, and verified."""
