// A validator's reports on miners for a Sluice node: the same as consensus_report.py, in TypeScript.
//
//   node consensus_report.ts http://127.0.0.1:8800 miners.json --uid 13 --api-key-file key.txt
//   node consensus_report.ts http://127.0.0.1:8800 miners.json --uid 13 --hotkey validator.key --every 60
//
// miners.json is a list of objects with what you know of each miner; what a connection shows is measured. With a key
// the report is a form, with --hotkey it is JSON, signed (docs/consensus-api.md). Exit code 0: taken, 1: refused, 2: wrong
// flags, 3: not reached. keys.ts states how it is run. What to change is `measured`.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { call, flagsOf, pause, readKey, Refused, sign, type Key } from "./keys.ts";

const path = "/api/v1/validators/miner-status";
const triesMax = 6; // of one report
const patienceMs = 2000;
const atOnce = 16; // connections

interface MinerStatus {
  uid: number;
  ip?: string;
  port?: number;
  is_serving?: boolean;
  performance_score?: number;
  last_seen?: string;
  [more: string]: unknown;
}

type Proof = { apiKey: string } | { key: Key };

// ---- What is reported: this is yours

/** Milliseconds until it took a connection; undefined: it does not. */
function connects(host: string, port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const begun = performance.now();
    const socket = connect({ host, port, timeout: patienceMs });
    const end = (took: number | undefined): void => {
      socket.destroy();
      done(took);
    };
    socket.once("connect", () => end(performance.now() - begun));
    socket.once("timeout", () => end(undefined));
    socket.once("error", () => end(undefined));
  });
}

async function measured(miner: MinerStatus): Promise<MinerStatus> {
  if (miner.ip === undefined || miner.port === undefined)
    return miner;
  const took = await connects(miner.ip, miner.port);
  if (took === undefined)
    return { ...miner, is_serving: false };
  return {
    ...miner,
    is_serving: true,
    performance_score: Math.round(1000 * Math.max(0, 1 - took / patienceMs)) / 1000,
    last_seen: new Date().toISOString(),
  };
}

async function statusesOf(miners: MinerStatus[]): Promise<MinerStatus[]> {
  const all: MinerStatus[] = [];
  for (let i = 0; i < miners.length; i += atOnce)
    all.push(...(await Promise.all(miners.slice(i, i + atOnce).map(measured))));
  return all;
}

// ---- The two forms of a report

/** The six lines of rules/consensus/signed_report.hpp. */
function signedText(address: string, uid: number, epoch: number, issued: number, list: string): string {
  const digest = createHash("sha256").update(list, "utf8").digest("hex");
  return ["sluice consensus report 1", address, uid, epoch, issued, digest].join("\n");
}

function requestOf(uid: number, epoch: number, statuses: MinerStatus[], proof: Proof): RequestInit {
  const list = JSON.stringify(statuses);
  if ("apiKey" in proof) {
    const form = { validator_uid: String(uid), epoch: String(epoch), miner_statuses: list };
    return { method: "POST", headers: { "X-API-Key": proof.apiKey }, body: new URLSearchParams(form) };
  }
  const issued = Date.now();
  const hotkey = proof.key.address;
  const signature = sign(proof.key, signedText(hotkey, uid, epoch, issued, list));
  const body = { validator_uid: uid, epoch, hotkey, issued, signature, miner_statuses: list };
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

// ---- Sending

/** Tries again with pauses, each time the same bytes: another report of one epoch would be evidence against us. */
async function send(url: string, request: RequestInit): Promise<unknown> {
  for (let attempt = 1; ; ++attempt) {
    try {
      return await call(url + path, request);
    } catch (why) {
      if (why instanceof Refused && why.status === 409 && attempt > 1)
        return { success: true, repeated: true }; // it was taken, and the answer was lost
      if (why instanceof Refused || attempt === triesMax)
        throw why;
      console.error(`not sent: ${String(why)}`);
      await pause(2 ** (attempt - 1) * (0.5 + Math.random() / 2));
    }
  }
}

async function main(argv: string[]): Promise<number> {
  const { words, flags } = flagsOf(argv, ["--uid", "--api-key-file", "--hotkey", "--epoch", "--every"]);
  const [url, minersFile] = words;
  const uid = Number(flags.get("--uid"));
  const keyFile = flags.get("--hotkey");
  const apiKeyFile = flags.get("--api-key-file");
  if (!url || !minersFile || !Number.isInteger(uid) || (keyFile === undefined) === (apiKeyFile === undefined))
    throw new Error("expected URL MINERS.json --uid UID and either --api-key-file FILE or --hotkey FILE");
  const proof: Proof = keyFile !== undefined
    ? { key: readKey(keyFile) }
    : { apiKey: readFileSync(apiKeyFile as string, "ascii").trim() };
  const every = flags.get("--every");
  for (;;) {
    const statuses = await statusesOf(JSON.parse(readFileSync(minersFile, "utf8")) as MinerStatus[]);
    const epoch = flags.has("--epoch") ? Number(flags.get("--epoch")) : Date.now();
    let code = 0;
    try {
      const answer = await send(url.replace(/\/+$/, ""), requestOf(uid, epoch, statuses, proof));
      console.log(`report ${epoch} ${JSON.stringify(answer)}`);
      code = (answer as { success?: boolean }).success ? 0 : 1;
    } catch (why) {
      code = why instanceof Refused ? 1 : 3;
      console.error(why instanceof Refused ? `refused: ${why.message}` : `not sent: ${String(why)}`);
    }
    if (every === undefined)
      return code;
    await pause(Number(every));
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (why) => {
    console.error(String(why));
    process.exit(2);
  });
