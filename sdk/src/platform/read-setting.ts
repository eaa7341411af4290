/** A setting of the process that the guard runs in; undefined also where there are none. */
export function readSetting(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name];
}
