import type postgres from "postgres";
import type { Listening } from "@/db/postgres";

/**
 * The driver makes a lost `LISTEN` anew, but gives up where the server is away for longer than its first tries, and says
 * nothing. So a second one takes its place now and then, without a gap, and soon after one that failed.
 */
const RENEW_MS = 60_000;
const RETRY_MS = 2_000;

/**
 * `LISTEN` on a connection of its own, for as long as it is not closed.
 * @param connect makes a client whose one connection does not go away by itself
 */
export async function listenOnServer(
  connect: () => postgres.Sql,
  channel: string,
  onNotice: () => void,
): Promise<Listening> {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const begin = async () => {
    const client = connect();
    try {
      // Its third argument is called when it listens, at first and whenever the driver connected again.
      await client.listen(channel, onNotice, onNotice);
      return client;
    } catch (error) {
      await client.end({ timeout: 0 });
      throw error;
    }
  };
  let current = await begin();
  const renew = (ms: number) => {
    timer = setTimeout(async () => {
      const next = await begin().catch(() => null);
      const old = next ? current : null;
      current = next ?? current;
      await old?.end({ timeout: 0 });
      if (isClosed) await current.end({ timeout: 0 });
      else renew(next ? RENEW_MS : RETRY_MS);
    }, ms);
    timer.unref();
  };
  renew(RENEW_MS);
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await current.end({ timeout: 0 });
    },
  };
}
