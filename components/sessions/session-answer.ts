import { infiniteQueryOptions } from "@tanstack/react-query";
import { type Scope, scopeQuery } from "@/components/filters/scope";
import { requestJson } from "@/lib/api-client";
import type { SessionAnswer, SessionsAnswer } from "@/lib/sessions/session-schemas";

/** One session as lists show it (`GET /api/sessions`). */
export type Session = SessionAnswer;

/** What the list is sorted by, in the API's words; a leading minus is descending. */
export const SESSION_SORTS = ["cost", "started", "duration", "calls", "steps", "errors"] as const;
export type SessionSort = (typeof SESSION_SORTS)[number];

export interface SessionOrder {
  id: SessionSort;
  desc: boolean;
}

export const DEFAULT_ORDER: SessionOrder = { id: "cost", desc: true };

/** `-cost` is the dearest first. */
export function writeOrder({ id, desc }: SessionOrder): string {
  return desc ? `-${id}` : id;
}

/** @returns null for what is no order. */
export function readOrder(text: string): SessionOrder | null {
  const id = SESSION_SORTS.find((known) => known === text.replace(/^-/, ""));
  return id ? { id, desc: text.startsWith("-") } : null;
}

/** The sessions of a scope, page by page; a cursor holds its moment while events arrive. */
export function sessionsQuery(scope: Scope, order: SessionOrder, pageSize: number) {
  const query = scopeQuery(scope);
  query.set("sort", writeOrder(order));
  query.set("limit", String(pageSize));
  // A zone changes no list of instants, and this question does not take one.
  query.delete("tz");
  return infiniteQueryOptions({
    queryKey: ["sessions", query.toString()],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const page = new URLSearchParams(query);
      if (pageParam !== null) page.set("cursor", pageParam);
      return requestJson<SessionsAnswer>("/api/sessions", { query: page, signal });
    },
    getNextPageParam: (last) => last.next_cursor,
    // Pages that were loaded stay as they are: rows must not move under a reader's eyes.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}
