-- The integer that a text starts with, clamped to 64 bits.
CREATE OR REPLACE FUNCTION outgrow.text_integer(x text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT greatest(least(COALESCE(
    (regexp_match(x, '^[ \t\n\v\f\r]*([+-]?\d+)'))[1]::numeric, 0),
    9223372036854775807), -9223372036854775808)::bigint
$$;
