#!/usr/bin/env python3
"""A validator's reports on miners for a Sluice node, in one file with nothing but Python's standard library.

    python3 examples/consensus_report.py http://127.0.0.1:8800 miners.json --uid 13 --api-key-file key.txt
    python3 examples/consensus_report.py http://127.0.0.1:8800 miners.json --uid 13 --hotkey validator.key --every 60

miners.json is a list of objects with what you know of each miner: uid and hotkey, ip and port, stake, max_capacity,
current_load, task_type_specialization. What can be measured from outside is measured before each report, all miners
at a time: does a miner take connections (is_serving, last_seen), and how quickly (performance_score). What you do not
know is left out: a node lowers its confidence for what is missing, and is misled by what is made up.

With --api-key-file the report is a form and the key (of `sluice api-key new --role validator`) proves who sends it.
With --hotkey it is JSON, signed with that file of `sluice keys new` (docs/consensus-api.md): no key is needed.
Without --every it sends one report and ends: exit code 0 when the node took it, 1 when it refused, 3 when it could
not be reached. What to change is `measured`.
"""
import argparse
import base64
import concurrent.futures
import datetime
import hashlib
import http.client
import json
import random
import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from miner import cause, end, read_key, read_text, run, sign

PATH = "/api/v1/validators/miner-status"
ANSWER_BYTES_MAX = 1 << 20
TRIES_MAX = 6  # of one report; 1, 2, 4, ... seconds between them


# ---- What is reported: this is yours --------------------------------------------------------------------


def measured(miner, patience=2.0):
    """What is known of a miner, and what a connection to it shows."""
    status = dict(miner)
    if "ip" not in miner or "port" not in miner:
        return status
    begun = time.monotonic()
    try:
        socket.create_connection((miner["ip"], miner["port"]), timeout=patience).close()
    except OSError:
        status["is_serving"] = False
        return status
    took = time.monotonic() - begun
    status["is_serving"] = True
    status["performance_score"] = round(max(0.0, 1.0 - took / patience), 3)
    now = datetime.datetime.now(datetime.timezone.utc)
    status["last_seen"] = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return status


def statuses_of(miners):
    with concurrent.futures.ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(measured, miners))


# ---- The two forms of a report (docs/consensus-api.md) ---------------------------------------------------


def keyed_request(url, uid, epoch, statuses, api_key):
    form = {"validator_uid": uid, "epoch": epoch, "miner_statuses": json.dumps(statuses)}
    return urllib.request.Request(
        url + PATH, urllib.parse.urlencode(form).encode(),
        {"Content-Type": "application/x-www-form-urlencoded", "X-API-Key": api_key})


def signed_text(address, uid, epoch, issued, miner_statuses):
    """The six lines of rules/consensus/signed_report.hpp."""
    digest = hashlib.sha256(miner_statuses.encode()).hexdigest()
    return f"sluice consensus report 1\n{address}\n{uid}\n{epoch}\n{issued}\n{digest}"


def signed_request(url, uid, epoch, statuses, address, secret):
    issued, text = int(time.time() * 1000), json.dumps(statuses)
    signature = sign(secret, signed_text(address, uid, epoch, issued, text).encode())
    body = {"validator_uid": uid, "epoch": epoch, "hotkey": address, "issued": issued,
            "signature": base64.b64encode(signature).decode(), "miner_statuses": text}
    return urllib.request.Request(url + PATH, json.dumps(body).encode(),
                                  {"Content-Type": "application/json"})


# ---- Sending ---------------------------------------------------------------------------------------------


class Refused(Exception):
    """The node will not take this report, however often it is sent."""

    def __init__(self, status, text):
        super().__init__(f"{status} {text}")
        self.status = status


def post(request):
    """The answer's object. Refused: it would be the same again; OSError: it may be another time."""
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read(ANSWER_BYTES_MAX))
    except urllib.error.HTTPError as why:
        text = why.read(ANSWER_BYTES_MAX).decode(errors="replace")
        if why.code == 429 or why.code >= 500:
            raise OSError(f"{why.code} {text}") from None
        raise Refused(why.code, text) from None
    except (ValueError, http.client.HTTPException):
        raise OSError("what answers there is no node's API") from None


def send(request):
    """Tries again with pauses, each time the same bytes: another report of one epoch would be evidence against us."""
    for attempt in range(TRIES_MAX):
        try:
            return post(request)
        except Refused as why:
            if why.status == 409 and attempt > 0:  # it was taken, and the answer was lost
                return {"success": True, "repeated": True}
            raise
        except OSError as why:
            print("not sent:", cause(why), file=sys.stderr, flush=True)
            if attempt + 1 == TRIES_MAX:
                raise
            time.sleep(2**attempt * random.uniform(0.5, 1.0))
    return None


def flags(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="of the node's API, http://HOST:PORT")
    parser.add_argument("miners", help="file with the list of miners, JSON")
    parser.add_argument("--uid", type=int, required=True, help="this validator's")
    proof = parser.add_mutually_exclusive_group(required=True)
    proof.add_argument("--api-key-file", help="file with a key of role validator")
    proof.add_argument("--hotkey", help="file of `sluice keys new`")
    parser.add_argument("--epoch", type=int, help="default: milliseconds since 1970, which rise with each")
    parser.add_argument("--every", type=float, help="seconds between two reports; without it one is sent")
    return parser.parse_args(arguments)


def read_miners(path):
    try:
        miners = json.loads(read_text(path, "a JSON list of miners"))
    except ValueError as why:
        end(f"{path}: expected a JSON list of miners: {why}")
    if not isinstance(miners, list) or not all(isinstance(x, dict) for x in miners):
        end(f"{path}: expected a JSON list of miners, each an object")
    return miners


def main(arguments):
    given = flags(arguments)
    url = given.url.rstrip("/")
    if not url.startswith(("http://", "https://")):
        end(f"expected http://HOST:PORT of the node's API, got {url}")
    if given.hotkey:
        address, secret = read_key(given.hotkey)
    else:
        api_key = read_text(given.api_key_file, "the key that sluice api-key new printed").strip()
        if not api_key.isascii() or not api_key.isprintable():
            end(f"{given.api_key_file}: expected the key that sluice api-key new printed, and nothing else")
    while True:
        miners = read_miners(given.miners)
        statuses = statuses_of(miners)
        epoch = int(time.time() * 1000) if given.epoch is None else given.epoch
        if given.hotkey:
            request = signed_request(url, given.uid, epoch, statuses, address, secret)
        else:
            request = keyed_request(url, given.uid, epoch, statuses, api_key)
        code = 0
        try:
            answer = send(request)
            print("report", epoch, json.dumps(answer), flush=True)
            code = 0 if answer.get("success") else 1
        except Refused as why:
            print("refused:", why, file=sys.stderr, flush=True)
            code = 1
        except OSError:
            code = 3
        if given.every is None:
            return code
        time.sleep(given.every)


if __name__ == "__main__":
    run(main)
