-- One row an event: the facts as received, and what we derived from them (cost, status, price lines).
-- A string that was not sent is '' (the API refuses an empty one), so no column needs a null mask for it;
-- a number that was not sent is NULL, because 0 is a number (attempt counts from 1: its 0 is "not sent").
--
-- Identity: (project_id, bucket, id), where bucket is the event's own 15 minutes. Duplicates are the same row.
-- version = revision << 51 | (2^51 - 1 - microseconds of arrival): the highest revision wins, then the EARLIEST
-- arrival. By default ReplacingMergeTree keeps the last, which would let a late duplicate replace a fact.
--
-- Codecs: what every question adds up is LZ4, which reads twice as fast as ZSTD here; T64 drops the unused
-- high bytes of counts first. What only one call's page reads is ZSTD, which is half the size.
--
-- The two indexes find one call by its id, and one trace, without reading every id of the project.
--
-- fsync_after_insert: an acknowledged block survives a power cut; the spool forgets it only afterwards.
-- Parts up to 64 MiB are compact: one file to flush instead of two for each of the 60 columns.
CREATE TABLE IF NOT EXISTS llm_calls
(
    project_id           LowCardinality(String),
    bucket               DateTime('UTC') CODEC(DoubleDelta, LZ4),
    id                   String CODEC(LZ4),
    ts                   DateTime64(6, 'UTC') CODEC(LZ4),
    version              UInt64 CODEC(LZ4),
    revision             UInt16 CODEC(T64, LZ4),
    ingested_at          DateTime64(6, 'UTC') CODEC(LZ4),
    api_key_id           LowCardinality(String),

    type                 LowCardinality(String),
    name                 LowCardinality(String),
    provider             LowCardinality(String),
    model                LowCardinality(String),
    requested_model      LowCardinality(String),
    agent                LowCardinality(String),
    task                 String CODEC(LZ4),
    task_type            LowCardinality(String),
    feature              LowCardinality(String),
    user                 String CODEC(LZ4),
    session              String CODEC(LZ4),
    trace_id             String CODEC(ZSTD(1)),
    span_id              String CODEC(ZSTD(1)),
    parent_span_id       String CODEC(ZSTD(1)),

    has_usage            Bool CODEC(LZ4),
    usage_source         LowCardinality(String),
    input_tokens         UInt64 CODEC(T64, LZ4),
    cache_read_tokens    UInt64 CODEC(T64, LZ4),
    cache_write_5m_tokens UInt64 CODEC(T64, LZ4),
    cache_write_1h_tokens UInt64 CODEC(T64, LZ4),
    input_audio_tokens   UInt64 CODEC(T64, LZ4),
    output_tokens        UInt64 CODEC(T64, LZ4),
    reasoning_tokens     UInt64 CODEC(T64, LZ4),
    output_audio_tokens  UInt64 CODEC(T64, LZ4),
    web_searches         UInt64 CODEC(T64, LZ4),
    gpu_seconds          Decimal(18, 6) CODEC(T64, LZ4),
    usage                String CODEC(ZSTD(1)),
    raw_usage            String CODEC(ZSTD(3)),

    cost_usd             Nullable(Decimal(38, 15)) CODEC(LZ4),
    list_cost_usd        Nullable(Decimal(38, 15)) CODEC(LZ4),
    reported_cost_usd    Nullable(Decimal(38, 15)) CODEC(LZ4),
    cost_status          LowCardinality(String),
    cost_reason          LowCardinality(String),
    price                String CODEC(ZSTD(3)),

    service_tier         LowCardinality(String),
    inference_geo        LowCardinality(String),
    provider_account     LowCardinality(String),
    status               LowCardinality(String),
    error_type           LowCardinality(String),
    attempt              UInt32 CODEC(T64, LZ4),
    duration_ms          Nullable(Float64) CODEC(LZ4),
    time_to_first_token_ms Nullable(Float64) CODEC(LZ4),

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
    metadata             Map(LowCardinality(String), String) CODEC(ZSTD(1)),

    INDEX id_bloom id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX trace_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(bucket)
ORDER BY (project_id, bucket, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 67108864;
