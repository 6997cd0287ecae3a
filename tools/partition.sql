-- The persons table in sixteen hash partitions by its key, on PostgreSQL: an option, see docs/scale.md.
-- Run it once, while nothing serves, after `liangming` has migrated the database:
--     psql "$LIANGMING_DATABASE" -v ON_ERROR_STOP=1 -f tools/partition.sql
-- One transaction: it happens whole or not at all. Statements, constraints and answers stay the same.
BEGIN;
LOCK TABLE persons IN ACCESS EXCLUSIVE MODE;
ALTER TABLE persons RENAME TO persons_whole;
CREATE TABLE persons (LIKE persons_whole INCLUDING DEFAULTS, PRIMARY KEY (person)) PARTITION BY HASH (person);
DO $$
BEGIN
    FOR n IN 0..15 LOOP
        EXECUTE format(
            'CREATE TABLE persons_%s PARTITION OF persons FOR VALUES WITH (MODULUS 16, REMAINDER %s)'
            ' WITH (fillfactor = 85)', n, n
        );
    END LOOP;
END
$$;
INSERT INTO persons SELECT * FROM persons_whole;
DROP TABLE persons_whole;
CREATE INDEX persons_due_at ON persons (due_at);
COMMIT;
