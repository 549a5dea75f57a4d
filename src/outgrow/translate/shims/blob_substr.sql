-- needs: substr_range
-- SQLite's substr of a blob, in bytes; NULL of an empty one. https://www.sqlite.org/lang_corefunc.html#substr
CREATE OR REPLACE FUNCTION outgrow.blob_substr(
  x bytea, start bigint, count bigint DEFAULT 9223372036854775807) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  range int[] := outgrow.substr_range(length(x), start, count);
BEGIN
  IF length(x) = 0 THEN RETURN NULL; END IF;
  RETURN substr(x, range[1], range[2]);
END
$$;
