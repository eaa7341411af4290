/** A request to Outlay. */
export interface Ask {
  method: "GET" | "POST" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: string | undefined;
  timeoutMs: number;
  /** The process stays alive until it is answered; what is asked in the background keeps none. */
  isAwaited: boolean;
}

export interface Answer {
  status: number;
  header(name: string): string | null;
  text: string;
}

/** An answer that goes on: its text comes in pieces. */
export interface OpenAnswer {
  status: number;
  header(name: string): string | null;
  /** Settles when it has ended or broke. */
  ended: Promise<void>;
  close(): void;
}

/** Brings requests to Outlay. Both throw where nobody answered. */
export interface Transport {
  ask(request: Ask): Promise<Answer>;
  /** @param onText whole characters; of a status other than 200 nothing is told */
  open(
    request: Omit<Ask, "isAwaited" | "body">,
    onText: (piece: string) => void,
  ): Promise<OpenAnswer>;
}

/** What carries a run through asynchronous code. */
export interface Carrier<T> {
  get(): T | undefined;
  run<R>(value: T, work: () => R): R;
}

/** What was not sent is kept here over the end of a process. */
export interface Spool {
  /** What earlier processes left. */
  list(): string[];
  read(name: string): string;
  remove(name: string): void;
  /** At once, as a process that ends waits for nothing. */
  write(name: string, text: string): void;
}

/** How a process is told to end. */
export interface ExitListener {
  /** Send what is there; the process waits for it. */
  flush(): Promise<void>;
  /** The last moment: nothing asynchronous happens any more. */
  last(): void;
}

/** What differs between Node and edge runtimes. */
export interface Platform {
  /** null: runs must be passed on by hand. */
  makeCarrier<T>(): Carrier<T> | null;
  makeTransport(): Transport;
  setting(name: string): string | undefined;
  /** Of this machine and process, for a person. */
  hostName(): string;
  fillRandom(bytes: Uint8Array<ArrayBuffer>): unknown;
  /** Whether timers and requests may begin before the first call. */
  mayBeginAtOnce: boolean;
  /** @returns stops listening */
  onExit(listener: ExitListener): () => void;
  /** null: there are no files. @throws where the folder cannot be written */
  openSpool(directory: string): Spool | null;
}
