-- One integer as printf() writes it: "kind" is d, i, u, x, X, o, p or r; NULL counts as 0. A
-- negative width puts blanks behind. https://www.sqlite.org/printf.html
CREATE OR REPLACE FUNCTION outgrow.format_integer(
  given bigint, kind text, flags text, width bigint DEFAULT 0, places bigint DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  x bigint := COALESCE(given, 0);
  is_signed boolean := kind IN ('d', 'i', 'r');
  sign text := '';
  digits text;
  wanted bigint := COALESCE(abs(places), -1);
  rest bigint := x;
BEGIN
  IF is_signed THEN
    sign := CASE WHEN x < 0 THEN '-' ELSE right(translate(flags, '-#!0,', ''), 1) END;
    digits := ltrim(x::text, '-');
  ELSIF kind = 'u' THEN
    digits := (CASE WHEN x < 0 THEN x + 18446744073709551616 ELSE x END)::text;
  ELSIF kind = 'o' THEN
    digits := '';
    LOOP
      digits := (rest & 7) || digits;
      rest := (rest >> 3) & 2305843009213693951;
      EXIT WHEN rest = 0;
    END LOOP;
  ELSE
    digits := to_hex(x);
    IF kind <> 'x' THEN digits := upper(digits COLLATE "C"); END IF;
  END IF;
  IF kind = 'r' THEN
    digits := digits || CASE
      WHEN length(digits) > 1 AND left(right(digits, 2), 1) = '1' THEN 'th'
      ELSE COALESCE((ARRAY['st', 'nd', 'rd'])[right(digits, 1)::int], 'th')
    END;
  END IF;
  IF strpos(flags, '0') > 0 THEN wanted := greatest(wanted, abs(width) - length(sign)); END IF;
  digits := repeat('0', (wanted - length(digits))::int) || digits;
  IF strpos(flags, ',') > 0 AND kind IN ('d', 'i', 'u') THEN
    digits := reverse(regexp_replace(reverse(digits), '(...)(?=.)', '\1,', 'g'));
  END IF;
  digits := sign || CASE
    WHEN x = 0 OR strpos(flags, '#') = 0 THEN ''
    WHEN kind = 'o' THEN '0'
    WHEN kind = 'X' THEN '0X'
    WHEN kind IN ('x', 'p') THEN '0x'
    ELSE ''
  END || digits;
  IF width < 0 OR strpos(flags, '-') > 0 THEN
    RETURN digits || repeat(' ', (abs(width) - length(digits))::int);
  END IF;
  RETURN repeat(' ', (width - length(digits))::int) || digits;
END
$$;
