#!/usr/bin/env python3
"""Signs a report of miner statuses (docs/consensus-reports.md), with nothing but Python's standard library.

    python3 examples/sign_report.py validator.key UID EPOCH '[{"uid": 7, "hotkey": "5C9T..."}]'

prints the JSON body that POST /api/v1/validators/miner-status takes, as `curl --data @-` sends it. EPOCH has to rise
with every report: two different ones of one epoch are kept as evidence against the validator. `--issued MS` states
another moment than now (milliseconds since 1970-01-01 UTC), `--text` prints what is signed instead.
"""
import argparse
import base64
import hashlib
import json
import time

from miner import end, read_key, run, sign


def report_text(hotkey, uid, epoch, issued, statuses):
    digest = hashlib.sha256(statuses.encode()).hexdigest()
    return "\n".join(["sluice consensus report 1", hotkey, str(uid), str(epoch), str(issued), digest])


def signed(hotkey, secret, uid, epoch, issued, statuses):
    text = report_text(hotkey, uid, epoch, issued, statuses)
    return {
        "validator_uid": uid,
        "epoch": epoch,
        "hotkey": hotkey,
        "issued": issued,
        "signature": base64.b64encode(sign(secret, text.encode())).decode(),
        "miner_statuses": statuses,
    }


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("key", help="key file of the validator's hotkey (sluice keys new)")
    parser.add_argument("uid", type=int)
    parser.add_argument("epoch", type=int)
    parser.add_argument("statuses", help="the list, as JSON; its bytes are what is signed")
    parser.add_argument("--issued", type=int, default=None)
    parser.add_argument("--text", action="store_true")
    given = parser.parse_args(arguments)
    try:
        statuses = json.loads(given.statuses)
    except ValueError as why:
        end(f"expected a JSON list of miner statuses: {why}")
    if not isinstance(statuses, list):
        end("expected a JSON list of miner statuses")
    issued = int(time.time() * 1000) if given.issued is None else given.issued
    hotkey, secret = read_key(given.key)
    if given.text:
        print(report_text(hotkey, given.uid, given.epoch, issued, given.statuses), end="")
    else:
        print(json.dumps(signed(hotkey, secret, given.uid, given.epoch, issued, given.statuses)))


if __name__ == "__main__":
    run(main)
