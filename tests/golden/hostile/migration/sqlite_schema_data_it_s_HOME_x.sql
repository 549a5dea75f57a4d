-- outgrow init 4acc3b668629: yours to change, and then left alone
CREATE TABLE "select" ("order" INTEGER PRIMARY KEY, "a ""quoted"" one" TEXT, "{{ 7 * 7 }}" TEXT);
CREATE TABLE "':a; DROP TABLE x; --" ("%s" TEXT, "\." TEXT DEFAULT '\! touch owned', ":a" REAL);
CREATE TABLE "Straße/$(touch owned)" ("é" TEXT UNIQUE, "b`" BLOB);
CREATE INDEX "i|x" ON "select" ("a ""quoted"" one");
CREATE VIEW "<script>v</script>" AS SELECT "order" AS "${HOME}" FROM "select";
