"""What applications run all day, with every kind of parameter."""

from __future__ import annotations

from corpus import case

CASES = [
    case(("SELECT * FROM Things WHERE id = ?", (2,))),
    case(("SELECT * FROM Things WHERE id = ?", ("2",))),
    case(("SELECT id, t FROM Things WHERE t = ?", ("abc",))),
    case(("SELECT id FROM Things WHERE t = :t OR i = :i", {"t": "abc", "i": -7})),
    case(("SELECT id, coalesce(i, 'none') AS v FROM Things", ())),
    case(
        ("INSERT INTO Things (t, i) VALUES (?, ?)", ("new", 7)),
        ("SELECT t FROM Things WHERE i = %s", (7,)),
    ),
    case(("UPDATE Things SET t = ? WHERE id = ?", (None, 1))),
    case(("DELETE FROM Things WHERE id = ?", (1,))),
    case(("SELECT id FROM Things WHERE t LIKE ?", ("%b%",))),
]
