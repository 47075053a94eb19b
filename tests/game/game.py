#!/usr/bin/env python3
"""The game of honest scoring against a node that listens: dishonest miners beside honest twins, with only allowed
messages. A copy of cases/scoring/game.py that also writes the keys of the honest game. The program `game` beside it
plays the same players in process, many markets, in seconds; this is the independent form of their decisions.

usage: [SEED=4] [CHECK=100] [LIVE=150] [BASELINE=none] [RANGE=value] [EVIDENCE=0] [COLDKEYS=apart]
           game.py SLUICE FOLDER PORT MODEL DEPTH ROUNDS SPEED POLICY DAYS [PLAYER...]
       game.py --check < answers       compares lines of `game --answers N` with what these players answer

SEED moves market and node and shuffles who gets which uid (ties go to the lower one). COLDKEYS=together: the eight
sybils have one coldkey. Twins: hold_* -> hold, wide_* -> wide, dust* and invalid_only -> hold, sybil1..8 -> one wide;
hold_b and wide_b are second honest copies, the measure of chance."""
import hashlib
import importlib.util
import json
import os
import random
import subprocess
import sys
import threading
import time

BLOCKS, LAST, FULL = 450, 400, 887270


# ---- The players: functions of a question and of what they remember of one kind of round -----------------------


def owned(q):
    p0, p1 = int(q["inventory_remaining"]["amount0"]), int(q["inventory_remaining"]["amount1"])
    for x in q["current_positions"]:
        p0 += int(x["amount0"]) + int(x["fees0"])
        p1 += int(x["amount1"]) + int(x["fees1"])
    return p0, p1


def value(q):
    a, b = owned(q)
    price = int(q["sqrt_price_x96"])
    return a * price * price // 2**192 + b


def keep(q):
    return [{"tick_lower": x["tick_lower"], "tick_upper": x["tick_upper"],
             "allocation0": x["amount0"], "allocation1": x["amount1"]} for x in q["current_positions"]]


def yes(wanted):
    return {"accepted": True, "desired_positions": wanted}


def no(why):
    return {"accepted": False, "refusal_reason": why}


def aligned(q, lower, upper):
    spacing = q["terms"]["tick_spacing"]
    return q["tick"] // spacing * spacing + lower * spacing, q["tick"] // spacing * spacing + upper * spacing


def all_in(q, lower, upper):
    a, b = owned(q)
    return {"tick_lower": lower, "tick_upper": upper, "allocation0": str(a), "allocation1": str(b)}


def at(q):
    return q["block_number"] % BLOCKS


def opening(q, st):  # remembers the value at the start of the round
    if st.get("round") != q["round"]:
        st.clear()
        st.update(round=q["round"], v0=value(q))
    return value(q) / st["v0"] - 1


def hold(q, st):
    return yes(keep(q))


def hold_refuse(q, st):
    g = opening(q, st)
    return no("bad market") if at(q) >= LAST and g < 0 else yes(keep(q))


def hold_silent(q, st):
    g = opening(q, st)
    return None if at(q) >= LAST and g < 0 else yes(keep(q))


def hold_refuse_early(q, st):
    return no("bad market") if opening(q, st) < -0.0005 else yes(keep(q))


DAY = {}


