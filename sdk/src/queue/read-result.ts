/** What the server says of single ones. */
export interface SendResult {
  rejected: { index: number; why: string }[];
  conflicts: number;
}

/** What the server says of single ones; null: nothing that can be read. */
export function readResult(text: string): SendResult | null {
  try {
    const { rejected, conflicts } = JSON.parse(text) as Record<string, unknown>;
    const faults = (Array.isArray(rejected) ? rejected : []).map((one) => {
      const { index, errors } = one as { index: number; errors?: unknown };
      return { index, why: JSON.stringify(errors ?? "rejected").slice(0, 300) };
    });
    return { rejected: faults, conflicts: Array.isArray(conflicts) ? conflicts.length : 0 };
  } catch {
    return null;
  }
}
