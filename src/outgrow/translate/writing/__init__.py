"""INSERT, UPDATE and DELETE, as an application runs them and as they stand in a trigger's body."""
