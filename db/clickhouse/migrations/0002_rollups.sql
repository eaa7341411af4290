-- Sums of calls, rebuilt a bucket at a time and never incremented: a view on a ReplacingMergeTree sees every
-- duplicate. The protocol, and why each answer stays exact (lib/rollups and lib/spend/plan-spend.ts follow it):
--
-- 1. The drain inserts rows, THEN records a change of each (project, bucket) it touched, THEN moves the spool's
--    mark. A crash in between repeats all three. Marking first would lose a change to a rebuild that runs
--    between mark and insert. Rows that are inserted and not marked are after fresh_to: with or without is right.
-- 2. A change is a number that grows within its writer (one start of one process); the bucket's change is the sum
--    of the last number of each writer. The sum grows with every change, whatever the clocks of the writers say;
--    the greatest number alone would not: a writer whose clock is behind would change nothing.
-- 3. A rebuild reads the bucket's change FIRST, then sums the de-duplicated rows into a generation of its own,
--    then flips: the generation row says which change it covers. A crash before the flip leaves rows nobody
--    reads. Of two flips the one that covers more counts, so a rebuild that comes late puts nothing back.
-- 4. A bucket is clean where its current generation covers exactly its change. Readers list clean ones first,
--    then read those generations and everything else raw. A generation is deleted long after it was replaced.
CREATE TABLE IF NOT EXISTS bucket_changes
(
    project_id LowCardinality(String),
    bucket     DateTime('UTC'),
    writer     UInt64,
    change     SimpleAggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, bucket, writer)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- grain: seconds, 900 for a bucket and 86400 for a UTC day, which is merged from the day's buckets and covers the
-- sum of their changes. flip: (the change that is covered, the generation).
CREATE TABLE IF NOT EXISTS bucket_generations
(
    project_id LowCardinality(String),
    grain      UInt32,
    bucket     DateTime('UTC'),
    flip       SimpleAggregateFunction(max, Tuple(UInt64, UInt64))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, grain, bucket)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- A latency is its sketch and its first 129 values (see measures.ts).
-- One row a combination of a cube's dimensions (db/clickhouse/cubes.ts); a dimension that is not the cube's is ''.
CREATE TABLE IF NOT EXISTS calls_rollup
(
    project_id         LowCardinality(String),
    cube               LowCardinality(String),
    grain              UInt32 CODEC(T64, LZ4),
    bucket             DateTime('UTC') CODEC(DoubleDelta, LZ4),
    generation         UInt64 CODEC(LZ4),
    feature            LowCardinality(String),
    agent              LowCardinality(String),
    provider           LowCardinality(String),
    model              LowCardinality(String),
    status             LowCardinality(String),

    cost_usd           Nullable(Decimal(38, 15)) CODEC(LZ4),
    unknown_costs      UInt64 CODEC(T64, LZ4),
    partial_costs      UInt64 CODEC(T64, LZ4),
    calls              UInt64 CODEC(T64, LZ4),
    errors             UInt64 CODEC(T64, LZ4),
    with_usage         UInt64 CODEC(T64, LZ4),
    input_tokens       UInt128 CODEC(LZ4),
    cache_read_tokens  UInt128 CODEC(LZ4),
    cache_write_tokens UInt128 CODEC(LZ4),
    output_tokens      UInt128 CODEC(LZ4),
    reasoning_tokens   UInt128 CODEC(LZ4),
    duration_ms        Tuple(AggregateFunction(quantilesDD(0.005, 0.5, 0.95), Nullable(Float64)),
                             AggregateFunction(groupArray(129), Nullable(Float64))) CODEC(LZ4),
    ttft_ms            Tuple(AggregateFunction(quantilesDD(0.005, 0.5, 0.95), Nullable(Float64)),
                             AggregateFunction(groupArray(129), Nullable(Float64))) CODEC(LZ4)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (project_id, cube, grain, bucket, generation, feature, agent, provider, model, status)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 67108864;

-- Calls from before this migration: a change each, or their buckets would never be rebuilt.
INSERT INTO bucket_changes (project_id, bucket, writer, change)
SELECT project_id, bucket, 0, 1 FROM llm_calls GROUP BY project_id, bucket;
