"""JSON as applications keep it: documents, lists of tags, logs, settings.

``body`` and ``tags`` become jsonb when promoted, ``extra`` json; ``raw`` holds anything.
"""

from __future__ import annotations

from translate_sides import Table

from corpus import case
from outgrow.model.types import Kind, TargetType

DOCS = Table(
    "Docs",
    """CREATE TABLE Docs (
        id INTEGER PRIMARY KEY, kind TEXT, body TEXT, extra TEXT, tags TEXT, raw TEXT,
        n INTEGER, r REAL, t TEXT COLLATE NOCASE)""",
    rows=[
        (
            1,
            "user",
            '{"name": "Ann", "age": 31, "score": 1.0, "active": true, "boss": null,'
            ' "address": {"city": "Ulm", "zip": "01234"}, "tags": ["a", "b"]}',
            '{"a": 1, "a": 2, "z": 1e2, "m": 1.50, "A": "\\u0041", "b": {"c": [1, 2, {"d": "x"}]}}',
            '["red", "green"]',
            '{"ok": true}',
            5,
            1.5,
            "Ann",
        ),
        (
            2,
            "user",
            '{"name": "Bjørn \\"B\\"", "age": "31", "score": 0.1, "active": false,'
            ' "address": {"city": null, "no": 12345678901234567890}, "tags": []}',
            '  [ 1 , 2.50 , "three" , null , true , [ 4 , [ 5 ] ] , { } ]  ',
            "[]",
            "not json",
            -7,
            0.1,
            "bob",
        ),
        (
            3,
            "log",
            '{"name": "", "age": 9223372036854775807, "score": 3.14159265358979312,'
            ' "tags": ["a", 1, 1.0, null, true, {"k": [1]}, "a"], "": "empty", "a b": 1, "a.b": 2}',
            '"just \\ud83d\\ude00 text"',
            '["red", "red", "blue", null]',
            "[1,",
            0,
            -0.0,
            None,
        ),
        (4, "log", None, None, None, None, None, None, "x"),
        (
            5,
            None,
            '[10, 20, [30, 40], {"a": [1, 2, 3]}]',
            '{"big": 123456789012345678901234567890, "neg": -0, "f": -0.0, "e": 1E400, "i": -5}',
            "[1, 2, 3, 10]",
            "{}",
            2**53 + 1,
            1e300,
            "É",
        ),
        (6, "cfg", "42", "-17", "7", '"s"', 42, 42.0, ""),
        (7, "cfg", '"text"', "null", "null", "", 1, 1.0, '{"a":1}'),
        (8, "cfg", "{}", "{}", '["x\\ty", "é", "\\"q\\""]', "null", 3, 2.5, "[1]"),
        (
            9,
            "deep",
            '{"a": {"b": {"c": {"d": [[[1]]]}}}, "list": [{"id": 1, "v": "x"}, {"id": 2}],'
            ' "name": "ann"}',
            '{"k\\"q": 1, "back\\\\slash": 2, "k.l": {"m[0]": 3}, "$": 4, "é": 5, "_u": 6}',
            "[[1, 2], [3], []]",
            "3.0",
            -(2**63),
            1e-7,
            "list",
        ),
    ],
    promoted={
        "body": TargetType(Kind.JSONB),
        "extra": TargetType(Kind.JSON),
        "tags": TargetType(Kind.JSONB),
    },
    rowid_alias="id",
)
ITEMS = Table(
    "Items",
    "CREATE TABLE Items (id INTEGER PRIMARY KEY, doc INTEGER, name TEXT, price REAL, meta TEXT)",
    rows=[
        (1, 1, "pen", 1.25, '{"color": "red", "size": {"w": 1, "h": 2}}'),
        (2, 1, "ink", 7.0, '{"color": "blue"}'),
        (3, 2, 'a "quoted" one', None, None),
        (4, 5, None, 1e21, '{"color": "red", "stock": 0}'),
        (5, None, "\t\u0001end", 0.30000000000000004, "[]"),
    ],
    promoted={"meta": TargetType(Kind.JSONB)},
    rowid_alias="id",
)
TABLES = [DOCS, ITEMS]
VIEWS = [
    "CREATE VIEW people AS SELECT id, CAST(body ->> 'name' AS TEXT) AS name,"
    " CAST(body ->> 'age' AS INTEGER) AS age, json_array_length(tags) AS tags FROM Docs"
    " WHERE kind = 'user'",
    "CREATE VIEW tagged AS SELECT d.id, CAST(e.value AS TEXT) AS tag FROM Docs d,"
    " json_each(d.tags) e WHERE e.type = 'text'",
    "CREATE VIEW carts AS SELECT doc, json_group_array(json_object('n', name, 'p', price)) AS items"
    " FROM Items GROUP BY doc",
]
TRIGGERS = [
    "CREATE TRIGGER item_added AFTER INSERT ON Items WHEN json_valid(NEW.meta)"
    " AND NEW.meta ->> 'stock' IS NOT NULL BEGIN"
    " UPDATE Docs SET extra = json_set(extra, '$.stock', NEW.meta ->> 'stock',"
    " '$.names[#]', NEW.name) WHERE id = NEW.doc; END",
    "CREATE TRIGGER doc_tagged AFTER UPDATE OF tags ON Docs"
    " WHEN json_array_length(NEW.tags) > json_array_length(OLD.tags) BEGIN"
    " INSERT INTO Items (doc, name) SELECT NEW.id, 'tag ' || value FROM json_each(NEW.tags)"
    " WHERE type = 'text'; END",
]

