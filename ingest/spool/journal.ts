import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { decodeFrames, encodeFrame } from "@/ingest/spool/journal-frame";
import { lastSequenceOf, type StagedGroup } from "@/ingest/spool/staged-group";

const FILES = ["journal-a", "journal-b"] as const;
/** Each file's. More than LMDB is ever behind, but for a disk that hangs; then groups go to it directly. */
const FILE_BYTES = 4 * 1024 * 1024;

const fdatasync = promisify(fs.fdatasync);

interface JournalFile {
  fd: number;
  /** Where the next frame goes. */
  end: number;
  /** Number of the last record in it; 0: none since it was opened. */
  lastSequence: number;
}

/**
 * Where a small group is flushed to before LMDB has it.
 *
 * A commit of LMDB writes some twenty scattered pages and flushes twice (data, then its root): 0.8 ms where one write
 * and one flush are 0.3 ms. With sixteen clients that each wait for their answer that was the limit of one event a
 * request (docs/benchmarks.md). Own code: what npm has are write-ahead logs of one maintainer before their first release
 * (`writeahead` 0.0, `@zamurai/wal` 0.4), or with appends that block the thread until the disk answers (`process-wal`).
 *
 * Two files of a fixed size, written in turn: while LMDB takes what is in one, new groups go to the other. They are
 * filled with zeros first: a flush of blocks that exist already does not have to write where they are.
 */
export class Journal {
  readonly #files: [JournalFile, JournalFile];
  #active = 0;
  #isBroken = false;

  private constructor(files: [JournalFile, JournalFile]) {
    this.#files = files;
  }

  /** Opens or makes both files. @throws the disk's error, with nothing open */
  static open(dir: string): Journal {
    const opened: number[] = [];
    try {
      const [a, b] = FILES.map((name) => {
        const fd = openAtSize(path.join(dir, name));
        opened.push(fd);
        return { fd, end: 0, lastSequence: 0 };
      });
      if (!a || !b) throw new Error("unreachable: there are two files");
      flushDirectory(dir);
      return new Journal([a, b]);
    } catch (error) {
      for (const fd of opened) fs.closeSync(fd);
      throw error;
    }
  }

  /** Groups that both files hold, in order; some, or all, are in LMDB already. */
  static read(dir: string): StagedGroup[] {
    return FILES.map((name) => path.join(dir, name))
      .filter((file) => fs.existsSync(file))
      .flatMap((file) => decodeFrames(fs.readFileSync(file)))
      .sort((a, b) => a.firstSequence - b.firstSequence);
  }

  /**
   * Writes and flushes a group, after all before it.
   * @returns false where there is no room.
   * @throws the disk's error; the journal takes no more then, as nobody knows what a failed flush left on the disk.
   */
  async append(group: StagedGroup): Promise<boolean> {
    const file = this.#files[this.#active];
    if (!file || this.#isBroken) return false;
    const frame = encodeFrame(group);
    if (file.end + frame.length > FILE_BYTES) return false;
    try {
      // Into the page cache: that is a copy. Only the flush waits for the disk.
      const written = fs.writeSync(file.fd, frame, 0, frame.length, file.end);
      if (written < frame.length) throw new Error(`${written} of ${frame.length} bytes written`);
      await fdatasync(file.fd);
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
    file.end += frame.length;
    file.lastSequence = lastSequenceOf(group);
    return true;
  }

  /** Goes to the other file where LMDB has all that is in that. @param storedSequence the last record LMDB has */
  turn(storedSequence: number): void {
    const other = this.#files[1 - this.#active];
    if (!other || other.lastSequence > storedSequence) return;
    other.end = 0;
    this.#active = 1 - this.#active;
  }

  close(): void {
    for (const { fd } of this.#files) fs.closeSync(fd);
  }
}

function openAtSize(file: string): number {
  const fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT);
  try {
    const { size } = fs.fstatSync(fd);
    if (size < FILE_BYTES) {
      const zeros = Buffer.alloc(FILE_BYTES - size);
      for (let at = 0; at < zeros.length; ) {
        at += fs.writeSync(fd, zeros, at, zeros.length - at, size + at);
      }
      fs.fsyncSync(fd);
    }
    return fd;
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

/** A new file is on the disk when its directory is. Windows cannot, and need not. */
function flushDirectory(dir: string): void {
  if (process.platform === "win32") return;
  const fd = fs.openSync(dir, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
