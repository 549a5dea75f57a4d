"""Tables, indexes and the schema at run time: what defines them, and what SQLite tells of them."""
