"""Benchmarks: ratios of one run on one machine, never seconds to be compared across machines."""
