-- Sums of a feature's models by UTC day: of two dimensions together no other rollup knows anything, and reading a
-- month of calls for them takes seconds. As many rows a day as there are pairs that occur; made as user_days are (0004).
-- Sorted by feature first: the question is about one of them. Small granules: so are its rows.
CREATE TABLE IF NOT EXISTS feature_model_days
(
    project_id         LowCardinality(String),
    bucket             DateTime('UTC') CODEC(DoubleDelta, LZ4),
    generation         UInt64 CODEC(LZ4),
    feature            LowCardinality(String),
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
    duration_ms        Tuple(count UInt64, values Array(Float64), bins Array(UInt16), counts Array(UInt32)) CODEC(LZ4),
    ttft_ms            Tuple(count UInt64, values Array(Float64), bins Array(UInt16), counts Array(UInt32)) CODEC(LZ4)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (project_id, feature, bucket, generation, provider, model, status)
SETTINGS index_granularity = 128, fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 67108864;

-- Days that were summed before have no pairs: they are rebuilt.
TRUNCATE TABLE bucket_generations;
