import type { ReactNode } from "react";
import { SettingsFrame } from "@/components/settings/settings-frame";

/** One frame for all of Settings; each section is a page with an address of its own. */
export default function SettingsLayout({ children }: { children: ReactNode }) {
  return <SettingsFrame>{children}</SettingsFrame>;
}
