-- needs: json_lookup, json_place, json_steps, json_walk
-- What json_tree() gives: what the path finds and all that is in it, parents first.
-- https://www.sqlite.org/json1.html#the_json_each_and_json_tree_table_valued_functions
CREATE OR REPLACE FUNCTION outgrow.json_tree(
  x json, root text,
  OUT index int, OUT key text, OUT value json, OUT id bigint, OUT parent bigint, OUT fullkey text,
  OUT path text
) RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  steps text[] := outgrow.json_steps(root);
  found record;
  kept int := 1;
BEGIN
  value := outgrow.json_lookup(x, steps);
  IF value IS NULL THEN RETURN; END IF;
  found := outgrow.json_place(x, steps);
  IF found.leads THEN
    -- SQLite cuts the last step off only if it leads to the first child.
    FOR at IN REVERSE length(root) - 1..1 LOOP
      kept := at;
      EXIT WHEN substr(root, at + 1, 1) IN ('.', '[')
        AND outgrow.json_steps(left(root, at)) = steps[:cardinality(steps) - 1];
    END LOOP;
  END IF;
  id := found.id;
  fullkey := root;
  path := left(root, kept);
  root := substr(root, kept + 1);
  IF root LIKE '[%' THEN
    index := COALESCE(substring(root FROM '^\[(\d{1,9})'), '0')::int;
  ELSIF root LIKE '."%' THEN
    key := substr(root, 3, length(root) - 3);
  ELSIF root <> '' THEN
    key := substr(root, 2);
  END IF;
  RETURN NEXT;
  RETURN QUERY SELECT * FROM outgrow.json_walk(value, found.at, found.id, fullkey);
END
$$;