_READING = [
    "SELECT id, json_extract(body, '$.name') AS name, json_extract(body, '$.age') FROM Docs",
    "SELECT id, json_extract(body, '$.score'), json_extract(body, '$.active') FROM Docs",
    "SELECT json_extract(body, '$') FROM Docs",
    "SELECT id, json_extract(body, '$.address'), json_extract(body, '$.tags') FROM Docs",
    "SELECT id, json_extract(body, '$.address.city'), body ->> '$.address.zip' FROM Docs",
    "SELECT id, body -> 'name', body ->> 'name', body -> '$.address.no' FROM Docs",
    "SELECT id, typeof(body ->> 'age'), typeof(body -> 'age'), typeof(body ->> 'tags') FROM Docs",
    "SELECT id, extra -> 'a', extra ->> 'a', extra ->> 'z', extra -> 'z', extra ->> 'A' FROM Docs",
    "SELECT id, extra ->> '$.b.c[2].d', extra -> '$.b.c[#-1]', extra ->> '$.b.c[0]' FROM Docs",
    "SELECT id, extra -> 1, extra ->> -1, extra -> 5, extra ->> 5 -> 1, extra -> 99 FROM Docs",
    "SELECT id, body -> 0, body ->> 2, body -> 2 -> 1, body -> '[3]' ->> '$.a[#-1]' FROM Docs",
    "SELECT id, extra ->> 'big', extra ->> 'neg', extra ->> 'f', extra ->> 'e' FROM Docs",
    "SELECT id, json_extract(extra, '$.a', '$.z', '$.nope', '$.b') FROM Docs",
    "SELECT id, json_extract(body, '$.name', '$.age') FROM Docs WHERE kind = 'user'",
    "SELECT id, json_extract(body, '$.\"a b\"'), json_extract(body, '$.a b'),"
    " json_extract(body, '$.\"\"'), body ->> 'a.b' FROM Docs",
    "SELECT id, extra ->> '$.\"k\\\"q\"', extra ->> '$.\"back\\\\slash\"', extra ->> '$.é',"
    ' extra -> \'$."k.l"."m[0]"\', extra ->> \'$."$"\' FROM Docs',
    "SELECT id, json(extra) FROM Docs",
    "SELECT id, json(body), json(tags) FROM Docs",
    "SELECT id, length(json(extra)), upper(extra -> 'b') FROM Docs",
    "SELECT json(raw) FROM Docs WHERE json_valid(raw)",
    "SELECT id, json_type(body), json_type(body, '$.age'), json_type(body, '$.active') FROM Docs",
    "SELECT id, json_type(extra), json_type(extra, '$.big'), json_type(extra, '$.e') FROM Docs",
    "SELECT id, json_type(body, '$.tags[' || n || ']') FROM Docs WHERE n >= 0",
    "SELECT id, json_array_length(tags), json_array_length(body, '$.tags'),"
    " json_array_length(extra, '$.b.c') FROM Docs",
    "SELECT id FROM Docs WHERE json_array_length(tags) > 2",
    "SELECT sum(json_array_length(tags)), max(json_array_length(body, '$.tags')) FROM Docs",
    "SELECT id, json_valid(raw), json_valid(body), json_valid(t), json_valid(n) FROM Docs",
    "SELECT id, json_valid(raw, 1), json_valid(raw, 2), json_valid(raw, 6), json_valid(t, 4),"
    " json_valid(body, 2) FROM Docs",
    "SELECT id FROM Docs WHERE NOT json_valid(raw)",
    "SELECT id FROM Docs WHERE json_valid(raw) AND json_type(raw) = 'object'",
    "SELECT id, CASE WHEN json_valid(raw) THEN json_extract(raw, '$.ok') ELSE 'bad' END FROM Docs",
    "SELECT id, json_pretty(extra), json_pretty(extra, char(9)) FROM Docs",
    "SELECT id, json_pretty(body) FROM Docs",
    "SELECT json_error_position(extra), json_error_position(NULL) FROM Docs",
    "SELECT id FROM Docs WHERE json_error_position(body) = 0",
    "SELECT json_extract(meta, '$.size.w') + json_extract(meta, '$.size.h') FROM Items",
    "SELECT id, body ->> 'age' + 1, body ->> 'score' * 2 FROM Docs WHERE kind = 'user'",
    "SELECT id, CAST(body ->> 'age' AS INTEGER), CAST(body ->> 'score' AS TEXT),"
    " CAST(body ->> 'name' AS REAL) FROM Docs",
    "SELECT id, CAST(json_extract(extra, '$.z') AS TEXT), CAST(extra ->> 'big' AS INTEGER)"
    " FROM Docs",
    "SELECT id, coalesce(body ->> 'name', 'nobody'), ifnull(body ->> 'age', 0) FROM Docs",
    "SELECT id, iif(body ->> 'active', 'yes', 'no'), nullif(body ->> 'name', '') FROM Docs",
    "SELECT id, substr(body ->> 'name', 1, 2), upper(body ->> '$.address.city') FROM Docs",
    "SELECT id, (body ->> 'name') || '!' FROM Docs WHERE kind IN ('user', 'log')",
    "SELECT json_extract('{\"a\": [1, {\"b\": 2}]}', '$.a[1].b') AS v,"
    " '{\"x\": {\"y\": 1}}' -> 'x' ->> 'y', '[1, 2, 3]' ->> -1",
    "SELECT json('{\"a\" : 1.50, b: 0x1F, }'), json('[1, 2,]') ->> 1",
    "SELECT id, json_extract(body, '$.' || kind), json_extract(body, '$.' || t) FROM Docs"
    " WHERE kind IS NOT NULL AND t <> '' AND t NOT LIKE '%[%' AND t NOT LIKE '{%'",
    "SELECT id, extra -> t, extra ->> n FROM Docs WHERE t <> ''",
    "SELECT id, tags -> n, tags ->> n FROM Docs",
    case(("SELECT id, json_extract(body, ?) FROM Docs", ("$.address.city",))),
    case(("SELECT id, extra ->> ?, body -> ? FROM Docs", (1, "name"))),
    case(
        ("SELECT json_extract(?, '$.a'), ? ->> 'b', json_type(?)", ('{"a":[1]}', '{"b":2.0}', "7"))
    ),
    case(("SELECT json_extract(body, ?) FROM Docs", (None,))),
    "SELECT id, json_extract(body, NULL), body -> NULL, json_type(extra, NULL) FROM Docs",
    "SELECT json_extract(NULL, '$.a'), json_type(NULL), NULL -> 'a', json_array_length(NULL)"
    " FROM Docs",
]

