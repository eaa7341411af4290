import type { WholeCallAnswer } from "@/lib/calls/call-schemas";
import {
  type CallCorrection,
  type CallCorrectionContext,
  setCallCounted,
} from "@/lib/corrections/set-call-counted";

/** Puts a voided call back into every sum, at its own time. @throws OutlayError as `setCallCounted` */
export function restoreCall(
  context: CallCorrectionContext,
  asked: CallCorrection,
): Promise<WholeCallAnswer> {
  return setCallCounted(context, asked, true);
}
