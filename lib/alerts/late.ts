/**
 * What arrives later than this after its own time is an import, a replay or a queue that was away: it counts in every
 * figure, and in no last hour. Long calls and exporters that gather for some minutes are well within it.
 */
export const LATE_AFTER_SECONDS = 1_800;
