-- What every span, and every log record that reports a call, says about itself (docs/traces.md). The calls among them are
-- rows of llm_calls too; this is what the tree is drawn from, and what decides which of them count.
--
-- Identity: (project_id, bucket, trace_id, span_id), bucket being the 15 minutes of its start. version as in 0001: the
-- earliest arrival stays; an erasure inserts the row again with the next revision.
--
-- The bloom indexes find a trace, and the traces in which the same call may stand once more, among a day's granules.
CREATE TABLE IF NOT EXISTS trace_spans
(
    project_id    LowCardinality(String),
    bucket        DateTime('UTC') CODEC(DoubleDelta, LZ4),
    trace_id      String CODEC(ZSTD(1)),
    span_id       String CODEC(ZSTD(1)),
    ts            DateTime64(6, 'UTC') CODEC(LZ4),
    version       UInt64 CODEC(LZ4),
    ingested_at   DateTime64(6, 'UTC') CODEC(LZ4),
    kind          LowCardinality(String),
    session       String CODEC(LZ4),
    twin_keys     Array(String) CODEC(ZSTD(1)),
    facts         String CODEC(ZSTD(3)),
    -- The erasure that replaced names in it; '' for one as it came.
    correction_id String CODEC(ZSTD(1)),

    INDEX trace_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX twin_bloom twin_keys TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(bucket)
ORDER BY (project_id, bucket, trace_id, span_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 67108864;

-- linked_id: the call that counts instead of this one, where both say the same; '' for none.
-- response_id: the provider's own id of the response.
-- sent_tags: of an event whose tags were filled in from its trace, those tags as they were sent.
ALTER TABLE llm_calls
    ADD COLUMN IF NOT EXISTS linked_id String CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS response_id String CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS sent_tags Map(LowCardinality(String), String) CODEC(ZSTD(1));
