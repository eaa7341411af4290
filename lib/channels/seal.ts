import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/**
 * Secrets at rest: AES-256-GCM under a key that HKDF makes of the installation's one. What is sealed names its owner, so
 * that a row's secret is of no use in another row.
 */
const VERSION = "v1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What cannot be opened: it was sealed with another key, or altered. Its message is for people. */
export class SealError extends Error {
  constructor(options?: ErrorOptions) {
    super(
      "What is stored cannot be decrypted: OUTLAY_SECRET_KEY is not what it was encrypted with. Set it as it was, or make the channel anew.",
      options,
    );
    this.name = "SealError";
  }
}

/** Encrypts a text. @param owner whose it is, such as its row's id @returns ASCII, at most 4/3 of it and 50 characters */
export function seal(sealingSecret: string, owner: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(sealingSecret), nonce);
  cipher.setAAD(Buffer.from(owner));
  const sealed = [cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
  return `${VERSION}.${Buffer.concat([nonce, ...sealed]).toString("base64url")}`;
}

/** Decrypts what `seal` made for this owner. @throws SealError */
export function unseal(sealingSecret: string, owner: string, sealed: string): string {
  const [version, payload = "", ...rest] = sealed.split(".");
  const bytes = Buffer.from(payload, "base64url");
  if (version !== VERSION || rest.length > 0 || bytes.length < NONCE_BYTES + TAG_BYTES) {
    throw new SealError();
  }
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", keyOf(sealingSecret), nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(owner));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch (cause) {
    throw new SealError({ cause });
  }
}

function keyOf(sealingSecret: string): Buffer {
  return Buffer.from(hkdfSync("sha256", sealingSecret, "", "outlay channels v1", 32));
}
