"use client";

import {
  type RefObject,
  startTransition,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { StackChart } from "@/components/charts/stack-chart";
import type { StackChartProps } from "@/components/charts/stack-chart-props";
import { STACK_CHART_HEIGHT } from "@/components/charts/stack-frame";
import { StackSketch } from "@/components/charts/stack-sketch";
import { usePresence } from "@/components/states/use-presence";

type Chart = typeof StackChart;

/** Loaded once, for every chart. */
let loaded: Chart | null = null;

/**
 * A chart that is drawn at once, and answers as soon as somebody is there to ask it: Recharts is half of the page's
 * script and takes longer to draw than everything else, while its drawing is the same until it is pointed at.
 */
export function LazyStackChart(props: StackChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [Chart, load] = useChart(frame);
  const width = useWidth(frame, Chart === null);
  return (
    <div ref={frame} style={{ minHeight: STACK_CHART_HEIGHT }}>
      {Chart ? (
        <Chart {...props} initialWidth={width} />
      ) : (
        width > 0 && (
          // Whoever comes by keyboard finds it where the chart will be.
          <button
            type="button"
            aria-label={props.title}
            onFocus={load}
            className="block cursor-default"
          >
            <StackSketch {...props} width={width} />
          </button>
        )
      )}
    </div>
  );
}

/** The chart once it is loaded, and how to load it before there is another sign of a person. */
function useChart(frame: RefObject<HTMLDivElement | null>): [Chart | null, () => void] {
  const isSomebodyHere = usePresence();
  const [Chart, setChart] = useState<Chart | null>(() => loaded);
  const [isWanted, setWanted] = useState(false);
  const wantsFocus = useRef(false);
  const isNeeded = Chart === null && (isSomebodyHere || isWanted);

  useEffect(() => {
    if (!isNeeded) return;
    let isShown = true;
    const load = async () => {
      const module = await import("@/components/charts/stack-chart");
      loaded = module.StackChart;
      if (!isShown) return;
      wantsFocus.current = frame.current?.contains(document.activeElement) ?? false;
      startTransition(() => setChart(() => module.StackChart));
    };
    // After whatever the sign itself asked for: a key or a click is answered first.
    const cancel = whenIdle(() => void load());
    return () => {
      isShown = false;
      cancel();
    };
  }, [isNeeded, frame]);

  // Whoever stood on the drawing stands on the chart that replaces it: Recharts draws itself a frame or two later.
  useEffect(() => {
    if (!Chart || !wantsFocus.current) return;
    let handle = 0;
    let framesLeft = MAX_FRAMES;
    const look = () => {
      const chart = frame.current?.querySelector<SVGElement>("svg[tabindex]");
      wantsFocus.current = !chart;
      chart?.focus();
      framesLeft -= 1;
      if (!chart && framesLeft > 0) handle = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(handle);
  }, [Chart, frame]);

  return [Chart, useCallback(() => setWanted(true), [])];
}

/** Width in pixels, 0 until it is known; followed only as long as `isOn`. */
function useWidth(frame: RefObject<HTMLDivElement | null>, isOn: boolean): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || !isOn) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [isOn, frame]);
  return width;
}

const MAX_FRAMES = 60;

const IDLE_WITHIN_MS = 500;

/** Safari has no idle callback: there a moment later has to do. */
function whenIdle(run: () => void): () => void {
  if (typeof window.requestIdleCallback !== "function") {
    const timer = setTimeout(run, 50);
    return () => clearTimeout(timer);
  }
  const handle = window.requestIdleCallback(run, { timeout: IDLE_WITHIN_MS });
  return () => window.cancelIdleCallback(handle);
}
