-- json_group_array(DISTINCT …): each part where its value stands first. Equal values that are
-- written in two ways (1 and 1.0) are an error: SQLite keeps one of them.
CREATE OR REPLACE FUNCTION outgrow.json_firsts(parts text[], keys jsonb[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  firsts record;
BEGIN
  SELECT '[' || COALESCE(string_agg(f.part, ',' ORDER BY f.place), '') || ']' AS list,
    bool_or(f.part <> f.other) AS differ
  INTO firsts FROM (
    SELECT min(p.part COLLATE "C") AS part, max(p.part COLLATE "C") AS other, min(p.place) AS place
    FROM unnest(parts, keys) WITH ORDINALITY AS p(part, key, place) GROUP BY p.key
  ) AS f;
  IF firsts.differ THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = 'equal values of different storage classes under DISTINCT: which one SQLite keeps '
        'is not defined';
  END IF;
  RETURN firsts.list;
END
$$;
