"""Whether what arrived is what was read: every value, every object, every view's rows.

Verification has a conversion of its own and shares none with the loader.
"""
