#!/usr/bin/env python3
"""Bundles what the tests of sim/ and net/ read, from ../shared: all Uniswap corpora, half of
the Slipstream ones and what an indexer sees of them, a sample of the math vectors.

Usage: tests/data/make_vectors.py   (needs zstd)
"""
import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
SHARED = pathlib.Path(os.environ.get("SLUICE_SHARED") or HERE.parent.parent.parent / "shared")
SAMPLE = {  # every k-th line; reverts are kept more often
    "full-math": 9, "liquidity-amounts": 10, "liquidity-math": 3, "ratio-to-tick": 12,
    "sqrt-price-math": 16, "swap-step": 12, "tick-bitmap": 4, "tick-to-ratio": 12,
    "tick-checksums": 1,
}
REVERTS_PER_KIND = 60
SLIPSTREAM_OPERATIONS = 1000  # of each corpus; all of them would weigh twice as much


def pack(name: str, text: str) -> None:
    plain = HERE / name  # from a file, so that zstd notes the size, which the reader asks for
    plain.write_text(text)
    subprocess.run(["zstd", "-19", "-q", "-f", "--rm", plain], check=True)


def sample(lines: list[str], every: int) -> list[str]:
    kept, reverts = [], {}
    for i, line in enumerate(lines):
        case = json.loads(line)
        kind = (case["fn"], case["revert"]) if "revert" in case else None
        reverts[kind] = reverts.get(kind, 0) + 1
        if i % every == 0 or (kind and reverts[kind] <= REVERTS_PER_KIND):
            kept.append(line)
    return kept


def beginning(lines: list[str], operations: int) -> str:
    """The first operations of a corpus, with the checkpoints between them and an end."""
    kept = [line for line in lines[:-1] if json.loads(line).get("i", 0) < operations]
    return "\n".join([*kept, f'{{"type":"end","ops":{operations}}}']) + "\n"


def indexed(corpus: pathlib.Path, lines: list[str], operations: int) -> str:
    """The indexer's rows of the first operations, without what no reader looks at."""
    ops = [json.loads(line) for line in lines if '"type":"op"' in line]
    last = max(op["blockNumber"] for op in ops if op["i"] < operations)
    rows = map(json.loads, corpus.with_suffix(".indexer.jsonl").read_text().splitlines())
    unread = ("evt_tx_hash", "evt_tx_index", "sender", "recipient")
    return "".join(
        json.dumps({k: v for k, v in row.items() if k not in unread}, separators=(",", ":")) + "\n"
        for row in rows if row["evt_block_number"] < last)


def main() -> None:
    for corpus in sorted((SHARED / "vectors/uniswap-v3").glob("p?-*[0-9].jsonl")):
        pack(corpus.name, corpus.read_text())
    for corpus in sorted((SHARED / "vectors/slipstream").glob("s?-*[0-9].jsonl")):
        lines = corpus.read_text().splitlines()
        pack(corpus.name, beginning(lines, SLIPSTREAM_OPERATIONS))
        rows = indexed(corpus, lines, SLIPSTREAM_OPERATIONS)
        pack(corpus.with_suffix(".indexer.jsonl").name, rows)
    for name, every in SAMPLE.items():
        lines = (SHARED / f"vectors/math/{name}.jsonl").read_text().splitlines()
        pack(f"math-{name}.jsonl", "\n".join(sample(lines, every)) + "\n")
    pack("bench-spec.json", (SHARED / "vectors/uniswap-v3/bench-spec.json").read_text())


if __name__ == "__main__":
    main()
