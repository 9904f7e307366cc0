"""How hypothesis runs here: few examples in the quick suite, many in ``make test-all``."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("ci", max_examples=25, deadline=None, suppress_health_check=slow)
settings.register_profile("thorough", max_examples=500, deadline=None, suppress_health_check=slow)


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("ci" if config.option.markexpr == "not slow" else "thorough")
