import { COMPARISON_LABELS } from "@/components/filters/comparison-labels";
import { DIMENSIONS } from "@/components/filters/dimensions";
import type { CommandGroup } from "@/components/layout/use-commands";
import { METRICS } from "@/components/spend/metric";
import type { useExploreParams } from "@/components/spend/use-explore-params";
import { COMPARE_LETTER, COMPARISON_IDS } from "@/lib/comparison-range";

type Params = Pick<
  ReturnType<typeof useExploreParams>,
  "group" | "group2" | "metric" | "bin" | "intervals" | "compare" | "weekday" | "setParams"
>;

/** What Explore adds to the palette: every choice of its toolbar that is not made already. */
export function listExploreCommands(params: Params): CommandGroup[] {
  const { group, group2, metric, bin, intervals, setParams } = params;
  const groups = DIMENSIONS.filter(({ name }) => name !== group).map(({ name, label }) => ({
    id: `group ${name}`,
    label: `Group by ${label.toLowerCase()}`,
    keywords: ["group", "dimension"],
    run: () => void setParams({ group: name }),
  }));
  const seconds = DIMENSIONS.filter(({ name }) => name !== group && name !== group2).map(
    ({ name, label }) => ({
      id: `then ${name}`,
      label: `Then by ${label.toLowerCase()}`,
      keywords: ["second", "group"],
      run: () => void setParams({ group2: name }),
    }),
  );
  const noSecond = {
    id: "then nothing",
    label: "Then by nothing",
    keywords: ["second", "group", "clear"],
    run: () => void setParams({ group2: null }),
  };
  const metrics = METRICS.filter(({ value }) => value !== metric).map(({ value, label }) => ({
    id: `metric ${value}`,
    label: `Show ${label.toLowerCase()}`,
    keywords: ["metric"],
    run: () => void setParams({ metric: value }),
  }));
  const bins = [null, ...intervals]
    .filter((value) => value !== bin)
    .map((value) => ({
      id: `bin ${value ?? "auto"}`,
      label: value === null ? "Bins by themselves" : `Bins of a ${value}`,
      keywords: ["bin", "interval", "automatic"],
      run: () => void setParams({ bin: value }),
    }));
  return [
    { heading: "Compare", commands: listComparisons(params) },
    { heading: "Metric", commands: metrics },
    { heading: "Group by", commands: groups },
    { heading: "Then by", commands: group2 === null ? seconds : [noSecond, ...seconds] },
    { heading: "Bin", commands: bins },
  ];
}

function listComparisons({ compare, weekday, setParams }: Params): CommandGroup["commands"] {
  const others = COMPARISON_IDS.filter((id) => id !== compare).map((id) => ({
    id: `compare ${id}`,
    label: `Compare with ${COMPARISON_LABELS[id].toLowerCase()}`,
    keywords: ["compare", "change"],
    ...(compare === null && id === "previous" ? { keys: [COMPARE_LETTER] } : {}),
    run: () => void setParams({ compare: id }),
  }));
  if (compare === null) return others;
  return [
    {
      id: "compare nothing",
      label: "Compare with nothing",
      keywords: ["compare", "clear"],
      keys: [COMPARE_LETTER],
      // Weekdays are matched of a comparison: without one there is nothing to match.
      run: () => void setParams({ compare: null, weekday: null }),
    },
    {
      id: "compare weekday",
      label: weekday ? "Compare dates, not weekdays" : "Match weekdays",
      keywords: ["compare", "weekday", "monday"],
      run: () => void setParams({ weekday: !weekday }),
    },
    ...others,
  ];
}
