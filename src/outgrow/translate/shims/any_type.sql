-- typeof() of a value of any class.
CREATE OR REPLACE FUNCTION outgrow.any_type(v jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE jsonb_typeof(v)
    WHEN 'string' THEN 'text'
    WHEN 'number' THEN CASE WHEN scale(v::numeric) = 0 THEN 'integer' ELSE 'real' END
    WHEN 'object' THEN CASE
      WHEN v ? 'blob' THEN 'blob'
      WHEN v ? 'json' THEN 'text'
      ELSE 'real'
    END
    ELSE 'null'
  END
$$;