def hold_smart(q, st):  # when behind at the last question: refuses while the day still counts, else says nothing
    g = opening(q, st)
    day = DAY.setdefault(q["round"].split("/")[1], {}).setdefault((q["block_number"] * 2) // 86400, [0, 0])
    if at(q) < LAST:
        return yes(keep(q))
    if g >= 0:
        day[0] += 1
        return yes(keep(q))
    if day[1] + 1 < day[0]:
        day[1] += 1
        return no("bad market")
    return None


def wide(q, st):
    return yes(keep(q)) if q["current_positions"] else yes([all_in(q, *aligned(q, -200, 200))])


def wide_refuse(q, st):
    g = opening(q, st)
    return no("bad market") if at(q) >= LAST and g < 0 else wide(q, st)


def wide_silent(q, st):
    g = opening(q, st)
    return None if at(q) >= LAST and g < 0 else wide(q, st)


def wide_live_silent(q, st):  # honest when judged, gone when it would lose with the vault
    g = opening(q, st)
    return None if "/live/" in q["round"] and at(q) >= 300 and g < 0 else wide(q, st)


DUST = {"tick_lower": -FULL, "tick_upper": FULL, "allocation0": "1000000", "allocation1": "1000"}


def dust(q, st):  # nothing at work, and always "in range"
    return yes(keep(q)) if q["current_positions"] else yes([DUST])


def dust_if_up(q, st):  # in range only while it is ahead
    return yes([DUST]) if opening(q, st) >= 0 else yes([])


def invalid_only(q, st):
    return yes([{"tick_lower": 1, "tick_upper": 0, "allocation0": "0", "allocation1": "0"}])


def one_tick(q, st):
    return yes([all_in(q, *aligned(q, 0, 1))])


def wall_if_down(q, st):  # damp a fall in the simulated pool, get out of the way of a rise
    return yes([{**all_in(q, *aligned(q, -3, 0)), "allocation0": "0"}])


def tiny_ten(q, st):
    if q["current_positions"]:
        return yes(keep(q))
    a, b = owned(q)
    ranges = [aligned(q, -200 - i, 200 + i) for i in range(10)]
    return yes([{"tick_lower": lower, "tick_upper": upper, "allocation0": str(a // 10), "allocation1": str(b // 10)}
                for lower, upper in ranges])


def rebal(q, st):  # the same range in turn one spacing wider and narrower: churn at every checkpoint
    st["n"] = st.get("n", 0) + 1
    return yes([all_in(q, *aligned(q, -200 - st["n"] % 2, 200 + st["n"] % 2))])


PLAYERS = {f.__name__: f for f in (
    hold, hold_smart, hold_refuse, hold_silent, hold_refuse_early, wide, wide_refuse, wide_silent, wide_live_silent,
    dust, dust_if_up, invalid_only, one_tick, wall_if_down, tiny_ten, rebal)}
for number in range(1, 9):
    PLAYERS[f"sybil{number}"] = wide
PLAYERS["hold_b"] = hold
PLAYERS["wide_b"] = wide


# ---- The same answers as the program's --------------------------------------------------------------------------


def same(ours, theirs):
    if ours is None or theirs is None:
        return ours is None and theirs is None
    if ours["accepted"] != theirs["accepted"]:
        return False
    plain = [[{k: str(v) for k, v in x.items() if k != "confidence"} for x in answer.get("desired_positions", [])]
             for answer in (ours, theirs)]
    return plain[0] == plain[1]


def check(lines):
    memories, asked = {}, 0
    for line in lines:
        row = json.loads(line)
        kind = row["question"]["round"].split("/")[1]
        ours = PLAYERS[row["player"]](row["question"], memories.setdefault((row["player"], kind), {}))
        if not same(ours, row["answer"]):
            raise SystemExit(f"{row['player']} answers otherwise: {line}here: {json.dumps(ours)}")
        asked += 1
    if asked == 0:
        raise SystemExit("no lines to compare")
    print(asked, "answers are the same")


# ---- A game at the miner gateway --------------------------------------------------------------------------------


def connection():
    """A miner's connection by protocol 1, from the file beside the other test data."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "miner_protocol_1.py")
    spec = importlib.util.spec_from_file_location("miner_protocol_1", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def key_number(wire, n):
    """Address (ss58) and secret, from a number: the same every time."""
    secret = hashlib.sha256(b"sluice test key %d" % n).digest()
    payload = bytes([42]) + wire.public_key(secret)
    digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    rest, text = int.from_bytes(payload + hashlib.blake2b(b"SS58PRE" + payload, digest_size=64).digest()[:2], "big"), ""
    while rest:
        rest, digit = divmod(rest, 58)
        text = digits[digit] + text
    return text, secret


def configuration(seed, port, policy, model, depth, days, names, keys):
    env = os.environ.get
    allow = ""
    for i, name in enumerate(names):
        together = env("COLDKEYS", "apart") == "together" and name.startswith("sybil")
        allow += (f'[[miner_gateway.allow]]\nhotkey = "{keys[name][0]}"\nuid = {10 + i}\n'
                  f'coldkey = "{"one-owner" if together else "owner-of-" + name}"\n')
    return f"""name = "game"
seed = {seed + 1}
[validator]
uid = 200
[miner_gateway]
listen = "127.0.0.1:{port}"
{allow}[[miners]]
uid = 1
hotkey = "in-hold"
strategy = "hold"
[liquidity]
policy = "{policy}"
simulators = 1
[liquidity.emission]
per_epoch = 100.0
[[liquidity.jobs]]
id = "j"
model = "{model}"
round_seconds = 900
block_seconds = 2.0
checkpoint_blocks = {env("CHECK", "100")}
live_checkpoint_blocks = {env("LIVE", "150")}
reply_timeout_ms = 300
symbol0 = "WETH"
symbol1 = "USDC"
[liquidity.jobs.pool]
fee = 500
tick_spacing = 10
decimals0 = 18
decimals1 = 6
[liquidity.jobs.start]
amount0 = "10000000000000000000"
amount1 = "30000000000"
[liquidity.jobs.scoring]
baseline = "{env("BASELINE", "none")}"
range = "{env("RANGE", "value")}"
[liquidity.jobs.board]
eligibility_days = {days}
evidence = {env("EVIDENCE", "0")}
[liquidity.jobs.feed]
kind = "market"
seed = {seed}
price = 3000.0
volatility_per_day = 0.04
trades_per_block = 0.7
depth = {depth}
"""


def play(wire, node, port, name, key, seen):
    memory = {"live": {}, "evaluation": {}}
    while node.poll() is None:
        try:
            web = wire.WebSocket(f"ws://127.0.0.1:{port}")
            wire.come_in(web, *key)
            while True:
                m = json.loads(web.receive())
                if m["type"] == "question":
                    answer = PLAYERS[name](m, memory[m["round"].split("/")[1]])
                    if answer is not None:
                        wire.say(web, {"type": "proposal", "id": m["id"], **answer})
                elif m["type"] == "scores":
                    seen.append((m["round"], m["verdict"], m["score"]))
                elif m["type"] == "ping":
                    wire.say(web, {"type": "pong", "id": m["id"]})
        except (wire.Gone, wire.Refused, OSError, ValueError):
            time.sleep(0.3)


def main(arguments):
    if arguments == ["--check"]:
        return check(sys.stdin)
    if len(arguments) < 9:
        raise SystemExit(__doc__)
    sluice, folder, port, model, depth, rounds, speed, policy, days = arguments[:9]
    seed = int(os.environ.get("SEED", "4"))
    wire = connection()
    names = arguments[9:] or [n for n in PLAYERS if not n.startswith("sybil")]
    random.Random(seed).shuffle(names)
    keys = {n: key_number(wire, 1000 + list(PLAYERS).index(n)) for n in names}
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/node.toml", "w", encoding="ascii") as file:
        file.write(configuration(seed, port, policy, model, depth, days, names, keys))
    with open(folder + "/out.json", "w") as out, open(folder + "/node.log", "w") as log:
        node = subprocess.Popen([sluice, "node", "--config", folder + "/node.toml", "--data", folder + "/data",
                                 "--rounds", rounds, "--speed", speed, "--output", "json"], stdout=out, stderr=log)
        seen = {n: [] for n in names}
        for n in names:
            threading.Thread(target=play, args=(wire, node, port, n, keys[n], seen[n]), daemon=True).start()
        print("node ended:", node.wait(), flush=True)
    for command in ("scores j", "weights"):
        print(subprocess.run([sluice, "shell", "--data", folder + "/data", "--exec", command],
                             capture_output=True, text=True, check=False).stdout)
    for n in names:
        evaluated = [x for x in seen[n] if "/evaluation/" in x[0]]
        print(f"{n:18}", {k: sum(x[1] == k for x in evaluated) for k in ("scored", "refused", "failed")})
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
