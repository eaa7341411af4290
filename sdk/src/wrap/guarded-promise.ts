import { asFields } from "../providers/fields.ts";

/** What OpenAI's and Anthropic's clients give for a request. */
export interface ClientPromise extends PromiseLike<unknown> {
  asResponse(): Promise<Response>;
  withResponse(): Promise<object>;
  /** The client's own; only read. */
  responsePromise?: Promise<unknown>;
}

/** Whether a client gave one of its promises: others are taken as they are. */
export function isClientPromise(value: unknown): value is ClientPromise {
  return typeof (value as Partial<ClientPromise> | undefined)?.asResponse === "function";
}

export interface GuardedCall {
  /** What the guard gives: the parsed answer or its stream; where `isRaw`, what was read for the guard alone. */
  data: Promise<unknown>;
  /** The client's own, as soon as the call may be made. */
  made: () => ClientPromise | null;
  /** The caller wants the response itself, whose body nobody may read first. */
  isRaw: boolean;
  isStreamed: boolean;
}

/** As the client's promise is: the request is made at once, and everything that the client's can do is there. */
export class GuardedPromise extends Promise<unknown> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  readonly #call: GuardedCall;
  readonly #open: () => Promise<unknown>;
  #opened: Promise<unknown> | null = null;

  constructor(call: GuardedCall, open = () => call.data) {
    super((resolve) => resolve(null));
    this.#call = call;
    this.#open = open;
  }

  get #data(): Promise<unknown> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise, as the client's is.
  override then<A = unknown, B = never>(
    onFulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#data.then(onFulfilled, onRejected);
  }

  override catch<B = never>(
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<unknown> {
    return this.#data.catch(onRejected);
  }

  override finally(onFinally?: (() => void) | null): Promise<unknown> {
    return this.#data.finally(onFinally);
  }

  async asResponse(): Promise<unknown> {
    this.#call.isRaw = true;
    const data = await this.#call.data;
    // The body of a stream is read along, that of another has been read from a copy.
    return data instanceof Response ? data : this.#call.made()?.asResponse();
  }

  async withResponse(): Promise<unknown> {
    const data = await this.#data;
    return { ...(await this.#call.made()?.withResponse()), data };
  }

  /** What Anthropic's threads make their own promise of: they parse a stream's response themselves, so it is read along. */
  async _responseProps(): Promise<unknown> {
    const { isStreamed, made } = this.#call;
    const data = await (isStreamed ? this.asResponse() : this.#data);
    const props = asFields(await made()?.responsePromise);
    return isStreamed ? { ...props, response: data } : props;
  }

  /** How the client's helpers (`parse`) change what a call gives. */
  _thenUnwrap(transform: (data: unknown, props: unknown) => unknown): GuardedPromise {
    const change = async (): Promise<unknown> => {
      const data = await this.#data;
      const changed: unknown = transform(data, await this.#call.made()?.responsePromise);
      const id = asFields(data)?._request_id;
      if (id !== undefined && asFields(changed)) {
        Object.defineProperty(changed, "_request_id", { value: id, enumerable: false });
      }
      return changed;
    };
    return new GuardedPromise(this.#call, change);
  }
}
