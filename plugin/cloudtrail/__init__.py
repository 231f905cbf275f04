"""What the service does with a trail; no syntax here."""
