import type { Page } from "@playwright/test";

/** One thing a person does on a screen, and how it shows that it is done. */
export interface Interaction {
  screen: "Overview" | "Explore" | "Sessions" | "Calls";
  name: string;
  /** The page's address, opened afresh before each run. */
  address: string;
  /** What must stand there before, so that the page is at rest. */
  ready: string;
  /** Gets ready for the act itself, for instance opens a menu; not measured. */
  prepare?: (page: Page) => Promise<void>;
  act: (page: Page) => Promise<void>;
  /** Done when this element is there and reads otherwise than before, and nothing on the page is waiting. */
  drawn: string;
}

const TOTAL = "dl dd";
const CHART = "svg.recharts-surface";
const SPEND_ROW = '[aria-label^="Spend by"] tbody tr';
const SESSION_ROWS = '[aria-label="List of sessions"] tbody';
const SESSION_ROW = `${SESSION_ROWS} tr`;
const CALL_ROWS = '[aria-label="List of calls"] tbody';
const CALL_ROW = `${CALL_ROWS} tr`;
const EXPLORE = { screen: "Explore", address: "/explore?range=30d", ready: SPEND_ROW } as const;
const SESSIONS = { screen: "Sessions", address: "/sessions?range=7d", ready: SESSION_ROW } as const;
const CALLS = { screen: "Calls", address: "/calls?range=7d", ready: CALL_ROW } as const;
const OVERVIEW = { screen: "Overview", address: "/overview", ready: SESSION_ROW } as const;

const press = (key: string) => (page: Page) => page.keyboard.press(key);
const click = (selector: string) => (page: Page) => page.locator(selector).first().click();

async function hoverChart(page: Page): Promise<void> {
  const box = await page.locator(CHART).first().boundingBox();
  if (!box) throw new Error("the chart is not drawn");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
}

/** What is measured, in the order of the table of `docs/benchmarks.md`. */
export const INTERACTIONS: readonly Interaction[] = [
  {
    ...OVERVIEW,
    name: "open the palette (Ctrl K)",
    act: press("Control+k"),
    drawn: "[cmdk-item]",
  },
  {
    ...OVERVIEW,
    name: "hover the chart",
    prepare: (page) => page.locator(CHART).first().waitFor(),
    act: hoverChart,
    drawn: ".recharts-tooltip-wrapper [role=status]",
  },
  {
    ...OVERVIEW,
    name: "go to Explore (g, e)",
    prepare: press("g"),
    act: press("e"),
    drawn: SPEND_ROW,
  },
  { ...EXPLORE, name: "range by its letter (w)", act: press("w"), drawn: TOTAL },
  { ...EXPLORE, name: "compare (x)", act: press("x"), drawn: TOTAL },
  {
    ...EXPLORE,
    name: "open the choice of a group",
    act: click('[aria-label="Group by: Feature"]'),
    drawn: "[role=menuitemradio]",
  },
  {
    ...EXPLORE,
    name: "choose a group: Model",
    prepare: click('[aria-label="Group by: Feature"]'),
    act: click('[role=menuitemradio]:text-is("Model")'),
    drawn: SPEND_ROW,
  },
  {
    ...EXPLORE,
    name: "choose a group: User, 1,000 rows",
    prepare: click('[aria-label="Group by: Feature"]'),
    act: click('[role=menuitemradio]:text-is("User")'),
    drawn: SPEND_ROW,
  },
  { ...EXPLORE, name: "open a filter (/)", act: press("/"), drawn: '[aria-label="Add a filter"]' },
  {
    ...EXPLORE,
    name: "sort the table",
    act: click('[aria-label^="Spend by"] th button:has-text("Calls")'),
    drawn: '[aria-label^="Spend by"] thead tr th[aria-sort=descending]',
  },
  {
    ...EXPLORE,
    name: "hover the chart",
    prepare: (page) => page.locator(CHART).first().waitFor(),
    act: hoverChart,
    drawn: ".recharts-tooltip-wrapper [role=status]",
  },
  {
    ...EXPLORE,
    name: "drill: only a row's feature",
    act: click(`${SPEND_ROW} button`),
    drawn: TOTAL,
  },
  {
    ...EXPLORE,
    name: "drill: a row's calls",
    act: click(`${SPEND_ROW} a`),
    drawn: CALL_ROW,
  },
  { ...SESSIONS, name: "range by its letter (e)", act: press("e"), drawn: SESSION_ROWS },
  {
    ...SESSIONS,
    name: "sort the table",
    act: click('[aria-label="List of sessions"] th button:has-text("Duration")'),
    drawn: SESSION_ROWS,
  },
  {
    ...SESSIONS,
    name: "drill: a session's calls",
    act: click(`${SESSION_ROW} a`),
    drawn: CALL_ROW,
  },
  { ...CALLS, name: "range by its letter (e)", act: press("e"), drawn: CALL_ROWS },
  { ...CALLS, name: "open a filter (/)", act: press("/"), drawn: '[aria-label="Add a filter"]' },
  {
    ...CALLS,
    name: "drill: one call",
    act: click(`${CALL_ROW} a`),
    drawn: '[aria-label="Price"]',
  },
];
