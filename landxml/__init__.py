"""landxml."""
