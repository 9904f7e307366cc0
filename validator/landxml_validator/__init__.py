"""landxml_validator."""
