import {
  Bot,
  CircleAlert,
  CircleHelp,
  CopyMinus,
  Ellipsis,
  Footprints,
  type LucideIcon,
  PiggyBank,
  Repeat,
  RotateCcw,
  Shield,
  Sparkles,
  TrendingUp,
  Unlink,
  Wrench,
} from "lucide-react";
import type { MarkKind, StepKind, StepMark } from "@/components/traces/cost-tree";
import { Badge } from "@/components/ui/badge";

const KINDS: Record<StepKind, { icon: LucideIcon; word: string }> = {
  llm: { icon: Sparkles, word: "Model call" },
  tool: { icon: Wrench, word: "Tool" },
  agent: { icon: Bot, word: "Agent" },
  step: { icon: Footprints, word: "Step" },
  guard: { icon: Shield, word: "Guard" },
  more: { icon: Ellipsis, word: "Not named one by one" },
};

/** What a step is, in a word. */
export function kindWord(kind: StepKind): string {
  return KINDS[kind].word;
}

/** A sign of what a step is; the word is there for whoever does not see it. */
export function StepIcon({ kind }: { kind: StepKind }) {
  const { icon: Icon, word } = KINDS[kind];
  return (
    <span title={word} className="shrink-0 text-ink-muted">
      <Icon aria-hidden="true" className="size-3.5" />
      <span className="sr-only">{word}:</span>
    </span>
  );
}

const MARKS: Record<
  MarkKind,
  { icon: LucideIcon; variant: "neutral" | "good" | "caution" | "danger" }
> = {
  error: { icon: CircleAlert, variant: "danger" },
  retry: { icon: RotateCcw, variant: "caution" },
  loop: { icon: Repeat, variant: "danger" },
  alike: { icon: Repeat, variant: "caution" },
  growth: { icon: TrendingUp, variant: "caution" },
  saving: { icon: PiggyBank, variant: "good" },
  repeats: { icon: CopyMinus, variant: "neutral" },
  unpriced: { icon: CircleHelp, variant: "caution" },
  orphan: { icon: Unlink, variant: "neutral" },
};

/** A mark of a row: an icon where there is little room, its words where there is more. */
export function StepMarkBadge({ mark, isWhole = false }: { mark: StepMark; isWhole?: boolean }) {
  const { icon: Icon, variant } = MARKS[mark.kind];
  return (
    <Badge variant={variant} title={mark.meaning} className="px-1.5">
      <Icon aria-hidden="true" />
      <span className={isWhole ? "" : "@max-3xl:sr-only"}>{mark.label}</span>
    </Badge>
  );
}
