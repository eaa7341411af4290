-- What is derived of a call (its cost, whether it counts, whose it is) may be corrected; what was received is not.
-- A correction inserts the row again with the next revision: the highest one is the call (see 0001, `version`).
--
-- The states before stand in the row itself, oldest first, from the one that was received. A table of its own would be
-- seen at another moment than this one, and a question about an earlier moment (`as_of`) would count a call twice or
-- not at all while a correction runs. `earlier.revised_at` of the state that was received is 1970, as `revised_at` of a
-- row that was never corrected.
--
-- An erased user or session is erased from the earlier states too, so they hold neither.
--
-- counted: false for a call that was voided, or repeats another one. It is shown and adds up to nothing.
ALTER TABLE llm_calls
    ADD COLUMN IF NOT EXISTS counted Bool DEFAULT true CODEC(LZ4),
    ADD COLUMN IF NOT EXISTS revised_at DateTime64(6, 'UTC') CODEC(LZ4),
    ADD COLUMN IF NOT EXISTS revision_kind LowCardinality(String),
    ADD COLUMN IF NOT EXISTS revision_reason String CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS revision_author String CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS correction_id String CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.revised_at` Array(DateTime64(6, 'UTC')) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.revision_kind` Array(String) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.revision_reason` Array(String) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.revision_author` Array(String) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.correction_id` Array(String) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.counted` Array(Bool) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.cost_usd` Array(Nullable(Decimal(38, 15))) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.list_cost_usd` Array(Nullable(Decimal(38, 15))) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.cost_status` Array(String) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.cost_reason` Array(String) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `earlier.price` Array(String) CODEC(ZSTD(3));
