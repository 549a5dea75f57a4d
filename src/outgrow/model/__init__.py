"""The nouns of the program: frozen dataclasses that every room speaks in.

Nothing here imports another room, touches a database or is changed after it is made.
"""
