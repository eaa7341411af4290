"use client";

import { Keys } from "@/components/layout/keys";
import { useLetterKeysPreference } from "@/components/layout/use-letter-keys";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { COMPARE_LETTER } from "@/lib/comparison-range";
import { SCREENS } from "@/lib/paths";
import { CUSTOM_RANGE_LETTER, RANGE_PRESETS } from "@/lib/time-range";

interface Shortcut {
  label: string;
  keys: readonly string[];
}

/** The same tables that the listeners read, so that none is promised that does not work. */
const GROUPS: readonly { heading: string; shortcuts: readonly Shortcut[] }[] = [
  {
    heading: "Anywhere",
    shortcuts: [
      { label: "Command palette", keys: ["Ctrl K"] },
      { label: "This list", keys: ["?"] },
      { label: "Add a filter", keys: ["/"] },
    ],
  },
  {
    heading: "Go to",
    shortcuts: SCREENS.map(({ label, letter }) => ({ label, keys: ["g", letter] })),
  },
  {
    heading: "Range",
    shortcuts: [
      ...RANGE_PRESETS.map(({ label, letter }) => ({ label, keys: [letter] })),
      { label: "Custom range", keys: [CUSTOM_RANGE_LETTER] },
      { label: "Compare, in Explore", keys: [COMPARE_LETTER] },
    ],
  },
];

/** All keys that do something, and the way to turn single letters off. */
export function ShortcutsDialog({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const [hasLetterKeys, setLetterKeys] = useLetterKeysPreference();
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>Keyboard shortcuts</DialogTitle>
          <DialogDescription>
            {hasLetterKeys
              ? "Single letters work wherever no field has the focus. On a Mac, Ctrl is Cmd."
              : "Single letters are turned off: only the command palette's key works."}
          </DialogDescription>
        </DialogHeader>
        <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
          {GROUPS.map(({ heading, shortcuts }) => (
            <section key={heading} aria-label={heading}>
              <h3 className="mb-1 text-ink-muted text-xs">{heading}</h3>
              <ul>
                {shortcuts.map(({ label, keys }) => (
                  <li key={label} className="flex min-h-7 items-center gap-3 text-sm">
                    {label}
                    <Keys keys={keys} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
        <Button className="mt-5" onClick={() => setLetterKeys(!hasLetterKeys)}>
          Turn letter keys {hasLetterKeys ? "off" : "on"}
        </Button>
      </DialogContent>
    </Dialog>
  );
}
