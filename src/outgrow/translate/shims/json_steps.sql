-- A JSON path as its steps: '.key', '"key as JSON writes it', '[3' from the start, '[-1' from the
-- end; '!path' where it is wrong, '?path' where an index is: SQLite finds the one only when it gets
-- there, the other only when it gets there and meets an array.
-- https://www.sqlite.org/json1.html#path_arguments
CREATE OR REPLACE FUNCTION outgrow.json_steps(path text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  rest text := substr(path, 2);
  steps text[] := '{}';
  found text[];
BEGIN
  IF path NOT LIKE '$%' THEN RETURN ARRAY['!' || path]; END IF;
  WHILE rest <> '' LOOP
    found := regexp_match(rest,
      '^(?:\."((?:[^"\\]|\\.)*)"|\.([^".[][^.[]*)|\[(\d+)\]|\[#(?:-(\d+))?\])');
    IF found IS NULL THEN
      RETURN steps || (CASE WHEN rest LIKE '[%' THEN '?' ELSE '!' END || path);
    END IF;
    IF found[1] IS NOT NULL THEN
      steps := steps || (CASE WHEN strpos(found[1], '\') = 0 THEN '.' ELSE '"' END || found[1]);
      rest := substr(rest, length(found[1]) + 4);
    ELSIF found[2] IS NOT NULL THEN
      steps := steps || ('.' || found[2]);
      rest := substr(rest, length(found[2]) + 2);
    ELSE
      steps := steps || ('[' || COALESCE(found[3], '-' || COALESCE(found[4], '0')));
      rest := substr(rest, strpos(rest, ']') + 1);
    END IF;
  END LOOP;
  RETURN steps;
END
$$;
