-- needs: text_number, dynamic
-- A text as SUM takes it: an integer if it is one as a whole, else a real.
-- https://www.sqlite.org/lang_aggfunc.html#sumunc
CREATE OR REPLACE FUNCTION outgrow.text_summand(x text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN x ~ '^[ \t\n\v\f\r]*[+-]?\d+[ \t\n\v\f\r]*$' THEN outgrow.text_number(x)
    ELSE outgrow.dynamic(outgrow.text_number(x)::double precision)
  END
$$;