_WHERE = [
    "SELECT id FROM Docs WHERE json_extract(body, '$.name') = 'Ann'",
    "SELECT id FROM Docs WHERE body ->> 'name' = 'Ann' COLLATE NOCASE",
    "SELECT id FROM Docs WHERE body ->> 'age' = 31",
    "SELECT id FROM Docs WHERE body ->> 'age' = '31'",
    "SELECT id FROM Docs WHERE body ->> 'age' > 30",
    "SELECT id FROM Docs WHERE json_extract(body, '$.age') BETWEEN 1 AND 100",
    "SELECT id FROM Docs WHERE json_extract(body, '$.active') = 1",
    "SELECT id FROM Docs WHERE body ->> 'active'",
    "SELECT id FROM Docs WHERE NOT json_extract(body, '$.active')",
    "SELECT id FROM Docs WHERE body ->> 'active' IS TRUE",
    "SELECT id FROM Docs WHERE body ->> 'boss' IS NULL AND json_type(body, '$.boss') = 'null'",
    "SELECT id FROM Docs WHERE body -> 'boss' IS NOT NULL",
    "SELECT id FROM Docs WHERE json_type(body, '$.address') IS NOT NULL",
    "SELECT id FROM Docs WHERE extra ->> 'm' = 1.5",
    "SELECT id FROM Docs WHERE extra ->> 'z' IN (100, 'x')",
    "SELECT id FROM Docs WHERE extra -> 'z' = '1e2'",
    "SELECT id FROM Docs WHERE extra -> '$.b.c' = '[1,2,{\"d\":\"x\"}]'",
    "SELECT id FROM Docs WHERE extra ->> 'A' = 'A'",
    "SELECT id FROM Docs WHERE body ->> 'name' LIKE 'a%'",
    "SELECT id FROM Docs WHERE body ->> 'name' GLOB 'A*'",
    "SELECT id FROM Docs WHERE extra LIKE '%\"a\": 1%' AND kind = 'user'",
    "SELECT id FROM Docs WHERE body ->> 'name' IN ('Ann', 'ann', '')",
    "SELECT id FROM Docs WHERE body ->> 'age' IS NOT 31",
    "SELECT id FROM Docs WHERE body ->> 'name' <> t",
    "SELECT id FROM Docs WHERE body ->> 'name' = t",
    "SELECT id FROM Docs WHERE extra ->> 0 = n OR tags ->> 0 = n",
    "SELECT id FROM Docs WHERE json_extract(tags, '$[0]') < json_extract(tags, '$[#-1]')"
    " AND id < 9",
    case(("SELECT id FROM Docs WHERE json_extract(body, '$.name') = ?", ("Ann",))),
    case(("SELECT id FROM Docs WHERE json_extract(body, '$.age') = :age", {"age": 31})),
    case(("SELECT id FROM Docs WHERE body ->> 'score' = ? OR body ->> 'age' = ?", (0.1, None))),
    case(("SELECT id FROM Docs WHERE body ->> ? = ?", ("$.address.city", "Ulm"))),
    case(("SELECT id FROM Docs WHERE extra ->> 'm' >= ?", (1,))),
    "= SELECT id, body ->> 'name' AS name FROM Docs ORDER BY name DESC, id",
    "= SELECT id FROM Docs ORDER BY extra ->> 'z' IS NULL, extra ->> 'z', id",
    "= SELECT id, extra ->> 0 FROM Docs ORDER BY json_extract(extra, '$[0]'), id DESC",
    "= SELECT id FROM Docs ORDER BY json_array_length(tags) DESC, id LIMIT 3",
    "SELECT kind, count(*), sum(body ->> 'score'), max(body ->> 'age' > 40) FROM Docs"
    " WHERE kind = 'user' GROUP BY kind",
    "SELECT count(body ->> 'name'), count(DISTINCT body ->> 'name') FROM Docs",
    "SELECT json_type(body) AS type, count(*) FROM Docs GROUP BY type HAVING count(*) > 1",
    "SELECT meta ->> 'color' AS color, count(*), sum(price) FROM Items GROUP BY color",
    "SELECT DISTINCT CAST(meta ->> 'color' AS TEXT) FROM Items",
    "SELECT DISTINCT json_type(extra, '$.a') FROM Docs",
    "SELECT d.id, i.name FROM Docs d JOIN Items i ON i.doc = d.id"
    " WHERE i.meta ->> 'color' = 'red' AND d.body ->> '$.address.city' = 'Ulm'",
    "SELECT a.id, b.id FROM Docs a JOIN Docs b ON a.body ->> 'age' = b.body ->> 'age'",
    "WITH named(id, name) AS (SELECT id, body ->> 'name' FROM Docs)"
    " SELECT * FROM named WHERE name > 'B'",
    "SELECT name FROM (SELECT json_extract(body, '$.name') AS name FROM Docs) WHERE name = 'ann'",
    "SELECT id, (SELECT group_concat(i.meta ->> 'color') FROM Items i WHERE i.doc = d.id)"
    " FROM Docs d",
]

