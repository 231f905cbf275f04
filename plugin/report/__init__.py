"""One renderer a file: pure functions from a Report to text."""
