-- bench/plan.yaml over the arranged segments in $in, by hand: what somebody who knows both would
-- write. Money is whole cents, rates are whole ten thousandths, and the join order is as written.
-- Keys are kept as narrow as they are: what is sorted is moved, byte by byte. A number written in one
-- part of a union widens the column of all parts, unless it is cast.
-- The lines, what they rest on (credits, months) and the exceptions go to $out.

CREATE MACRO month_number(day) AS (year(day) * 100 + month(day))::INTEGER;
-- Ids are derived from parts with their lengths; these are the halves of one, as signed numbers.
CREATE MACRO part(text) AS strlen(text) || ':' || text;
CREATE MACRO signed(digits) AS
  (('0x' || digits)::UBIGINT::HUGEINT
   - CASE WHEN digits >= '8' THEN 18446744073709551616 ELSE 0 END)::BIGINT;
CREATE MACRO high_half(digest) AS signed(substr(digest, 1, 12) || '8' || substr(digest, 14, 3));
CREATE MACRO low_half(digest) AS
  signed(substr('89ab89ab89ab89ab', 1 + ('0x' || substr(digest, 17, 1))::INTEGER, 1)
         || substr(digest, 18, 15));

-- Small relations: who takes part when, who stands above whom when, which rate fits when.

CREATE TEMP TABLE payees AS
SELECT payee_no::INTEGER AS payee_no, id_high AS high, id_low AS low
FROM read_parquet('$in/payees.parquet')
UNION ALL
SELECT 0, high_half(digest), low_half(digest) FROM (SELECT sha256('5:payee0:') AS digest);

CREATE TEMP TABLE standings AS
WITH attributes AS (
  SELECT payee_no, a_kind, a_channel, coalesce(valid_from, DATE '0001-01-01') AS valid_from,
         coalesce(valid_to, DATE '9999-12-31') AS valid_to
  FROM read_parquet('$in/payee_attributes.parquet')
), assigned AS (
  SELECT payee_no, principal_no, accepted, coalesce(valid_from, DATE '0001-01-01') AS valid_from,
         coalesce(valid_to, DATE '9999-12-31') AS valid_to
  FROM read_parquet('$in/assignments.parquet')
), cuts AS (
  SELECT payee_no, valid_from AS day FROM attributes
  UNION SELECT payee_no, valid_to FROM attributes
  UNION SELECT payee_no, valid_from FROM assigned
  UNION SELECT payee_no, valid_to FROM assigned
  UNION SELECT payee_no, unnest([DATE '0001-01-01', DATE '9999-12-31']) FROM payees
        WHERE payee_no > 0
), spans AS (
  SELECT payee_no, day AS valid_from,
         lead(day) OVER (PARTITION BY payee_no ORDER BY day) AS valid_to
  FROM cuts
)
SELECT s.payee_no, p.principal_no, s.valid_from, s.valid_to,
       CASE WHEN NOT coalesce(bool_or(a.a_kind = 'agency' AND a.a_channel = 'field'), false) THEN 1
            WHEN count(g.payee_no) = 0 THEN 2
            WHEN NOT bool_or(g.principal_no = p.principal_no) THEN 3
            ELSE 0 END::TINYINT AS reason,
       coalesce(bool_or(g.accepted AND g.principal_no = p.principal_no), false) AS accepted
FROM spans AS s
CROSS JOIN read_parquet('$in/principals.parquet') AS p
LEFT JOIN attributes AS a
  ON a.payee_no = s.payee_no AND a.valid_from <= s.valid_from AND s.valid_from < a.valid_to
LEFT JOIN assigned AS g
  ON g.payee_no = s.payee_no AND g.valid_from <= s.valid_from AND s.valid_from < g.valid_to
WHERE s.valid_to > DATE '2026-01-01' AND s.valid_from < DATE '2027-03-01'
GROUP BY ALL;

