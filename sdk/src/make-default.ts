import type { Guard, Outlay } from "./create-outlay.ts";
import { makeWrappers } from "./wrap/wrappers.ts";

/** A guard that is made when it is first used, as whoever only imports it may have set nothing. */
export function makeDefault(create: () => Outlay): Outlay {
  let made: Outlay | null = null;
  const own = (): Outlay => {
    made ??= create();
    return made;
  };
  const guard: Guard = {
    llm: (call, tags, reader) => own().guard.llm(call, tags, reader),
    tool: (name, call, tags) => own().guard.tool(name, call, tags),
  };
  return {
    ...makeWrappers({ guard }),
    guard,
    run: (options, work) => own().run(options, work),
    currentRun: () => own().currentRun(),
    traceHeaders: () => own().traceHeaders(),
    outcome: (outcome) => own().outcome(outcome),
    status: () => own().status(),
    // Of one that was never used there is nothing to end.
    flush: async (withinMs) => made?.flush(withinMs),
    close: async (withinMs) => made?.close(withinMs),
  };
}
