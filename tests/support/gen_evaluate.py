#!/usr/bin/env python3
"""Writes tests/data/evaluate: small markets, random plans, and what evaluate_model.py computes that they earn.

usage: gen_evaluate.py [--shared DIR]   (from the repository's root; DIR has vectors/ and data/)
With --shared the excerpts are cut anew and the cases on the data of DIR, which stays there, are made too."""

import argparse
import csv
import json
import random
from datetime import datetime, timezone
from pathlib import Path

from evaluate_model import Gauge, Plan, Pool, amounts, ceil_div, ratio_at, tick_at

OUT = Path("tests/data/evaluate")


def seconds(text):
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc).timestamp())


def synthetic_bars(path, rng, count=260):
    """Jumps over many ticks, both inputs, quiet minutes, gaps."""
    tick, minute = 201000, seconds("2023-08-13 00:00:00") // 60
    rows = []
    for _ in range(count):
        minute += rng.choice([1, 1, 1, 2, 7])
        start = tick + rng.choice([0, 0, 0, rng.randint(-3, 3)])
        end = start + rng.choice([0, 0, rng.randint(-9, 9), rng.randint(-60, 60), rng.randint(-400, 400)])
        in0 = rng.choice([0, 0, rng.randrange(1, 10**3), rng.randrange(10**6, 10**11)])
        in1 = rng.choice([0, 0, rng.randrange(1, 10**6), rng.randrange(10**14, 10**20)])
        liquidity = rng.choice([0, 1, 10**18, rng.randrange(10**17, 10**19)]) if rng.random() < .1 \
            else rng.randrange(10**17, 10**19)
        stamp = datetime.fromtimestamp(minute * 60, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
        rows.append([stamp, 0, 0, end, start, min(start, end), max(start, end), in0, in1, liquidity])
        tick = end
    with open(path, "w", newline="\n") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow("timestamp,netAmount0,netAmount1,closeTick,openTick,lowestTick,highestTick,"
                     "inAmount0,inAmount1,currentLiquidity".split(","))
        out.writerows(rows)


def excerpt(shared, name, count, path):
    """The first rows of a corpus recorded from the real contract, as mainnet lines."""
    base = shared / "vectors/uniswap-v3"
    for line in open(base / f"{name}.jsonl"):
        row = json.loads(line)
        if row["type"] == "header":
            head = row
        if row.get("op") == "initialize" and row["ok"]:
            break
    rows = [json.loads(line) for line in open(base / f"{name}.indexer.jsonl")][:count]
    with open(path, "w") as f:
        def put(**x):
            f.write(json.dumps(x, separators=(",", ":")) + "\n")
        put(event="pool", fee=head["fee"], tick_spacing=head["tickSpacing"],
            decimals0=head["token0"]["decimals"], decimals1=head["token1"]["decimals"])
        put(event="initialize", block=row["blockNumber"], sqrt_price_x96=row["args"]["sqrtPriceX96"])
        for r in rows:
            what = dict(event=r["table"][:-1], block=r["evt_block_number"], log_index=r["evt_index"],
                        time=r["evt_block_time"])
            what.update({k: r[k] for k in ("owner", "tick_lower", "tick_upper") if k in r})
            what.update(amount0=r["amount0"], amount1=r["amount1"])
            if "amount" in r:
                what["liquidity"] = r["amount"]
            what.update({k: r[k] for k in ("sqrt_price_x96", "liquidity", "tick") if k in r})
            put(**what)


def gauge_line(op):
    """What a recorder reports of a Slipstream operation that is no event of the pool."""
    args = op["args"]
    if op["op"] == "setFees":
        return dict(event="fees", fee=args["fee"], unstaked_fee=args["unstakedFee"])
    if op["op"] == "syncReward":
        return dict(event="reward", rate=args["rewardRate"], reserve=args["rewardReserve"],
                    until=int(args["periodFinish"]))
    if op["op"] == "stake":
        delta = int(args["stakedLiquidityDelta"])
        return dict(event="stake" if delta > 0 else "unstake", tick_lower=args["tickLower"],
                    tick_upper=args["tickUpper"], liquidity=str(abs(delta)),
                    moves=args["positionUpdate"])
    if op["op"] == "decreaseStaked":
        return dict(event="unstake", tick_lower=args["tickLower"], tick_upper=args["tickUpper"],
                    liquidity=args["amount"], moves=False)


def gauge_excerpt(shared, name, count, path):
    """The first operations of a Slipstream corpus, with what its gauge and factory did."""
    known = {"Initialize", "Mint", "Burn", "Collect", "Swap"}
    rename = dict(tickLower="tick_lower", tickUpper="tick_upper", sqrtPriceX96="sqrt_price_x96")
    with open(path, "w") as f:
        def put(**x):
            f.write(json.dumps(x, separators=(",", ":")) + "\n")
        index, block = 0, None
        for line in open(shared / f"vectors/slipstream/{name}.jsonl"):
            op = json.loads(line)
            if op["type"] == "header":
                put(event="pool", kind="slipstream", fee=op["fee"], unstaked_fee=op["unstakedFee"],
                    tick_spacing=op["tickSpacing"], decimals0=op["token0"]["decimals"],
                    decimals1=op["token1"]["decimals"], gauge=op["gauge"],
                    position_manager=op["positionManager"])
            if op["type"] != "op" or not op["ok"]:
                continue
            if op["i"] >= count:
                break
            index = index if op["blockNumber"] == block else 0
            block = op["blockNumber"]
            reported = [dict(event=x["event"].lower(), **{
                rename.get(k, "liquidity" if k == "amount" else k): v for k, v in x.items()
                if k not in ("event", "logIndex", "sender", "recipient")})
                for x in op["events"] if x["event"] in known]
            aside = gauge_line(op)
            for x in reported + ([aside] if aside else []):
                if x["event"] == "initialize":
                    x.pop("tick")
                index += 1
                put(**x, block=block, log_index=index, time=op["timestamp"])


class Market:
    """Blocks with their steps and swap ends; `start(from)` is (price, tick)."""

    def __init__(self, terms, blocks, before, rewards=None):
        self.terms, self.blocks, self.before = terms, blocks, before
        self.rewards = rewards or {}  # block: (given since the one before, staked until then)

    def start(self, first):
        for number, *_ in self.blocks:
            if number >= first:
                return self.before[number]
        return self.before[None]


def load_bars(paths, terms):
    blocks, before = [], {}
    for path in paths:
        for r in csv.DictReader(open(path)):
            number = seconds(r["timestamp"]) // 60
            a, b = int(r["openTick"]), int(r["closeTick"])
            in0, in1 = int(r["inAmount0"]), int(r["inAmount1"])
            step = (ratio_at(a), ratio_at(b), int(r["currentLiquidity"]),
                    in0 * terms["fee"] // 10**6, in1 * terms["fee"] // 10**6)
            blocks.append((number, [step], [b] if in0 or in1 else [], (ratio_at(b), b)))
            before[number] = (ratio_at(a), a)
    before[None] = blocks[-1][3]
    return Market(terms, blocks, before)


def load_events(path):
    rows = [json.loads(line) for line in open(path)]
    terms = dict(fee=rows[0]["fee"], tick_spacing=rows[0]["tick_spacing"])
    pool, gauge = Pool(terms["fee"], terms["tick_spacing"]), Gauge()
    unstaked_fee = rows[0].get("unstaked_fee", 0)
    blocks, before, group, rewards, clock = [], {}, {}, {}, None
    for r in rows[1:]:
        group.setdefault(r["block"], []).append(r)
    for number, events in group.items():
        steps, ends = [], []
        if "unstaked_fee" in rows[0]:
            now = events[0]["time"]
            before_now = gauge.given(clock) if clock else 0
            rewards[number] = (gauge.given(now) - before_now, gauge.staked(pool.tick))
            clock = now
        if events[0]["event"] == "initialize":
            pool.price = int(events[0]["sqrt_price_x96"])
            pool.tick = tick_at(pool.price)
            events = events[1:]
        before[number] = (pool.price, pool.tick)
        for r in events:
            if r["event"] == "swap":
                taken = pool.replay(dict(a0=int(r["amount0"]), a1=int(r["amount1"]), tick=r["tick"],
                                         price=int(r["sqrt_price_x96"]), liquidity=int(r["liquidity"])))
                steps += [(*x[:3], *(fee - ceil_div(fee * unstaked_fee, 10**6) for fee in x[3:]))
                          for x in taken]
                ends.append(pool.tick)
            elif r["event"] in ("mint", "burn"):
                sign = 1 if r["event"] == "mint" else -1
                if int(r["liquidity"]):
                    pool.change(r["tick_lower"], r["tick_upper"], sign * int(r["liquidity"]))
            elif r["event"] == "fees":
                pool.fee, unstaked_fee = r["fee"], r["unstaked_fee"]
            elif r["event"] in ("stake", "unstake"):
                sign = 1 if r["event"] == "stake" else -1
                gauge.ranges.append((r["tick_lower"], r["tick_upper"], sign * int(r["liquidity"])))
            elif r["event"] == "reward":
                gauge.report(clock, int(r["rate"]), r["until"], int(r["reserve"]))
        blocks.append((number, steps, ends, (pool.price, pool.tick)))
    before[None] = (pool.price, pool.tick)
    return Market(terms, blocks, before, rewards)


def some_range(rng, tick, spacing):
    width = rng.choice([1, 2, 5, 20, 100, 1000]) * spacing
    lower = (tick + rng.randint(-width, width // 4)) // spacing * spacing
    upper = lower + rng.randint(1, max(1, 2 * width // spacing)) * spacing
    clamp = 887272 // spacing * spacing
    lower, upper = max(lower, -clamp), min(upper, clamp)
    return (lower, upper) if lower < upper else (-clamp, clamp)


def some_wish(rng, plan):
    """What a miner could ask for: keep, move, shuffle, or nonsense."""
    spacing, what = plan.terms["tick_spacing"], rng.random()
    have = [plan.free[t] + sum(plan.held(p)[t] for p in plan.open) for t in (0, 1)]
    wish = []
    if what < .45:
        for p in plan.open:
            if rng.random() < .7:
                now = plan.held(p)
                off = rng.choice([1, 1.01, 1.019, .99, 1.05])
                wish.append((p["tick_lower"], p["tick_upper"], int(now[0] * off), int(now[1] * off)))
    for _ in range(rng.randint(0, 3)):
        lower, upper = some_range(rng, plan.tick, spacing)
        if any((lower, upper) == w[:2] for w in wish):
            continue
        parts = [rng.choice([0, 1, .5, .1, .3]) for _ in range(2)]
        wish.append((lower, upper, int(have[0] * parts[0]), int(have[1] * parts[1])))
    if what > .93 and wish:
        lower, upper, x, y = wish[-1]
        wish[-1] = rng.choice([(upper, lower, x, y), (lower + 1, upper, x, y),
                               (lower, upper, 2 * have[0] + 1, y), wish[0]])
    return wish


def play(market, first, last, rng, budget, staked=False):
    price, tick = market.start(first)
    scale = rng.choice([1, 10**3, 10**6])
    inventory = [rng.choice([0, budget[t] // scale, rng.randrange(budget[t] + 1)]) for t in (0, 1)]
    positions = []
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        positions.append((*some_range(rng, tick, market.terms["tick_spacing"]),
                          rng.randrange(1, 2 + budget[2] // scale)))
    plan = Plan(market.terms, (price, tick), *inventory, positions, first, staked=staked)
    when = sorted(set(rng.choice([first, last, rng.randint(first, last)]) for _ in range(rng.randint(0, 6))))
    asked = []

    def rebalance_until(block):
        while when and when[0] < block:
            wish = some_wish(rng, plan)
            asked.append((when[0], wish))
            plan.rebalance(when.pop(0), wish)
    started = False
    for number, steps, ends, after in market.blocks:
        if not first <= number <= last:
            continue
        rebalance_until(number)
        if started and staked:
            plan.reward(*market.rewards[number])
        started = True
        for step in [] if staked else steps:
            plan.earn(step)
        for end in ends:
            plan.swap_ends(end)
        plan.price, plan.tick = after
    rebalance_until(last + 1)
    return inventory, positions, asked, plan, plan.outcome(last)


def text(x):
    return {k: (str(v) if isinstance(v, int) and k not in ("rebalances", "swaps", "swaps_in_range", "tick")
                else v) for k, v in x.items()}


def case(market, name, files, first, last, seed, budget, staked=False):
    rng = random.Random(seed)
    inventory, positions, asked, plan, outcome = play(market, first, last, rng, budget, staked)
    return dict(
        market=name, files=files, seed=seed, **{"from": first, "to": last},
        **({"staked": True} if staked else {}),
        plan=dict(inventory=dict(amount0=str(inventory[0]), amount1=str(inventory[1])),
                  positions=[dict(tick_lower=a, tick_upper=b, liquidity=str(l)) for a, b, l in positions],
                  rebalances=[dict(block=b, desired_positions=[
                      dict(tick_lower=d[0], tick_upper=d[1], allocation0=str(d[2]), allocation1=str(d[3]))
                      for d in wish]) for b, wish in asked]),
        outcome=text(outcome),
        positions=[[p["tick_lower"], p["tick_upper"], str(p["liquidity"]), p["from_block"], p["to_block"],
                    *map(str, p["spent"] + p["returned"] + p["fees"]),
                    *([str(p["rewards"])] if staked else [])] for p in plan.breakdowns],
        rebalances=[[r["block"], r["executed"], r["kept"], r["burned"], r["minted"], *map(str, r["free"])]
                    for r in plan.rebalances])


def cases(market, name, files, count, budget, late=False, staked=False):
    numbers = [b[0] for b in market.blocks if market.before[b[0]][0]]
    made = []
    for seed in range(count):
        rng = random.Random(f"{name} {seed}")
        first, last = numbers[(3 if seed % 5 else 2) if late else 0], numbers[-1]
        if seed % 4 == 3:
            first, last = sorted(rng.sample(range(first, last + 1), 2))
        made.append(case(market, name, files, first, last, f"{name} {seed}", budget,
                         staked and seed % 2 == 0))
    return made


def write(path, made):
    with open(path, "w") as f:
        for x in made:
            f.write(json.dumps(x, separators=(",", ":")) + "\n")
    print(path, len(made), "cases,", sum(c["outcome"]["fees_value"] != "0" for c in made), "with fees,",
          sum(r[1] for c in made for r in c["rebalances"]), "rebalances")


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--shared", type=Path)
    shared = flags.parse_args().shared
    OUT.mkdir(parents=True, exist_ok=True)
    bar_terms = dict(fee=500, tick_spacing=10)
    if shared:
        synthetic_bars(OUT / "bars.csv", random.Random(98))
        excerpt(shared, "p1-weth-usdc-500", 180, OUT / "p1.jsonl")
        excerpt(shared, "p5-torture-3000", 100, OUT / "p5.jsonl")
        gauge_excerpt(shared, "s1-weth-usdc-cl100", 260, OUT / "aero.jsonl")
    made = cases(load_bars([OUT / "bars.csv"], bar_terms), "bars", ["bars.csv"], 40,
                 (10**12, 10**21, 10**19))
    made += cases(load_events(OUT / "p1.jsonl"), "p1", ["p1.jsonl"], 32, (10**21, 10**12, 10**17))
    made += cases(load_events(OUT / "p5.jsonl"), "p5", ["p5.jsonl"], 18, (10**24, 10**24, 10**22))
    write(OUT / "cases.jsonl", made)
    made = cases(load_events(OUT / "aero.jsonl"), "aero", ["aero.jsonl"], 40, (10**21, 10**12, 10**17),
                 staked=True)
    write(OUT / "aero-cases.jsonl", made)
    if shared:
        ens = "data/mainnet/ens-weth-3000.jsonl"
        days = [f"data/polygon/usdc-weth-500-2023-08-{d}.csv" for d in range(13, 18)]
        made = cases(load_events(shared / ens), "ens", [ens], 32, (10**20, 10**22, 10**20), late=True)
        made += cases(load_bars([shared / d for d in days], bar_terms), "polygon", days, 8,
                      (10**12, 10**21, 10**18))
        write(OUT / "shared-cases.jsonl", made)


if __name__ == "__main__":
    main()
