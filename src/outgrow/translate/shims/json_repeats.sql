-- Whether an object in JSON has a key twice.
CREATE OR REPLACE FUNCTION outgrow.json_repeats(x json) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF json_typeof(x) = 'object' THEN
    RETURN EXISTS (SELECT FROM json_each(x) AS m GROUP BY m.key HAVING count(*) > 1)
      OR EXISTS (SELECT FROM json_each(x) AS m WHERE outgrow.json_repeats(m.value));
  END IF;
  IF json_typeof(x) = 'array' THEN
    RETURN EXISTS (SELECT FROM json_array_elements(x) AS m WHERE outgrow.json_repeats(m.value));
  END IF;
  RETURN false;
END
$$;
