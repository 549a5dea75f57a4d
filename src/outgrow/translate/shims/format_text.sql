-- One text as printf() writes it: "kind" is s, z, q, Q, w or c. Width and precision count bytes,
-- with the flag "!" characters. A negative width puts blanks behind.
-- https://www.sqlite.org/printf.html
CREATE OR REPLACE FUNCTION outgrow.format_text(
  given text, kind text, flags text, width bigint DEFAULT 0, places bigint DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  x text := given;
  wanted bigint := abs(places);
  in_characters boolean := strpos(flags, '!') > 0 OR kind = 'c';
  controls text := '[\x01-\x1f]';
  size bigint;
BEGIN
  IF kind = 'c' THEN
    IF COALESCE(x, '') = '' THEN
      RAISE EXCEPTION 'printf(''%%c'') gives a NUL, which no text can hold'
        USING ERRCODE = 'untranslatable_character';
    END IF;
    x := repeat(left(x, 1), greatest(wanted, 1)::int);
  ELSE
    x := COALESCE(x, CASE kind WHEN 'Q' THEN 'NULL' WHEN 's' THEN '' WHEN 'z' THEN ''
      ELSE '(NULL)' END);
    IF wanted < octet_length(x) THEN
      -- Half a character is an error here, and no text in SQLite either.
      x := CASE WHEN in_characters THEN left(x, wanted::int)
        ELSE convert_from(substr(convert_to(x, 'UTF8'), 1, wanted::int), 'UTF8') END;
    END IF;
    IF kind = 'w' THEN
      x := replace(x, '"', '""');
    ELSIF kind IN ('q', 'Q') THEN
      x := replace(x, '''', '''''');
      IF strpos(flags, '#') > 0 AND (kind = 'q' OR x ~ controls) THEN
        x := replace(x, '\', '\\');
        FOR code IN 1..31 LOOP
          x := replace(x, chr(code), '\u' || lpad(to_hex(code), 4, '0'));
        END LOOP;
        IF kind = 'Q' AND given IS NOT NULL THEN RETURN outgrow.format_text(
          'unistr(''' || x || ''')', 's', translate(flags, '#', ''), width); END IF;
      END IF;
      IF kind = 'Q' AND given IS NOT NULL THEN x := '''' || x || ''''; END IF;
    END IF;
  END IF;
  size := CASE WHEN in_characters THEN length(x) ELSE octet_length(x) END;
  IF width < 0 OR strpos(flags, '-') > 0 THEN
    RETURN x || repeat(' ', (abs(width) - size)::int);
  END IF;
  RETURN repeat(' ', (width - size)::int) || x;
END
$$;
