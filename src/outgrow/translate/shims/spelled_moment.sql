-- needs: moment_plain, time_text
-- The moment whose text in this shape is x; infinity, which no column holds, where there is none.
CREATE OR REPLACE FUNCTION outgrow.spelled_moment(x text, shape text) RETURNS timestamp
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  moment timestamp := outgrow.moment_plain(CASE WHEN x LIKE '%+00:00' THEN left(x, -6) ELSE x END);
BEGIN
  IF outgrow.time_text(moment, shape) = x THEN RETURN moment; END IF;
  RETURN 'infinity';
END
$$;
