-- needs: real_digits
-- A real as SQLite prints it: 17 digits or fewer, always a point, an exponent below 1e-4 and from
-- 1e17. Up to 13 digits of a common size are those of PostgreSQL, which is what most reals are.
-- https://www.sqlite.org/floatingpoint.html
CREATE OR REPLACE FUNCTION outgrow.real_text(x double precision) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  short text := x::text;
  sign text;
  decoded bigint[];
  digits text;
  point int;
BEGIN
  -- With extra_float_digits below 1 PostgreSQL prints fewer digits than the number has.
  IF abs(x) >= 1e-4 AND abs(x) < 1e15 AND length(short) <= 14 AND strpos(short, 'e') = 0
    AND short::double precision = x
  THEN
    RETURN CASE WHEN strpos(short, '.') = 0 THEN short || '.0' ELSE short END;
  END IF;
  IF x = 0 THEN RETURN '0.0'; END IF;
  sign := CASE WHEN x < 0 THEN '-' ELSE '' END;
  IF x IN ('Infinity', '-Infinity') THEN RETURN sign || 'Inf'; END IF;
  decoded := outgrow.real_digits(x, 17, 20);
  digits := decoded[1]::text;
  point := decoded[2];
  IF point > 17 OR point < -3 THEN
    RETURN sign || left(digits, 1) || '.' || COALESCE(NULLIF(substr(digits, 2), ''), '0')
      || 'e' || CASE WHEN point < 1 THEN '-' ELSE '+' END
      || lpad(abs(point - 1)::text, greatest(2, length(abs(point - 1)::text)), '0');
  END IF;
  IF point <= 0 THEN RETURN sign || '0.' || repeat('0', -point) || digits; END IF;
  digits := rpad(digits, greatest(point, length(digits)), '0');
  RETURN sign || left(digits, point) || '.'
    || COALESCE(NULLIF(substr(digits, point + 1), ''), '0');
END
$$;
