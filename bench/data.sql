-- Seeded data of one tenant as the arranged segments a run reads: 14 months from 2026-01-01.
-- $orders, $payees, $seed and the folder $out are filled in by data.py.

CREATE MACRO draw(number, salt, below) AS (hash(number, $seed, salt) % below)::BIGINT;
CREATE MACRO payee_code(number) AS printf('P%06d', number);
CREATE MACRO month_number(day) AS (year(day) * 100 + month(day))::INTEGER;

-- The halves of `derive_id(kind, id)` as signed numbers: 16 hex digits each, with the bits of
-- version and variant.
CREATE MACRO signed(digits) AS
  (('0x' || digits)::UBIGINT::HUGEINT
   - CASE WHEN digits >= '8' THEN 18446744073709551616 ELSE 0 END)::BIGINT;
CREATE MACRO id_digest(kind, id) AS
  sha256(strlen(kind) || ':' || kind || strlen(id) || ':' || id);
CREATE MACRO id_high(digest) AS signed(substr(digest, 1, 12) || '8' || substr(digest, 14, 3));
CREATE MACRO id_low(digest) AS
  signed(substr('89ab89ab89ab89ab', 1 + ('0x' || substr(digest, 17, 1))::INTEGER, 1)
         || substr(digest, 18, 15));

-- People stand in five tiers; everybody below the first reports to one of the tier above.
CREATE TABLE tiers AS
SELECT tier, greatest(tier, ($payees * first)::BIGINT) AS first,
       greatest(tier + 1, ($payees * next)::BIGINT) AS next
FROM (VALUES (0, 0.0, 0.001), (1, 0.001, 0.05), (2, 0.05, 0.2), (3, 0.2, 0.5), (4, 0.5, 1.0))
     AS t(tier, first, next);

CREATE TABLE people AS
SELECT n AS number, n + 1 AS payee_no, payee_code(n) AS payee_id, tier
FROM range($payees) AS r(n) JOIN tiers ON n >= tiers.first AND n < tiers.next;

COPY (
  SELECT payee_no, payee_id, id_high(digest) AS id_high, id_low(digest) AS id_low
  FROM (SELECT *, id_digest('payee', payee_id) AS digest FROM people) ORDER BY payee_no
) TO '$out/payees.parquet' (FORMAT parquet, COMPRESSION zstd);

COPY (SELECT 1 AS principal_no, '1000' AS principal)
  TO '$out/principals.parquet' (FORMAT parquet, COMPRESSION zstd);

-- One in 200 is no field agency; one in 100 changed channel when the second half-year began.
COPY (
  SELECT payee_no, NULL::DATE AS valid_from,
         CASE WHEN number % 100 = 7 THEN DATE '2026-07-01' END AS valid_to,
         'agency' AS a_kind, CASE WHEN number % 200 = 3 THEN 'web' ELSE 'field' END AS a_channel
  FROM people
  UNION ALL
  SELECT payee_no, DATE '2026-07-01', NULL, 'agency', 'web' FROM people WHERE number % 100 = 7
) TO '$out/payee_attributes.parquet' (FORMAT parquet, COMPRESSION zstd);

-- One in 50 joins within a month, one in 90 leaves, one in 120 has not accepted the plan.
COPY (
  SELECT 0 AS plan_no, payee_no, 1 AS principal_no,
         CASE WHEN number % 50 = 11 THEN DATE '2026-03-12' ELSE DATE '2026-01-01' END AS valid_from,
         CASE WHEN number % 90 = 13 THEN DATE '2026-11-01' END AS valid_to,
         number % 120 <> 17 AS accepted
  FROM people
) TO '$out/assignments.parquet' (FORMAT parquet, COMPRESSION zstd);

-- One in ten gets another superior on 1 September.
CREATE TABLE edges AS
SELECT p.payee_no, p.number % 10 = 4 AS moves,
       1 + t.first + draw(p.number, 1, t.next - t.first) AS superior,
       1 + t.first + draw(p.number, 2, t.next - t.first) AS later
FROM people AS p JOIN tiers AS t ON t.tier = p.tier - 1;

COPY (
  SELECT 'sales' AS hierarchy, payee_no, superior AS reports_to, NULL::DATE AS valid_from,
         CASE WHEN moves THEN DATE '2026-09-01' END AS valid_to
  FROM edges
  UNION ALL
  SELECT 'sales', payee_no, later, DATE '2026-09-01', NULL FROM edges WHERE moves
) TO '$out/edges.parquet' (FORMAT parquet, COMPRESSION zstd);

