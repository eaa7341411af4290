/**
 * Lets a controller fall with another signal. `AbortSignal.any` does the same and is not in Node 18.
 * @returns lets go of it: a signal that outlives the call must not keep it
 */
export function linkSignal(
  signal: AbortSignal | null | undefined,
  controller: AbortController,
): () => void {
  if (!signal) return () => undefined;
  const fall = () => controller.abort(signal.reason);
  if (signal.aborted) {
    fall();
    return () => undefined;
  }
  signal.addEventListener("abort", fall, { once: true });
  return () => signal.removeEventListener("abort", fall);
}
