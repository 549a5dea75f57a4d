-- What values of any class sort by: numbers before texts before blobs.
-- https://www.sqlite.org/datatype3.html#sort_order
DO $$
BEGIN
  IF to_regtype('outgrow.any_key') IS NULL THEN
    CREATE TYPE outgrow.any_key AS (rank int, number numeric, string text COLLATE "C");
  END IF;
END
$$;
CREATE OR REPLACE FUNCTION outgrow.any_key(v jsonb) RETURNS outgrow.any_key
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  RETURN CASE jsonb_typeof(v)
    WHEN 'number' THEN ROW(1, v::numeric, '')::outgrow.any_key
    WHEN 'string' THEN ROW(2, 0, v #>> '{}')::outgrow.any_key
    ELSE CASE
      WHEN v ? 'real' THEN ROW(1, (v ->> 'real')::numeric, '')::outgrow.any_key
      ELSE ROW(3, 0, v ->> 'blob')::outgrow.any_key
    END
  END;
END
$$;
