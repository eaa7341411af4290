/** A timer that keeps no process alive. */
export type Cancel = () => void;

function unref(timer: unknown): void {
  // Edge runtimes have numbers here.
  if (typeof timer === "object" && timer !== null && "unref" in timer)
    (timer as { unref(): void }).unref();
}

/** Calls `work` after so many milliseconds, unless the process ends before or it is cancelled. */
export function later(ms: number, work: () => void): Cancel {
  const timer = setTimeout(work, Math.min(ms, 2 ** 31 - 1));
  unref(timer);
  return () => clearTimeout(timer);
}

/** Calls `work` every so many milliseconds until it is cancelled. */
export function every(ms: number, work: () => void): Cancel {
  const timer = setInterval(work, ms);
  unref(timer);
  return () => clearInterval(timer);
}

/** Between half and all of `ms`: agents that lost the same server do not come back at the same moment. */
export function jitter(ms: number): number {
  return ms * (0.5 + Math.random() / 2);
}
