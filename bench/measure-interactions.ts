import type { Page } from "@playwright/test";
import { browse } from "./browse";
import { INTERACTIONS, type Interaction } from "./interactions";
import type { ServerProcess } from "./server-process";
import { median } from "./statistics";

/** One interaction over its runs, ms. */
export interface InteractionFigures {
  interaction: Interaction;
  /**
   * From the key or click to the next frame, as the browser's Event Timing tells it in steps of 8 ms: what counts
   * as INP. Where the browser reports none, all were under 16 ms. Null for a hover, which is no interaction there.
   */
  inpMs: { median: number; highest: number } | null;
  /** From the key, click or move to the new figures drawn: the answer of the server is in it. */
  drawnMs: number;
}

const PATIENCE_MS = 30_000;
/** What Event Timing leaves out is shorter than this. */
const SHORTEST_EVENT_MS = 16;

/** Does everything a person does on the screens `runs` times, each time on a page opened afresh. */
export function measureInteractions(
  server: ServerProcess,
  runs: number,
  interactions: readonly Interaction[] = INTERACTIONS,
): Promise<InteractionFigures[]> {
  return browse(server, async ({ context }) => {
    const page = await context.newPage();
    // tsx names functions by a helper of its own, which a page does not have.
    await page.addInitScript("globalThis.__name = (it) => it");
    await page.addInitScript(watchInteractions);
    const figures: InteractionFigures[] = [];
    for (const interaction of interactions) {
      const inps: number[] = [];
      const drawns: number[] = [];
      for (let run = -1; run < runs; run += 1) {
        const { inpMs, drawnMs } = await measureOnce(page, server.url, interaction);
        // The first fills the browser's cache of scripts.
        if (run < 0) continue;
        if (inpMs !== null) inps.push(inpMs);
        drawns.push(drawnMs);
      }
      const inpMs = inps.length > 0 ? { median: median(inps), highest: Math.max(...inps) } : null;
      figures.push({ interaction, inpMs, drawnMs: median(drawns) });
    }
    return figures;
  });
}

async function measureOnce(page: Page, url: string, interaction: Interaction) {
  await page.goto(`${url}${interaction.address}`);
  // Somebody is there: what lies below the first sight is drawn, and charts answer. No script notes an earlier sign.
  await page.waitForLoadState("networkidle");
  await page.mouse.move(1, 1);
  await page.locator(interaction.ready).first().waitFor({ timeout: PATIENCE_MS });
  await page.waitForLoadState("networkidle");
  await interaction.prepare?.(page);
  await page.waitForTimeout(300);
  await page.evaluate((drawn) => window.outlayBench.begin(drawn), interaction.drawn);
  await interaction.act(page);
  const drawnMs = await page
    .evaluate((patienceMs) => window.outlayBench.whenDrawn(patienceMs), PATIENCE_MS)
    .catch((cause: unknown) => {
      throw new Error(`${interaction.screen}, ${interaction.name}: not drawn`, { cause });
    });
  const events = await page.evaluate(() => window.outlayBench.readEvents());
  const isHover = interaction.name.startsWith("hover");
  const inpMs = isHover ? null : Math.max(SHORTEST_EVENT_MS, ...events);
  return { inpMs, drawnMs };
}

declare global {
  interface Window {
    outlayBench: {
      begin: (drawn: string) => void;
      whenDrawn: (patienceMs: number) => Promise<number>;
      readEvents: () => Promise<number[]>;
    };
  }
}

/** Runs in the page, before its own scripts. */
function watchInteractions(): void {
  const entries: { startTime: number; duration: number }[] = [];
  const read = (list: PerformanceEntryList): void => {
    for (const entry of list) {
      const { startTime, duration } = entry;
      if ("interactionId" in entry && Number(entry.interactionId) > 0) {
        entries.push({ startTime, duration });
      }
    }
  };
  const observer = new PerformanceObserver((list) => read(list.getEntries()));
  observer.observe({
    type: "event",
    durationThreshold: 16,
    buffered: true,
  } as PerformanceObserverInit);

  let begunMs = 0;
  let inputMs: number | null = null;
  let done: Promise<number> = Promise.resolve(0);
  const listen = (event: Event): void => {
    if (begunMs > 0) inputMs ??= event.timeStamp;
  };
  for (const type of ["keydown", "pointerdown", "pointermove"]) {
    window.addEventListener(type, listen, { capture: true });
  }
  const textOf = (selector: string): string | null =>
    document.querySelector(selector)?.textContent ?? null;

  window.outlayBench = {
    begin(drawn) {
      begunMs = performance.now();
      inputMs = null;
      const before = textOf(drawn);
      done = new Promise((resolve) => {
        const look = (nowMs: number): void => {
          const text = textOf(drawn);
          const isDrawn = text !== null && text !== before;
          const isBusy = document.querySelector("main [aria-busy=true]") !== null;
          if (inputMs !== null && isDrawn && !isBusy) resolve(nowMs - inputMs);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },
    whenDrawn: (patienceMs) =>
      Promise.race([
        done,
        new Promise<number>((_, reject) => setTimeout(() => reject(new Error("late")), patienceMs)),
      ]),
    // Two frames later the browser has told of every event until now.
    readEvents: () =>
      new Promise((resolve) =>
        setTimeout(() => {
          read(observer.takeRecords());
          resolve(
            entries.filter(({ startTime }) => startTime >= begunMs).map(({ duration }) => duration),
          );
        }, 250),
      ),
  };
}
