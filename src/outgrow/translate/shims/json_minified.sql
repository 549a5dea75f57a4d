-- JSON as SQLite prints it: without white space, else as it was written.
-- https://www.sqlite.org/json1.html#the_json_function
CREATE OR REPLACE FUNCTION outgrow.json_minified(x json) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  written text := x::text;
BEGIN
  IF written !~ '[ \t\n\r]' THEN RETURN written; END IF;
  RETURN regexp_replace(written, '("(?:[^"\\]|\\.)*")|[ \t\n\r]+', '\1', 'g');
END
$$;
