-- The facts of $in twice, for plans that share the orders out by branch of the hierarchy: in $many
-- each order and assignment names one of $plans plans, in $one all of them name a single plan.
-- Partners are the sellers' superiors in their branch: each payee is credited under one plan.

CREATE TABLE superiors AS
SELECT payee_no, min(reports_to) AS superior_no FROM read_parquet('$in/edges.parquet')
WHERE valid_from IS NULL GROUP BY payee_no;

-- A branch is headed by somebody whose superior has none.
CREATE TABLE branches AS
WITH RECURSIVE climb AS (
  SELECT payee_no, payee_no AS head FROM read_parquet('$in/payees.parquet')
  UNION ALL
  SELECT c.payee_no, s.superior_no FROM climb AS c JOIN superiors AS s ON s.payee_no = c.head
  WHERE EXISTS (FROM superiors AS a WHERE a.payee_no = s.superior_no)
)
SELECT payee_no, (min(head) % $plans)::INTEGER AS plan_no FROM climb GROUP BY payee_no;

CREATE TABLE orders AS
SELECT o.* EXCLUDE (plan_no) REPLACE (
         CASE WHEN partner_no IS NOT NULL THEN p.payee_no END AS partner_no,
         CASE WHEN partner_no IS NOT NULL THEN p.payee_id END AS partner),
       coalesce(b.plan_no, 0)::INTEGER AS plan_no
FROM read_parquet('$in/orders.parquet') AS o
LEFT JOIN branches AS b ON b.payee_no = o.seller_no
LEFT JOIN superiors AS s ON s.payee_no = o.seller_no
LEFT JOIN branches AS a ON a.payee_no = s.superior_no AND a.plan_no = b.plan_no
LEFT JOIN read_parquet('$in/payees.parquet') AS p ON p.payee_no = a.payee_no;

COPY (SELECT * FROM orders ORDER BY order_no)
TO '$many/orders.parquet' (FORMAT parquet, COMPRESSION zstd);
COPY (SELECT * REPLACE (0::INTEGER AS plan_no) FROM orders ORDER BY order_no)
TO '$one/orders.parquet' (FORMAT parquet, COMPRESSION zstd);

-- A payee is assigned to the plans of whoever sells below them, at any time.
COPY (
  WITH RECURSIVE met AS (
    SELECT DISTINCT plan_no, payee_no
    FROM (SELECT plan_no, seller_no AS payee_no FROM orders
          UNION ALL SELECT plan_no, partner_no FROM orders
          UNION ALL SELECT plan_no, payee_no FROM branches)
    WHERE payee_no > 0
    UNION
    SELECT m.plan_no, e.reports_to
    FROM met AS m JOIN read_parquet('$in/edges.parquet') AS e ON e.payee_no = m.payee_no
  )
  SELECT m.plan_no, a.* EXCLUDE (plan_no)
  FROM read_parquet('$in/assignments.parquet') AS a JOIN met AS m ON m.payee_no = a.payee_no
) TO '$many/assignments.parquet' (FORMAT parquet, COMPRESSION zstd);
COPY (SELECT * FROM read_parquet('$in/assignments.parquet'))
TO '$one/assignments.parquet' (FORMAT parquet, COMPRESSION zstd);
