"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { sharedParams } from "@/components/layout/shared-params";
import { isBusy, useLetterKeysPreference } from "@/components/layout/use-letter-keys";
import { SCREENS, withQuery } from "@/lib/paths";

/** The second key must come so soon after `g`. */
const WITHIN_MS = 2_500;

/** `g` and then a screen's letter goes there, with the range and filters of the screen one is on. */
export function useGoKeys(): void {
  const [isOn] = useLetterKeysPreference();
  const router = useRouter();
  const search = useSearchParams();
  useEffect(() => {
    if (!isOn) return;
    let leaderMs = 0;
    const listen = (event: KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
      if (!isPlain || isBusy(event.target)) return;
      const letter = event.key.toLowerCase();
      const isSecond = performance.now() - leaderMs < WITHIN_MS;
      leaderMs = letter === "g" ? performance.now() : 0;
      const screen = isSecond ? SCREENS.find((one) => one.letter === letter) : undefined;
      if (!screen) return;
      // The letter alone means something else (E is yesterday): who listens after this must not take it.
      event.preventDefault();
      router.push(withQuery(screen.path, sharedParams(search)));
    };
    window.addEventListener("keydown", listen, { capture: true });
    return () => window.removeEventListener("keydown", listen, { capture: true });
  }, [isOn, router, search]);
}
