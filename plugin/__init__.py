"""Proves, before anything is deployed, that AWS CloudTrail will record what it must."""

__version__ = "0.1.0"
