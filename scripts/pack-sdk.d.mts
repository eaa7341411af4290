/** Builds, packs and installs the npm package into a folder. @returns the module's file */
export function packSdk(folder: string): Promise<string>;