_MAKING = [
    "SELECT json_object('id', id, 'name', name, 'price', price) FROM Items",
    "SELECT json_array(id, name, price, NULL, 'x', 1.0, 1e100) FROM Items",
    "SELECT json_object('doc', json_object('id', doc), 'list', json_array(id, json_array()))"
    " FROM Items",
    "SELECT json_object('n', n, 'r', r, 't', t, 'k', kind) FROM Docs",
    "SELECT json_object(name, price) FROM Items WHERE name IS NOT NULL",
    "SELECT json_object(name, price) FROM Items",
    "SELECT json_object('a\"b' || id, 1, 'é', 2) FROM Items",
    "SELECT json_quote(name), json_quote(price), json_quote(id), json_quote(NULL) FROM Items",
    "SELECT json_array(t, json_quote(t), json_valid(t)) FROM Docs",
    "SELECT json_array(json(extra), extra -> 'b', extra ->> 'b', extra) FROM Docs WHERE id = 1",
    "SELECT json_object('e', extra -> 'z', 'x', json_extract(extra, '$.z'),"
    " 's', json_extract(extra, '$.A'), 'c', json_extract(extra, '$.b')) FROM Docs",
    "SELECT json_object('body', json(body), 'city', body ->> '$.address.city') FROM Docs",
    "SELECT json_object('active', body ->> 'active', 'a', body -> 'active') FROM Docs",
    "SELECT json_array(CASE WHEN n > 0 THEN json(tags) END, iif(n > 0, json('[1]'), json('[2]')))"
    " FROM Docs",
    "SELECT json_array(coalesce(extra ->> 'm', 'none'), n IS NULL, n > 1, 'a' || t) FROM Docs",
    "SELECT json_array(json_array_length(tags), json_type(extra), length(t)) FROM Docs",
    "SELECT json_array((SELECT count(*) FROM Items), (SELECT json_array(1))) AS v",
    "SELECT json_array(coalesce(extra -> 'b', t)) FROM Docs",
    "SELECT json_array(coalesce(extra -> 'b', extra -> 'a', '[1]', 5)) FROM Docs",
    "SELECT json_array(coalesce(json_extract(extra, '$.b'), t)) FROM Docs",
    "SELECT json_array(coalesce(json_extract(extra, '$.b'), json_array())) FROM Docs",
    "SELECT json_object('tags', coalesce(json_extract(body, '$.tags'), json_array())) FROM Docs",
    "SELECT json_array(CASE WHEN n > 0 THEN extra -> 'b' ELSE '[1]' END) FROM Docs",
    "SELECT json_array(CASE WHEN n > 0 THEN extra -> 'a' WHEN n = 0 THEN n END, CASE kind WHEN"
    " 'user' THEN json(tags) ELSE kind END) FROM Docs",
    "SELECT json_array(iif(n > 0, json_extract(extra, '$.b'), 1), iif(n > 0, json('[]'), t),"
    " iif(n > 1, json(extra))) FROM Docs",
    "SELECT json_array(ifnull(json_extract(body, '$.address'), json('{}'))) FROM Docs",
    "SELECT json_array(coalesce(extra -> 'z', 1)) FROM Docs",
    "SELECT json_array(coalesce(extra ->> 'b', 1)), json_array(coalesce(extra ->> 'b', extra"
    " -> 'b')) FROM Docs",
    "SELECT json_valid(coalesce(extra -> 'b', t)), json_valid(iif(n > 0, json('[]'), t)) FROM Docs",
    "SELECT json_group_array(coalesce(json_extract(extra, '$.b'), t)) FROM Docs",
    "SELECT json_array(coalesce(e.value, 'x')) FROM json_each('[1, null, \"2\"]') e",
    "SELECT json_set(extra, '$.q', coalesce(json_extract(extra, '$.b'), json('[]'))) FROM Docs",
    case(
        "UPDATE Docs SET body = json_set(body, '$.tags',"
        " json_insert(coalesce(json_extract(body, '$.tags'), '[]'), '$[#]', 'n'))"
    ),
    'SELECT coalesce(json_extract(extra, \'$.b\'), t) = \'{"c":[1,2,{"d":"x"}]}\' FROM Docs',
    "SELECT json_object('items', (SELECT json_group_array(name) FROM Items i WHERE i.doc = d.id),"
    " 'j', json((SELECT json_group_array(name) FROM Items i WHERE i.doc = d.id))) FROM Docs d",
    "SELECT json_array(x, json(x)) FROM (SELECT json_array(id) AS x FROM Items)",
    "SELECT json_array(), json_object(), json_array(NULL), json_quote('') AS q",
    case(("SELECT json_object('a', ?, 'b', ?, 'c', ?)", (1, 2.5, 'x"y'))),
    case(("SELECT json_array(?, json(?), ?)", ("[1]", "[1]", None))),
    "= SELECT json_group_array(name ORDER BY id) FROM Items",
    "= SELECT json_group_array(price ORDER BY id DESC) FILTER (WHERE price > 1) FROM Items",
    "= SELECT doc, json_group_array(json_object('n', name) ORDER BY id) FROM Items GROUP BY doc"
    " ORDER BY doc",
    "SELECT json_group_array(name) FROM Items",
    "SELECT json_group_array(id) FROM Items WHERE id < 0",
    "SELECT json_group_array(DISTINCT kind) FROM Docs",
    "SELECT json_group_array(DISTINCT meta ->> 'color') FROM Items",
    "SELECT json_group_array(DISTINCT t), json_group_array(DISTINCT NULL) FROM Docs",
    'SELECT json_group_array(DISTINCT value) FROM json_each(\'[1, 1.0, 2, "a", "A", 1]\')',
    "SELECT json_group_array(json(extra)) FROM Docs WHERE id < 3",
    "SELECT json_group_object(id, name) FROM Items",
    "SELECT json_group_object(name, json_array(price)) FROM Items",
    "SELECT doc, json_group_object(id, price) FROM Items GROUP BY doc",
    "SELECT json_array(json_group_array(id), json_group_object(id, doc)) FROM Items",
    "SELECT json_group_array(extra ->> 'z') FROM Docs",
    "SELECT json_group_array(json_object('id', id, 'tags', json(tags))) FROM Docs WHERE id < 4",
]

