/** Told by its `name`. */
class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** What `work` comes to, if it does in time. @throws Error named `DeadlineError`; `work` goes on unheard */
export async function withinDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DeadlineError(`no answer in ${deadlineMs} ms`)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