CREATE TEMP TABLE above AS
WITH RECURSIVE edges AS (
  SELECT payee_no, reports_to, coalesce(valid_from, DATE '0001-01-01') AS valid_from,
         coalesce(valid_to, DATE '9999-12-31') AS valid_to
  FROM read_parquet('$in/edges.parquet') WHERE hierarchy = 'sales'
), chains AS (
  SELECT payee_no, 1 AS level, reports_to AS superior, valid_from, valid_to FROM edges
  UNION ALL
  SELECT c.payee_no, c.level + 1, e.reports_to, greatest(c.valid_from, e.valid_from),
         least(c.valid_to, e.valid_to)
  FROM chains AS c JOIN edges AS e ON e.payee_no = c.superior
  WHERE c.level < 5 AND c.valid_from < e.valid_to AND e.valid_from < c.valid_to
)
SELECT c.payee_no::INTEGER AS payee_no, c.level::TINYINT AS level,
       c.superior::INTEGER AS superior, s.principal_no::SMALLINT AS principal_no,
       greatest(c.valid_from, s.valid_from) AS valid_from,
       least(c.valid_to, s.valid_to) AS valid_to, s.reason, s.accepted, r.rate_e4,
       r.rate_row::SMALLINT AS rate_row, p.high, p.low
FROM chains AS c
JOIN standings AS s ON s.payee_no = c.superior
JOIN payees AS p ON p.payee_no = c.superior
JOIN (VALUES (1, 50, 0), (2, 20, 1), (3, 15, 2), (4, 10, 3), (5, 5, 4))
     AS r(level, rate_e4, rate_row)
  ON r.level = c.level
WHERE c.valid_from < s.valid_to AND s.valid_from < c.valid_to
  AND c.valid_to > DATE '2026-01-01' AND c.valid_from < DATE '2027-03-01';

CREATE TEMP TABLE rates AS
WITH RECURSIVE trees AS (
  SELECT tree, code, parent FROM read_parquet('$in/trees.parquet')
), ancestors AS (
  SELECT tree, code, code AS above, 0 AS distance FROM trees
  UNION ALL
  SELECT a.tree, a.code, t.parent, a.distance + 1
  FROM ancestors AS a JOIN trees AS t ON t.tree = a.tree AND t.code = a.above
  WHERE t.parent IS NOT NULL
), rated AS (
  SELECT * FROM (VALUES
    (0, 'nord', 'gas', DATE '2026-01-01', DATE '2026-07-01', 300),
    (1, 'nord', 'gas', DATE '2026-07-01', DATE '2027-03-01', 320),
    (2, 'nord', 'energy', DATE '2026-01-01', DATE '2027-03-01', 290),
    (3, 'centro', 'power', DATE '2026-01-01', DATE '2027-03-01', 275),
    (4, 'sud', 'home', DATE '2026-01-01', DATE '2027-03-01', 350),
    (5, 'R03', 'solar', DATE '2026-01-01', DATE '2027-03-01', 400),
    (6, 'R07', 'any', DATE '2026-04-01', DATE '2027-01-01', 310),
    (7, 'R12', 'dual', DATE '2026-01-01', DATE '2027-03-01', 335),
    (8, 'T041', 'heat', DATE '2026-01-01', DATE '2027-03-01', 425),
    (9, 'italia', 'any', DATE '2026-01-01', DATE '2027-03-01', 250)
  ) AS r(rate_row, territory, category, valid_from, valid_to, rate_e4)
), cuts AS (
  SELECT day AS valid_from, lead(day) OVER (ORDER BY day) AS valid_to
  FROM (SELECT valid_from AS day FROM rated UNION SELECT valid_to FROM rated)
), nearest AS (
  SELECT t.code AS territory, c.code AS category, d.valid_from, d.valid_to, r.rate_row, r.rate_e4
  FROM cuts AS d
  JOIN rated AS r ON r.valid_from <= d.valid_from AND d.valid_from < r.valid_to
  JOIN ancestors AS t ON t.tree = 'territory' AND t.above = r.territory
  JOIN (SELECT code, above, distance FROM ancestors WHERE tree = 'category'
        UNION ALL SELECT code, 'any', 1000000 FROM trees WHERE tree = 'category') AS c
    ON c.above = r.category
  QUALIFY row_number() OVER (PARTITION BY t.code, c.code, d.valid_from
                             ORDER BY t.distance, c.distance, r.rate_row) = 1
), runs AS (
  SELECT *, count(*) FILTER (WHERE starts) OVER (
              PARTITION BY territory, category ORDER BY valid_from) AS run
  FROM (SELECT *, coalesce(rate_row <> lag(rate_row) OVER before
                           OR valid_from <> lag(valid_to) OVER before, true) AS starts
        FROM nearest
        WINDOW before AS (PARTITION BY territory, category ORDER BY valid_from))
)
SELECT territory, category, rate_row, rate_e4, min(valid_from) AS valid_from,
       max(valid_to) AS valid_to
