import {
  BellRing,
  CircleAlert,
  CircleCheck,
  Info,
  type LucideIcon,
  Moon,
  OctagonAlert,
  TriangleAlert,
  UserCheck,
} from "lucide-react";
import type { AlertState } from "@/lib/alerts/alert-schemas";
import type { Severity } from "@/lib/alerts/describe-alert";

interface Words {
  label: string;
  icon: LucideIcon;
  variant: "good" | "caution" | "danger" | "neutral" | "accent";
}

/** A word, an icon and then a colour. In the order in which one looks at them. */
export const ALERT_STATE_WORDS: Readonly<Record<AlertState, Words>> = {
  open: { label: "Open", icon: BellRing, variant: "caution" },
  acknowledged: { label: "Acknowledged", icon: UserCheck, variant: "accent" },
  snoozed: { label: "Snoozed", icon: Moon, variant: "neutral" },
  resolved: { label: "Over", icon: CircleCheck, variant: "good" },
};

export const ALERT_STATES = Object.keys(ALERT_STATE_WORDS) as AlertState[];

/** How grave it was when it was found; the gravest stops calls. */
export const SEVERITY_WORDS: Readonly<
  Record<Severity, { label: string; icon: LucideIcon; tone: string }>
> = {
  critical: { label: "Critical", icon: OctagonAlert, tone: "text-danger" },
  error: { label: "Grave", icon: CircleAlert, tone: "text-danger" },
  warning: { label: "Warning", icon: TriangleAlert, tone: "text-caution" },
  info: { label: "Note", icon: Info, tone: "text-ink-muted" },
};
