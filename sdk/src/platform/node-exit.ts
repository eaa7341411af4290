import type { ExitListener } from "./platform.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
type Signal = (typeof SIGNALS)[number];
/** Within this a process that is told to end has sent what it has, or goes without. */
const FLUSH_MS = 2_000;

const listeners = new Set<ExitListener>();
let isFlushing = false;

/** Tells a listener when the process ends, in whichever way; the process ends as it would have without us. */
export function onNodeExit(listener: ExitListener): () => void {
  if (listeners.size === 0) {
    process.on("beforeExit", flushBeforeExit);
    process.on("exit", atExit);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  listeners.add(listener);
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    process.off("beforeExit", flushBeforeExit);
    process.off("exit", atExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

/** What is sent here keeps the process, which says `beforeExit` again when that is done. */
function flushBeforeExit(): void {
  for (const listener of listeners) void listener.flush();
}

function atExit(): void {
  for (const listener of listeners) listener.last();
}

/**
 * A listener of ours takes away that a signal ends the process. So where nobody else listens, what is there is sent and
 * the signal is sent again; where somebody does, the end is theirs.
 */
function onSignal(signal: Signal): void {
  const isOurs = othersOf(signal) <= 0;
  // A person who presses twice has waited enough.
  if (isFlushing && isOurs) {
    endBy(signal);
    return;
  }
  isFlushing = true;
  const flushed = Promise.all([...listeners].map((listener) => listener.flush()));
  if (!isOurs) {
    void flushed.finally(() => {
      isFlushing = false;
    });
    return;
  }
  const timer = setTimeout(() => endBy(signal), FLUSH_MS);
  void flushed.finally(() => {
    clearTimeout(timer);
    endBy(signal);
  });
}

const BRAND = Symbol.for("@outlay/sdk.onSignal");
Object.defineProperty(onSignal, BRAND, { value: true });

function endBy(signal: Signal): void {
  atExit();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}

/**
 * Listeners beside those that do as we do: other copies of this package, and `signal-exit`, which each would wait for the
 * other to end the process.
 */
function othersOf(signal: Signal): number {
  const known = process.listeners(signal).filter((one) => BRAND in one).length;
  const emitter: unknown = Reflect.get(process, Symbol.for("signal-exit emitter"));
  const hasSignalExit = typeof emitter === "object" && emitter !== null;
  return process.listenerCount(signal) - known - (hasSignalExit ? 1 : 0);
}
