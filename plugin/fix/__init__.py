"""Byte-range edits that repair a finding."""
