-- Latencies of rollups as few values or as counted bins (db/clickhouse/latency.ts) instead of sketches, which took most
-- of the time of a question about a month; and smaller granules, because a question about days of one cube read
-- whole granules of its quarters of an hour beside them. Rollups are derived: they are rebuilt from the calls.
--
-- A new table takes the old one's place in one step, so that this file can be repeated wherever it was cut short.
DROP TABLE IF EXISTS calls_rollup_next SYNC;

CREATE TABLE calls_rollup_next AS calls_rollup
ENGINE = MergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (project_id, cube, grain, bucket, generation, feature, agent, provider, model, status)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 67108864;

ALTER TABLE calls_rollup_next DROP COLUMN duration_ms, DROP COLUMN ttft_ms;

-- count: how many values. Up to 128 they are `values`; past that `bins` and their `counts`.
ALTER TABLE calls_rollup_next
    ADD COLUMN duration_ms Tuple(count UInt64, values Array(Float64), bins Array(UInt16), counts Array(UInt32)) CODEC(LZ4),
    ADD COLUMN ttft_ms Tuple(count UInt64, values Array(Float64), bins Array(UInt16), counts Array(UInt32)) CODEC(LZ4);

EXCHANGE TABLES calls_rollup_next AND calls_rollup;

DROP TABLE calls_rollup_next SYNC;

TRUNCATE TABLE bucket_generations;
