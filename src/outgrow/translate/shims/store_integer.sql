-- needs: store_refused
-- A number of either class (its scale tells which) for a bigint column. converts: the column's
-- affinity makes an integer of an integral real. Not IMMUTABLE, as no helper of its kind is: a
-- plan that evaluates it beforehand would fail although no row is written.
CREATE OR REPLACE FUNCTION outgrow.store_integer(x numeric, converts boolean, place text)
RETURNS bigint LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF scale(x) = 0 OR converts AND x = trunc(x) AND abs(x) < 9223372036854775808 THEN
    RETURN x::bigint;
  END IF;
  PERFORM outgrow.store_refused('the real ' || x::text, 'bigint', place);
END
$$;
