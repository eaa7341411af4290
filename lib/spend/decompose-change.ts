import { divideHalfEven, type FemtoUsd } from "@/lib/money";

/** What one model (of one provider) cost in one of the two times. */
export interface ModelSpend {
  /** Names the model in both times. */
  key: string;
  /** The known cost; what is unknown counts nothing here. */
  costFemtoUsd: FemtoUsd;
  calls: number;
  /** All tokens, input and output; null where no call reported any. */
  tokens: number | null;
}

/** What moved a cost, in femto-dollars. The parts add up to the change exactly. */
export interface ChangeParts {
  /** More or fewer calls, at what a call cost before. */
  volume: FemtoUsd;
  /** Another choice of models; all of what a new model costs beyond the average call. */
  modelMix: FemtoUsd;
  /** Longer or shorter calls of the same models. */
  tokensPerCall: FemtoUsd;
  /** Another price of a token: rates, and the shares of cached, input and output tokens. */
  price: FemtoUsd;
  /** Costs without a model call, such as tools. */
  other: FemtoUsd;
}

interface Pair {
  now: ModelSpend;
  before: ModelSpend;
}

/**
 * Explains a change of cost in four steps, each from the state that the one before left: first the number of calls,
 * then which models took them, then how long they were, then what a token cost. Each step's state is one whole
 * number, and a part is the difference of two states, so that the parts add up to the change to the last digit
 * whatever is rounded on the way.
 *
 * Why this order: volume and mix are choices of the one who calls, the length of a call is its prompt's, and the
 * price is the provider's; what is left over after the first three is what nobody here has changed.
 */
export function decomposeChange(
  now: readonly ModelSpend[],
  before: readonly ModelSpend[],
): ChangeParts {
  const pairs = pairByModel(now, before);
  const callsNow = sumCounts(pairs, ({ now }) => now.calls);
  const callsBefore = sumCounts(pairs, ({ before }) => before.calls);
  const other = sumOf(pairs, (pair) => uncalled(pair.now) - uncalled(pair.before));
  const costBefore = sumOf(pairs, ({ before }) => called(before));
  const costNow = sumOf(pairs, ({ now }) => called(now));
  // Without calls in one of the two times there is no average to hold anything against: it all came or went.
  if (callsBefore === 0n || callsNow === 0n) {
    return { volume: costNow - costBefore, modelMix: 0n, tokensPerCall: 0n, price: 0n, other };
  }
  const afterVolume = divideHalfEven(costBefore * callsNow, callsBefore);
  const afterMix = sumOf(pairs, mixedCost);
  const afterTokens = sumOf(pairs, lengthenedCost);
  return {
    volume: afterVolume - costBefore,
    modelMix: afterMix - afterVolume,
    tokensPerCall: afterTokens - afterMix,
    price: costNow - afterTokens,
    other,
  };
}

/** Sum of the parts: the change itself. */
export function sumParts(parts: ChangeParts): FemtoUsd {
  return parts.volume + parts.modelMix + parts.tokensPerCall + parts.price + parts.other;
}

/** Today's calls of a model at what one cost then; a model that was not there then at what it costs now. */
function mixedCost({ now, before }: Pair): FemtoUsd {
  if (before.calls === 0) return called(now);
  return divideHalfEven(before.costFemtoUsd * BigInt(now.calls), BigInt(before.calls));
}

/** Today's tokens of a model at what one cost then. Where tokens are not known, nothing is said of their number. */
function lengthenedCost(pair: Pair): FemtoUsd {
  const { now, before } = pair;
  if (before.calls === 0 || now.calls === 0 || !now.tokens || !before.tokens)
    return mixedCost(pair);
  return divideHalfEven(before.costFemtoUsd * BigInt(now.tokens), BigInt(before.tokens));
}

function pairByModel(now: readonly ModelSpend[], before: readonly ModelSpend[]): Pair[] {
  const pairs = new Map<string, Pair>();
  const pairOf = (key: string): Pair => {
    const found = pairs.get(key) ?? { now: nothing(key), before: nothing(key) };
    pairs.set(key, found);
    return found;
  };
  for (const spend of now) pairOf(spend.key).now = add(pairOf(spend.key).now, spend);
  for (const spend of before) pairOf(spend.key).before = add(pairOf(spend.key).before, spend);
  return [...pairs.values()];
}

function nothing(key: string): ModelSpend {
  return { key, costFemtoUsd: 0n, calls: 0, tokens: null };
}

function add(one: ModelSpend, two: ModelSpend): ModelSpend {
  const isUnknown = one.tokens === null && two.tokens === null;
  return {
    key: one.key,
    costFemtoUsd: one.costFemtoUsd + two.costFemtoUsd,
    calls: one.calls + two.calls,
    tokens: isUnknown ? null : (one.tokens ?? 0) + (two.tokens ?? 0),
  };
}

const called = (spend: ModelSpend): FemtoUsd => (spend.calls > 0 ? spend.costFemtoUsd : 0n);
const uncalled = (spend: ModelSpend): FemtoUsd => spend.costFemtoUsd - called(spend);

function sumOf(pairs: readonly Pair[], read: (pair: Pair) => bigint): bigint {
  return pairs.reduce((sum, pair) => sum + read(pair), 0n);
}

function sumCounts(pairs: readonly Pair[], read: (pair: Pair) => number): bigint {
  return sumOf(pairs, (pair) => BigInt(read(pair)));
}
