-- Keys of sessions that were found in more than one UTC day, and perhaps of some that were: never too few. Before a
-- day is flipped, its keys are looked for in all other days; of two days the one that is looked at later sees the
-- other. So every other session has one row among the current generations, which is its sum: to rank two million by
-- cost, only the few long ones have to be grouped, which takes a hundred times as long a row as reading it.
CREATE TABLE IF NOT EXISTS long_sessions
(
    project_id LowCardinality(String),
    key        UInt64 CODEC(LZ4)
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Days from before this migration were not looked at: they are rebuilt.
TRUNCATE TABLE bucket_generations;