FROM runs GROUP BY territory, category, run, rate_row, rate_e4;

-- The last part of an id: what, share and event by component and path of the credit. `slot` is
-- what, or 5 and more for what is held because the payee did not accept the plan.
CREATE TEMP TABLE paths AS
SELECT (96 * component + 48 * place + 8 * level + slot)::SMALLINT AS path,
       high_half(digest) AS high, low_half(digest) AS low
FROM (
  SELECT c.component, place, level, slot,
         sha256('4:line19:agency-energy-bench' || part(c.name)
                || part('/sale.' || place || CASE WHEN level > 0 THEN '/team.' || level ELSE '' END)
                || part(CASE WHEN slot < 5 THEN w.name ELSE 'held' END) || '1:0'
                || part(CASE WHEN slot < 5 THEN '' ELSE w.name || ' ' END)) AS digest
  FROM (VALUES (0, 'base'), (1, 'override')) AS c(component, name), range(2) AS p(place),
       range(6) AS l(level),
       (VALUES (0, 'release'), (1, 'reversal'), (2, 'void_release'), (3, 'held'), (4, 'not_paid'),
               (5, 'release'), (6, 'reversal'), (7, 'void_release')) AS w(slot, name)
  WHERE (component = 1) = (level > 0)
);

-- The same for the accelerator; `event` is the month it is counted again in, or 0.
CREATE TEMP TABLE month_paths AS
WITH months AS (
  SELECT month_number(day::DATE) AS month, substr(day::DATE::TEXT, 1, 7) AS name
  FROM generate_series(DATE '2026-01-01', DATE '2027-02-01', INTERVAL 1 MONTH) AS g(day)
)
SELECT place::TINYINT AS place, month, event, accepted, high_half(digest) AS high,
       low_half(digest) AS low
FROM (
  SELECT place, m.month, e.month AS event, accepted,
         sha256('4:line19:agency-energy-bench11:accelerator' || part('/sale.' || place)
                || part(CASE WHEN accepted THEN e.what ELSE 'held' END) || '1:0'
                || part(m.name || ' ' || CASE WHEN accepted THEN '' ELSE e.what || ' ' END
                        || e.name)) AS digest
  FROM months AS m, range(2) AS p(place), (VALUES (true), (false)) AS a(accepted),
       (SELECT month, name, 'reversal' AS what FROM months UNION ALL SELECT 0, '', 'release') AS e
);

-- The orders: what becomes of their pay, then whom they credit.

