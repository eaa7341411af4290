-- How many calls were retries, what is known of their cost, and of how many it is not. Of sums from before this
-- migration it is not known: NULL, never 0. An answer with one of those in it says so.
ALTER TABLE calls_rollup
    ADD COLUMN IF NOT EXISTS retries Nullable(UInt64) CODEC(LZ4),
    ADD COLUMN IF NOT EXISTS retry_cost_usd Nullable(Decimal(38, 15)) CODEC(LZ4),
    ADD COLUMN IF NOT EXISTS unknown_retry_costs UInt64 CODEC(T64, LZ4);

ALTER TABLE user_days
    ADD COLUMN IF NOT EXISTS retries Nullable(UInt64) CODEC(LZ4),
    ADD COLUMN IF NOT EXISTS retry_cost_usd Nullable(Decimal(38, 15)) CODEC(LZ4),
    ADD COLUMN IF NOT EXISTS unknown_retry_costs UInt64 CODEC(T64, LZ4);

ALTER TABLE feature_model_days
    ADD COLUMN IF NOT EXISTS retries Nullable(UInt64) CODEC(LZ4),
    ADD COLUMN IF NOT EXISTS retry_cost_usd Nullable(Decimal(38, 15)) CODEC(LZ4),
    ADD COLUMN IF NOT EXISTS unknown_retry_costs UInt64 CODEC(T64, LZ4);

-- A change of each bucket, so that its calls answer until it is rebuilt (0002 has the protocol). Not of sealed ones,
-- whose calls are gone: their sums are all there is, and bucket_generations is the only table that knows them. Writer
-- 0 wrote 1 in 0002. Written twice it is the same.
INSERT INTO bucket_changes (project_id, bucket, writer, change)
SELECT project_id, bucket, 0, 2 FROM bucket_changes
WHERE (project_id, bucket) NOT IN (
    SELECT project_id, bucket FROM bucket_generations WHERE grain = 900
    GROUP BY project_id, bucket HAVING max(flip).1 >= 9223372036854775808)
GROUP BY project_id, bucket;
