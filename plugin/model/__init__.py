"""The normalised model: no syntax, no service behaviour, no input or output."""
