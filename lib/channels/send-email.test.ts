import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, expect, test } from "vitest";
import type { Notice } from "@/lib/channels/notice";
import { sendEmail } from "@/lib/channels/send-email";

interface Mail {
  from: string;
  to: string[];
  text: string;
  isEncrypted: boolean;
  user: string | undefined;
}

const servers: SMTPServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

/** A real mail server on loopback. */
async function serveMail(
  options: SMTPServerOptions = {},
): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString("utf8"),
          isEncrypted: session.secure,
          user: session.user === undefined ? undefined : String(session.user),
        });
        done();
      });
    },
    onAuth({ username = "", password }, _session, done) {
      if (password === "right") done(null, { user: username });
      else done(new Error("Invalid username or password"));
    },
    ...options,
  });
  servers.push(server);
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.server.address();
  return { port: typeof address === "object" && address ? address.port : 0, mails };
}

/** Reads a header's encoded words (RFC 2047, the Q encoding). */
function readWords(header: string): string {
  return header
    .replace(/\?= =\?UTF-8\?Q\?/g, "")
    .replace(/^=\?UTF-8\?Q\?|\?=$/g, "")
    .replaceAll("_", " ")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const config = { type: "email" as const, to: ["ada@example.com", "grace@example.com"] };
const notice: Notice = {
  id: "0b8f6d1e-0000-4000-8000-000000000001",
  dedupKey: "k",
  event: "alert",
  publicUrl: "https://outlay.example.com",
  alerts: [
    {
      id: "a-1",
      kind: "threshold",
      project: "shop",
      title: 'Agents "<img>"\r\nBcc: victim@example.com\r\n\r\nbody',
      lines: ["70 % & more\n.\nQUIT"],
      toldTo: "lead",
      whatStopsNext: "At 100 % calls that do not fit are refused.",
      since: "2026-07-01T10:00:00Z",
      severity: "warning",
      link: "/budgets/b-1",
      facts: null,
    },
  ],
};

test("a mail server gets one mail with fixed id, both forms, everything escaped and no header from a name", async () => {
  const { port, mails } = await serveMail();
  const url = `smtp://127.0.0.1:${port}?from=alerts@outlay.example.com`;
  const receipt = await sendEmail(url, config, notice);
  expect(receipt).toMatchObject({ status: 250 });
  await sendEmail(url, config, notice);
  const [mail, again] = mails;
  expect(mail).toMatchObject({ from: "alerts@outlay.example.com", to: config.to });
  const [head = "", body = ""] = (mail?.text ?? "").split(/\r\n\r\n([\s\S]*)/);
  const unfolded = head.replace(/\r\n\s+/g, " ");
  const idOf = (text = "") => /^Message-ID: (.*)$/im.exec(text)?.[1];
  expect(idOf(unfolded)).toBe(`<${notice.id}@outlay.example.com>`);
  expect(idOf(again?.text)).toBe(idOf(mail?.text));
  expect(unfolded).toMatch(/^From: Outlay <alerts@outlay\.example\.com>$/m);
  expect(unfolded).toMatch(/^To: ada@example\.com, grace@example\.com$/m);
  expect(unfolded).toMatch(/^Auto-Submitted: auto-generated$/m);
  const subject = readWords(/^Subject: (.*)$/m.exec(unfolded)?.[1] ?? "");
  expect(subject).toBe('[Outlay] Agents "<img>" Bcc: victim@example.com body');
  expect(unfolded).not.toMatch(/^Bcc:/im);
  expect(unfolded).toMatch(/^Content-Type: multipart\/alternative/m);
  const plain = body.replace(/=\r\n/g, "").replaceAll("=3D", "=");
  expect(plain).toContain("70 % & more . QUIT");
  expect(plain).toContain("https://outlay.example.com/budgets/b-1");
  expect(plain).toContain("Agents &quot;&lt;img&gt;&quot;");
  expect(plain.slice(plain.indexOf("text/html"))).not.toContain("<img>");
});

test("without ?from= the sender is outlay@ the public host, and without SMTP_URL it is a failure that says so", async () => {
  const { port, mails } = await serveMail();
  await sendEmail(`smtp://127.0.0.1:${port}`, config, notice);
  expect(mails[0]?.from).toBe("outlay@outlay.example.com");
  await expect(sendEmail(null, config, notice)).rejects.toThrow("The setting SMTP_URL is not set.");
});

test("a user and password are used, and wrong ones are a failure that does not hold the password", async () => {
  const { port, mails } = await serveMail({ authOptional: false, allowInsecureAuth: true });
  await sendEmail(`smtp://ada:right@127.0.0.1:${port}`, config, notice);
  expect(mails[0]?.user).toBe("ada");
  const wrong = sendEmail(`smtp://ada:s3cr3t-word@127.0.0.1:${port}`, config, notice);
  await expect(wrong).rejects.toMatchObject({
    message: expect.stringMatching(/^The mail server did not take it: .*Invalid/),
    status: 535,
  });
  await expect(wrong).rejects.not.toThrow(/s3cr3t/);
  await expect(sendEmail(`smtp://127.0.0.1:${port}`, config, notice)).rejects.toThrow(/530|auth/i);
  expect(mails).toHaveLength(1);
});

test("STARTTLS is used where it is offered, an unknown certificate is refused, and a server without it too where it is required", async () => {
  const { port, mails } = await serveMail({ disabledCommands: [] });
  const refused = sendEmail(`smtp://127.0.0.1:${port}`, config, notice);
  await expect(refused).rejects.toThrow(/certificate|altnames|self.signed/i);
  const trusting = `smtp://127.0.0.1:${port}?tls.rejectUnauthorized=false`;
  await sendEmail(trusting, config, notice);
  expect(mails.map(({ isEncrypted }) => isEncrypted)).toEqual([true]);
  const bare = await serveMail();
  const required = `smtp://127.0.0.1:${bare.port}?requireTLS=true`;
  await expect(sendEmail(required, config, notice)).rejects.toThrow(/did not take it/);
  expect(bare.mails).toEqual([]);
});

test("a server that refuses everybody is a failure with its status; one that refuses some took it", async () => {
  const { port, mails } = await serveMail({
    onRcptTo({ address }, _session, done) {
      const isKnown = address.startsWith("ada");
      done(isKnown ? null : Object.assign(new Error("no such mailbox"), { responseCode: 550 }));
    },
  });
  const url = `smtp://127.0.0.1:${port}`;
  const receipt = await sendEmail(url, config, notice);
  expect(receipt.text).toMatch(/^250 .*; 1 recipients were refused$/);
  expect(mails[0]?.to).toEqual(["ada@example.com"]);
  const nobody = { ...config, to: ["nobody@example.com"] };
  await expect(sendEmail(url, nobody, notice)).rejects.toMatchObject({ status: 550 });
});
