import { CircleAlert, CircleCheck, Hourglass, type LucideIcon, Stamp, Wrench } from "lucide-react";
import type { ComponentProps } from "react";
import { Badge } from "@/components/ui/badge";
import type { IntegrityDayAnswer } from "@/lib/integrity/integrity-schemas";

interface StateWords {
  label: string;
  icon: LucideIcon;
  variant: NonNullable<ComponentProps<typeof Badge>["variant"]>;
}

const WORDS: Record<IntegrityDayAnswer["state"], StateWords> = {
  equal: { label: "Equal", icon: CircleCheck, variant: "good" },
  moving: { label: "Moving", icon: Hourglass, variant: "neutral" },
  different: { label: "Differs", icon: CircleAlert, variant: "danger" },
  repaired: { label: "Repaired", icon: Wrench, variant: "caution" },
  sealed: { label: "Sealed", icon: Stamp, variant: "neutral" },
};

/** What a comparison of a day came to: a word and an icon; the colour only repeats them. */
export function DayState({ state }: { state: IntegrityDayAnswer["state"] }) {
  const { label, icon: Icon, variant } = WORDS[state];
  return (
    <Badge variant={variant}>
      <Icon aria-hidden="true" />
      {label}
    </Badge>
  );
}
