import { KIND_WORDS } from "@/components/alerts/kind-words";
import type { AlertAction } from "@/lib/alerts/alert";
import type { AlertAnswer } from "@/lib/alerts/alert-schemas";

const DID: Readonly<Record<AlertAction, string>> = {
  block: "refuses calls",
  throttle: "slows calls down",
  reroute: "moves calls to a cheaper model",
  lockout: "locked it",
};

/** What was passed and what that did: `120 %: locked it`, `70 %: told`, `Forecast`. */
export function sayStage({
  kind,
  percent,
  action,
}: Pick<AlertAnswer, "kind" | "percent" | "action">) {
  if (kind !== "threshold" || percent === null) return KIND_WORDS[kind].label;
  return `${percent} %: ${action === null ? "told" : DID[action]}`;
}