_CHANGING = [
    "SELECT json_set(extra, '$.a', 9, '$.new', 'v') FROM Docs",
    "SELECT json_insert(extra, '$.a', 9, '$.x.y[0]', json('{\"k\":1}')) FROM Docs",
    "SELECT json_replace(extra, '$.a', NULL, '$.b.c[1]', 'two', '$.nope', 1) FROM Docs",
    "SELECT json_set(extra, '$[#]', 'last', '$[0]', 'first') FROM Docs",
    "SELECT json_array_insert(extra, '$[1]', 'in', '$[#-1]', n) FROM Docs WHERE id <> 1",
    "SELECT json_remove(extra, '$.a', '$.b.c[0]') FROM Docs",
    "SELECT json_remove(extra, '$[0]', '$[0]') FROM Docs",
    "SELECT json_remove(extra), json_remove(extra, '$'), json_set(extra) FROM Docs",
    'SELECT json_patch(extra, \'{"a": null, "n": {"x": null, "y": 1}}\') FROM Docs',
    "SELECT json_patch(extra, extra), json_patch('{\"q\":1}', extra) FROM Docs",
    "SELECT json_set(body, '$.age', 5), json_remove(body, '$.tags'),"
    " json_patch(body, '{\"name\":null}') FROM Docs",
    "SELECT json_set(tags, '$[#]', t) FROM Docs",
    "SELECT json_set('{}', '$.' || kind, n, '$.\"q r\"', r) FROM Docs WHERE kind IS NOT NULL",
    "SELECT json_set(extra, NULL, 1, '$.k', 2) FROM Docs",
    "SELECT json_set('[]', '$[0].a.b', id, '$[5]', 1) FROM Docs",
    "SELECT json_insert('[1,[2,3],{\"a\":4}]', '$[1][#]', n, '$[2].b', t) FROM Docs",
    case(("UPDATE Docs SET extra = json_set(extra, '$.seen', ?) WHERE kind = 'user'", (1,))),
    case(("UPDATE Docs SET body = json_set(body, '$.age', ?) WHERE id = ?", (32, 1))),
    case(
        ("UPDATE Docs SET body = json_set(body, '$.name', ?, '$.x', json(?))", ("N", "[1,2]")),
        "SELECT body ->> 'name', body ->> '$.x[1]' FROM Docs",
    ),
    case("UPDATE Docs SET body = json_remove(body, '$.tags'), n = json_array_length(tags)"),
    case("UPDATE Docs SET tags = json_insert(tags, '$[#]', 'new') WHERE json_type(tags) = 'array'"),
    case(
        "UPDATE Docs SET body = json_patch(body, '{\"age\": 1e3}') WHERE id = 1",
        "SELECT body ->> 'age', typeof(body ->> 'age') FROM Docs WHERE id = 1",
    ),
    case("UPDATE Docs SET t = body ->> 'name', r = body ->> 'score' WHERE kind = 'user'"),
    case(
        (
            "INSERT INTO Docs (kind, body, extra) VALUES (?, ?, json(?))",
            ("new", '{"a": [1, 2.0]}', ' { "b" : 1.0 } '),
        )
    ),
    case(
        "INSERT INTO Docs (kind, body, tags) SELECT name, json_object('n', name, 'p', price),"
        " json_array(id) FROM Items"
    ),
    case(
        "INSERT INTO Items (name, price, meta) SELECT body ->> 'name', body ->> 'score',"
        " json(extra) FROM Docs WHERE id = 9"
    ),
    case("DELETE FROM Docs WHERE body ->> 'active' = 0"),
    case("DELETE FROM Items WHERE json_extract(meta, '$.stock') = 0"),
]

