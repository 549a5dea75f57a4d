-- needs: real_digits
-- One real as printf() writes it: "kind" is f, e, E, g or G; NULL counts as 0.0. A negative width
-- puts blanks behind. https://www.sqlite.org/printf.html
CREATE OR REPLACE FUNCTION outgrow.format_real(
  given double precision, kind text, flags text, width bigint DEFAULT 0, places bigint DEFAULT 6)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  x double precision := COALESCE(given, 0);
  wanted int := least(abs(COALESCE(places, 6)), 100000000);
  is_exact boolean := strpos(flags, '!') > 0;
  is_left boolean := width < 0 OR strpos(flags, '-') > 0;
  is_general boolean := lower(kind COLLATE "C") = 'g';
  sign text := right(translate(flags, '-#!0,', ''), 1);
  decoded bigint[] := '{0, 1}';
  digits text;
  point int;
  whole text;
  written text;
  exponent text := '';
BEGIN
  IF x IN ('Infinity', '-Infinity') THEN
    IF strpos(flags, '0') = 0 THEN
      written := CASE WHEN x < 0 THEN '-' ELSE sign END || 'Inf';
      written := CASE WHEN is_left THEN written || repeat(' ', (abs(width) - length(written))::int)
        ELSE repeat(' ', (width - length(written))::int) || written END;
      RETURN written;
    END IF;
    decoded := '{9, 1000}';
  ELSIF x <> 0 THEN
    decoded := outgrow.real_digits(x, CASE
        WHEN kind = 'f' THEN -wanted
        WHEN is_general THEN greatest(wanted, 1)
        ELSE wanted + 1
      END, CASE WHEN is_exact THEN 20 ELSE 16 END);
  END IF;
  digits := decoded[1];
  point := decoded[2];
  IF x < 0 THEN
    -- With "#" a number that is shown as zero has no sign.
    sign := CASE WHEN strpos(flags, '#') > 0 AND sign = '' AND kind = 'f' AND point <= -wanted
      THEN '' ELSE '-' END;
  END IF;
  IF is_general THEN wanted := greatest(wanted, 1) - 1; END IF;
  IF lower(kind COLLATE "C") = 'e' OR (is_general AND (point < -3 OR point - 1 > wanted)) THEN
    exponent := CASE WHEN kind IN ('E', 'G') THEN 'E' ELSE 'e' END
      || CASE WHEN point < 1 THEN '-' ELSE '+' END
      || lpad(abs(point - 1)::text, greatest(2, length(abs(point - 1)::text)), '0');
    point := 1;
  ELSIF is_general THEN
    wanted := wanted - point + 1;
  END IF;
  IF point > 0 THEN
    whole := rpad(left(digits, point), point, '0');
    digits := substr(digits, point + 1);
    IF strpos(flags, ',') > 0 THEN
      whole := reverse(regexp_replace(reverse(whole), '(...)(?=.)', '\1,', 'g'));
    END IF;
  ELSE
    whole := '0';
    digits := repeat('0', least(-point, wanted)) || digits;
  END IF;
  digits := rpad(left(digits, wanted), wanted, '0');
  IF (is_general AND strpos(flags, '#') = 0) OR (is_exact AND NOT is_general) THEN
    digits := rtrim(digits, '0');
    IF is_exact AND digits = '' THEN digits := '0'; END IF;
  END IF;
  written := whole || CASE
    WHEN digits <> '' OR strpos(flags, '#') > 0 OR is_exact THEN '.' ELSE '' END
    || digits || exponent;
  IF is_left THEN
    RETURN sign || written || repeat(' ', (abs(width) - length(sign || written))::int);
  END IF;
  IF strpos(flags, '0') > 0 THEN
    RETURN sign || repeat('0', (width - length(sign || written))::int) || written;
  END IF;
  RETURN repeat(' ', (width - length(sign || written))::int) || sign || written;
END
$$;
