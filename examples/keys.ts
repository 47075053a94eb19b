// Key files of `sluice keys new` and Ed25519 signatures for the TypeScript clients beside this file. Types can be
// erased: Node.js from 22.18 on runs these files as they are, older ones what `esbuild --bundle --platform=node
// --format=esm` makes of them.
import { createPrivateKey, createPublicKey, sign as signBytes, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";

export interface Key {
  address: string; // SS58, the hotkey
  secret: KeyObject;
}

const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex"); // of an Ed25519 seed, RFC 8410

export function readKey(path: string): Key {
  const fields = new Map<string, string>();
  for (const line of readFileSync(path, "ascii").split("\n")) {
    const [name, value] = line.trim().split(/\s+/, 2);
    if (name && value && !name.startsWith("#"))
      fields.set(name, value);
  }
  const need = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined)
      throw new Error(`${path}: expected a line "${name} ...", as sluice keys new writes it`);
    return value;
  };
  const der = Buffer.concat([pkcs8Head, Buffer.from(need("secret"), "hex")]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  if (publicKey.toString("hex") !== need("public"))
    throw new Error(`${path}: the secret does not belong to the public key`);
  return { address: need("address"), secret };
}

/** Base64, as the HTTP interface has it. */
export function sign(key: Key, text: string): string {
  return signBytes(null, Buffer.from(text, "utf8"), key.secret).toString("base64");
}

/** `--name value` and bare words of a command line; a flag that is not in `known` is an error. */
export function flagsOf(argv: string[], known: string[]): { words: string[]; flags: Map<string, string> } {
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let i = 0; i < argv.length; ++i) {
    const word = argv[i] as string;
    if (!word.startsWith("--")) {
      words.push(word);
      continue;
    }
    const value = argv[++i];
    if (!known.includes(word) || value === undefined)
      throw new Error(`${word}: expected one of ${known.join(", ")}, each with a value`);
    flags.set(word, value);
  }
  return { words, flags };
}

/** The node will not take it, however often it is sent. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, text: string) {
    super(`${status} ${text}`);
    this.status = status;
  }
}

/** The answer's object. Refused: it would be the same again; another error: it may be another time. */
export async function call(url: string, init: RequestInit): Promise<unknown> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  const text = await answer.text();
  if (answer.ok)
    return JSON.parse(text);
  const later = answer.status === 429 || answer.status >= 500;
  throw later ? new Error(`${answer.status} ${text}`) : new Refused(answer.status, text);
}

export const pause = (seconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, 1000 * seconds));
