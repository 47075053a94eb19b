#!/usr/bin/env python3
"""A worker that polls a Sluice node for tasks, in one file with nothing but Python's standard library.

    sluice keys new miner.key
    python3 examples/task_worker.py http://127.0.0.1:8800 miner.key            # for ever
    python3 examples/task_worker.py http://127.0.0.1:8800 miner.key --tasks 1  # so many answers, then exit code 0

The miner's hotkey must be registered on the node's subnet, and validators must report it as serving: then tasks are
assigned to it. Every request is signed (docs/consensus-api.md, "Workers"). A task counts once: when the connection is
lost before an answer is confirmed, it is sent again, and a node that has it says so. What to change is `work`.
"""
import argparse
import base64
import hashlib
import http.client
import json
import re
import time
import urllib.error
import urllib.request

from miner import cause, end, read_key, run, sign

ANSWER_BYTES_MAX = 1 << 20
RESULT_BYTES_MAX = 8 * 1024
FETCHED_MAX = 16


# ---- The work: this is yours ------------------------------------------------------------------------------


def words(text):
    lower = "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)
    return re.findall("[a-z0-9\x80-\U0010ffff]+", lower)


def by_line(text, change):
    lines = text[:-1].split("\n") if text.endswith("\n") else text.split("\n")
    return "\n".join(change(i + 1, line) for i, line in enumerate(lines))


def work(task_type, payload):
    """What the workers of `sluice miner --strategy worker` do too, so that results can be compared."""
    if task_type == "transcription":
        return " ".join(words(payload))
    if task_type == "tts":
        count = len(words(payload))
        return f"{count} words, {(count * 60 + 149) // 150} s"
    if task_type == "summarization":
        return "".join(re.findall(r"[^.!?]*[.!?]|[^.!?]+$", payload)[:2])
    if task_type == "translation":
        return " ".join(reversed(words(payload)))
    if task_type == "video_transcription":
        return by_line(payload, lambda number, line: f"{number}: {' '.join(words(line))}")
    if task_type == "text_translation":
        return " ".join(word[::-1] for word in words(payload))
    if task_type == "document_translation":
        return by_line(payload, lambda number, line: " ".join(reversed(words(line))))
    return None  # of a later version: nothing is answered


def bounded(result):
    """Nothing empty, nothing too long, no half character."""
    return result.encode()[:RESULT_BYTES_MAX].decode(errors="ignore") or "-"


# ---- Signed calls -----------------------------------------------------------------------------------------


class Refused(Exception):
    def __init__(self, status, text):
        super().__init__(f"{status} {text}")
        self.status = status


def signed_text(method, target, address, issued, body):
    """The six lines of rules/consensus/signed_call.hpp."""
    digest = hashlib.sha256(body).hexdigest()
    return f"sluice consensus call 1\n{method}\n{target}\n{address}\n{issued}\n{digest}"


class Node:
    def __init__(self, url, address, secret):
        self.url, self.address, self.secret = url.rstrip("/"), address, secret

    def post(self, target, fields):
        """The answer's object. Refused: the node says no; OSError: not reached, or not now."""
        body, issued = json.dumps(fields).encode(), int(time.time() * 1000)
        text = signed_text("POST", target, self.address, issued, body)
        request = urllib.request.Request(self.url + target, body, {
            "Content-Type": "application/json", "X-Hotkey": self.address, "X-Issued": str(issued),
            "X-Signature": base64.b64encode(sign(self.secret, text.encode())).decode()})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read(ANSWER_BYTES_MAX))
        except urllib.error.HTTPError as why:
            detail = why.read(ANSWER_BYTES_MAX).decode(errors="replace").strip()
            if why.code == 429 or why.code >= 500:
                raise OSError(f"{why.code} {detail}") from None
            raise Refused(why.code, detail) from None
        except (ValueError, http.client.HTTPException):
            raise OSError("what answers there is no node's API") from None


def answer(node, task):
    """True when the node has this worker's answer."""
    result = work(task["task_type"], task["payload"])
    if result is None:
        print("passed over", task["task_id"], task["task_type"], flush=True)
        return False
    try:
        state = node.post(f"/task/{task['task_id']}/responses", {"result": bounded(result)})
        print("answered", task["task_id"], task["task_type"], state["status"], flush=True)
        return True
    except Refused as why:
        print("not taken", task["task_id"], why, flush=True)
        return why.status == 409  # it was there before


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="of the node's API, http://HOST:PORT")
    parser.add_argument("hotkey", help="file of `sluice keys new`")
    parser.add_argument("--tasks", type=int, default=0, help="end after so many answers; 0: never")
    parser.add_argument("--idle", type=float, default=1.0, help="seconds between two requests when there is no task")
    given = parser.parse_args(arguments)
    if not given.url.startswith(("http://", "https://")):
        end(f"expected http://HOST:PORT of the node's API, got {given.url}")
    node = Node(given.url, *read_key(given.hotkey))
    answered, failures, registered = 0, 0, False
    while given.tasks == 0 or answered < given.tasks:
        pause = 0.0
        try:
            if not registered:
                print("registered", node.post("/miners/register", {})["miner_uid"], flush=True)
                registered = True
            tasks = node.post("/tasks/fetch", {"limit": FETCHED_MAX})["tasks"]
            failures = 0
            answered += sum(answer(node, task) for task in tasks)
            pause = 0.0 if tasks else given.idle
        except Refused as why:
            print("refused", why, flush=True)
            pause = 30.0
        except OSError as why:
            print("lost", given.url, cause(why), flush=True)
            failures, registered = min(failures + 1, 6), False
            pause = 2.0 ** (failures - 1)
        time.sleep(pause)


if __name__ == "__main__":
    run(main)