_TABLES = [
    "= SELECT d.id, e.key, e.value FROM Docs d, json_each(d.tags) e ORDER BY d.id, e.key",
    '= SELECT key, value, type, atom, id, parent, fullkey, path FROM json_each(\'{"a":1,'
    '"b c":[1,2.0],"d":{"e":null,"f":true}}\')',
    '= SELECT * FROM json_tree(\'{"a":1,"b":[1,2.0,"x"],"c":{"d":null,"e":true}}\')',
    '= SELECT * FROM json_tree(\'{"a":1,"b":[1,[2.0],"x"]}\', \'$.b\')',
    "= SELECT key, value FROM json_each('{\"b\":[5,\"6\",null]}', '$.b') ORDER BY key DESC",
    "SELECT d.id, e.* FROM Docs d, json_each(d.extra) e",
    "SELECT d.id, t.fullkey, t.value, t.type, t.id, t.parent FROM Docs d, json_tree(d.extra) t",
    "SELECT d.id, t.fullkey, t.atom FROM Docs d JOIN json_tree(d.body) t WHERE t.atom IS NOT NULL",
    "SELECT d.id, key, e.value ->> 'id' FROM Docs d, json_each(d.body, '$.list') e",
    "SELECT DISTINCT d.id FROM Docs d, json_each(d.tags) WHERE json_each.value = 'red'",
    "SELECT id FROM Docs WHERE EXISTS (SELECT 1 FROM json_each(Docs.tags) WHERE value = 'blue')",
    "SELECT id FROM Docs WHERE 'red' IN (SELECT value FROM json_each(Docs.tags))",
    "SELECT id FROM Docs WHERE n IN (SELECT value FROM json_each('[5, \"0\", 1]'))",
    case(("SELECT id FROM Docs WHERE id IN (SELECT value FROM json_each(?))", ("[1, 3, 5]",))),
    case(
        (
            "SELECT id, name FROM Items WHERE name IN (SELECT value FROM json_each(?))",
            ('["pen", "ink"]',),
        )
    ),
    "SELECT e.value, count(*) FROM Docs d, json_each(d.tags) e WHERE e.type = 'text'"
    " GROUP BY e.value HAVING count(*) > 1",
    "SELECT d.id, e.value FROM Docs d LEFT JOIN json_each(d.tags) e ON e.type = 'integer'",
    "SELECT d.id, e.key, e.path, e.fullkey FROM Docs d LEFT JOIN json_each(d.extra, '$.b') e",
    "SELECT id, (SELECT count(*) FROM json_each(tags)), (SELECT max(value) FROM json_each(tags)"
    " WHERE type = 'integer') FROM Docs",
    "SELECT id, (SELECT group_concat(value, ', ') FROM json_each(tags)) FROM Docs WHERE id < 9",
    "SELECT d.id, json_group_array(e.value) FROM Docs d, json_each(d.tags) e"
    " WHERE e.type IN ('text', 'integer') GROUP BY d.id",
    'SELECT json_group_array(value) FROM json_each(\'[1,[2],{"a":3},"[4]",null,true]\')',
    "SELECT json_array(value, key), value -> 0 FROM json_each('[[1,2],\"[3]\",4]')",
    "SELECT value FROM Docs, json_each(extra) WHERE typeof(value) = 'real'",
    "= SELECT e.key, e.value FROM Docs d, json_each(d.extra) e WHERE d.id = 2 ORDER BY e.id",
    "SELECT a.value, b.value FROM json_each('[1,2]') a CROSS JOIN json_each('[\"x\"]') b",
    "SELECT i.name, e.value FROM json_each('[1, 2, 99]') e LEFT JOIN Items i ON i.id = e.value",
    "SELECT t.key, count(*) FROM Docs d, json_tree(d.extra) t WHERE t.key = 'a' GROUP BY t.key",
    "SELECT fullkey FROM Docs, json_tree(Docs.extra) WHERE fullkey LIKE '$.b%'",
    "SELECT sum(value), typeof(sum(value)) FROM json_each('[1, 2.5, 3]')",
    "SELECT rowid, key FROM json_each('[7, 8]')",
    case(
        "INSERT INTO Items (doc, name) SELECT d.id, e.value FROM Docs d, json_each(d.tags) e"
        " WHERE d.id = 1"
    ),
    case(
        (
            "INSERT INTO Items (id, name, price) SELECT value ->> 'id', value ->> 'n',"
            " value ->> 'p' FROM json_each(?)",
            ('[{"id": 90, "n": "q", "p": 1.5}]',),
        )
    ),
    case("UPDATE Items SET price = 0 WHERE id IN (SELECT value FROM json_each('[1,2]'))"),
]

