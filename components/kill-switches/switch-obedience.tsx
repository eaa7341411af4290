import { CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import { type ControlTarget, nameTarget } from "@/components/kill-switches/list-targets";
import { describeObedience, isAwaited } from "@/components/kill-switches/obedience-words";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { formatCount, formatQuantity } from "@/lib/format";
import type { Obedience } from "@/lib/instances/instance-schemas";

interface SwitchObedienceProps {
  target: ControlTarget;
  onShowInstances: (target: ControlTarget) => void;
}

/** Who has obeyed an engaged switch, or who would; and the way to the list of them. */
export function SwitchObedience({ target, onShowInstances }: SwitchObedienceProps) {
  const { engaged, reach, scope } = target;
  const obedience = engaged?.obedience ?? null;
  if (obedience === null && reach.instances === 0) return null;
  const show = (label: string) => (
    <Button
      variant="link"
      size="inline"
      aria-label={`${label}: ${nameTarget(target)}`}
      onClick={() => onShowInstances(target)}
    >
      {label}
    </Button>
  );
  if (obedience === null) {
    return (
      <p className="tabular text-[13px] text-ink-muted">
        {show(formatQuantity(reach.instances, "instance"))}
        {reach.unseen > 0 && `, ${formatCount(reach.unseen)} not seen for 15 s or longer`}
      </p>
    );
  }
  const { words, since } = describeObedience(scope, obedience);
  const { Icon, colour } = lookOf(obedience);
  return (
    <p className="tabular flex items-start gap-1.5 font-medium text-[13px]">
      <Icon aria-hidden="true" className={cn("mt-0.5 size-3.5 shrink-0", colour)} />
      <span className="[overflow-wrap:anywhere]">
        {words}
        {since}
        {obedience.instances > 0 ? <> · {show("Show instances")}</> : "."}
      </span>
    </p>
  );
}

function lookOf(obedience: Obedience) {
  if (obedience.unseen > 0) return { Icon: TriangleAlert, colour: "text-caution" };
  if (obedience.instances === 0 || isAwaited(obedience)) {
    return { Icon: CircleDashed, colour: "text-ink-muted" };
  }
  return { Icon: CircleCheck, colour: "text-good" };
}

/** Tells a screen reader who has obeyed, when the words change and not each second. */
export function SpokenObedience({ targets }: { targets: readonly ControlTarget[] }) {
  return (
    <div aria-live="polite" className="sr-only">
      {targets.map((target) => {
        const obedience = target.engaged?.obedience;
        if (!obedience) return null;
        const { words } = describeObedience(target.scope, obedience);
        return (
          <p key={target.engaged?.id}>
            {nameTarget(target)}: {words}.
          </p>
        );
      })}
    </div>
  );
}
