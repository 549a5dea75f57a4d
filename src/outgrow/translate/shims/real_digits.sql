-- needs: real_decode
-- A double that is not 0 or infinite, rounded as SQLite rounds it: {d, p}, where d holds the
-- digits of |x| without zeros at the end and the point stands after p of them.
-- "places": how many digits, or below 1 how many after the point (negative); "most": never more.
-- Half up on the digits at hand. Where 17 digits are asked for, fewer do if digits 15 and 16 are
-- 99, or 14 to 16 are 000, and they mean the same number.
-- https://www.sqlite.org/floatingpoint.html
CREATE OR REPLACE FUNCTION outgrow.real_digits(x double precision, places int, most int)
RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  decoded bigint[] := outgrow.real_decode(x,
    CASE WHEN places BETWEEN 1 AND 17 THEN places + 1 ELSE 18 END);
  digits text := decoded[1]::text;
  count int := length(digits);
  point int := count + decoded[2];
  kept int := CASE WHEN places > 0 THEN places ELSE point - places END;
  short text;
  unit bigint;
BEGIN
  IF kept = 0 AND left(digits, 1)::int >= 5 THEN RETURN ARRAY[1, point + 1]; END IF;
  IF kept <= 0 OR (kept >= count AND count <= most) THEN
    RETURN ARRAY[rtrim(digits, '0')::bigint, point];
  END IF;
  kept := least(kept, most);
  IF kept = 17 THEN
    IF substr(digits, 15, 2) = '99' THEN
      short := (left(digits, 14)::bigint + 1)::text;
    ELSIF decoded[2] >= 0 OR substr(digits, 14, 3) = '000' THEN
      short := left(digits, 13) || '0';
    END IF;
    IF (short || 'e' || (point - 14))::double precision = abs(x) THEN
      RETURN ARRAY[rtrim(short, '0')::bigint, point + length(short) - 14];
    END IF;
  END IF;
  unit := ('1' || repeat('0', count - kept))::bigint;
  digits := ((decoded[1] + unit / 2) / unit)::text;
  RETURN ARRAY[rtrim(digits, '0')::bigint, point + length(digits) - kept];
END
$$;