CREATE TEMP TABLE credits AS
WITH lives AS (
  SELECT order_no, min(day) FILTER (WHERE state = 'activated') AS activated,
         min(day) FILTER (WHERE state IN ('cancelled', 'churned')) AS reversed
  FROM read_parquet('$in/states.parquet')
  WHERE day < DATE '2027-03-01' AND state IN ('activated', 'cancelled', 'churned')
  GROUP BY order_no
), lived AS (
  SELECT o.order_no, o.principal_no, o.signed_on, o.seller_no, o.partner_no, o.territory,
         o.category, (o.amount * 100)::BIGINT AS amount, l.activated,
         CASE WHEN l.activated IS NULL OR l.reversed - l.activated <= 180 THEN l.reversed END
           AS reversed,
         coalesce(o.imputable_to = 'principal', false) AS is_void, o.id_high AS high,
         o.id_low AS low
  FROM read_parquet('$in/orders.parquet') AS o LEFT JOIN lives AS l USING (order_no)
  WHERE o.signed_on >= DATE '2026-01-01' AND o.signed_on < DATE '2027-03-01'
    AND o.currency = 'EUR'
), settled AS (
  SELECT order_no, principal_no, signed_on, seller_no, partner_no, territory, category, amount,
         CASE WHEN partner_no IS NULL THEN 0 ELSE (amount + 2) // 4 END AS part_of, high, low,
         month_number(activated) AS activated_in,
         CASE WHEN NOT is_void THEN month_number(reversed) END AS leaves_in,
         -- What a void reversal paid before the activation stays in the month of the order.
         month_number(CASE WHEN activated IS NULL OR (is_void AND reversed < activated)
                           THEN signed_on ELSE activated END) AS competence,
         CASE WHEN activated IS NOT NULL AND (reversed IS NULL OR activated <= reversed) THEN 0
              WHEN reversed IS NULL THEN 3 WHEN is_void THEN 2 ELSE 4 END::TINYINT AS what,
         CASE WHEN activated <= reversed OR reversed IS NULL THEN month_number(activated)
              WHEN is_void THEN month_number(reversed) END AS month
  FROM lived
), shared AS (
  SELECT * EXCLUDE (part_of, amount),
         CASE WHEN place = 0 THEN partner_no ELSE seller_no END AS payee_no,
         CASE WHEN place = 0 THEN part_of ELSE amount - part_of END AS units
  FROM settled CROSS JOIN (VALUES (0::TINYINT), (1::TINYINT)) AS p(place)
  WHERE place = 1 OR partner_no IS NOT NULL
)
SELECT c.order_no::INTEGER AS order_no, c.principal_no::SMALLINT AS principal_no, c.signed_on,
       c.place, c.payee_no::INTEGER AS payee_no, c.units, c.high, c.low, c.activated_in,
       c.leaves_in, c.competence, c.what, c.month, r.rate_row::SMALLINT AS rate_row, r.rate_e4,
       CASE c.what WHEN 0 THEN 0 WHEN 2 THEN 10 WHEN 3 THEN 7 ELSE 8 END::TINYINT AS why,
       CASE WHEN c.payee_no = 0 THEN 4::TINYINT ELSE s.reason END AS reason,
       coalesce(s.accepted, false) AS accepted
FROM shared AS c
LEFT JOIN rates AS r
  ON r.territory = c.territory AND r.category = c.category AND r.valid_from <= c.signed_on
     AND c.signed_on < r.valid_to
LEFT JOIN standings AS s
  ON s.payee_no = c.payee_no AND s.principal_no = c.principal_no AND s.valid_from <= c.signed_on
     AND c.signed_on < s.valid_to;

-- The months: what a payee's activated credits come to, at the close and again after reversals.

