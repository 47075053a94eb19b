#!/usr/bin/env python3
"""Random worlds of games, predictions and mistakes, and what the plain model makes of them.

random_worlds.py FOLDER FIRST COUNT    seeds FIRST to FIRST + COUNT - 1: FOLDER/SEED/input.jsonl and
                                       FOLDER/SEED/expected.json; prints how often each code came
random_worlds.py --check FOLDER...     compares the plain model with the expected.json of cases
"""
import json
import os
import random
import sys
from collections import Counter

import plain_model

HOUR = 3600 * plain_model.SECOND
DAY = 24 * HOUR
START = plain_model.moment("2026-03-01T00:00:00Z")
TEAMS = ["O'Brien FC", 'Real "B"', "Łódź", "São Jorge", "Mill Town", "Harbour", "雪"]


def iso(us, rng):
    """One of the ways in which a time is written."""
    text = (plain_model.EPOCH + plain_model.timedelta(microseconds=us)).isoformat()
    return rng.choice([text, text.replace("+00:00", "Z")])


def odds_near(rng, least=1.2, most=4.5):
    return round(rng.uniform(least, most), rng.choice([1, 2, 2, 2, 4, 5]))


class Generator:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        rng = self.rng
        self.days = rng.choice([4, 9, 18, 33, 75, 75])
        count = rng.choice([1, 2, 5, 9, 14])
        uids = sorted(rng.sample(range(256), count))
        self.miners = [{"uid": u, "hotkey": f"hotkey-{seed}-{u}", "valid": rng.random() > 0.12}
                       for u in uids]
        self.skill = {u: rng.uniform(0.1, 0.9) for u in uids}
        self.stake = {u: rng.choice([40, 240, 320, 480, 980]) for u in uids}
        self.games = rng.choice([(0, 3), (3, 5)])
        self.mistakes = rng.choice([0.02, 0.02, 0.3])
        self.slots = rng.choice([4, 10, 20, 40, 256])
        self.records, self.ids, self.next_id = [], [], 0

    def world(self):
        rng = self.rng
        for day in range(self.days):
            for _ in range(rng.randint(*self.games)):
                self.game(day)
        rng.shuffle(self.records)  # records of one moment keep the order of the file
        now = START + self.days * DAY + rng.randrange(DAY)
        settings = {"kind": "settings", "now": iso(now, rng), "slots": self.slots,
                    "miners": rng.sample(self.miners, len(self.miners))}
        return [settings] + self.records

    def game(self, day):
        rng = self.rng
        number = 5000 + len(self.records)
        id_ = rng.choice([number, f"game-{number}"])
        start = START + (day + 1) * DAY + rng.randrange(24) * HOUR
        can_tie = rng.random() < 0.5
        row = {
            "kind": "game", "externalId": id_, "sport": "soccer", "league": "League",
            "outcome": "Unfinished", "canDraw": can_tie, "teamAOdds": odds_near(rng),
            "teamBOdds": odds_near(rng),
            "drawOdds": odds_near(rng, 2.5, 4.5) if rng.random() < 0.8 else None,
        }
        row["teamA"], row["teamB"] = rng.sample(TEAMS, 2)
        moments = sorted(rng.randrange(1, 30) * HOUR for _ in range(rng.randint(1, 4)))
        moments = [start - x for x in reversed(moments)]
        end = rng.choice([0, 0, 1, 1, 2 if can_tie else 0])
        for i, at in enumerate(moments):
            if i > 0:
                self.change(row)
            self.records.append({**row, "at": iso(at, rng), "date": iso(start, rng)})
            later = moments[i + 1] if i + 1 < len(moments) else start
            self.predictions(row, at, later, end)
        self.end(row, start, end)

    def change(self, row):
        rng = self.rng
        for name in ("teamAOdds", "teamBOdds", "drawOdds"):
            if row[name] is not None and rng.random() < 0.6:
                row[name] = round(max(1.05, row[name] + rng.uniform(-0.2, 0.2)), 2)
        if rng.random() < 0.04:
            row["teamA"], row["teamB"] = row["teamB"], row["teamA"]
        if rng.random() < 0.04:
            row["canDraw"] = not row["canDraw"]

    def end(self, row, start, end):
        rng = self.rng
        words = ["TeamAWin", "TeamBWin", "Draw"]
        after = rng.choice([2 * HOUR, 3 * HOUR, 5 * HOUR, DAY])
        if rng.random() < 0.06:
            after = rng.choice([DAY + 1, 40 * HOUR])
        word = words[end] if rng.random() < 0.93 else rng.choice(["Postponed", "", "teamawin"])
        date = iso(start, rng)
        self.records.append({**row, "at": iso(start + after, rng), "date": date, "outcome": word})
        if rng.random() < 0.15:  # a correction, or the result at last
            self.change(row)
            self.records.append({**row, "at": iso(start + after + HOUR, rng), "date": date,
                                 "outcome": rng.choice(words)})

    def predictions(self, row, first, last, end):
        rng = self.rng
        for miner in self.miners:
            for _ in range(rng.choice([0, 1, 1, 2])):
                at = rng.randrange(first, last + 1)
                at -= (at - first) % rng.choice([1, 1000, HOUR])
                at = last if rng.random() < 0.05 else at
                self.prediction(row, miner, at, end)

    def prediction(self, row, miner, at, end):
        rng = self.rng
        outcome = end if rng.random() < self.skill[miner["uid"]] else rng.randrange(2)
        tie = row["drawOdds"] if row["canDraw"] else None
        odds = [row["teamAOdds"], row["teamBOdds"], tie]
        self.next_id += 1
        stake = self.stake[miner["uid"]]
        wager = rng.choice([stake, stake, stake, rng.randint(stake // 2, stake), 20,
                            round(rng.uniform(0.01, stake), 2)])
        x = {
            "prediction_id": f"id-{self.next_id}", "game_id": row["externalId"],
            "miner_uid": miner["uid"], "prediction_date": "whenever",
            "predicted_outcome": outcome,
            "predicted_odds": None if odds[outcome] is None else self.rounded(odds[outcome]),
            "team_a": row["teamA"], "team_b": row["teamB"], "wager": wager,
            "team_a_odds": odds[0], "team_b_odds": odds[1], "tie_odds": tie, "model_name": None,
            "confidence_score": rng.choice([None, 0, 1, 0.5, "0.25"]),
        }
        key = miner["hotkey"]
        if rng.random() < self.mistakes:
            key = self.spoil(x, row, key)
        if self.ids and rng.random() < 0.02:
            x["prediction_id"] = rng.choice(self.ids)
        elif x.get("prediction_id"):
            self.ids.append(x["prediction_id"])
        self.records.append({"kind": "prediction", "received_at": iso(at, rng), "hotkey": key,
                             "prediction": x})

    def rounded(self, odds):
        """Within the tolerance, on its edge, or beyond it by the least."""
        shift = self.rng.choice([0] * 20 + [0.01, -0.01, 0.005, 0.0101])
        return round(odds + shift, 4)

    def spoil(self, x, row, key):
        """Other ways to say the same, and mistakes."""
        rng = self.rng
        what = rng.randrange(14)
        if what == 0:
            return "nobody"
        if what == 1:
            x["miner_uid"] = rng.choice([x["miner_uid"] + 1, None, str(x["miner_uid"])])
        elif what == 2:
            x["prediction_id"] = rng.choice([None, ""])
        elif what == 3:
            x["wager"] = rng.choice([0, -5, "ten", True, None, [], 1e-4, "12.50", 1000, 1000.01])
        elif what == 4:
            x["game_id"] = rng.choice([4999, "none", str(x["game_id"]), None])
        elif what == 5:
            x["team_b"] = rng.choice(["Nobody", x["team_b"].lower(), None])
        elif what == 6:
            name = rng.choice(["team_a_odds", "team_b_odds", "tie_odds"])
            old = 3.1 if x[name] is None else x[name]
            x[name] = rng.choice([round(old + 0.01, 5), round(old - 0.01, 5), str(old),
                                  round(old + 0.0101, 5), "high", None])
        elif what in (7, 8):
            x["predicted_outcome"] = rng.choice(["tie", "TIE", 2, "2", 3, -1, 1.9, None, True])
        elif what in (9, 10):
            outcome = x["predicted_outcome"]
            names = [row["teamA"], row["teamB"], "Tie"]
            x["predicted_outcome"] = rng.choice([names[outcome], float(outcome), str(outcome)])
        elif what == 11:
            x["predicted_odds"] = rng.choice([None, "odds", str(x["predicted_odds"])])
        elif what == 12:
            x["confidence_score"] = rng.choice([1.01, -0.01, "sure", True, "1"])
        else:
            del x[rng.choice(sorted(x))]
        return key


def make(folder, first, count):
    codes = Counter()
    for seed in range(first, first + count):
        records = Generator(seed).world()
        own = os.path.join(folder, str(seed))
        os.makedirs(own, exist_ok=True)
        path = os.path.join(own, "input.jsonl")
        with open(path, "w", encoding="utf-8") as out:
            for x in records:
                out.write(json.dumps(x, ensure_ascii=seed % 2 == 0) + "\n")
        made = plain_model.run_file(path)
        for x in made["answers"]:
            codes[x.get("code", "accepted")] += 1
        for x in made["predictions"]:
            codes[x["state"]] += 1
        for x in made["tier_moves"]:
            codes[f"to tier {x['tier']}"] += 1
        with open(os.path.join(own, "expected.json"), "w", encoding="utf-8") as out:
            json.dump(made, out)
    print(json.dumps(codes))


def differences(expected, got, path=""):
    if isinstance(expected, dict) and isinstance(got, dict):
        for name in sorted(expected.keys() | got.keys()):
            yield from differences(expected.get(name), got.get(name), f"{path}.{name}")
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for i, (a, b) in enumerate(zip(expected, got)):
            yield from differences(a, b, f"{path}[{i}]")
    elif type(expected) in (int, float) and type(got) in (int, float):
        slack = 1 if path.startswith(".publish.weights") else max(1e-6, 1e-9 * abs(expected))
        if abs(expected - got) > slack:
            yield f"{path}: expected {expected}, got {got}"
    elif expected != got:
        yield f"{path}: expected {expected}, got {got}"


def check(folders):
    wrong = 0
    for folder in folders:
        with open(os.path.join(folder, "expected.json"), encoding="utf-8") as file:
            expected = json.load(file)
        got = plain_model.run_file(os.path.join(folder, "input.jsonl"))
        for x in list(differences(expected, got))[:10]:
            print(f"{folder}: {x}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "--check":
        sys.exit(check(sys.argv[2:]))
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
