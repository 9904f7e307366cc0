"""How hypothesis runs here (few examples, many in ``make test-all``), and the check of JSON as a fixture."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from tests import json_schema

slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("ci", max_examples=25, deadline=None, suppress_health_check=slow)
settings.register_profile("thorough", max_examples=500, deadline=None, suppress_health_check=slow)


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("ci" if config.option.markexpr == "not slow" else "thorough")


@pytest.fixture(scope="session")
def mismatches() -> Callable[..., list[str]]:
    return json_schema.mismatches
