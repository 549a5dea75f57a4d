-- needs: json_repeats
-- JSON text as jsonb that reads as SQLite reads the text: 1e2 is a real and stays one, and a key
-- that stands twice, of which jsonb keeps the last and SQLite reads the first, is an error.
CREATE OR REPLACE FUNCTION outgrow.jsonb_of(x text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  made jsonb := x::jsonb;
BEGIN
  IF x ~ '[0-9][eE][0-9+-]' THEN
    made := (
      SELECT string_agg(
        CASE WHEN t.piece[1] !~ '^-?[0-9.]+[eE]' THEN t.piece[1]
          WHEN scale(t.piece[1]::numeric) > 0 THEN t.piece[1]::numeric::text
          ELSE t.piece[1]::numeric::text || '.0' END,
        '' ORDER BY t.place)
      FROM regexp_matches(x, '("(?:[^"\\]|\\.)*"|[^"0-9eE.+-]+|[0-9eE.+-]+)', 'g')
        WITH ORDINALITY AS t(piece, place)
    );
  END IF;
  IF (strpos(x, '\u0022') > 0
      OR cardinality(regexp_split_to_array(x, '"[ \t\n\r]*:'))
        <> cardinality(regexp_split_to_array(made::text, '"[ \t\n\r]*:')))
    AND outgrow.json_repeats(x::json)
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_text_representation',
      MESSAGE = 'an object has a key twice, which jsonb can''t keep',
      HINT = 'Keep the column json or text in the plan file.';
  END IF;
  RETURN made;
END
$$;
