import type { CountTokens } from "../estimate.ts";
import type { Heartbeats } from "../heartbeats.ts";
import type { Recorder } from "../queue/recorder.ts";
import type { HoldDeps } from "../reservations/keep-hold.ts";
import type { Run } from "../run/run.ts";
import type { RunHandle, Tags } from "../types.ts";
import type { ActiveCalls } from "./active-calls.ts";
import type { AdmitDeps } from "./admit-call.ts";

/** What guarding calls needs. */
export interface GuardDeps extends AdmitDeps {
  active: ActiveCalls;
  heartbeats: Heartbeats;
  recorder: Recorder;
  hold: HoldDeps;
  /** The guard's own, for calls outside of runs. */
  tags: Tags;
  sendsContent: boolean;
  countTokens: CountTokens | undefined;
  /** The run that a call belongs to: the one that was passed, else the one around it. */
  findRun(given: RunHandle | undefined): Run | null;
  /** A fault of our own, which is told and never thrown. */
  onFault(fault: unknown): void;
}
