-- What was said in calls: prompts and answers, only of projects that keep them, after redaction. A table of its own, so
-- that it has its own permission and its own end, and no question about money ever reads it.
--
-- Identity and version are the call's (0001_llm_calls.sql): the earliest arrival stays. Parts are JSON text; '' was not
-- sent. cut: names of the parts that were too long and were shortened. redacted: how many of what were taken out.
-- user and session as the sender named them, so that erasing one finds what has not reached llm_calls too.
--
-- By weeks: a day that expires is deleted from one week's parts, and no project keeps more than 53 of them.
CREATE TABLE IF NOT EXISTS call_contents
(
    project_id  LowCardinality(String),
    bucket      DateTime('UTC') CODEC(DoubleDelta, LZ4),
    id          String CODEC(LZ4),
    ts          DateTime64(6, 'UTC') CODEC(LZ4),
    version     UInt64 CODEC(LZ4),
    ingested_at DateTime64(6, 'UTC') CODEC(LZ4),
    user        String CODEC(ZSTD(1)),
    session     String CODEC(ZSTD(1)),
    system      String CODEC(ZSTD(3)),
    messages    String CODEC(ZSTD(3)),
    tools       String CODEC(ZSTD(3)),
    completion  String CODEC(ZSTD(3)),
    cut         Array(LowCardinality(String)),
    redacted    Map(LowCardinality(String), UInt32)
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(bucket)
ORDER BY (project_id, bucket, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 67108864,
  index_granularity = 256;
