-- One row an event: the facts as received, and what we derived from them (cost, status, price lines).
-- A string that was not sent is '' (the API refuses an empty one), so no column needs a null mask for it;
-- a number that was not sent is NULL, because 0 is a number.
--
-- Identity: (project_id, bucket, id), where bucket is the event's own 15 minutes. Duplicates are the same row.
-- version = revision << 51 | (2^51 - 1 - microseconds of arrival): the highest revision wins, then the EARLIEST
-- arrival. By default ReplacingMergeTree keeps the last, which would let a late duplicate replace a fact.
--
-- fsync_after_insert: an acknowledged block survives a power cut; the spool forgets it only afterwards.
CREATE TABLE IF NOT EXISTS llm_calls
(
    project_id           LowCardinality(String),
    bucket               DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
    id                   String CODEC(ZSTD(1)),
    ts                   DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    version              UInt64 CODEC(ZSTD(1)),
    revision             UInt16 DEFAULT 0,
    ingested_at          DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    api_key_id           LowCardinality(String),

    type                 LowCardinality(String),
    name                 LowCardinality(String),
    provider             LowCardinality(String),
    model                LowCardinality(String),
    requested_model      LowCardinality(String),
    agent                LowCardinality(String),
    task                 String CODEC(ZSTD(1)),
    task_type            LowCardinality(String),
    feature              LowCardinality(String),
    user                 String CODEC(ZSTD(1)),
    session              String CODEC(ZSTD(1)),
    trace_id             String CODEC(ZSTD(1)),
    span_id              String CODEC(ZSTD(1)),
    parent_span_id       String CODEC(ZSTD(1)),

    has_usage            Bool,
    usage_source         LowCardinality(String),
    input_tokens         UInt64 CODEC(ZSTD(1)),
    cache_read_tokens    UInt64 CODEC(ZSTD(1)),
    cache_write_5m_tokens UInt64 CODEC(ZSTD(1)),
    cache_write_1h_tokens UInt64 CODEC(ZSTD(1)),
    input_audio_tokens   UInt64 CODEC(ZSTD(1)),
    output_tokens        UInt64 CODEC(ZSTD(1)),
    reasoning_tokens     UInt64 CODEC(ZSTD(1)),
    output_audio_tokens  UInt64 CODEC(ZSTD(1)),
    web_searches         UInt64 CODEC(ZSTD(1)),
    gpu_seconds          Decimal(18, 6) CODEC(ZSTD(1)),
    usage                String CODEC(ZSTD(1)),
    raw_usage            String CODEC(ZSTD(3)),

    cost_usd             Nullable(Decimal(38, 15)) CODEC(ZSTD(1)),
    list_cost_usd        Nullable(Decimal(38, 15)) CODEC(ZSTD(1)),
    reported_cost_usd    Nullable(Decimal(38, 15)) CODEC(ZSTD(1)),
    cost_status          LowCardinality(String),
    cost_reason          LowCardinality(String),
    price                String CODEC(ZSTD(3)),

    service_tier         LowCardinality(String),
    inference_geo        LowCardinality(String),
    provider_account     LowCardinality(String),
    status               LowCardinality(String),
    error_type           LowCardinality(String),
    attempt              UInt32 CODEC(ZSTD(1)),
    duration_ms          Nullable(Float64) CODEC(ZSTD(1)),
    time_to_first_token_ms Nullable(Float64) CODEC(ZSTD(1)),

    cache_layer          LowCardinality(String),
    cache_hit            Nullable(Bool),
    routing_strategy     LowCardinality(String),
    routing_tier         LowCardinality(String),
    routing_baseline_model LowCardinality(String),
    reservation_id       String CODEC(ZSTD(1)),
    prompt_hash          String CODEC(ZSTD(1)),
    prefix_hashes        Array(String) CODEC(ZSTD(1)),
    system_prompt_tokens Nullable(UInt64) CODEC(ZSTD(1)),
    source               LowCardinality(String),
    sequence             Nullable(UInt64) CODEC(ZSTD(1)),
    missing_tags         Array(LowCardinality(String)),
    metadata             Map(LowCardinality(String), String) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(bucket)
ORDER BY (project_id, bucket, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
