// A worker that polls a Sluice node for tasks: the same as task_worker.py, in TypeScript.
//
//   node task_worker.ts http://127.0.0.1:8800 miner.key            for ever
//   node task_worker.ts http://127.0.0.1:8800 miner.key --tasks 1  so many answers, then exit code 0
//
// Every request is signed (docs/consensus-api.md, "Workers"); an answer that may have been lost is sent again, and
// counts once. keys.ts states how it is run. What to change is `work`.
import { createHash } from "node:crypto";
import { call, flagsOf, pause, readKey, Refused, sign, type Key } from "./keys.ts";

const resultBytesMax = 8 * 1024;
const fetchedMax = 16;

interface Task {
  task_id: string;
  task_type: string;
  payload: string;
}

// ---- The work: this is yours

const words = (text: string): string[] =>
  text.replace(/[A-Z]/g, (c) => c.toLowerCase()).match(/[a-z0-9\u{80}-\u{10ffff}]+/gu) ?? [];

function byLine(text: string, change: (line: string, number: number) => string): string {
  const lines = text.split("\n");
  if (lines.at(-1) === "")
    lines.pop();
  return lines.map((line, i) => change(line, i + 1)).join("\n");
}

/** What the workers of `sluice miner --strategy worker` do too, so that results can be compared. */
function work(taskType: string, payload: string): string | undefined {
  const backwards = (text: string): string => words(text).reverse().join(" ");
  switch (taskType) {
    case "transcription":
      return words(payload).join(" ");
    case "tts": {
      const count = words(payload).length;
      return `${count} words, ${Math.ceil((count * 60) / 150)} s`;
    }
    case "summarization":
      return (payload.match(/[^.!?]*[.!?]|[^.!?]+$/g) ?? []).slice(0, 2).join("");
    case "translation":
      return backwards(payload);
    case "video_transcription":
      return byLine(payload, (line, number) => `${number}: ${words(line).join(" ")}`);
    case "text_translation":
      return words(payload).map((word) => [...word].reverse().join("")).join(" ");
    case "document_translation":
      return byLine(payload, backwards);
    default:
      return undefined; // of a later version: nothing is answered
  }
}

/** Nothing empty, nothing too long, no half character. */
function bounded(result: string): string {
  let end = result.length;
  while (Buffer.byteLength(result.slice(0, end)) > resultBytesMax)
    end = Math.min(end - 1, Math.floor((end * resultBytesMax) / Buffer.byteLength(result.slice(0, end))));
  return result.slice(0, end).replace(/[\ud800-\udbff]$/, "") || "-";
}

// ---- Signed calls

/** The six lines of rules/consensus/signed_call.hpp. */
function signedText(target: string, address: string, issued: number, body: string): string {
  const digest = createHash("sha256").update(body, "utf8").digest("hex");
  return ["sluice consensus call 1", "POST", target, address, issued, digest].join("\n");
}

function post(url: string, key: Key, target: string, fields: object): Promise<unknown> {
  const body = JSON.stringify(fields);
  const issued = Date.now();
  const headers = {
    "Content-Type": "application/json",
    "X-Hotkey": key.address,
    "X-Issued": String(issued),
    "X-Signature": sign(key, signedText(target, key.address, issued, body)),
  };
  return call(url + target, { method: "POST", headers, body });
}

/** True when the node has this worker's answer. */
async function answer(url: string, key: Key, task: Task): Promise<boolean> {
  const result = work(task.task_type, task.payload);
  if (result === undefined) {
    console.log(`passed over ${task.task_id} ${task.task_type}`);
    return false;
  }
  try {
    const state = await post(url, key, `/task/${task.task_id}/responses`, { result: bounded(result) });
    console.log(`answered ${task.task_id} ${task.task_type} ${(state as { status: string }).status}`);
    return true;
  } catch (why) {
    if (!(why instanceof Refused))
      throw why;
    console.log(`not taken ${task.task_id} ${why.message}`);
    return why.status === 409; // it was there before
  }
}

async function main(argv: string[]): Promise<void> {
  const { words: given, flags } = flagsOf(argv, ["--tasks", "--idle"]);
  const [address, keyFile] = given;
  if (!address || !keyFile)
    throw new Error("expected URL HOTKEYFILE [--tasks N] [--idle SECONDS]");
  const url = address.replace(/\/+$/, "");
  const key = readKey(keyFile);
  const wanted = Number(flags.get("--tasks") ?? 0);
  const idle = Number(flags.get("--idle") ?? 1);
  let answered = 0;
  let failures = 0;
  let registered = false;
  while (wanted === 0 || answered < wanted) {
    let wait = 0;
    try {
      if (!registered) {
        const { miner_uid } = (await post(url, key, "/miners/register", {})) as { miner_uid: number };
        console.log(`registered ${miner_uid}`);
        registered = true;
      }
      const { tasks } = (await post(url, key, "/tasks/fetch", { limit: fetchedMax })) as { tasks: Task[] };
      failures = 0;
      for (const task of tasks)
        answered += (await answer(url, key, task)) ? 1 : 0;
      wait = tasks.length > 0 ? 0 : idle;
    } catch (why) {
      if (why instanceof Refused) {
        console.log(`refused ${why.message}`);
        wait = 30;
      } else {
        console.log(`lost ${String(why)}`);
        failures = Math.min(failures + 1, 6);
        registered = false;
        wait = 2 ** (failures - 1);
      }
    }
    await pause(wait);
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (why) => {
    console.error(String(why));
    process.exit(2);
  });
