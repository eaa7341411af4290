"use client";

import { parseAsBoolean, parseAsString, useQueryStates } from "nuqs";
import { useCallback } from "react";
import { CAP_DIALOG } from "@/lib/paths";

/** What somebody wants to cap, as far as it is known: the beginning of a budget. */
export interface Cap {
  scope?: string | null;
  value?: string | null;
  isUntagged?: boolean;
  project?: string | null;
  /** The limit, a decimal string of US dollars. */
  usd?: string | null;
}

const PARAMS = {
  dialog: parseAsString,
  cap_scope: parseAsString,
  cap_value: parseAsString,
  cap_untagged: parseAsBoolean,
  cap_project: parseAsString,
  cap_usd: parseAsString,
};
const CLOSED = {
  dialog: null,
  cap_scope: null,
  cap_value: null,
  cap_untagged: null,
  cap_project: null,
  cap_usd: null,
};

/** Opening was a step of this document, which closing takes back: Back would open it again otherwise. */
let wasOpenedHere = false;

/** The dialog of a new budget, in the address: a link opens it, and Back closes it. */
export function useCap(): { cap: Cap | null; open: (cap: Cap) => void; close: () => void } {
  const [params, setParams] = useQueryStates(PARAMS, { history: "push" });
  const open = useCallback(
    (cap: Cap) => {
      wasOpenedHere = true;
      void setParams({
        dialog: CAP_DIALOG,
        cap_scope: cap.scope ?? null,
        cap_value: cap.value ?? null,
        cap_untagged: cap.isUntagged ? true : null,
        cap_project: cap.project ?? null,
        cap_usd: cap.usd ?? null,
      });
    },
    [setParams],
  );
  const close = useCallback(() => {
    if (wasOpenedHere) window.history.back();
    else void setParams(CLOSED, { history: "replace" });
    wasOpenedHere = false;
  }, [setParams]);
  if (params.dialog !== CAP_DIALOG) return { cap: null, open, close };
  const cap = {
    scope: params.cap_scope,
    value: params.cap_value,
    isUntagged: params.cap_untagged ?? false,
    project: params.cap_project,
    usd: params.cap_usd,
  };
  return { cap, open, close };
}