CREATE TEMP TABLE stages AS
WITH cells AS (
  SELECT payee_no, activated_in AS month, min(principal_no) AS principal_no,
         coalesce(sum(units) FILTER (WHERE leaves_in IS NULL OR leaves_in > activated_in), 0)
           ::BIGINT AS base
  FROM credits WHERE reason = 0 AND activated_in IS NOT NULL
  GROUP BY payee_no, activated_in
), leaving AS (
  SELECT payee_no, activated_in AS month, leaves_in AS as_of, sum(units) AS units
  FROM credits WHERE reason = 0 AND leaves_in > activated_in
  GROUP BY payee_no, activated_in, leaves_in
), counted AS (
  SELECT payee_no, month, principal_no, 0 AS stage, month AS as_of, base FROM cells
  UNION ALL
  SELECT l.payee_no, l.month, c.principal_no,
         row_number() OVER (PARTITION BY l.payee_no, l.month ORDER BY as_of), l.as_of,
         (c.base - sum(l.units) OVER (PARTITION BY l.payee_no, l.month ORDER BY as_of))::BIGINT
  FROM leaving AS l JOIN cells AS c USING (payee_no, month)
), joined AS (
  SELECT payee_no, min(coalesce(valid_from, DATE '0001-01-01')) AS day
  FROM read_parquet('$in/assignments.parquet') GROUP BY payee_no
), targets AS (
  SELECT t.payee_no, t.month, (t.amount * 100)::BIGINT AS target, d.first, d.next,
         (d.next - d.first)::BIGINT AS of_days,
         (d.next - greatest(d.first, least(d.next, j.day)))::BIGINT AS days
  FROM read_parquet('$in/targets.parquet') AS t
  JOIN (SELECT month_number(first::DATE) AS month, first::DATE AS first,
               (first + INTERVAL 1 MONTH)::DATE AS next
        FROM generate_series(DATE '2026-01-01', DATE '2027-02-01', INTERVAL 1 MONTH) AS g(first)
       ) AS d ON d.month = t.month
  LEFT JOIN joined AS j ON j.payee_no = t.payee_no
  WHERE t.name = 'activated_value'
), tiered AS (
  SELECT c.*, t.target, t.days, t.of_days, k.value AS gate,
         100 * t.of_days * c.base AS base_scaled, t.target * t.days AS edge,
         CASE WHEN t.payee_no IS NULL OR (t.target > 0 AND t.days = 0) THEN 13
              WHEN t.target <= 0 THEN 14 ELSE 0 END AS refused
  FROM counted AS c
  LEFT JOIN targets AS t ON t.payee_no = c.payee_no AND t.month = c.month
  LEFT JOIN read_parquet('$in/measurements.parquet') AS k
    ON k.payee_no = c.payee_no AND k.month = c.month AND k.name = 'first_time_right'
), climbed AS (
  SELECT *, CASE WHEN refused = 0 THEN
      (2 * (15 * greatest(0, least(base_scaled, 115 * edge) - 100 * edge)
            + 30 * greatest(0, base_scaled - 115 * edge)) + 100000 * of_days)
      // (200000 * of_days) END AS tiers
  FROM tiered
)
SELECT payee_no, month, principal_no, stage, as_of, base, target, days, of_days, tiers,
       CASE WHEN refused > 0 THEN refused WHEN tiers > 0 AND gate IS NULL THEN 15 ELSE 0
       END::TINYINT AS reason,
       CASE WHEN tiers = 0 OR gate < 0.92 THEN 0 ELSE least(tiers, 250000) END::BIGINT AS units
FROM climbed;

CREATE TEMP TABLE parts AS
WITH weighed AS (
  SELECT s.payee_no, s.principal_no, s.month, s.stage, s.as_of, s.units AS total, c.order_no,
         c.place, c.accepted, c.high, c.low,
         s.units * c.units // s.base AS floor, s.units * c.units % s.base AS lost
  FROM credits AS c JOIN stages AS s ON s.payee_no = c.payee_no AND s.month = c.activated_in
  WHERE c.reason = 0 AND s.reason = 0 AND s.units > 0
    AND (c.leaves_in IS NULL OR c.leaves_in > s.as_of)
)
SELECT payee_no, principal_no, month, stage, order_no, place, accepted, high, low,
       floor + CASE WHEN row_number() OVER (PARTITION BY payee_no, month, stage
                                            ORDER BY lost DESC, order_no, place)
                         <= total - sum(floor) OVER (PARTITION BY payee_no, month, stage)
               THEN 1 ELSE 0 END AS units
FROM weighed;

-- The lines. What a line is, of which component, place, level and share, is one small number: five
-- columns less to sort and write, as the set-based engine has it.

