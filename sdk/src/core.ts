import { type Api, createApi } from "./api.ts";
import { createActiveCalls } from "./guard/active-calls.ts";
import type { GuardDeps } from "./guard/guard-deps.ts";
import { createHeartbeats } from "./heartbeats.ts";
import type { Settings } from "./options.ts";
import { createFetchTransport } from "./platform/fetch-transport.ts";
import type { Platform, Spool } from "./platform/platform.ts";
import { followPolicy, type PolicyFollower } from "./policy/follow-policy.ts";
import { createNoPolicy } from "./policy/no-policy.ts";
import { createPolicySets } from "./policy/policy-sets.ts";
import { createRecentSpend } from "./policy/recent-spend.ts";
import { createPrices } from "./prices/prices.ts";
import { createRecorder } from "./queue/recorder.ts";
import { resendSpool, type SpoolResender, spoolRest } from "./queue/resend-spool.ts";
import { createSender, type Sender, type SenderOptions } from "./queue/sender.ts";
import { mergeTags } from "./tags.ts";
import { drawRandomFrom, randomHex } from "./trace-ids.ts";

/** Everything of one guard that runs. */
export interface Core {
  instanceId: string;
  deps: Omit<GuardDeps, "findRun">;
  events: Sender;
  outcomes: Sender;
  faults: { count: number; last: string | null };
  spooled(): number;
  flush(withinMs: number): Promise<void>;
  close(withinMs: number): Promise<void>;
}

const EVENTS: SenderOptions = { path: "/v1/events", list: "events" };
const OUTCOMES: SenderOptions = { path: "/v1/outcomes", list: "outcomes" };
/** Before a process ends that has nothing else to do. */
const EXIT_FLUSH_MS = 2_000;

/** Starts what a guard does in the background: it follows the policy, tells who obeys it, and sends events. */
export function startCore(settings: Settings, platform: Platform): Core {
  drawRandomFrom(platform.fillRandom);
  const boot = randomHex(8);
  const host = platform
    .hostName()
    .replace(/[^ -~]/g, "")
    .slice(0, 80);
  const instanceId = settings.instanceId ?? `${host}-${boot}`;
  // The numbers of a producer begin once: a name that is used again must not stand for two of them.
  const source = settings.instanceId === null ? instanceId : `${instanceId}-${boot}`;
  const api = openApi(settings, platform);
  const faults: Core["faults"] = { count: 0, last: null };
  const onFault = (fault: unknown): void => {
    faults.count++;
    faults.last = String(fault);
  };
  const events = createSender(api, EVENTS);
  const outcomes = createSender(api, OUTCOMES);
  const recent = createRecentSpend(() => events.settledUpTo());
  const active = createActiveCalls();
  const sets = createPolicySets(api, (set) => recent.onAnswer(set));
  const isDisabled = settings.url === null;

  const follower: PolicyFollower = isDisabled
    ? createNoPolicy()
    : followPolicy(api, {
        isPushed: settings.isPushed,
        goesOn: platform.mayBeginAtOnce,
        maxAgeMs: settings.policyMaxAgeMs,
        onChange: () => {
          const { policy } = follower;
          if (!policy) return;
          // First what runs is stopped; then it is told that it was.
          active.haltBy(policy.switches, follower.serverNow());
          heartbeats.onPolicy();
          sets.renewAll(policy);
        },
      });
  const heartbeats = createHeartbeats({
    api,
    instanceId,
    policy: () => (isDisabled ? null : follower.policy),
    serverNow: () => follower.serverNow(),
    onBehind: () => follower.refresh(),
  });
  if (settings.tags.agent !== undefined) heartbeats.see(settings.tags.agent);

  const spool = openSpool(settings, platform, onFault);
  const resenders = spool && !isDisabled ? resendAll(api, spool, onFault) : [];
  const recorder = isDisabled
    ? { record: () => 0 }
    : createRecorder(events, source, `evt-${boot}${randomHex(8)}`);
  const failMode = () => settings.failMode ?? follower.policy?.failMode ?? "open";
  const flush = async (withinMs: number): Promise<void> => {
    await Promise.all([events.flush(withinMs), outcomes.flush(withinMs)]);
  };

  let isSpooled = false;
  function spoolAll(): void {
    if (!spool || isSpooled) return;
    isSpooled = true;
    try {
      const name = `${boot}-${Date.now()}`;
      spoolRest(spool, `events-${name}`, events.rest());
      spoolRest(spool, `outcomes-${name}`, outcomes.rest());
    } catch (fault) {
      onFault(fault);
    }
  }

  const stopListening =
    settings.flushesAtExit && !isDisabled
      ? platform.onExit({ flush: makeExitFlush(events, outcomes, flush), last: spoolAll })
      : () => undefined;

  return {
    instanceId,
    deps: {
      api,
      follower,
      sets,
      recent,
      prices: createPrices(api),
      failMode: settings.failMode,
      unasked: { letThrough: 0, refused: 0, lastError: null },
      active,
      heartbeats,
      recorder,
      hold: { api, mayGoOn: () => failMode() === "open" },
      tags: mergeTags(settings.tags, {}),
      sendsContent: settings.sendsContent,
      countTokens: settings.countTokens,
      onFault,
    },
    events,
    outcomes,
    faults,
    spooled: () => resenders.reduce((sum, resender) => sum + resender.queued(), 0),
    flush,
    async close(withinMs) {
      await Promise.all([flush(withinMs), heartbeats.close()]);
      follower.close();
      spoolAll();
      stopListening();
      for (const one of [events, outcomes, ...resenders]) one.close();
    },
  };
}

function openApi({ url, apiKey, project, fetch }: Settings, platform: Platform): Api {
  if (url === null) {
    const refuse = () => Promise.reject(new Error("The guard is disabled."));
    return { ask: refuse, open: refuse };
  }
  const transport = fetch ? createFetchTransport(fetch) : platform.makeTransport();
  return createApi({ url, apiKey, project }, transport);
}

function openSpool(
  { spoolDir }: Settings,
  platform: Platform,
  onFault: (fault: unknown) => void,
): Spool | null {
  if (spoolDir === null) return null;
  try {
    return platform.openSpool(spoolDir);
  } catch (fault) {
    onFault(fault);
    return null;
  }
}

function resendAll(api: Api, spool: Spool, onFault: (fault: unknown) => void): SpoolResender[] {
  return [
    resendSpool(api, spool, "events-", EVENTS, onFault),
    resendSpool(api, spool, "outcomes-", OUTCOMES, onFault),
  ];
}

/** What could not be sent once is not waited for again: a process that ends would never end. */
function makeExitFlush(
  events: Sender,
  outcomes: Sender,
  flush: (withinMs: number) => Promise<void>,
): () => Promise<void> {
  let given = "";
  return async () => {
    const last = `${events.rest().at(-1)?.id} ${outcomes.rest().at(-1)?.id}`;
    if (events.rest().length + outcomes.rest().length === 0 || last === given) return;
    given = last;
    await flush(EXIT_FLUSH_MS);
  };
}
