"""Dates and times: values, modifiers, formats, and comparisons that an index serves."""
