-- needs: substr_range
-- SQLite's substr: a negative start counts from the end, a negative count goes back.
-- https://www.sqlite.org/lang_corefunc.html#substr
CREATE OR REPLACE FUNCTION outgrow.substr(
  x text, start bigint, count bigint DEFAULT 9223372036854775807) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  range int[] := outgrow.substr_range(length(x), start, count);
BEGIN
  RETURN substr(x, range[1], range[2]);
END
$$;
