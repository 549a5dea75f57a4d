-- needs: json_built, json_check_step, json_children, json_index, json_key
-- JSON with one change at a path: 'insert' where nothing is, 'replace' where something is, 'set'
-- either way, 'squeeze' before an element of an array (json_array_insert), 'remove'. It is
-- minified before and after.
-- https://www.sqlite.org/json1.html#the_json_insert_json_replace_and_json_set_functions
CREATE OR REPLACE FUNCTION outgrow.json_edited(x json, steps text[], part text, mode text)
RETURNS json LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  step text := steps[1];
  is_last boolean := cardinality(steps) = 1;
  wanted numeric;
  at int;
  edited text;
BEGIN
  IF x IS NULL OR steps IS NULL THEN RETURN x; END IF;
  IF cardinality(steps) = 0 THEN
    RETURN CASE WHEN mode IN ('set', 'replace') THEN part::json WHEN mode <> 'remove' THEN x END;
  END IF;
  PERFORM outgrow.json_check_step(step, json_typeof(x));
  IF json_typeof(x) = 'array' AND step ~ '^[[]' THEN
    wanted := outgrow.json_index(step, json_array_length(x));
    IF NOT wanted BETWEEN 0 AND json_array_length(x) THEN RETURN x; END IF;
    step := '[0';
  ELSIF json_typeof(x) = 'object' AND step ~ '^[."]' THEN
    SELECT m.place INTO wanted FROM outgrow.json_children(x) AS m
    WHERE m.key = outgrow.json_key(step) ORDER BY m.place LIMIT 1;
    IF mode = 'squeeze' AND is_last THEN
      RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'not an array element';
    END IF;
  ELSE
    RETURN x;
  END IF;
  SELECT m.place, CASE
      WHEN NOT is_last OR mode IN ('set', 'replace')
        THEN outgrow.json_edited(m.value, steps[2:], part, mode)::text
      WHEN mode = 'squeeze' THEN part || ',' || m.value::text
    END
  INTO at, edited FROM outgrow.json_children(x) AS m WHERE m.place = wanted;
  IF at IS NULL THEN
    IF mode NOT IN ('insert', 'set', 'squeeze') THEN RETURN x; END IF;
    edited := outgrow.json_built(step || steps[2:], part, mode);
    IF edited IS NULL THEN RETURN x; END IF;
    IF x::text IN ('{}', '[]') THEN RETURN edited; END IF;
    RETURN left(x::text, -1) || ',' || substr(edited, 2);
  END IF;
  IF is_last AND mode = 'insert' THEN RETURN x; END IF;
  edited := (
    SELECT string_agg(
      COALESCE(m.label || ':', '') || CASE WHEN m.place = at THEN edited ELSE m.value::text END,
      ',' ORDER BY m.place
    )
    FROM outgrow.json_children(x) AS m
    WHERE m.place <> at OR edited IS NOT NULL
  );
  RETURN left(x::text, 1) || COALESCE(edited, '') || right(x::text, 1);
END
$$;
