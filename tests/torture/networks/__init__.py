"""Networks and servers that fail."""
