"""The documentation site: Markdown in Vietnamese and in English, of one source per page."""
