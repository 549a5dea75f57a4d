-- The text of these code points; those that Unicode does not have become U+FFFD. 0 and halves of
-- a surrogate pair are an error: no text can hold them.
CREATE OR REPLACE FUNCTION outgrow.char(codes bigint[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT COALESCE(string_agg(
    chr(CASE WHEN code BETWEEN 0 AND 1114111 THEN code ELSE 65533 END::int), '' ORDER BY place), '')
  FROM unnest(codes) WITH ORDINALITY AS given(code, place)
$$;
