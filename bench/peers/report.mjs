// What every peer prints: a line for each workload, and an error when it did not calculate what the chain did.
import { readFileSync } from 'node:fs';

export const spec = JSON.parse(readFileSync(process.argv[2], 'utf8'));

/** Throws unless every value that the peer knows is the expected one. */
export function check(peer, workload, sum, after) {
  const wrong = (what, got, expected) => {
    throw new Error(`${peer}, ${workload.name}: ${what} is ${got}, expected ${expected}`);
  };
  if (String(sum) !== workload.sum) wrong('sum', sum, workload.sum);
  for (const [name, got] of Object.entries(after))
    if (String(got) !== String(workload.after[name])) wrong(`after.${name}`, got, workload.after[name]);
}

export const report = (peer, workload, cpuSeconds) =>
  console.log([peer, workload.name, workload.n, cpuSeconds.toFixed(9)].join('\t'));
