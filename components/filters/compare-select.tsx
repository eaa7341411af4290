"use client";

import { useCallback, useRef } from "react";
import { ChoiceSelect } from "@/components/filters/choice-select";
import { COMPARISON_LABELS } from "@/components/filters/comparison-labels";
import { useLetterKeys } from "@/components/layout/use-letter-keys";
import { Button } from "@/components/ui/button";
import { COMPARE_LETTER, COMPARISON_IDS, type ComparisonId } from "@/lib/comparison-range";

const NONE = "none";
const OPTIONS: { value: ComparisonId | typeof NONE; label: string }[] = [
  { value: NONE, label: "None" },
  ...COMPARISON_IDS.map((value) => ({ value, label: COMPARISON_LABELS[value] })),
];

interface CompareSelectProps {
  value: ComparisonId | null;
  mustMatchWeekday: boolean;
  onChoose: (value: ComparisonId | null) => void;
  onMatchWeekday: (isOn: boolean) => void;
}

/** What the range is held against; `x` turns it on and off. */
export function CompareSelect(props: CompareSelectProps) {
  const { value, mustMatchWeekday, onChoose, onMatchWeekday } = props;
  const last = useRef<ComparisonId>("previous");
  const choose = useCallback(
    (next: ComparisonId | null) => {
      if (next !== null) last.current = next;
      onChoose(next);
    },
    [onChoose],
  );
  const onLetter = useCallback(
    (letter: string) => {
      if (letter === COMPARE_LETTER) choose(value === null ? last.current : null);
    },
    [choose, value],
  );
  useLetterKeys(onLetter);
  return (
    <>
      <ChoiceSelect
        label="Compare"
        value={value ?? NONE}
        options={OPTIONS}
        onChoose={(next) => choose(next === NONE ? null : next)}
      />
      {value !== null && (
        <Button
          aria-pressed={mustMatchWeekday}
          title="Move the comparison by whole weeks, so that a Monday is held against a Monday"
          className="font-normal aria-pressed:border-accent aria-pressed:bg-accent-soft"
          onClick={() => onMatchWeekday(!mustMatchWeekday)}
        >
          Match weekday
        </Button>
      )}
    </>
  );
}
