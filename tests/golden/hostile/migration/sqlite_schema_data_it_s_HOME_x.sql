-- outgrow init fcd1173868ca: yours to change, and then left alone
-- Schema of data/it's $HOME `x`.db, to be replayed in an empty SQLite database.

CREATE TABLE "select" ("order" INTEGER PRIMARY KEY, "a ""quoted"" one" TEXT, "{{ 7 * 7 }}" TEXT);
CREATE TABLE "':a; DROP TABLE x; --" ("%s" TEXT, "\." TEXT DEFAULT '\! touch owned', ":a" REAL);
CREATE TABLE "Straße/$(touch owned)" ("é" TEXT UNIQUE, "b`" BLOB);
CREATE INDEX "i|x" ON "select" ("a ""quoted"" one");
CREATE VIEW "<script>v</script>" AS SELECT "order" AS "${HOME}" FROM "select";
