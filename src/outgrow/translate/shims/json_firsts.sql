-- json_group_array(DISTINCT …): each part where its value stands first. Where the order is not that
-- in which SQLite visits the rows, equal values that are written in two ways (1 and 1.0, A and a)
-- are an error.
CREATE OR REPLACE FUNCTION outgrow.json_firsts(parts text[], keys jsonb[], visited boolean)
RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  firsts record;
BEGIN
  SELECT '[' || COALESCE(string_agg(parts[f.place], ',' ORDER BY f.place), '') || ']' AS list,
    bool_or(f.differ) AS differ
  INTO firsts FROM (
    SELECT min(p.place) AS place, min(p.part COLLATE "C") <> max(p.part COLLATE "C") AS differ
    FROM unnest(parts, keys) WITH ORDINALITY AS p(part, key, place) GROUP BY p.key
  ) AS f;
  IF firsts.differ AND NOT visited THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = 'equal values that differ under DISTINCT: which one SQLite keeps is not defined';
  END IF;
  RETURN firsts.list;
END
$$;
