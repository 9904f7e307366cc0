"""How hypothesis runs here: few examples in the quick suite; ``HYPOTHESIS_PROFILE=thorough`` for many."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("ci", max_examples=25, deadline=None, suppress_health_check=slow)
settings.register_profile("thorough", max_examples=500, deadline=None, suppress_health_check=slow)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
