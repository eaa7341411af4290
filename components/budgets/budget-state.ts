import {
  CircleAlert,
  CircleCheck,
  Hourglass,
  Lock,
  type LucideIcon,
  TriangleAlert,
} from "lucide-react";
import type { BudgetState } from "@/lib/budgets/budget-answer-schemas";

interface StateWords {
  label: string;
  icon: LucideIcon;
  variant: "good" | "caution" | "danger" | "neutral";
  meaning: string;
}

/** A word, an icon and then a colour: the colour alone says nothing. In the order in which one looks at them. */
export const STATES: Readonly<Record<BudgetState, StateWords>> = {
  locked: {
    label: "Locked",
    icon: Lock,
    variant: "danger",
    meaning:
      "Locked out: nothing is let through until its period ends, its limit is changed or somebody unlocks it.",
  },
  exceeded: {
    label: "Exceeded",
    icon: CircleAlert,
    variant: "danger",
    meaning: "The limit is reached.",
  },
  warning: {
    label: "Near the limit",
    icon: TriangleAlert,
    variant: "caution",
    meaning: "The limit is near.",
  },
  counting: {
    label: "Counting",
    icon: Hourglass,
    variant: "neutral",
    meaning:
      "What was spent since the period began is being summed from the ledger. Until that is done it stops nothing.",
  },
  ok: {
    label: "Within",
    icon: CircleCheck,
    variant: "good",
    meaning: "Well within its limit.",
  },
};

export const STATE_NAMES = Object.keys(STATES) as BudgetState[];
