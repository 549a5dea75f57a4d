-- SQLite's substr: a negative start counts from the end, a negative count goes back.
-- https://www.sqlite.org/lang_corefunc.html#substr
CREATE OR REPLACE FUNCTION outgrow.substr(x text, start bigint, count bigint DEFAULT 4611686018427387904)
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  first bigint := start;
  wanted bigint := abs(count);
  backwards boolean := count < 0;
BEGIN
  IF first < 0 THEN
    first := first + length(x);
    IF first < 0 THEN
      IF backwards THEN wanted := 0; ELSE wanted := greatest(wanted + first, 0); END IF;
      first := 0;
    END IF;
  ELSIF first > 0 THEN
    first := first - 1;
  ELSIF wanted > 0 AND NOT backwards THEN
    wanted := wanted - 1;
  END IF;
  IF backwards THEN
    first := first - wanted;
    IF first < 0 THEN wanted := wanted + first; first := 0; END IF;
  END IF;
  RETURN substr(x, least(first, 2147483646)::int + 1, least(greatest(wanted, 0), 2147483647)::int);
END
$$;
