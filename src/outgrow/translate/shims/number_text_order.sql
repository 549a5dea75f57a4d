-- needs: is_number, text_number
-- A number compared with a text to which numeric affinity applies: -1, 0 or 1. A text that is a
-- number as a whole is compared as one, any other comes after every number.
-- https://www.sqlite.org/datatype3.html#comparison_expressions
CREATE OR REPLACE FUNCTION outgrow.number_text_order(x numeric, t text) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN outgrow.is_number(t)
      THEN sign(x - outgrow.text_number(t))::int
    ELSE -1
  END
$$;
