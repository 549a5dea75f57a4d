-- outgrow init 5e151c2455a4: yours to change, and then left alone
-- Schema of b/it's $HOME `x`.db, to be replayed in an empty SQLite database.

CREATE TABLE "a
b" ("*/ x /*" TEXT);
