/** Key of a mutation that fills an empty installation: the first screen waits until it has ended, not for its first event. */
export const FIRST_RUN_WORK = ["first-run work"] as const;
