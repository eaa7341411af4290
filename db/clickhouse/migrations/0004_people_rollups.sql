-- Sums of people and sessions. UTC days only: by quarters of an hour there would be nearly as many as calls. They are
-- made of the de-duplicated calls that count, together with the day's generation in calls_rollup (0002 has the
-- protocol), under its number and before its flip, and deleted before it.

-- flip: (the change that is covered, the generation, the newest arrival or revision among its calls in microseconds
-- since 1970). The last one tells which earlier moments the generation answers for (`as_of`): all from there on.
-- A change number cannot tell it: a rebuild that runs between an insert and its change sums calls of no change yet.
--
-- Made anew, and so is every generation: those of before have no people and no sessions.
DROP TABLE IF EXISTS bucket_generations SYNC;
CREATE TABLE IF NOT EXISTS bucket_generations
(
    project_id LowCardinality(String),
    grain      UInt32,
    bucket     DateTime('UTC'),
    flip       SimpleAggregateFunction(max, Tuple(UInt64, UInt64, UInt64))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, grain, bucket)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
TRUNCATE TABLE calls_rollup;

-- One row a user and day, '' for calls without. No latency: its values and bins for each user would be larger than
-- all else together.
CREATE TABLE IF NOT EXISTS user_days
(
    project_id         LowCardinality(String),
    bucket             DateTime('UTC') CODEC(DoubleDelta, LZ4),
    generation         UInt64 CODEC(LZ4),
    user               String CODEC(LZ4),

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
    reasoning_tokens   UInt128 CODEC(LZ4)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (project_id, bucket, generation, user)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 67108864;

-- One row a session and day. A call without a session belongs to the session named by its trace (`trace`, and
-- `session` is ''); a call with neither is of no session.
-- key: sipHash64 of project, session and trace. Sessions are ranked by it, as numbers are grouped faster than names,
-- and told apart by their names.
-- agents: the first 101 by name, so that sets merge in any order to the same one; more are not told apart.
-- Small granules: a page reads the rest of a hundred rows that lie anywhere.
CREATE TABLE IF NOT EXISTS session_days
(
    project_id         LowCardinality(String),
    bucket             DateTime('UTC') CODEC(DoubleDelta, LZ4),
    generation         UInt64 CODEC(LZ4),
    session            String CODEC(LZ4),
    trace              String CODEC(LZ4),
    key                UInt64 CODEC(LZ4),

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
ENGINE = MergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (project_id, bucket, generation, session, trace)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024;
