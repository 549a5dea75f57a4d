-- needs: dynamic
-- The number that a text starts with, 0 where it starts with none.
CREATE OR REPLACE FUNCTION outgrow.text_number(x text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN found IS NULL THEN 0::numeric
    WHEN found ~ '^[+-]?\d+$' AND abs(found::numeric) < 9223372036854775808 THEN found::numeric
    WHEN found::numeric = -9223372036854775808 AND found !~ '[.eE]' THEN found::numeric
    WHEN abs(found::numeric) > 1.797693134862315807e308 THEN
      CASE WHEN found LIKE '-%' THEN '-Infinity'::numeric ELSE 'Infinity'::numeric END
    WHEN abs(found::numeric) < 2.5e-324 THEN 0.0
    ELSE outgrow.dynamic(found::double precision)
  END
  FROM (SELECT (regexp_match(
    x, '^[ \t\n\v\f\r]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)'))[1] AS found) AS start
$$;
