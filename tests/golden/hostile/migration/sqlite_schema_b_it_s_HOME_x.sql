-- outgrow init 435b5d65b091: yours to change, and then left alone
CREATE TABLE "a
b" ("*/ x /*" TEXT);
