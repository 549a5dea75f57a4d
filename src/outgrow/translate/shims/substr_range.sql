-- Where substr() begins (from 1) and how many characters or bytes it takes at most, as {from,
-- count}: a negative start counts from the end, a negative count goes back.
-- https://www.sqlite.org/lang_corefunc.html#substr
CREATE OR REPLACE FUNCTION outgrow.substr_range(size bigint, start bigint, count bigint)
RETURNS int[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  first bigint := start;
  wanted bigint := CASE WHEN count = -9223372036854775808 THEN 9223372036854775807
    ELSE abs(count) END;
BEGIN
  IF first < 0 THEN
    first := first + size;
    IF first < 0 THEN
      wanted := CASE WHEN count < 0 THEN 0 ELSE greatest(wanted + first, 0) END;
      first := 0;
    END IF;
  ELSIF first > 0 THEN
    first := first - 1;
  ELSIF count > 0 THEN
    wanted := wanted - 1;
  END IF;
  IF count < 0 THEN
    first := first - wanted;
    IF first < 0 THEN wanted := wanted + first; first := 0; END IF;
  END IF;
  first := least(first, 1073741823);
  RETURN ARRAY[first + 1, least(greatest(wanted, 0), 1073741823)];
END
$$;
