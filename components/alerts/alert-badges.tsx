import { ALERT_STATE_WORDS, SEVERITY_WORDS } from "@/components/alerts/alert-state";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import type { AlertState } from "@/lib/alerts/alert-schemas";
import type { Severity } from "@/lib/alerts/describe-alert";

/** An alert's state: an icon and a word. */
export function AlertStateBadge({ state }: { state: AlertState }) {
  const { label, icon: Icon, variant } = ALERT_STATE_WORDS[state];
  return (
    <Badge variant={variant}>
      <Icon aria-hidden="true" />
      {label}
    </Badge>
  );
}

/** How grave an alert is: an icon, with its word for who cannot see it. */
export function SeverityIcon({ severity }: { severity: Severity }) {
  const { label, icon: Icon, tone } = SEVERITY_WORDS[severity];
  return (
    <span title={label} className={cn("mt-0.5 shrink-0", tone)}>
      <Icon aria-hidden="true" className="size-4" />
      <span className="sr-only">{label}: </span>
    </span>
  );
}
