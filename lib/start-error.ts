/** A start that cannot go on. Its message is one sentence for the person at the terminal; the exit code is 1. */
export class StartError extends Error {
  readonly isStartError = true;
}

/** True for a StartError from whichever copy of this module it came. */
export function isStartError(error: unknown): error is StartError {
  return error instanceof Error && "isStartError" in error && error.isStartError === true;
}
