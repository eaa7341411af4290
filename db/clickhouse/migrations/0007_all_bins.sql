-- Bins stand beside few values too (db/clickhouse/latency.ts), so that a question adds up what is stored as it is.
-- Rollups are derived: those made before are forgotten here, and rebuilt from the calls.
TRUNCATE TABLE bucket_generations;
