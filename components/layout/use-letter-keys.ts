"use client";

import { useEffect, useSyncExternalStore } from "react";

const STORAGE_KEY = "outlay.letter-keys";
const CHANGED = "outlay:letter-keys";

/** Whether single letters work as shortcuts, and how to change it: some people speak or tremble into keys (WCAG 2.1.4). */
export function useLetterKeysPreference(): [isOn: boolean, setOn: (isOn: boolean) => void] {
  const isOn = useSyncExternalStore(subscribe, readPreference, () => true);
  return [
    isOn,
    (next) => {
      window.localStorage.setItem(STORAGE_KEY, next ? "on" : "off");
      window.dispatchEvent(new Event(CHANGED));
    },
  ];
}

/**
 * Calls `onLetter` with the lower-case letter of a key pressed alone. Keys pressed in a field, with a
 * modifier, or while a dialog or menu is open belong to those.
 */
export function useLetterKeys(onLetter: (letter: string, event: KeyboardEvent) => void): void {
  const [isOn] = useLetterKeysPreference();
  useEffect(() => {
    if (!isOn) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.key.length !== 1 || isBusy(event.target)) return;
      onLetter(event.key.toLowerCase(), event);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [isOn, onLetter]);
}

const BUSY =
  "input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox], [role=combobox]";

/** Whether a key pressed there belongs to a field, a dialog or a menu. */
export function isBusy(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(BUSY) !== null;
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  window.addEventListener("storage", onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
    window.removeEventListener("storage", onChange);
  };
}

function readPreference(): boolean {
  return window.localStorage.getItem(STORAGE_KEY) !== "off";
}
