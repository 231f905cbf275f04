"""Terraform source and plans to the model."""
