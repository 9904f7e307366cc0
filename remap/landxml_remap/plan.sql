-- What becomes of the records of the documents in hand: run over the tables of reading.py and those of plan.py.

-- Parcels: by the transition table, else by their place, else by what an officer has decided, else not at all.
INSERT INTO outcome BY NAME
WITH known AS (
  SELECT p.*, r.cls, r.line, r.code, c.state, c.land, c.candidates, coalesce(one.new, own.new, sheet.new, whole.new) AS chosen
  FROM record r JOIN parcel p ON p.seq = r.seq AND p.file = r.file
  JOIN file f ON f.no = r.file
  JOIN code c ON c.since = f.since AND c.mixed = f.mixed AND c.code = r.code
  LEFT JOIN choice one ON one.code = r.code AND one.sheet = p.sheet AND one.number = p.number
  LEFT JOIN choice own ON own.code = r.code AND own.cls = r.cls AND own.id = r.id
  LEFT JOIN choice sheet ON sheet.code = r.code AND sheet.sheet = p.sheet AND sheet.number IS NULL
  LEFT JOIN choice whole ON whole.code = r.code AND coalesce(whole.sheet, whole.number, whole.cls) IS NULL
  WHERE r.cls IN ('ThuaDat', 'DC_ThuaDat') AND here(r.file) AND here(p.file)
), judged AS (
  SELECT *, CASE
    WHEN state = 'target' THEN 'left'
    WHEN land IS NOT NULL THEN 'table'
    WHEN place = 'inside' THEN CASE WHEN chosen IS NULL OR chosen = found THEN 'geometry' END
    WHEN chosen IS NOT NULL THEN 'resolve' END AS basis
  FROM known
)
SELECT cls, seq, file, id, line, code, sheet, number, old_sheet, old_number, occupies,
  try_cast(replace(trim(area), ',', '.') AS DECIMAL(18, 4)) AS area, basis,
  CASE basis WHEN 'left' THEN code WHEN 'table' THEN land WHEN 'geometry' THEN found WHEN 'resolve' THEN chosen END AS new,
  CASE WHEN basis IS NULL THEN CASE
    WHEN state <> 'split' THEN state
    WHEN place = 'inside' THEN 'conflict'
    WHEN place IN ('across', 'outside') THEN place
    ELSE 'split' END END AS trouble,
  CASE WHEN basis IS NULL THEN CASE
    WHEN place = 'inside' THEN concat_ws(', ', found, chosen) ELSE coalesce(parts, candidates) END END AS candidates
FROM judged;

-- Records of divided communes: what belongs to parcels goes where these went, if all went to one; where parties
-- live goes where the people went; an officer's word for the record or the whole commune comes last.
INSERT INTO outcome BY NAME
WITH loose AS (
  SELECT r.*, c.state, c.land, c.people, c.candidates, coalesce(own.new, whole.new) AS chosen
  FROM record r JOIN file f ON f.no = r.file
  JOIN code c ON c.since = f.since AND c.mixed = f.mixed AND c.code = r.code
  LEFT JOIN choice own ON own.code = r.code AND own.cls = r.cls AND own.id = r.id
  LEFT JOIN choice whole ON whole.code = r.code AND coalesce(whole.sheet, whole.number, whole.cls) IS NULL
  WHERE r.cls NOT IN ('ThuaDat', 'DC_ThuaDat') AND here(r.file)
), one AS (
  SELECT file, code, arg, CASE WHEN min(new) = max(new) AND bool_and(new IS NOT NULL) THEN min(new) END AS new FROM (
    SELECT s.file, s.code, 'id:' || l.id AS arg, s.new FROM settled s JOIN link l ON l.file = s.file AND l.parcel = s.id
    WHERE here(s.file) AND here(l.file)
    UNION ALL
    SELECT s.file, s.code, 'part:' || p.part, s.new FROM settled s JOIN part p ON p.file = s.file AND p.id = s.id
    WHERE here(s.file) AND here(p.file)
  ) GROUP BY ALL
), placed AS (
  SELECT r.*, direct.arg IS NOT NULL OR whole.arg IS NOT NULL AS belongs, direct.arg IS NULL AND h.id IS NOT NULL AS home,
    CASE
      WHEN r.state = 'target' THEN r.code
      WHEN r.state = 'settled' THEN r.land
      WHEN r.state <> 'split' THEN NULL
      WHEN direct.arg IS NOT NULL THEN direct.new
      WHEN h.id IS NOT NULL THEN r.people
      WHEN whole.arg IS NOT NULL THEN whole.new
      ELSE r.land END AS new
  FROM loose r
  LEFT JOIN one direct ON r.state = 'split' AND direct.file = r.file AND direct.code = r.code AND direct.arg = 'id:' || r.id
  LEFT JOIN (SELECT DISTINCT file, id FROM home WHERE here(file)) h ON r.state = 'split' AND h.file = r.file AND h.id = r.id
  LEFT JOIN (FROM part WHERE here(file)) p ON r.state = 'split' AND p.file = r.file AND p.id = r.id
  LEFT JOIN one whole ON whole.file = r.file AND whole.code = r.code AND whole.arg = 'part:' || p.part
)
SELECT cls, seq, file, id, line, code, coalesce(new, chosen) AS new,
  CASE WHEN state = 'target' THEN 'left'
    WHEN new IS NULL AND chosen IS NOT NULL THEN 'resolve'
    WHEN new IS NULL THEN NULL
    WHEN state = 'split' AND belongs AND NOT home THEN 'parcel' ELSE 'table' END AS basis,
  CASE WHEN coalesce(new, chosen) IS NULL
    THEN CASE WHEN state <> 'split' THEN state WHEN home THEN 'home' WHEN belongs THEN 'parcels' ELSE 'split' END END AS trouble,
  CASE WHEN coalesce(new, chosen) IS NULL THEN candidates END AS candidates
FROM placed;
