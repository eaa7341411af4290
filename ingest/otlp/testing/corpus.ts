import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliDecompressSync, gzipSync } from "node:zlib";

/** One request as a client sent it. */
export interface CorpusFile {
  /** `other`: a client's own format, not OTLP. */
  signal: "traces" | "logs" | "metrics" | "other";
  path: string;
  headers: Record<string, string>;
  /** Packed where `content-encoding` says so. */
  body: Buffer;
  unpacked: Buffer;
  isJson: boolean;
}

/** Sums over calls; input holds what was cached, output what was reasoned. */
export interface CorpusTotals {
  input_tokens_total: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens_total: number;
  reasoning_tokens: number;
}

/** One call of the mock provider; SDK retries of it are one entry. */
export interface CorpusCall {
  call: number;
  provider: string;
  api: string;
  model_requested: string;
  response_model: string | null;
  response_id: string | null;
  streaming: boolean;
  status: "ok" | "error";
  http_status: number;
  error_type: string | null;
  /** null: it failed, or its stream broke. */
  usage:
    | (CorpusTotals & {
        input_tokens_uncached: number;
        cache_write_5m_tokens?: number;
        cache_write_1h_tokens?: number;
      })
    | null;
  tool_calls: string[];
  attempts: { http_status: number; error_type: string | null }[];
  /** The span that should count; null: none does. */
  span: {
    trace_id: string;
    span_id: string;
    parent_span_id: string | null;
    name: string;
    scope: string;
    ancestors: { span_id: string; name: string }[];
    parent_not_in_export: boolean;
    matched_by: string;
    status_code: number;
  } | null;
  client_reported?: Record<string, number>;
  tags_seen?: Record<string, { value: unknown; on: string }>;
  agent_path_seen?: string[];
  also_on_spans?: { span_id: string; name: string; role: string }[];
  recoverable_from_telemetry?: string[];
  not_reported_by_client?: string[];
  note?: string;
}

/** The truth of a case: ../testdata/README.md. */
export interface CorpusTruth {
  description: string;
  client_versions: Record<string, string>;
  service_name: string | null;
  expected_tags: Record<string, string | string[]>;
  calls: CorpusCall[];
  call_count: number;
  billable_call_count: number;
  totals: CorpusTotals;
  totals_recoverable: CorpusTotals;
  double_counting: {
    hazard: boolean;
    kinds: string[];
    correct_llm_call_count: number;
    correct_billable_call_count: number;
    spans_carrying_usage: number;
    spans_total: number;
  };
  usage_spans: {
    trace_id: string;
    span_id: string;
    parent_span_id: string | null;
    name: string;
    scope: string;
    role: string;
    calls: number[];
    usage_keys: string[];
  }[];
  llm_looking_spans_that_are_not_calls: {
    span_id: string;
    parent_span_id: string | null;
    name: string;
    scope: string;
    role: string;
  }[];
  error_spans: { span_id: string; name: string; message: string }[];
  trace_ids: string[];
  log_record_count?: number;
  logs_with_usage?: {
    index: number;
    event_name: string;
    trace_id: string | null;
    span_id: string | null;
    usage: Record<string, number>;
  }[];
}

export interface CorpusCase {
  client: string;
  case: string;
  /** In the order they were sent. */
  files: CorpusFile[];
  expected: CorpusTruth;
}

type KeptFile = Omit<CorpusFile, "body" | "unpacked" | "isJson"> & {
  body: { text: string } | { base64: string };
};
interface KeptCase {
  case: string;
  files: KeptFile[];
  expected: CorpusTruth;
}

const DIRECTORY = path.join(import.meta.dirname, "../testdata");
const ENDING = ".json.br";
let cases: readonly CorpusCase[] | null = null;

/** All captured cases, by client and name. They are read once; nobody changes them. */
export function listCases(): readonly CorpusCase[] {
  cases ??= readdirSync(DIRECTORY)
    .filter((file) => file.endsWith(ENDING))
    .sort()
    .flatMap(readClient);
  return cases;
}

function readClient(file: string): CorpusCase[] {
  const text = brotliDecompressSync(readFileSync(path.join(DIRECTORY, file))).toString("utf8");
  const kept = JSON.parse(text) as KeptCase[];
  const client = file.slice(0, -ENDING.length);
  return kept.map((one) => ({ ...one, client, files: one.files.map(toFile) }));
}

function toFile({ body, ...kept }: KeptFile): CorpusFile {
  const isJson = "text" in body;
  const unpacked = isJson ? Buffer.from(body.text) : Buffer.from(body.base64, "base64");
  const isPacked = kept.headers["content-encoding"] === "gzip";
  return { ...kept, isJson, unpacked, body: isPacked ? gzipSync(unpacked) : unpacked };
}
