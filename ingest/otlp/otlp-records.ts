/** A value of an attribute, as JSON has it. Integers beyond 2^53 are text, as are NaN and the infinities; bytes are base64. */
export type OtlpValue =
  | string
  | number
  | boolean
  | null
  | readonly OtlpValue[]
  | { readonly [key: string]: OtlpValue };
/** The last of a repeated key counts. */
export type OtlpAttributes = ReadonlyMap<string, OtlpValue>;

/** Who wrote a record: the same for all records of a group. */
export interface OtlpOrigin {
  resource: OtlpAttributes;
  scopeName: string;
  scopeVersion: string;
  scopeAttributes: OtlpAttributes;
}

/** A span as it was sent: whichever encoding, the same value. Instants in nanoseconds since 1970; 0n: not sent. */
export interface OtlpSpan {
  origin: OtlpOrigin;
  /** Lower-case hex; "" where it was not sent. */
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  /** OTLP's SpanKind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  spanKind: number;
  startNs: bigint;
  endNs: bigint;
  attributes: OtlpAttributes;
  /** OTLP's StatusCode: 0 unset, 1 ok, 2 error. */
  statusCode: number;
  statusMessage: string;
  events: readonly { name: string; timeNs: bigint; attributes: OtlpAttributes }[];
  links: readonly { traceId: string; spanId: string }[];
}

/** A log record as it was sent. */
export interface OtlpLog {
  origin: OtlpOrigin;
  traceId: string;
  spanId: string;
  timeNs: bigint;
  observedNs: bigint;
  severity: number;
  eventName: string;
  body: OtlpValue;
  attributes: OtlpAttributes;
}
