-- needs: any_integer, any_number, any_text, format_int32, format_integer, format_real, format_text
-- printf() with a format that is only known when it runs. It ends at the first conversion that
-- means nothing; a value that is missing is NULL. https://www.sqlite.org/printf.html
CREATE OR REPLACE FUNCTION outgrow.printf(format text, given jsonb[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest text := format;
  written text := '';
  next int := 1;
  found text[];
  kind text;
  width bigint;
  places bigint;
BEGIN
  LOOP
    written := written || split_part(rest, '%', 1);
    EXIT WHEN strpos(rest, '%') = 0;
    rest := substr(rest, strpos(rest, '%') + 1);
    IF rest = '' THEN RETURN written || '%'; END IF;
    found := regexp_match(rest,
      '^([-+ #!0,]*)([1-9][0-9]*|\*)?(\.(\*|[0-9]*))?l{0,2}([diuxXoprfeEgGszqQwcn%])');
    IF found IS NULL THEN RETURN written; END IF;
    rest := substr(rest, 1 + length((regexp_match(rest,
      '^[-+ #!0,]*(?:[1-9][0-9]*|\*)?(?:\.(?:\*|[0-9]*))?l{0,2}.'))[1]));
    kind := found[5];
    IF found[2] = '*' THEN
      width := outgrow.format_int32(COALESCE(outgrow.any_integer(given[next]), 0));
      next := next + 1;
      IF width = -2147483648 THEN width := 0; END IF;
    ELSE
      width := mod(COALESCE(found[2], '0')::numeric, 2147483648);
    END IF;
    IF found[4] = '*' THEN
      places := abs(outgrow.format_int32(COALESCE(outgrow.any_integer(given[next]), 0)));
      next := next + 1;
      IF places = 2147483648 THEN places := NULL; END IF;
    ELSIF found[3] IS NULL THEN
      places := NULL;
    ELSE
      places := mod(('0' || found[4])::numeric, 2147483648);
    END IF;
    written := written || CASE
      WHEN kind = 'n' THEN ''
      WHEN kind = '%' THEN outgrow.format_text('%', 's', found[1], width)
      WHEN strpos('diuxXopr', kind) > 0 THEN outgrow.format_integer(
        outgrow.any_integer(given[next]), kind, found[1], width, places)
      WHEN strpos('feEgG', kind) > 0 THEN outgrow.format_real(
        outgrow.any_number(given[next])::double precision, kind, found[1], width, places)
      ELSE outgrow.format_text(outgrow.any_text(given[next]), kind, found[1], width, places)
    END;
    IF strpos('n%', kind) = 0 THEN next := next + 1; END IF;
  END LOOP;
  RETURN written;
END
$$;
