#!/usr/bin/env python3
"""A plain model of the sports mechanism, written from facts/mechanisms (D3, D3b) and the README of
mechanisms-large alone: the second source of truth beside rules/sports, and the baseline of
bench/sports_bench.

plain_model.py FILE          reads the records of a case, prints what its expected.json holds
plain_model.py --scoring F   reads rows as sports_bench writes them, prints seconds and results
"""
import json
import math
import sys
import time
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from fractions import Fraction

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
TOLERANCE = Decimal("0.01")
DAILY_LIMIT = 1000
# window in days, least wagered, share of the slots, ROI rule
TIERS = {
    1: (3, 0, Fraction(1), False),
    2: (7, 4000, Fraction(1, 5), False),
    3: (15, 10_000, Fraction(1, 5), True),
    4: (30, 20_000, Fraction(1, 10), True),
    5: (45, 35_000, Fraction(1, 20), True),
}
NANO = 10**9


def moment(text):
    """Microseconds since 1970 of an ISO text."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if at.tzinfo is None:
        at = at.replace(tzinfo=timezone.utc)
    return (at - EPOCH) // timedelta(microseconds=1)


def date_text(day):
    return (EPOCH + timedelta(days=day)).strftime("%Y-%m-%d")


def number(x):
    """The decimal number of a JSON value that may be a text; None when it is none."""
    if isinstance(x, bool) or not isinstance(x, (int, str, Decimal)):
        return None
    try:
        made = Decimal(x)
    except InvalidOperation:
        return None
    return made if made.is_finite() else None


class Game:
    def __init__(self):
        self.outcome = None
        self.end = "open"


class Pick:
    """An accepted prediction. Money and odds are doubles here, and whole billionths beside."""

    def __init__(self, id_, game, uid, received, outcome, odds, wager):
        self.id, self.game, self.uid = id_, game, uid
        self.received, self.outcome = received, outcome
        self.exact_odds, self.exact_wager = odds, wager
        self.odds, self.wager = float(odds), float(wager)
        self.raw = self.entropy = 0.0
        self.state, self.payout = "stored", None


class World:
    def __init__(self, settings):
        self.now = moment(settings["now"])
        self.slots = settings.get("slots", 256)
        self.miners = {m["hotkey"]: (m["uid"], m["valid"]) for m in settings["miners"]}
        self.games, self.picks, self.by_id, self.wagered, self.pools = {}, [], {}, {}, {}

    # ---- intake ----------------------------------------------------------------------------------

    def take_game(self, x):
        game = self.games.setdefault(str(x["externalId"]), Game())
        game.teams = (x["teamA"], x["teamB"])
        game.start = moment(x["date"])
        tie = x["drawOdds"] if x["canDraw"] else None
        game.odds = [number(x["teamAOdds"]), number(x["teamBOdds"]), number(tie)]
        word = {"TeamAWin": 0, "TeamBWin": 1, "Draw": 2}.get(x["outcome"])
        if word is not None and game.outcome is None and moment(x["at"]) <= game.start + DAY:
            game.outcome = word

    def check(self, key, received, x):
        """(code, None) or (None, (game, outcome, odds, wager)): the first check that fails."""
        if key not in self.miners:
            return "unknown_hotkey", None
        uid = self.miners[key][0]
        if number(x.get("miner_uid")) != uid:
            return "uid_mismatch", None
        if not x.get("prediction_id"):
            return "missing_data", None
        if x["prediction_id"] in self.by_id:
            return "duplicate_prediction", None
        wager = number(x.get("wager"))
        if wager is None or wager <= 0:
            return "invalid_wager", None
        if self.wagered.get((uid, received // DAY), Decimal(0)) + wager > DAILY_LIMIT:
            return "daily_limit_exceeded", None
        game = self.games.get(str(x.get("game_id")))
        if game is None:
            return "game_not_found", None
        if received >= game.start:
            return "game_started", None
        if (x.get("team_a"), x.get("team_b")) != game.teams:
            return "team_mismatch", None
        return self.check_odds(x, game, wager)

    def check_odds(self, x, game, wager):
        for name, stored in zip(("team_a_odds", "team_b_odds", "tie_odds"), game.odds):
            claimed = number(x.get(name))
            if stored is None:
                if x.get(name) is not None:
                    return "odds_mismatch", None
            elif claimed is None or abs(claimed - stored) > TOLERANCE:
                return "odds_mismatch", None
        outcome, by_word = self.outcome_of(x.get("predicted_outcome"), game)
        if outcome is None or (outcome == 2 and game.odds[2] is None and not by_word):
            return "invalid_outcome", None
        odds = number(x.get("predicted_odds"))
        if odds is None:
            return "missing_odds", None
        if game.odds[outcome] is None:
            return "invalid_odds", None
        right = game.odds[outcome].quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
        if abs(odds - right) > TOLERANCE:
            return "odds_mismatch", None
        if odds <= 1:
            return "invalid_odds", None
        given = x.get("confidence_score")
        confidence = number(given)
        if given is not None and (confidence is None or not 0 <= confidence <= 1):
            return "invalid_confidence", None
        return None, (game, outcome, odds, wager)

    @staticmethod
    def outcome_of(x, game):
        value = number(x)
        if value is not None:
            return (int(value), False) if value in (0, 1, 2) else (None, False)
        if not isinstance(x, str):
            return None, False
        if x in game.teams:
            return game.teams.index(x), True
        return (2, True) if x.lower() == "tie" else (None, False)

    def take_prediction(self, record):
        key, received, x = record["hotkey"], moment(record["received_at"]), record["prediction"]
        code, found = self.check(key, received, x)
        answer = {"prediction_id": x.get("prediction_id"), "ok": code is None}
        if code:
            return {**answer, "code": code}
        game, outcome, odds, wager = found
        uid = self.miners[key][0]
        pick = Pick(x["prediction_id"], game, uid, received, outcome, odds, wager)
        pools = self.pools.setdefault(id(game), ([], [], []))
        pick.raw, pick.entropy = entropy_of(pick, pools)
        pools[outcome].append(pick)
        self.picks.append(pick)
        self.by_id[pick.id] = pick
        day = (uid, received // DAY)
        self.wagered[day] = self.wagered.get(day, Decimal(0)) + wager
        return {**answer, "numeric_outcome": outcome}

    # ---- settlement ------------------------------------------------------------------------------

    def settle(self):
        for pick in self.picks:
            if pick.state != "stored":
                continue
            game = pick.game
            if game.outcome is not None:
                won = pick.outcome == game.outcome
                pick.state = "won" if won else "lost"
                pick.payout = pick.exact_wager * pick.exact_odds if won else Decimal(0)
            elif self.now > game.start + DAY:
                pick.state, pick.payout = "void", pick.exact_wager


def entropy_of(pick, pools):
    """(raw, contribution) of a pick; `pools`: of its game, by outcome, before it."""
    earlier = pools[pick.outcome]
    similarity = 0.0
    if earlier:
        times = wagers = odds = 0.0
        for other in earlier:
            times += 1 / (1 + abs(pick.received / SECOND - other.received / SECOND) / 3600)
            wagers += 1 - abs(pick.wager - other.wager) / max(pick.wager, other.wager)
            odds += 1 / (1 + abs(pick.odds - other.odds))
        n = len(earlier)
        similarity = 0.5 * (times / n) + 0.4 * (wagers / n) + 0.1 * (odds / n)
    of_game = sum(len(one) for one in pools)
    contrarian = math.sqrt(1 - len(earlier) / of_game) - 0.5 if of_game else 0.5
    raw = -0.6 * similarity + 0.4 * contrarian
    if not earlier:
        return raw, 0.0
    values = [other.raw for other in earlier] + [raw]
    least, largest = min(values), max(values)
    return raw, 0.0 if largest == least else (raw - least) / (largest - least) * 20 - 10


# ---- scoring -------------------------------------------------------------------------------------


def daily_of(bets):
    """{uid: {day: parts}} of won and lost bets: (uid, day, odds, wager, payout, won, closing odds,
    entropy)."""
    groups = {}
    for bet in bets:
        groups.setdefault((bet[0], bet[1]), []).append(bet)
    made = {}
    for (uid, day), group in groups.items():
        ratios, rois, risks, entropy = [], [], [], 0.0
        for _, _, odds, wager, payout, won, closing, contribution in group:
            if closing is not None and closing > 0:
                ratios.append(odds / closing)
            roi = (payout - wager) / wager
            rois.append(roi)
            risk = min(1 - 0.95 / odds, 1)
            risks.append(roi / risk if won else max(roi / ((1 - risk) + 1e-5), -10))
            entropy += contribution
        made.setdefault(uid, {})[day] = {
            "predictions": len(group),
            "clv": sum(ratios) / len(ratios) if ratios else 0.0,
            "roi": sum(rois) / len(rois),
            "risk": sum(risks) / len(risks),
            "entropy": entropy,
        }
    largest = {}
    for days in made.values():
        for day, parts in days.items():
            largest[day] = max(largest.get(day, parts["entropy"]), parts["entropy"])
    for days in made.values():
        for day, parts in days.items():
            if largest[day] > 0:
                parts["entropy"] /= largest[day]
            better = 0.3 * parts["clv"] + 0.3 * parts["roi"] + 0.3 * parts["risk"]
            parts["composite"] = better + 0.1 * parts["entropy"]
    return made


def tier_score(days, today, tier):
    window = TIERS[tier][0]
    found = [days[d]["composite"] for d in range(today - window + 1, today + 1) if d in days]
    return sum(found) / window


def window_roi(days, today, window):
    found = [days[d]["roi"] for d in range(today - window + 1, today + 1) if d in days]
    found = [x for x in found if abs(x) > 1e-12]  # a sum of doubles leaves a rest where it is 0
    return (sum(found) / len(found) if found else 0.0), len(found)


def meets(tier, days, wagered, today):
    window, least, _, roi_rule = TIERS[tier]
    if sum(wagered.get(d, 0) for d in range(today - window + 1, today + 1)) < least * NANO:
        return False
    mean, count = window_roi(days, today, 15)
    return not (roi_rule and count >= 5 and mean < -1e-12)


def run_tiers(tiers, today, miners, daily, wagered, slots):
    """One day; `tiers`: uid -> tier, changed; `miners`: (uid, valid) by uid."""
    before = dict(tiers)
    for uid, valid in miners:
        tiers[uid] = max(tiers.get(uid, 1), 1) if valid else 0

    def fits(uid, tier):
        return meets(tier, daily.get(uid, {}), wagered.get(uid, {}), today)

    def score(uid):
        return tier_score(daily.get(uid, {}), today, tiers[uid])

    for tier in (5, 4, 3, 2):
        for uid in sorted(u for u in tiers if tiers[u] == tier):
            if not fits(uid, tier):
                tiers[uid] = tier - 1
    for tier in (5, 4, 3, 2):
        capacity = math.floor(slots * TIERS[tier][2])
        holders = [(score(u), u) for u in sorted(tiers) if tiers[u] == tier]
        rising = [(-score(u), u) for u in sorted(tiers) if tiers[u] == tier - 1 and fits(u, tier)]
        rising.sort()
        if len(holders) < capacity:
            for _, uid in rising[: capacity - len(holders)]:
                tiers[uid] = tier
            continue
        holders.sort()
        for (minus, better), (worst, holder) in zip(rising, holders):
            if not -minus > worst:
                break
            tiers[better], tiers[holder] = tier, tier - 1
    return [(today, uid, tiers[uid]) for uid in sorted(tiers) if before.get(uid, 0) != tiers[uid]]


def weights_of(tiers, scores):
    ranked = sorted((tiers[uid], scores[uid], uid) for uid in tiers if tiers[uid] > 0)
    made = dict.fromkeys(tiers, 0.0)
    for rank, (tier, _, uid) in enumerate(ranked):
        below = len({t for t, _, _ in ranked if t < tier})
        share = rank / (len(ranked) - 1) if len(ranked) > 1 else 0
        made[uid] = math.exp(12 * share) + 0.15 * below
    total = sum(made.values())
    return {uid: x / total for uid, x in made.items()} if total > 0 else made


def u16_of(weights):
    largest = max(weights.values(), default=0)
    if largest <= 0:
        return {"action": "skip"}
    scale = Fraction(65535) / Fraction(largest)
    values = [(uid, round(Fraction(x) * scale)) for uid, x in sorted(weights.items())]
    values = [(uid, x) for uid, x in values if x > 0]
    return {"action": "set", "uids": [u for u, _ in values], "weights": [x for _, x in values]}


def score_all(bets, wagered, miners, first, today, slots):
    """Daily parts, moves, tiers, scores of the own tier, weights."""
    daily = daily_of(bets)
    tiers, moves = {}, []
    for day in range(first, today + 1):
        moves += run_tiers(tiers, day, miners, daily, wagered, slots)
    scores = {u: tier_score(daily.get(u, {}), today, t) if t else 0.0 for u, t in tiers.items()}
    return daily, moves, tiers, scores, weights_of(tiers, scores)


# ---- reports -------------------------------------------------------------------------------------


def standing(uid, picks, days, today, tier, score, weight):
    ended = [p for p in picks if p.state in ("won", "lost")]
    wager = sum((p.exact_wager for p in ended), Decimal(0))
    earned = sum((p.payout for p in ended), Decimal(0))
    states = [p.state for p in picks]
    return {
        "uid": uid,
        "tier": tier,
        "tier_score": score,
        "predictions": len(picks),
        "wins": states.count("won"),
        "losses": states.count("lost"),
        "void": states.count("void"),
        "open": states.count("stored"),
        "lifetime_wager": float(wager),
        "lifetime_earnings": float(earned),
        "lifetime_roi": float((earned - wager) / wager) if wager else 0.0,
        **{f"roi_{n}": window_roi(days, today, n)[0] for n in (15, 30, 45)},
        "weight": weight,
    }


def result_of(world, answers):
    world.settle()
    bets, wagered, by_uid = [], {}, {}
    for p in world.picks:
        by_uid.setdefault(p.uid, []).append(p)
        if p.state != "void":
            days = wagered.setdefault(p.uid, {})
            day = p.received // DAY
            days[day] = days.get(day, 0) + int(p.exact_wager * NANO)
        if p.state in ("won", "lost"):
            closing = p.game.odds[p.outcome]
            bets.append((p.uid, p.game.start // DAY, p.odds, p.wager, float(p.payout),
                         p.state == "won", None if closing is None else float(closing), p.entropy))
    miners = sorted(world.miners.values())
    today = world.now // DAY
    first = world.picks[0].received // DAY if world.picks else today
    daily, moves, tiers, scores, weights = score_all(
        bets, wagered, miners, first, today, world.slots)
    rows = sorted((day, uid) for uid in daily for day in daily[uid])
    return {
        "answers": answers,
        "predictions": [
            {"prediction_id": p.id, "state": p.state,
             "payout": None if p.payout is None else float(p.payout)}
            for p in world.picks
        ],
        "daily": [{"uid": uid, "day": date_text(day), **daily[uid][day]} for day, uid in rows],
        "tier_moves": [{"day": date_text(d), "uid": uid, "tier": t} for d, uid, t in moves],
        "miners": [
            standing(uid, by_uid.get(uid, []), daily.get(uid, {}), today, tiers[uid], scores[uid],
                     weights[uid])
            for uid, _ in miners
        ],
        "publish": u16_of(weights),
    }


def run_records(records):
    """Of the records of a case, in any order."""
    world = World(next(r for r in records if r["kind"] == "settings"))
    timed = []
    for r in records:
        if r["kind"] == "game":
            timed.append((moment(r["at"]), 0, r))
        elif r["kind"] == "prediction":
            timed.append((moment(r["received_at"]), 1, r))
    timed.sort(key=lambda x: x[:2])
    answers = []
    for _, is_prediction, r in timed:
        if is_prediction:
            answers.append(world.take_prediction(r))
        else:
            world.take_game(r)
    return result_of(world, answers)


def run_file(path):
    with open(path, encoding="utf-8") as lines:
        return run_records([json.loads(x, parse_float=Decimal) for x in lines if x.strip()])


def run_scoring(path):
    """Rows of sports_bench: what is timed is only the scoring of a settled book."""
    with open(path, encoding="utf-8") as file:
        head = json.loads(next(file))
        rows = [json.loads(x) for x in file]
    games = {id_: (start, odds) for id_, start, *odds in rows[: head["games"]]}
    picks = rows[head["games"] :]
    began = time.process_time()
    bets, wagered = [], {}
    for uid, game, outcome, received, odds, wager, payout, state, entropy in picks:
        if state != "void":
            days = wagered.setdefault(uid, {})
            day = received // DAY
            days[day] = days.get(day, 0) + wager
        if state in ("won", "lost"):
            start, closing = games[game]
            bets.append((uid, start // DAY, odds, wager / NANO, payout / NANO, state == "won",
                         closing[outcome], entropy))
    miners = [(uid, True) for uid in range(head["miners"])]
    daily, moves, tiers, scores, weights = score_all(
        bets, wagered, miners, head["first"], head["today"], head["slots"])
    seconds = time.process_time() - began
    return {"seconds": seconds, "moves": len(moves), "tiers": [tiers[u] for u, _ in miners],
            "scores": [scores[u] for u, _ in miners], "weights": [weights[u] for u, _ in miners]}


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--scoring":
        print(json.dumps(run_scoring(sys.argv[2])))
    elif len(sys.argv) == 2:
        print(json.dumps(run_file(sys.argv[1])))
    else:
        sys.exit(__doc__)
