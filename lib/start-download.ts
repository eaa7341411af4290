import { ApiError, readProblem } from "@/lib/api-client";

/**
 * Has the browser save an answer of the API as a file. The browser itself takes it in, at any size, and says when it
 * breaks off. It cannot say why a question is refused, so the question is asked first, and its answer let go of at its
 * first byte.
 * @throws ApiError what the question is refused with
 */
export async function startDownload(path: string, query: URLSearchParams): Promise<void> {
  const address = `${path}?${query}`;
  const abort = new AbortController();
  const response = await fetch(address, { signal: abort.signal }).catch(() => {
    throw new ApiError(0, "No answer", "The server could not be reached. Is it still running?");
  });
  if (!response.ok) throw await readProblem(response);
  abort.abort();
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
