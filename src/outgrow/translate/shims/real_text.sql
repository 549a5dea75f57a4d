-- A real as SQLite prints it: always with a point, an exponent below 1e-4 and from 1e17.
-- https://www.sqlite.org/lang_expr.html#castexpr
CREATE OR REPLACE FUNCTION outgrow.real_text(x double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN x = 'Infinity' THEN 'Inf'
    WHEN x = '-Infinity' THEN '-Inf'
    WHEN x = 0 THEN '0.0'
    WHEN abs(x) >= 1e17 OR abs(x) < 1e-4 THEN
      CASE WHEN split_part(x::text, 'e', 1) LIKE '%.%' THEN x::text
           ELSE replace(x::text, 'e', '.0e') END
    WHEN x = trunc(x) THEN x::numeric(40, 1)::text
    ELSE x::text::numeric::text
  END
$$;