COPY (
WITH paid AS NOT MATERIALIZED (
  SELECT 0::TINYINT AS component, c.payee_no, c.principal_no, c.order_no, c.place,
         0::TINYINT AS level, c.competence, c.what, c.why, c.month, c.leaves_in,
         xor(c.high, p.high) AS high, xor(c.low, p.low) AS low,
         (2 * c.units * c.rate_e4 + 10000) // 20000 AS units, c.rate_row
  FROM credits AS c JOIN payees AS p ON p.payee_no = c.payee_no
  WHERE c.reason = 0 AND c.accepted AND c.rate_row IS NOT NULL
  UNION ALL
  SELECT 1::TINYINT, a.superior, c.principal_no, c.order_no, c.place, a.level, c.competence, c.what, c.why,
         c.month, c.leaves_in, xor(c.high, a.high), xor(c.low, a.low),
         (2 * c.units * a.rate_e4 + 10000) // 20000, a.rate_row
  FROM credits AS c
  JOIN above AS a
    ON a.payee_no = c.payee_no AND a.principal_no = c.principal_no
       AND a.valid_from <= c.signed_on AND c.signed_on < a.valid_to
  WHERE a.reason = 0 AND a.accepted
), unpaid AS NOT MATERIALIZED (
  SELECT 0::TINYINT AS component, c.payee_no, c.principal_no, c.order_no, c.place,
         0::TINYINT AS level, c.competence, c.what, c.why, c.month, c.leaves_in,
         xor(c.high, p.high) AS high, xor(c.low, p.low) AS low,
         coalesce((2 * c.units * c.rate_e4 + 10000) // 20000, 0) AS units, c.rate_row,
         CASE WHEN c.rate_row IS NULL THEN 6 ELSE c.reason END::TINYINT AS refused
  FROM credits AS c JOIN payees AS p ON p.payee_no = c.payee_no
  WHERE c.reason > 0 OR NOT c.accepted OR c.rate_row IS NULL
  UNION ALL
  SELECT 1::TINYINT, a.superior, c.principal_no, c.order_no, c.place, a.level, c.competence, c.what, c.why,
         c.month, c.leaves_in, xor(c.high, a.high), xor(c.low, a.low),
         (2 * c.units * a.rate_e4 + 10000) // 20000, a.rate_row, a.reason
  FROM credits AS c
  JOIN above AS a
    ON a.payee_no = c.payee_no AND a.principal_no = c.principal_no
       AND a.valid_from <= c.signed_on AND c.signed_on < a.valid_to
  WHERE a.reason > 0 OR NOT a.accepted
), by_order AS (
  SELECT component, payee_no, principal_no, order_no, place, level, competence, high, low, units,
         rate_row, what AS slot, month, why AS reason
  FROM paid
  UNION ALL
  SELECT component, payee_no, principal_no, order_no, place, level, competence, high, low, -units,
         rate_row, 1::TINYINT, leaves_in, 9::TINYINT
  FROM paid WHERE what = 0 AND leaves_in IS NOT NULL
  UNION ALL
  SELECT component, payee_no, principal_no, order_no, place, level, competence, high, low, units,
         rate_row,
         CASE WHEN refused > 0 THEN 4 WHEN month IS NULL THEN what ELSE 5 + what END::TINYINT,
         NULL, CASE WHEN refused > 0 THEN refused WHEN month IS NULL THEN why ELSE 12 END::TINYINT
  FROM unpaid
  UNION ALL
  SELECT component, payee_no, principal_no, order_no, place, level, competence, high, low, -units,
         rate_row, 6::TINYINT, NULL, 12::TINYINT
  FROM unpaid WHERE refused = 0 AND what = 0 AND leaves_in IS NOT NULL
), by_month AS (
  SELECT payee_no, principal_no, order_no, place, month, 0 AS event, accepted, units, high, low
  FROM parts WHERE stage = 0
  UNION ALL
  SELECT d.payee_no, d.principal_no, d.order_no, d.place, d.month, s.as_of, d.accepted, d.units,
         d.high, d.low
  FROM (
    SELECT payee_no, principal_no, month, stage, order_no, place, accepted, high, low,
           sum(units)::BIGINT AS units
    FROM (SELECT * FROM parts WHERE stage > 0
          UNION ALL
          SELECT p.* REPLACE (p.stage + 1 AS stage, -p.units AS units)
          FROM parts AS p
          JOIN stages AS n
            ON n.payee_no = p.payee_no AND n.month = p.month AND n.stage = p.stage + 1)
    GROUP BY ALL HAVING sum(units) <> 0
  ) AS d
  JOIN stages AS s ON s.payee_no = d.payee_no AND s.month = d.month AND s.stage = d.stage
)
SELECT l.payee_no, l.principal_no, l.month, l.competence, l.units, l.order_no, p.path AS kind,
       0 AS event, l.reason, l.rate_row, xor(l.high, p.high) AS id_high, xor(l.low, p.low) AS id_low
FROM by_order AS l
JOIN paths AS p ON p.path = 96 * l.component + 48::SMALLINT * l.place + 8 * l.level + l.slot
UNION ALL
SELECT m.payee_no, m.principal_no,
       CASE WHEN NOT m.accepted THEN NULL WHEN m.event > 0 THEN m.event ELSE m.month END, m.month,
       m.units, m.order_no,
       (192 + 48 * m.place + CASE WHEN NOT m.accepted THEN 3 WHEN m.event > 0 THEN 1 ELSE 0 END)
         ::SMALLINT,
       m.event, CASE WHEN NOT m.accepted THEN 12 WHEN m.event > 0 THEN 11 ELSE 0 END::TINYINT, NULL,
       xor(xor(m.high, q.high), p.high), xor(xor(m.low, q.low), p.low)
FROM by_month AS m
JOIN payees AS q ON q.payee_no = m.payee_no
JOIN month_paths AS p
  ON p.month = m.month AND p.event = m.event AND p.place = m.place AND p.accepted = m.accepted
UNION ALL
SELECT s.payee_no, s.principal_no, NULL, s.month, 0, NULL, 196::SMALLINT, 0, s.reason, NULL,
       xor(high_half(s.digest), xor(high_half(o.digest), p.high)),
       xor(low_half(s.digest), xor(low_half(o.digest), p.low))
FROM (SELECT *, sha256('4:line19:agency-energy-bench11:accelerator0:8:not_paid0:' || part(
               (month // 100) || '-' || lpad((month % 100)::TEXT, 2, '0') || ' 1000')) AS digest
      FROM stages WHERE reason > 0 AND stage = 0) AS s
JOIN payees AS p ON p.payee_no = s.payee_no
CROSS JOIN (SELECT sha256('5:order0:') AS digest) AS o
ORDER BY payee_no
) TO '$out/lines.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,
  DICTIONARY_SIZE_LIMIT 10000);

-- What each kind of line is: its component, what it is, and the place, level and share it is of.
COPY (
  SELECT path AS kind, (path // 96)::TINYINT AS component,
         CASE WHEN path % 8 < 5 THEN path % 8 ELSE 3 END::TINYINT AS what,
         (path % 96 // 48)::TINYINT AS place, (path % 48 // 8)::TINYINT AS level,
         0::TINYINT AS share
  FROM paths
  UNION ALL
  SELECT (192 + 48 * place + what)::SMALLINT, 2, what, place, 0, 0
  FROM range(2) AS p(place), (VALUES (0), (1), (3)) AS w(what)
  UNION ALL
  SELECT 196::SMALLINT, 2, 4, NULL, NULL, NULL
) TO '$out/kinds.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1);

-- What the lines rest on: the credits with their rate rows, the months with their targets.

COPY (
  SELECT order_no, place, payee_no, principal_no, units, rate_row, activated_in, leaves_in, reason
  FROM credits
) TO '$out/credits.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,
  DICTIONARY_SIZE_LIMIT 10000);

COPY (SELECT * FROM stages ORDER BY payee_no, month, stage)
TO '$out/months.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,
  DICTIONARY_SIZE_LIMIT 10000);

COPY (
  SELECT order_no, payee_no, NULL::INTEGER AS month, 6::TINYINT AS reason
  FROM credits WHERE rate_row IS NULL AND reason = 0
  UNION ALL
  SELECT order_no, NULL, NULL, reason FROM credits WHERE reason = 4
  UNION ALL
  SELECT NULL, payee_no, month, reason FROM stages WHERE reason > 0 AND stage = 0
) TO '$out/exceptions.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1,
  DICTIONARY_SIZE_LIMIT 10000);
