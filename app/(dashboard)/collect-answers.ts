import { type DehydratedState, dehydrate, QueryClient, type QueryKey } from "@tanstack/react-query";

/** Keeps an answer under the key that the browser asks with. */
export type Keep = (key: QueryKey, answer: unknown) => void;

/**
 * Does `work` as long as there is time; resolves with what it kept by then. Never rejects: what failed is left out.
 * @param endsMs by `performance.now()`
 */
export async function collectAnswers(
  work: (keep: Keep) => Promise<unknown>,
  endsMs: number,
): Promise<DehydratedState> {
  const answers = new QueryClient();
  const isOver = new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, endsMs - performance.now())).unref();
  });
  const isDone = work((key, answer) => answers.setQueryData(key, answer)).catch(() => undefined);
  await Promise.race([isDone, isOver]);
  return dehydrate(answers);
}
