import fs from "node:fs";
import lighthouse, { desktopConfig } from "lighthouse";
import { ADMIN_ENV, browse } from "./browse";
import { postDemo } from "./post-demo";
import { startServer } from "./server-process";
import { median } from "./statistics";
import { waitUntilQuiet } from "./wait-until-quiet";

const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
const SCREENS = ["/overview", "/explore"] as const;
/** Lighthouse's own two: a phone on slow 4G with a quarter of this processor, and a desktop. */
const PRESETS = { mobile: undefined, desktop: desktopConfig } as const;

/** Medians of one screen under one preset. Scores are 0 to 100, times ms. */
export interface LighthouseFigures {
  screen: string;
  preset: keyof typeof PRESETS;
  scores: Record<(typeof CATEGORIES)[number], number>;
  fcpMs: number;
  lcpMs: number;
  tbtMs: number;
  cls: number;
  /** Lighthouse's own measure of the machine; it means its throttling for one of 1,500 or so. */
  benchmarkIndex: number;
}

/** Lighthouse on the demo company, signed in, each screen `runs` times under each preset, with an empty cache every time. */
export async function measureLighthouse(runs: number): Promise<LighthouseFigures[]> {
  const server = await startServer({ env: ADMIN_ENV });
  try {
    await postDemo(server);
    await waitUntilQuiet(server.pid);
    return await browse(server, async ({ debuggingPort }) => {
      const figures: LighthouseFigures[] = [];
      for (const screen of SCREENS) {
        for (const preset of ["mobile", "desktop"] as const) {
          const reports: Report[] = [];
          for (let run = 0; run < runs; run += 1) {
            reports.push(await report(`${server.url}${screen}`, debuggingPort, preset));
          }
          figures.push({ screen, preset, ...middleOf(reports) });
        }
      }
      return figures;
    });
  } finally {
    await server.stop();
    fs.rmSync(server.dataDir, { recursive: true, force: true });
  }
}

type Report = Awaited<ReturnType<typeof report>>;

/** One run. @throws Error where the page could not be loaded, or led elsewhere */
export async function report(url: string, port: number, preset: keyof typeof PRESETS) {
  const flags = {
    port,
    logLevel: "error" as const,
    onlyCategories: [...CATEGORIES],
    disableFullPageScreenshot: true,
  };
  const lhr = (await lighthouse(url, flags, PRESETS[preset]))?.lhr;
  if (!lhr || lhr.runtimeError || lhr.finalDisplayedUrl !== url) {
    throw new Error(`${url}: ${lhr?.runtimeError?.message ?? lhr?.finalDisplayedUrl ?? "nothing"}`);
  }
  return lhr;
}

function middleOf(reports: readonly Report[]) {
  const middle = (read: (lhr: Report) => number | null | undefined): number =>
    median(reports.map((lhr) => read(lhr) ?? Number.NaN));
  const score = (name: string) =>
    middle((lhr) => (lhr.categories[name]?.score ?? Number.NaN) * 100);
  const audit = (name: string) => middle((lhr) => lhr.audits[name]?.numericValue);
  return {
    scores: {
      performance: score("performance"),
      accessibility: score("accessibility"),
      "best-practices": score("best-practices"),
    },
    fcpMs: audit("first-contentful-paint"),
    lcpMs: audit("largest-contentful-paint"),
    tbtMs: audit("total-blocking-time"),
    cls: audit("cumulative-layout-shift"),
    benchmarkIndex: middle((lhr) => lhr.environment.benchmarkIndex),
  };
}
