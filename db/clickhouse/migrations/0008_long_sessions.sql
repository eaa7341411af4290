-- Keys of sessions that were found in more than one UTC day, and perhaps of some that were: never too few. Before a
-- day is flipped, its keys are looked for in all other days; of two days the one that is looked at later sees the
-- other. So every other session has one row among the current generations, which is its sum: to rank two million by
-- cost, only the few long ones have to be grouped, which takes a hundred times as long a row as reading it.
-- generation: the first that noted it. What is noted up to a generation that is current does not change any more, so
-- the two halves of a ranking that ask for it see the same.
CREATE TABLE IF NOT EXISTS long_sessions
(
    project_id LowCardinality(String),
    key        UInt64 CODEC(LZ4),
    generation SimpleAggregateFunction(min, UInt64) CODEC(LZ4)
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Days from before this migration were not looked at: they are rebuilt.
TRUNCATE TABLE bucket_generations;
