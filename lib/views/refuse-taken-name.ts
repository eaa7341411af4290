import { isTaken } from "@/db/is-taken";
import { OutlayError } from "@/lib/errors";

/** Runs a change of views. @throws OutlayError `conflict` where its owner has another view of this name */
export async function refusingTakenName<Result>(
  name: string,
  change: () => Promise<Result>,
): Promise<Result> {
  try {
    return await change();
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new OutlayError("conflict", `There is a view ${JSON.stringify(name)} already.`, {
      errors: [{ path: "name", message: "is taken" }],
      cause: error,
    });
  }
}
