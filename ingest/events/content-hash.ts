/**
 * A 128-bit hash of bytes: MurmurHash3_x86_128 (Austin Appleby, public domain).
 *
 * It answers one question: did a retry of an identity send the same content? It only ever compares two
 * contents of one identity of one project, so a sender who builds a collision deceives nobody else, and the
 * first content stays either way. Node's own digests need several times as long for a text this short.
 * @param bytes begins at a multiple of 4 in its memory, and has 16 bytes more than `length`: they are overwritten.
 * @returns 16 bytes.
 */
export function hashBytes(bytes: Buffer, length: number): Buffer {
  // Zeros behind the text: the last block is hashed like any other, and the length tells "a" from "a\0".
  const end = Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES;
  bytes.fill(0, length, end);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, end >> 2);
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  for (let i = 0; i < words.length; i += 4) {
    h1 ^= scramble(words[i] as number, C1, 15, C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= scramble(words[i + 1] as number, C2, 16, C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= scramble(words[i + 2] as number, C3, 17, C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= scramble(words[i + 3] as number, C4, 18, C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  return finish(h1 ^ length, h2 ^ length, h3 ^ length, h4 ^ length);
}

const BLOCK_BYTES = 16;
const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

function finish(a: number, b: number, c: number, d: number): Buffer {
  const sum = (a + b + c + d) | 0;
  const m1 = mix(sum);
  const m2 = mix((b + sum) | 0);
  const m3 = mix((c + sum) | 0);
  const m4 = mix((d + sum) | 0);
  const all = (m1 + m2 + m3 + m4) | 0;
  const hash = Buffer.allocUnsafe(16);
  hash.writeInt32LE(all, 0);
  hash.writeInt32LE((m2 + all) | 0, 4);
  hash.writeInt32LE((m3 + all) | 0, 8);
  hash.writeInt32LE((m4 + all) | 0, 12);
  return hash;
}

function scramble(k: number, multiplier: number, bits: number, next: number): number {
  return Math.imul(rotate(Math.imul(k, multiplier), bits), next);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