COPY (
  SELECT 'territory' AS tree, 'italia' AS code, NULL AS parent
  UNION ALL SELECT 'territory', unnest(['nord', 'centro', 'sud']), 'italia'
  UNION ALL SELECT 'territory', printf('R%02d', n), ['nord', 'centro', 'sud'][1 + n % 3]
            FROM range(20) AS r(n)
  UNION ALL SELECT 'territory', printf('T%03d', n), printf('R%02d', n % 20) FROM range(107) AS r(n)
  UNION ALL SELECT 'category', unnest(['energy', 'home']), NULL
  UNION ALL SELECT 'category', unnest(['gas', 'power', 'dual']), 'energy'
  UNION ALL SELECT 'category', unnest(['heat', 'solar', 'fibre']), 'home'
) TO '$out/trees.parquet' (FORMAT parquet, COMPRESSION zstd);

CREATE TABLE months AS
SELECT month_number((DATE '2026-01-01' + to_months(n::INTEGER))::DATE) AS month, n AS place
FROM range(14) AS r(n);

-- About a third of the months is above target; one target in 300 is missing, one in 500 is zero.
COPY (
  SELECT payee_no, 'activated_value' AS name, month,
         (CASE WHEN draw(number * 14 + place, 4, 500) = 1 THEN 0
               ELSE (1050 + draw(number * 14 + place, 5, 600)) * 160 * $orders // $payees // 14
          END / 100)::DECIMAL(18, 2) AS amount
  FROM people, months WHERE draw(number * 14 + place, 3, 300) <> 1
) TO '$out/targets.parquet' (FORMAT parquet, COMPRESSION zstd);

-- Nine in ten pass the gate of 92 %; one in 400 was not measured.
COPY (
  SELECT payee_no, 'first_time_right' AS name, month,
         ((CASE WHEN draw(number * 14 + place, 7, 10) = 0 THEN 8900 ELSE 9200 END
           + draw(number * 14 + place, 8, 300)) / 10000)::DECIMAL(18, 4) AS value
  FROM people, months WHERE draw(number * 14 + place, 6, 400) <> 1
) TO '$out/measurements.parquet' (FORMAT parquet, COMPRESSION zstd);

-- One order in 25 has a partner, one in 1 000 a seller nobody knows, one in 2 000 a territory
-- outside the tree.
CREATE TABLE orders AS
SELECT n AS number, n + 1 AS order_no, printf('O%08d', n) AS order_id,
       DATE '2026-01-01' + draw(n, 9, 424)::INTEGER AS signed_on,
       CASE WHEN draw(n, 10, 1000) = 1 THEN 0 ELSE 1 + draw(n, 11, $payees) END AS seller_no,
       CASE WHEN draw(n, 12, 25) = 1 THEN 1 + draw(n, 13, $payees) END AS partner_no,
       ['gas', 'gas', 'gas', 'power', 'power', 'dual', 'solar', 'heat', 'fibre'][1 + draw(n, 14, 9)]
         AS category,
       CASE WHEN draw(n, 15, 2000) = 1 THEN 'estero' ELSE printf('T%03d', draw(n, 16, 107)) END
         AS territory,
       ((20000 + draw(n, 17, 280000)) / 100)::DECIMAL(18, 2) AS amount,
       CASE WHEN draw(n, 18, 5) = 0 THEN 'principal' ELSE 'customer' END AS imputable_to
FROM range($orders) AS r(n);

-- 19 in 20 are activated. One in 33 is reversed, a few of them before activation, a few after
-- the 180 days.
CREATE TABLE lives AS
SELECT order_no, number, signed_on,
       CASE WHEN draw(number, 19, 20) > 0 THEN signed_on + 5 + draw(number, 20, 30)::INTEGER END
         AS activated,
       CASE WHEN draw(number, 21, 33) = 0 THEN signed_on + 3 + draw(number, 22, 230)::INTEGER END
         AS reversed,
       CASE WHEN draw(number, 23, 4) = 0 THEN 'churned' ELSE 'cancelled' END AS reversed_as
FROM orders;

COPY (
  SELECT order_no, state, day FROM (
    SELECT order_no, 'activated' AS state, activated AS day FROM lives
    UNION ALL SELECT order_no, reversed_as, reversed FROM lives
    UNION ALL SELECT order_no, 'first_bill_paid', activated + 30 FROM lives WHERE reversed IS NULL
  ) WHERE day IS NOT NULL ORDER BY order_no, state
) TO '$out/states.parquet' (FORMAT parquet, COMPRESSION zstd);

COPY (
  SELECT 0 AS plan_no, o.order_no, order_id, 1 AS principal_no, o.signed_on, seller_no, partner_no,
         CASE WHEN seller_no = 0 THEN 'crm/unknown' ELSE payee_code(seller_no - 1) END AS seller,
         payee_code(partner_no - 1) AS partner, category, territory, amount, 'EUR' AS currency,
         CASE WHEN reversed IS NOT NULL THEN imputable_to END AS imputable_to, NULL::TEXT AS cause,
         id_high(digest) AS id_high, id_low(digest) AS id_low
  FROM (SELECT *, id_digest('order', order_id) AS digest FROM orders) AS o
  JOIN lives USING (order_no) ORDER BY o.order_no
) TO '$out/orders.parquet' (FORMAT parquet, COMPRESSION zstd);
