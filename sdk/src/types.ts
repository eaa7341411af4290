/** What a call says of itself: the contract's attribution tags. A tag that is left out is the run's, else the guard's. */
export interface Tags {
  agent?: string | undefined;
  /** One run's id; `task_type` is its kind. */
  task?: string | undefined;
  task_type?: string | undefined;
  feature?: string | undefined;
  user?: string | undefined;
  session?: string | undefined;
  /** Free tags, filterable; at most 32. */
  metadata?: Record<string, string> | undefined;
}

/** Counts in the contract's words: `input_tokens` and `output_tokens` are ALL of their side, the others parts of them. */
export interface Usage {
  input_tokens?: number;
  cache_read_tokens?: number;
  cache_write_5m_tokens?: number;
  cache_write_1h_tokens?: number;
  input_audio_tokens?: number;
  output_tokens?: number;
  reasoning_tokens?: number;
  output_audio_tokens?: number;
  web_searches?: number;
}

/** What a call will use at most; `strict` budgets hold it. */
export interface EstimatedUsage extends Usage {
  max_output_tokens?: number;
  max_web_searches?: number;
}

/** What is recorded of a prompt and its answer; sent only where `createOutlay({content: true})` says so. */
export interface CallContent {
  system?: unknown;
  messages?: unknown;
  tools?: unknown;
  completion?: unknown;
}

/** What is said of one call of a model. */
export interface LlmTags extends Tags {
  model: string;
  provider?: string | undefined;
  /** The step's name. */
  name?: string | undefined;
  /** 2 and more are retries. */
  attempt?: number | undefined;
  /** The request's body: its bytes are an upper bound of its tokens. Read only where an estimate is needed. */
  input?: unknown;
  /** The cap that the provider is given. Without it a `strict` budget refuses. */
  maxOutputTokens?: number | undefined;
  estimated_usage?: EstimatedUsage | undefined;
  /** The caller's own worst case in US dollars, a decimal string; held instead of the server's. */
  estimated_cost_usd?: string | undefined;
  service_tier?: string | undefined;
  inference_geo?: string | undefined;
  /** Which key or account is billed: a name, never the key. */
  provider_account?: string | undefined;
  routing?: { strategy?: string; tier?: string; baseline_model?: string } | undefined;
  content?: CallContent | undefined;
  /** The caller's own; the one that the call gets falls with it. */
  signal?: AbortSignal | null | undefined;
  /** Where there is no `AsyncLocalStorage`: the run that the call belongs to. */
  run?: RunHandle | undefined;
}

/** What is said of one execution of a tool. */
export interface ToolTags extends Tags {
  attempt?: number | undefined;
  /** What it will cost in US dollars, a decimal string. */
  estimated_cost_usd?: string | undefined;
  signal?: AbortSignal | null | undefined;
  run?: RunHandle | undefined;
}

/** What a guarded call gets. */
export interface CallContext {
  /** Falls when a switch does, when the hold ends and when the caller's own does. Its reason says why. */
  signal: AbortSignal;
  /** `traceparent`, so that what is called belongs to the same tree. */
  headers: Record<string, string>;
  /** null: nothing is held for it. */
  reservationId: string | null;
}

export interface LlmContext extends CallContext {
  /** To be called: the one that was asked for, or the cheaper one of a reroute. */
  model: string;
}

export interface ToolContext extends CallContext {
  /** What it really cost in US dollars, a decimal string; the event tells it. */
  reportCost(usd: string): void;
}

/** How a run is known where it must be passed on by hand. */
export interface RunHandle {
  readonly traceId: string;
  readonly spanId: string;
}

/** The only thing that the wrappers of providers' clients need. */
export interface LlmGuard {
  /**
   * Checks, calls, reads and records; gives back what `call` does, a stream as the same kind of stream.
   * @throws AgentHaltedError where the call may not be made or was stopped; else what `call` throws
   */
  llm<T>(
    call: (context: LlmContext) => T | PromiseLike<T>,
    tags: LlmTags,
    reader?: ResponseReader,
  ): Promise<Awaited<T>>;
}

/** What a provider's response says of the call; null: it does not say. */
export interface ReadCall {
  /** As the contract's `provider` has it: `openai`, `anthropic`, `google`, … */
  provider: string | null;
  /** As the response names it; null: the one that was asked for. */
  model: string | null;
  /** The provider's usage object, word for word; null: none, then `usage` may have counts in the contract's words. */
  rawUsage: { api: RawUsageApi; body: Record<string, unknown> } | null;
  usage?: Usage | null;
  /** ALL tokens of their side, for limits that are counted here; the ledger goes by `rawUsage`. */
  inputTokens: number | null;
  outputTokens: number | null;
  /** Parts of the input. */
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
  /** Parts that are dearer: 0 where the response shows that there are none, null where it does not say. */
  inputAudioTokens?: number | null;
  outputAudioTokens?: number | null;
  webSearches?: number | null;
  serviceTier: string | null;
  inferenceGeo?: string | null;
  /** Goes into `metadata.response_id`. */
  responseId: string | null;
  /** Where the response itself says that it failed. */
  errorType?: ErrorType;
  /** What was answered, for `content.completion`; only where `hint.content` asks for it. */
  completion?: unknown;
}

export type RawUsageApi =
  | "openai.chat_completions"
  | "openai.responses"
  | "openai.embeddings"
  | "anthropic.messages"
  | "google.generateContent"
  | "bedrock.converse";

export type ErrorType =
  | "rate_limit"
  | "validation"
  | "authentication"
  | "timeout"
  | "cancelled"
  | "unknown";

export interface ReadHint {
  provider?: string | undefined;
  /** What was answered is wanted too. */
  content?: boolean | undefined;
}

/** How a stream ended. */
export interface StreamEnd {
  /** What was read up to there; null: nothing that says what was used. */
  read: ReadCall | null;
  /** `cancelled`: the reader stopped, or the signal fell. */
  how: "done" | "cancelled" | "error";
  error?: unknown;
  /** UTF-8 bytes of text, reasoning and tool arguments that came: a cut stream is estimated by them. */
  outputBytes: number;
}

export interface StreamListener {
  /** The first chunk that has something of the answer. */
  onFirst(): void;
  /** Exactly once, however it ends, also when nobody ever reads it and the signal falls. */
  onEnd(end: StreamEnd): void;
  /** The reader must see its reason as the stream's error as soon as it falls; the source is cancelled. */
  signal: AbortSignal;
  hint: ReadHint;
}

/** Reads responses; `providers/` has the one that knows OpenAI's, Anthropic's and Google's. */
export interface ResponseReader {
  isStream(value: unknown): boolean;
  readResponse(response: unknown, hint: ReadHint): ReadCall | null;
  /** The caller sees the very same chunks, in an object of the same kind. */
  tapStream<T>(stream: T, listener: StreamListener): T;
}
