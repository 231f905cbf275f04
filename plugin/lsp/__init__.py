"""The language server: a thin shell over api.py."""
