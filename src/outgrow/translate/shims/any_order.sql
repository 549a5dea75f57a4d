-- Two values of any class compared: -1, 0 or 1; numbers before texts before blobs.
-- https://www.sqlite.org/datatype3.html#sort_order
CREATE OR REPLACE FUNCTION outgrow.any_order(a jsonb, b jsonb) RETURNS int
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  kind_a text := jsonb_typeof(a);
  kind_b text := jsonb_typeof(b);
  x numeric;
  y numeric;
BEGIN
  IF kind_a = 'string' AND kind_b = 'string' THEN
    RETURN CASE
      WHEN (a #>> '{}') COLLATE "C" < (b #>> '{}') COLLATE "C" THEN -1
      WHEN a = b THEN 0
      ELSE 1
    END;
  END IF;
  IF a ? 'blob' AND kind_a = 'object' AND b ? 'blob' AND kind_b = 'object' THEN
    -- Two hexadecimal digits a byte keep the order of the bytes.
    RETURN CASE
      WHEN (a ->> 'blob') COLLATE "C" < (b ->> 'blob') COLLATE "C" THEN -1
      WHEN a = b THEN 0
      ELSE 1
    END;
  END IF;
  x := CASE WHEN kind_a = 'number' THEN a::numeric
            WHEN kind_a = 'object' THEN (a ->> 'real')::numeric END;
  y := CASE WHEN kind_b = 'number' THEN b::numeric
            WHEN kind_b = 'object' THEN (b ->> 'real')::numeric END;
  IF x IS NOT NULL AND y IS NOT NULL THEN
    RETURN CASE WHEN x < y THEN -1 WHEN x = y THEN 0 ELSE 1 END;
  END IF;
  IF x IS NOT NULL THEN RETURN -1; END IF;
  IF y IS NOT NULL THEN RETURN 1; END IF;
  RETURN CASE WHEN kind_a = 'string' THEN -1 ELSE 1 END;
END
$$;
