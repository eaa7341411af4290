import { lstat, readdir, statfs } from "node:fs/promises";
import path from "node:path";

/** What a folder takes of its disk, and what is left there. In bytes. */
export interface FolderSize {
  usedBytes: number;
  /** Its direct children, the largest first. */
  parts: { name: string; bytes: number }[];
  /** What an ordinary user may still write. */
  freeBytes: number;
  totalBytes: number;
}

/**
 * Measures a folder by the blocks its files take: a spool's file is larger than what is written in it.
 * @throws the system's error where the folder cannot be read
 */
export async function measureFolder(folder: string): Promise<FolderSize> {
  const disk = await statfs(folder);
  const entries = await readdir(folder, { withFileTypes: true });
  const parts: FolderSize["parts"] = [];
  for (const { name } of entries) {
    parts.push({ name, bytes: await bytesOf(path.join(folder, name)) });
  }
  parts.sort((a, b) => b.bytes - a.bytes);
  return {
    usedBytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    parts,
    freeBytes: disk.bavail * disk.bsize,
    totalBytes: disk.blocks * disk.bsize,
  };
}

const BLOCK_BYTES = 512;

/** Files come and go while this looks: one that is gone takes nothing. A link counts as itself. */
async function bytesOf(name: string): Promise<number> {
  try {
    const stats = await lstat(name);
    const own = stats.blocks * BLOCK_BYTES;
    if (!stats.isDirectory()) return own;
    const children = await readdir(name);
    let sum = own;
    for (const child of children) sum += await bytesOf(path.join(name, child));
    return sum;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
}
