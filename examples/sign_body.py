#!/usr/bin/env python3
"""Signs a body for the HTTP routes of leads (docs/leads-api.md), with nothing but Python's standard library.

    python3 examples/sign_body.py miner.key '{"limit": 10}'

prints the body with `wallet` and `signature`, as `curl --data @-` takes it.
"""
import base64
import json
import time

from miner import end, read_key, run, sign


def signed(address, secret, payload, seconds):
    text = str(int(seconds) // 300) + json.dumps(payload, sort_keys=True)
    signature = base64.b64encode(sign(secret, text.encode())).decode()
    return {"wallet": address, "signature": signature, **payload}


def main(arguments):
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    try:
        payload = json.loads(arguments[1])
    except ValueError as why:
        end(f"expected a JSON object: {why}")
    if not isinstance(payload, dict) or payload.keys() & {"wallet", "signature"}:
        end("expected a JSON object without wallet and signature")
    address, secret = read_key(arguments[0])
    print(json.dumps(signed(address, secret, payload, time.time())))


if __name__ == "__main__":
    run(main)
