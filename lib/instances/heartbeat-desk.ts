import type { Db } from "@/db/postgres";
import {
  type Beat,
  deleteInstance,
  deleteSilentInstances,
  saveBeats,
} from "@/db/queries/instances";

/** Notes heartbeats. */
export interface HeartbeatDesk {
  /** @param beat `state` ended: it is forgotten. Resolves when it is stored. */
  note(beat: Omit<Beat, "state"> & { state: Beat["state"] | "ended" }): Promise<void>;
}

type Noted = Parameters<HeartbeatDesk["note"]>[0];

/** After a switch every agent speaks at once: those of a moment are one statement. */
const LINGER_MS = 10;
const MAX_BEATS = 1_000;
/** Who was silent for a day is forgotten; looked for once an hour. */
const FORGET_MS = 86_400_000;
const FORGET_EVERY_MS = 3_600_000;

/** Makes the desk. Only one write is under way; what comes meanwhile is the next one. */
export function createHeartbeatDesk(db: Db): HeartbeatDesk {
  let waiting: { noted: Noted; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let isWriting = false;
  let forgotAtMs = 0;
  const forget = async (nowMs: number) => {
    if (nowMs - forgotAtMs < FORGET_EVERY_MS) return;
    forgotAtMs = nowMs;
    // A row too many harms nobody: the next hour's look finds it.
    await deleteSilentInstances(db, new Date(nowMs - FORGET_MS)).catch(() => undefined);
  };
  const writeAll = async () => {
    await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
    while (waiting.length > 0) {
      const group = waiting.slice(0, MAX_BEATS);
      waiting = waiting.slice(MAX_BEATS);
      try {
        await write(
          db,
          group.map(({ noted }) => noted),
        );
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    await forget(Date.now());
    isWriting = false;
    if (waiting.length > 0) start();
  };
  const start = () => {
    isWriting = true;
    void writeAll();
  };
  return {
    note(noted) {
      return new Promise((resolve, reject) => {
        waiting.push({ noted, resolve, reject });
        if (!isWriting) start();
      });
    },
  };
}

async function write(db: Db, group: readonly Noted[]): Promise<void> {
  // The last word of each: an instance that ended says nothing after it.
  const last = new Map(
    group.map((noted) => [JSON.stringify([noted.projectId, noted.instanceId, noted.agent]), noted]),
  );
  const beats: Beat[] = [];
  for (const { state, ...noted } of last.values()) {
    if (state === "ended") await deleteInstance(db, noted);
    else beats.push({ ...noted, state });
  }
  await saveBeats(db, beats);
}