_AROUND = [
    "SELECT * FROM people WHERE age > 18",
    "SELECT tag, count(*) FROM tagged GROUP BY tag",
    "SELECT d.id, p.name, t.tag FROM Docs d LEFT JOIN people p ON p.id = d.id"
    " LEFT JOIN tagged t ON t.id = d.id AND t.tag LIKE 'r%'",
    "SELECT doc, json_array_length(items), items ->> '$[0].n' FROM carts",
    "SELECT json_object('cart', json(items), 'text', items) FROM carts WHERE doc = 1",
    case(
        (
            "INSERT INTO Items (doc, name, meta) VALUES (?, ?, ?)",
            (1, "box", '{"stock": 3, "color": "red"}'),
        ),
        "SELECT extra ->> 'stock', extra -> 'names' FROM Docs WHERE id = 1",
    ),
    "INSERT INTO Items (doc, name, meta) VALUES (8, 'x', '{\"stock\": 1.5}'), (8, 'y', NULL)",
    case("UPDATE Docs SET tags = json_insert(tags, '$[#]', 'new') WHERE id IN (1, 2)"),
    case("UPDATE Docs SET tags = json_remove(tags, '$[0]') WHERE id = 1"),
    "SELECT json_group_array(json(extra)) OVER (ORDER BY id) FROM Docs WHERE id < 4",
    "SELECT id, json_group_object(id, name) OVER (PARTITION BY doc ORDER BY id) FROM Items",
    "SELECT json_array(json_extract(extra, '$.b')), count(*) OVER () FROM Docs",
]

