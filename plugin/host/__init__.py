"""Checkov as a host: the only importer of checkov."""
