-- needs: any_nocase, any_order, any_rtrim
-- The least or greatest of several values of any class; NULL where one is NULL. Of equal ones the
-- first is the greatest and the last the least. https://www.sqlite.org/lang_corefunc.html#max_scalar
CREATE OR REPLACE FUNCTION outgrow.any_extreme(given jsonb[], rule text, largest boolean)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  best jsonb := given[1];
  each jsonb;
  way int;
BEGIN
  FOREACH each IN ARRAY given LOOP
    IF each IS NULL THEN RETURN NULL; END IF;
    way := CASE rule
      WHEN 'NOCASE' THEN outgrow.any_order(outgrow.any_nocase(best), outgrow.any_nocase(each))
      WHEN 'RTRIM' THEN outgrow.any_order(outgrow.any_rtrim(best), outgrow.any_rtrim(each))
      ELSE outgrow.any_order(best, each)
    END;
    IF (way < 0) = largest THEN best := each; END IF;
  END LOOP;
  RETURN best;
END
$$;
