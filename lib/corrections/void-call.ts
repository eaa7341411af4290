import type { WholeCallAnswer } from "@/lib/calls/call-schemas";
import {
  type CallCorrection,
  type CallCorrectionContext,
  setCallCounted,
} from "@/lib/corrections/set-call-counted";

/** Takes a call out of every sum; it stays in sight, with the reason. @throws OutlayError as `setCallCounted` */
export function voidCall(
  context: CallCorrectionContext,
  asked: CallCorrection,
): Promise<WholeCallAnswer> {
  return setCallCounted(context, asked, false);
}
