-- needs: is_number, number, text_number
-- The 64-bit integer that numeric affinity makes of a text; NULL where it makes none.
-- https://www.sqlite.org/datatype3.html#type_affinity
CREATE OR REPLACE FUNCTION outgrow.integer_of_text(t text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN outgrow.is_number(t)
      AND scale(outgrow.number(outgrow.text_number(t))) = 0
      THEN outgrow.number(outgrow.text_number(t))::bigint
  END
$$;
