import type { Api } from "../api.ts";
import { type FemtoUsd, parseUsd } from "../money.ts";

/** What a token of each class costs at most, femto-dollars; null: not known, and so not free. */
export interface TokenPrices {
  input: FemtoUsd | null;
  cacheRead: FemtoUsd | null;
  cacheWrite: FemtoUsd | null;
  inputAudio: FemtoUsd | null;
  output: FemtoUsd | null;
  outputAudio: FemtoUsd | null;
  /** A search. */
  webSearch: FemtoUsd | null;
}

export interface Prices {
  /** null: the model has no price; undefined: not known yet, or nobody could be asked. */
  peek(provider: string | null, model: string): TokenPrices | null | undefined;
  /** Asks for them where they are not known; undefined: nobody could be asked. */
  load(provider: string | null, model: string): Promise<TokenPrices | null | undefined>;
}

interface Entry {
  prices: TokenPrices | null | undefined;
  askedAt: number;
  loading: Promise<void> | null;
}

const KEPT_MS = 300_000;
/** After nobody answered. */
const PAUSE_MS = 10_000;
/** A call may wait for it. */
const TIMEOUT_MS = 2_000;
const MOST_MODELS = 500;

/**
 * Keeps what models cost. `GET /v1/prices?provider&model` answers `{prices: {input_per_mtok, cache_read_per_mtok,
 * cache_write_5m_per_mtok, cache_write_1h_per_mtok, output_per_mtok, input_audio_per_mtok, output_audio_per_mtok,
 * web_search_per_1k} | null}`: of each class the dearest that such a call can have, a decimal string or null.
 */
export function createPrices(api: Api): Prices {
  const entries = new Map<string, Entry>();
  // Nearly always the same is asked for again and again.
  let last: { provider: string | null; model: string; entry: Entry } | null = null;

  function entryOf(provider: string | null, model: string): Entry {
    if (last?.model === model && last.provider === provider) return last.entry;
    const key = `${provider ?? ""}\n${model}`;
    let entry = entries.get(key);
    if (!entry) {
      if (entries.size >= MOST_MODELS) entries.clear();
      entry = { prices: undefined, askedAt: Number.NEGATIVE_INFINITY, loading: null };
      entries.set(key, entry);
    }
    last = { provider, model, entry };
    return entry;
  }

  function ask(entry: Entry, provider: string | null, model: string): Promise<void> {
    entry.askedAt = Date.now();
    entry.loading ??= fetchPrices(api, provider, model)
      .then((prices) => {
        entry.prices = prices;
      })
      .catch(() => undefined)
      .finally(() => {
        entry.loading = null;
      });
    return entry.loading;
  }

  const isDue = ({ prices, askedAt }: Entry) =>
    Date.now() - askedAt >= (prices === undefined ? PAUSE_MS : KEPT_MS);

  return {
    peek(provider, model) {
      const entry = entryOf(provider, model);
      if (isDue(entry)) void ask(entry, provider, model);
      return entry.prices;
    },
    async load(provider, model) {
      const entry = entryOf(provider, model);
      if (isDue(entry) || entry.loading) await ask(entry, provider, model);
      return entry.prices;
    },
  };
}

async function fetchPrices(
  api: Api,
  provider: string | null,
  model: string,
): Promise<TokenPrices | null> {
  const query = provider === null ? { model } : { provider, model };
  const path = "/v1/prices";
  const answer = await api.ask({ path, query, timeoutMs: TIMEOUT_MS, isAwaited: true });
  if (answer.status !== 200) throw new Error(String(answer.status));
  const { prices } = JSON.parse(answer.text) as { prices?: Record<string, unknown> | null };
  return prices ? readPrices(prices) : null;
}

/** null: neither side has a price. What has none of its own costs what its side does. */
function readPrices(given: Record<string, unknown>): TokenPrices | null {
  const read = (name: string): FemtoUsd | null => {
    const value = given[name];
    return typeof value === "string" ? parseUsd(value) : null;
  };
  const perToken = (name: string) => {
    const usd = read(`${name}_per_mtok`);
    return usd === null ? null : ceilDivide(usd, 1_000_000n);
  };
  const input = perToken("input");
  const output = perToken("output");
  if (input === null && output === null) return null;
  const search = read("web_search_per_1k");
  return {
    input,
    cacheRead: perToken("cache_read") ?? input,
    cacheWrite: max(perToken("cache_write_5m"), perToken("cache_write_1h")) ?? input,
    inputAudio: perToken("input_audio") ?? input,
    output,
    outputAudio: perToken("output_audio") ?? output,
    webSearch: search === null ? null : ceilDivide(search, 1000n),
  };
}

function max(a: FemtoUsd | null, b: FemtoUsd | null): FemtoUsd | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

function ceilDivide(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
