interface Asked {
  state: { status: "pending" | "error" | "success"; data: unknown };
}

/**
 * Asks again every so often (`refetchInterval`), and not where the very first answer failed: each new try would put a
 * skeleton in the place of the error, and take its Retry away from under the pointer.
 * @param ms between two answers
 */
export function liveEvery(ms: number): (query: Asked) => number | false {
  return ({ state }) => (state.status === "error" && state.data === undefined ? false : ms);
}
