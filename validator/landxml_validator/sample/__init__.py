"""Synthetic packages: valid ones of any size, and ones with faults of which it is known where they are."""
