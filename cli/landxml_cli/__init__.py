"""The command ``landxml``: options, progress, tables and exit codes; what it shows is computed elsewhere."""
