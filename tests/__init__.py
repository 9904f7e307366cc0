"""A package, so that the fuzzer runs as ``python -m tests.fuzz``."""
