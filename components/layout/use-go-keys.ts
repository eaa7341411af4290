"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { currentSearch, sharedParams } from "@/components/layout/shared-params";
import { isBusy, useLetterKeysPreference } from "@/components/layout/use-letter-keys";
import { SCREENS, withQuery } from "@/lib/paths";

/** The second key must come so soon after `g`. */
const WITHIN_MS = 2_500;

/** `g` and then a screen's letter goes there, with the range and filters of the screen one is on. */
export function useGoKeys(): void {
  const [isOn] = useLetterKeysPreference();
  const router = useRouter();
  useEffect(() => {
    if (!isOn) return;
    let leaderMs = Number.NEGATIVE_INFINITY;
    const listen = (event: KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
      if (!isPlain || isBusy(event.target)) return;
      const letter = event.key.toLowerCase();
      // When the key was pressed, not when a busy page came round to it.
      const isSecond = event.timeStamp - leaderMs < WITHIN_MS;
      leaderMs = letter === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const screen = isSecond ? SCREENS.find((one) => one.letter === letter) : undefined;
      if (!screen) return;
      // The letter alone means something else (E is yesterday): who listens after this must not take it.
      event.preventDefault();
      router.push(withQuery(screen.path, sharedParams(currentSearch())));
    };
    window.addEventListener("keydown", listen, { capture: true });
    return () => window.removeEventListener("keydown", listen, { capture: true });
  }, [isOn, router]);
}
