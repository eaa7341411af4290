import { OVERVIEW_PATH } from "@/lib/paths";

/**
 * Where to go after signing in: a path of this site out of `callbackUrl`, else the first screen.
 * "//evil.example" and "/\evil.example" are addresses of another site to a browser, so the value is
 * read as a browser reads it.
 */
export function returnPath(callbackUrl: string | string[] | undefined): string {
  if (typeof callbackUrl !== "string") return OVERVIEW_PATH;
  const here = "http://outlay.invalid";
  const target = URL.canParse(callbackUrl, here) ? new URL(callbackUrl, here) : null;
  if (!callbackUrl.startsWith("/") || target?.origin !== here) return OVERVIEW_PATH;
  return `${target.pathname}${target.search}${target.hash}`;
}
