-- needs: any_text, any_type, json_index_steps, json_label_steps
-- The right side of -> and ->> where its class is known only when the row is read.
CREATE OR REPLACE FUNCTION outgrow.json_any_steps(label jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE outgrow.any_type(label)
    WHEN 'integer' THEN outgrow.json_index_steps(label::bigint)
    ELSE outgrow.json_label_steps(outgrow.any_text(label))
  END
$$;
