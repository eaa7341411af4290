import { eq } from "drizzle-orm";
import type { Postgres } from "@/db/postgres";
import { insertChannelRow } from "@/db/queries/channels";
import { alerts, deliveries } from "@/db/schema/alerts";
import type { NewAlert } from "@/lib/alerts/alert";
import { recordAlerts } from "@/lib/alerts/record-alert";
import { startSending } from "@/lib/alerts/send-deliveries";
import { startTelling } from "@/lib/alerts/tell-alerts";
import type { ChannelConfig } from "@/lib/channels/channel";
import { sealConfig } from "@/lib/channels/channel-row";
import { createLog } from "@/lib/log";

export const SEALING_SECRET = "a key of the tests only";
export const WEBHOOK_SECRET = "whsec_of-the-tests-only";
const PUBLIC_URL = "https://outlay.example.com";

/** A stage of a budget that was crossed. */
export function makeThreshold(
  percent: number,
  given: Partial<NewAlert> & { mode?: "observe" | "enforce" } = {},
): NewAlert {
  const { mode = "enforce", ...rest } = given;
  const action = percent >= 120 ? ("lockout" as const) : null;
  return {
    key: `threshold:b:${percent}`,
    subject: "budget:b",
    projectId: null,
    budgetId: null,
    value: "",
    period: "2026-07-01T00:00:00Z",
    percent,
    limitRevision: 1,
    action,
    audience: ["lead", "finance", "engineering"],
    notify: [],
    openedAt: new Date("2026-07-01T11:00:00Z"),
    facts: {
      kind: "threshold",
      budget_name: "Agents <b>&",
      scope: "global",
      window: "day",
      measure: "usd",
      spent: String(percent / 10),
      limit: "10",
      percent,
      used_percent: percent,
      mode,
      action,
      period: { from: "2026-07-01T00:00:00Z", to: "2026-07-02T00:00:00Z" },
      next: null,
    },
    ...rest,
  };
}

/** Makes a channel, as its verb does. */
export async function makeChannel(
  { db }: Postgres,
  config: ChannelConfig,
  given: { projectId?: string | null; audience?: string; match?: object; name?: string } = {},
) {
  const id = crypto.randomUUID();
  return insertChannelRow(db, {
    id,
    projectId: null,
    name: "a channel",
    type: config.type,
    audience: "lead",
    createdBy: "test",
    config: sealConfig(SEALING_SECRET, id, config),
    ...given,
  });
}

/** A webhook whose far end is at an address. */
export const webhook = (url: string): ChannelConfig => {
  return { type: "webhook", url, secret: WEBHOOK_SECRET };
};

/** Both jobs on a clock that only the test moves. */
export interface NoticeWorld {
  nowMs: number;
  record(...given: NewAlert[]): Promise<void>;
  wake(): void;
  /** Deliveries by state, as many as there are. */
  states(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export function openNoticeWorld(
  postgres: Postgres,
  options: { smtpUrl?: string; timeoutMs?: number; isSending?: boolean } = {},
): NoticeWorld {
  const log = createLog("silent");
  const { smtpUrl = null, timeoutMs = 10_000, isSending = true } = options;
  const now = () => world.nowMs;
  const way = {
    sealingSecret: SEALING_SECRET,
    outgoing: { mayReachPrivate: true, timeoutMs },
    smtpUrl,
  };
  const sending = isSending
    ? startSending({ postgres, way, publicUrl: PUBLIC_URL, log, now, random: () => 0.5 })
    : null;
  const telling = startTelling({ postgres, log, now, onTold: () => sending?.wake() });
  const world: NoticeWorld = {
    nowMs: Date.parse("2026-07-01T11:00:05Z"),
    async record(...given) {
      await postgres.db.transaction((tx) => recordAlerts(tx, given));
      world.wake();
    },
    wake() {
      telling.wake();
      sending?.wake();
    },
    async states() {
      const counts: Record<string, number> = {};
      for (const { state } of await postgres.db.select().from(deliveries)) {
        counts[state] = (counts[state] ?? 0) + 1;
      }
      return counts;
    },
    async close() {
      await telling.close();
      await sending?.close();
    },
  };
  return world;
}

/** Whether every alert was told. */
export async function isAllTold({ db }: Postgres): Promise<boolean> {
  return (await db.select().from(alerts)).every(({ toldAt }) => toldAt !== null);
}

/** Says that an alert is over. */
export async function resolveByKey({ db }: Postgres, key: string, at: Date): Promise<void> {
  await db.update(alerts).set({ resolvedAt: at }).where(eq(alerts.key, key));
}
