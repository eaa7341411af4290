import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** How many times as often as it says a property is tried (vitest.config.ts). */
    runsFactor: number;
    /** How often every property is tried whatever it says; 0: as it says. */
    runs: number;
  }
}

/**
 * How often a property that asks the stores is tried: a question costs some 40 ms of a core, whatever it reads.
 * @param embedded runs on the embedded pair, in a run of everything
 */
export function propertyRuns(embedded: number): number {
  return inject("runs") || Math.max(1, Math.ceil(embedded * inject("runsFactor")));
}
