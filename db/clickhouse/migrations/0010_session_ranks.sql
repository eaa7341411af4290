-- What a ranking of sessions reads instead of all rows of session_days: copies of a few of them, close together.
--
-- long: every row of a session of long_sessions. A day or an hour adds those of its own sessions before its flip, so the
-- rows of a generation that is current are complete for what was noted up to it. A row may be added twice: it is the
-- same, so it is read with FINAL.
-- cost: the dearest rows of a day's generation, where it has more than that; is_last: the one after which rows of the
-- generation are left out, so that a ranking knows how far it is exact.
CREATE TABLE IF NOT EXISTS session_ranks
(
    project_id         LowCardinality(String),
    list               LowCardinality(String),
    bucket             DateTime('UTC') CODEC(DoubleDelta, LZ4),
    generation         UInt64 CODEC(LZ4),
    key                UInt64 CODEC(LZ4),
    session            String CODEC(LZ4),
    trace              String CODEC(LZ4),
    is_last            Bool CODEC(LZ4),

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
    steps              UInt64 CODEC(T64, LZ4),
    retries            UInt64 CODEC(T64, LZ4),
    started_us         Int64 CODEC(T64, LZ4),
    ended_us           Int64 CODEC(T64, LZ4),
    agents             Array(LowCardinality(String)) CODEC(LZ4)
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (project_id, list, bucket, generation, key, session, trace)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024;

-- Of days that are there already. Without their dearest rows they are read whole, until they are rebuilt.
INSERT INTO session_ranks
SELECT project_id, 'long', bucket, generation, key, session, trace, false, cost_usd, unknown_costs, partial_costs, calls,
  errors, with_usage, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, steps, retries,
  started_us, ended_us, agents
FROM session_days WHERE (project_id, key) IN (SELECT project_id, key FROM long_sessions);
