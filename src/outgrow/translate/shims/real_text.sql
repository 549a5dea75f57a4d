-- needs: decimals
-- A real as SQLite prints it: 17 digits, or fewer where digits 15 and 16 are 00 or 99 and the
-- short form is the same number; always a point; an exponent below 1e-4 and from 1e17.
-- https://www.sqlite.org/lang_expr.html#castexpr
CREATE OR REPLACE FUNCTION outgrow.real_text(x double precision) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  sign text := CASE WHEN x < 0 THEN '-' ELSE '' END;
  value numeric;
  whole text;
  digits text;
  short text;
  power int;
  shorter int;
BEGIN
  IF x IN ('Infinity', '-Infinity') THEN RETURN sign || 'Inf'; END IF;
  IF x = 0 THEN RETURN '0.0'; END IF;
  value := abs(outgrow.decimals(x));
  whole := trunc(value)::text;
  digits := ltrim(replace(value::text, '.', ''), '0');
  power := CASE WHEN value >= 1 THEN length(whole) - 1
                ELSE length(digits) - scale(value) - 1 END;
  IF substr(digits, 15, 2) = '99' OR substr(digits, 14, 3) = '000' THEN
    short := (left(digits, 14)::bigint + (substr(digits, 15, 2) = '99')::int)::text;
    shorter := power + length(short) - 14;
    IF (sign || short || 'e' || (shorter - length(short) + 1))::double precision = x THEN
      digits := short;
      power := shorter;
    END IF;
  END IF;
  IF length(digits) > 17 THEN
    -- Half up on the digits at hand.
    short := div(left(digits, 18)::numeric + 5, 10)::text;
    power := power + length(short) - 17;
    digits := short;
  END IF;
  digits := rtrim(digits, '0');
  IF power >= 17 OR power < -4 THEN
    RETURN sign || left(digits, 1) || '.' || COALESCE(NULLIF(substr(digits, 2), ''), '0')
      || 'e' || CASE WHEN power < 0 THEN '-' ELSE '+' END
      || lpad(abs(power)::text, greatest(2, length(abs(power)::text)), '0');
  END IF;
  IF power < 0 THEN RETURN sign || '0.' || repeat('0', -power - 1) || digits; END IF;
  digits := rpad(digits, greatest(power + 1, length(digits)), '0');
  RETURN sign || left(digits, power + 1) || '.'
    || COALESCE(NULLIF(substr(digits, power + 2), ''), '0');
END
$$;
