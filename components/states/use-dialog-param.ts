"use client";

import { parseAsString, useQueryState } from "nuqs";
import { useCallback, useRef } from "react";

/**
 * The open dialog of a page, in the address: a link opens it, and Back closes it.
 * @returns what is open, null for nothing, and how to change it
 */
export function useDialogParam(): [open: string | null, setOpen: (open: string | null) => void] {
  const [open, setParam] = useQueryState("dialog", parseAsString.withOptions({ history: "push" }));
  /** Opening was a step of this page, which closing takes back: Back would open the dialog again otherwise. */
  const wasOpenedHere = useRef(false);
  const setOpen = useCallback(
    (next: string | null) => {
      if (next !== null) {
        wasOpenedHere.current = true;
        void setParam(next);
        return;
      }
      if (wasOpenedHere.current) window.history.back();
      else void setParam(null, { history: "replace" });
      wasOpenedHere.current = false;
    },
    [setParam],
  );
  return [open, setOpen];
}
