"""The command line: a thin shell over api.py."""
