"use client";

import { useState, useSyncExternalStore } from "react";
import { TextField } from "@/app/(auth)/text-field";

const ZONES = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
const never = () => () => undefined;

/** The organisation's time zone: typed with suggestions, at first the browser's own. */
export function TimeZoneField({
  fallback,
  fault,
}: {
  fallback: string;
  fault: string | undefined;
}) {
  // The server does not know the browser's zone, so the first paint has the fallback.
  const own = useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone || fallback,
    () => fallback,
  );
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <>
      <TextField
        name="time_zone"
        label="Time zone"
        list="time-zones"
        required
        autoComplete="off"
        spellCheck={false}
        value={typed ?? own}
        onChange={(event) => setTyped(event.target.value)}
        hint="Where your days and months begin, such as Europe/Berlin. It can be changed later."
        fault={fault}
      />
      <datalist id="time-zones">
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
