-- A project with a retention forgets the detail of old calls and keeps their sums. Sealing a UTC day (lib/retention):
--
-- 1. the identities of the day's calls are written here, as hashes;
-- 2. exactly those calls are summed into generations of the day and its buckets;
-- 3. the generations are flipped as sealed: the first number of the flip is 2^63 + the change that was read before 1;
-- 4. some minutes later, when no question that was planned before still runs, the rows are deleted.
--
-- A sealed bucket is never rebuilt, whatever changes. What came late lies in llm_calls and is added to the sums where
-- its identity is not here: a retry that comes months later changes nothing, although its call is gone. Rows that are
-- not deleted yet are left out for the same reason, so each step may be repeated, and a crash between two of them
-- changes no answer. 64 bits are enough: two calls would have to share a hash in the same 15 minutes of a project.
CREATE TABLE IF NOT EXISTS sealed_calls
(
    project_id LowCardinality(String),
    bucket     DateTime('UTC') CODEC(DoubleDelta, LZ4),
    id_hash    UInt64 CODEC(NONE)
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(bucket)
ORDER BY (project_id, bucket, id_hash)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