_ERRORS = [
    "SELECT json(raw) FROM Docs",
    "SELECT json_extract(raw, '$.a') FROM Docs",
    "SELECT json_extract(body, 'name') FROM Docs",
    "SELECT json_extract(extra, '$.b.') FROM Docs",
    "SELECT json_set(extra, '$.a') FROM Docs",
    "SELECT json_object('a') FROM Docs",
    "SELECT json_object(1, id) FROM Docs",
    "SELECT json_object(n, id) FROM Docs",
    "SELECT * FROM json_each('{\"a\":')",
    "SELECT id, json_array_insert(extra, '$.b', 1) FROM Docs WHERE id = 1",
    "SELECT id, extra -> ('$' || t) FROM Docs",
]

_LOST = "jsonb keeps no text of an object or array"
_REFUSED = [
    "SELECT jsonb(body) IS NOT NULL FROM Docs",
    case("SELECT id FROM Docs WHERE json_extract(body, '$.tags') = '[\"a\",\"b\"]'", loud=_LOST),
    case("SELECT id FROM Docs WHERE body ->> 'tags' LIKE '%\"a\"%'", loud=_LOST),
    case(
        "SELECT json('{a: 1}'), json(t) FROM Docs WHERE t LIKE '{%'",
        "SELECT json(replace('{''a'': 1}', 'x', t)) FROM Docs WHERE id = 1",
        loud="JSON5 is read as constants only",
    ),
]

CASES = [*_READING, *_WHERE, *_MAKING, *_CHANGING, *_TABLES, *_AROUND, *_ERRORS, *_REFUSED]
