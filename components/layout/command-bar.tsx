"use client";

import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useCallback, useEffect, useState } from "react";
import { useLetterKeys } from "@/components/layout/use-letter-keys";
import { Button } from "@/components/ui/button";

// Both load at the first wish for them: no page needs them to be drawn.
const CommandPalette = dynamic(
  () => import("@/components/layout/command-palette").then((module) => module.CommandPalette),
  { ssr: false },
);
const ShortcutsDialog = dynamic(
  () => import("@/components/layout/shortcuts-dialog").then((module) => module.ShortcutsDialog),
  { ssr: false },
);

type Shown = "palette" | "shortcuts" | null;

/** The way to the command palette and to the list of keys: Cmd-K or Ctrl-K, `?`, and a button for everybody else. */
export function CommandBar() {
  const [shown, setShown] = useState<Shown>(null);
  // Once loaded it stays, so that closing can be animated and opening again is immediate.
  const [wasShown, setWasShown] = useState<{ palette: boolean; shortcuts: boolean }>({
    palette: false,
    shortcuts: false,
  });
  const show = useCallback((next: Shown) => {
    setShown(next);
    if (next) setWasShown((before) => ({ ...before, [next]: true }));
  }, []);

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isPalette = (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey;
      if (!isPalette || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      show("palette");
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [show]);
  const onLetter = useCallback(
    (letter: string, event: KeyboardEvent) => {
      if (letter !== "?") return;
      event.preventDefault();
      show("shortcuts");
    },
    [show],
  );
  useLetterKeys(onLetter);

  const close = (isOpen: boolean) => {
    if (!isOpen) setShown(null);
  };
  return (
    <>
      <Button
        variant="ghost"
        aria-keyshortcuts="Control+K Meta+K"
        aria-label="Command palette"
        onClick={() => show("palette")}
      >
        <Search aria-hidden="true" />
        <kbd className="hidden font-mono text-ink-muted text-xs md:inline">Ctrl K</kbd>
      </Button>
      {wasShown.palette && (
        <CommandPalette
          isOpen={shown === "palette"}
          onOpenChange={close}
          onShowShortcuts={() => show("shortcuts")}
        />
      )}
      {wasShown.shortcuts && (
        <ShortcutsDialog isOpen={shown === "shortcuts"} onOpenChange={close} />
      )}
    </>
  );
}
