"""A slow second model of facts/liquidity §3 `observed`, written from the text with plain integers and
fractions. It shares nothing with the C++ (no u256, no fast paths); tests/data/evaluate holds its answers."""

from fractions import Fraction
from math import floor

Q96 = 1 << 96
MIN_TICK, MAX_TICK = -887272, 887272
U128 = (1 << 128) - 1

FACTORS = [
    0xfffcb933bd6fad37aa2d162d1a594001, 0xfff97272373d413259a46990580e213a,
    0xfff2e50f5f656932ef12357cf3c7fdcc, 0xffe5caca7e10e4e61c3624eaa0941cd0,
    0xffcb9843d60f6159c9db58835c926644, 0xff973b41fa98c081472e6896dfb254c0,
    0xff2ea16466c96a3843ec78b326b52861, 0xfe5dee046a99a2a811c461f1969c3053,
    0xfcbe86c7900a88aedcffc83b479aa3a4, 0xf987a7253ac413176f2b074cf7815e54,
    0xf3392b0822b70005940c7a398e4b70f3, 0xe7159475a2c29b7443b29c7fa6e889d9,
    0xd097f3bdfd2022b8845ad8f792aa5825, 0xa9f746462d870fdf8a65dc1f90e061e5,
    0x70d869a156d2a1b890bb3df62baf32f7, 0x31be135f97d08fd981231505542fcfa6,
    0x9aa508b5b7a84e1c677de54f3e99bc9, 0x5d6af8dedb81196699c329225ee604,
    0x2216e584f5fa1ea926041bedfe98, 0x48a170391f7dc42444e8fa2]


def ratio_at(tick):
    x = 1 << 128
    for i, f in enumerate(FACTORS):
        if abs(tick) >> i & 1:
            x = x * f >> 128
    if tick > 0:
        x = ((1 << 256) - 1) // x
    return -(-x // (1 << 32))


def tick_at(price):
    low, high = MIN_TICK, MAX_TICK - 1
    while low < high:
        mid = (low + high + 1) // 2
        if ratio_at(mid) <= price:
            low = mid
        else:
            high = mid - 1
    return low


def ceil_div(a, b):
    return -(-a // b)


def amounts(price, lower, upper, liquidity, up):
    """What a range holds: exact rationals, rounded once."""
    a, b = ratio_at(lower), ratio_at(upper)
    p = min(max(price, a), b)
    x0 = Fraction(liquidity * Q96 * (b - p), p * b)
    x1 = Fraction(liquidity * (p - a), Q96)
    if up:
        return -floor(-x0), -floor(-x1)
    return floor(x0), floor(x1)


def liquidity_for(price, lower, upper, amount0, amount1):
    """Periphery's LiquidityAmounts."""
    a, b = ratio_at(lower), ratio_at(upper)

    def by0(low, high):
        return amount0 * (low * high // Q96) // (high - low)

    def by1(low, high):
        return amount1 * Q96 // (high - low)
    if price <= a:
        return by0(a, b)
    if price >= b:
        return by1(a, b)
    return min(by0(price, b), by1(a, price))


class Pool:
    """Price, liquidity and net liquidity per tick: all that a price path needs."""

    def __init__(self, fee, spacing):
        self.fee, self.spacing = fee, spacing
        self.net, self.gross = {}, {}
        self.price = self.tick = self.liquidity = 0

    def change(self, lower, upper, delta):
        for t, sign in ((lower, 1), (upper, -1)):
            self.net[t] = self.net.get(t, 0) + sign * delta
            self.gross[t] = self.gross.get(t, 0) + delta
            if self.gross[t] == 0:
                del self.net[t], self.gross[t]
        if lower <= self.tick < upper:
            self.liquidity += delta

    def swap(self, down, amount, limit):
        """amount > 0: exact input. Answers (amount0, amount1, steps, end state); changes nothing.
        Ticks without liquidity only cut steps in the contract at word boundaries: a step's fee is
        rounded per word, so words are kept."""
        price, tick, liquidity = self.price, self.tick, self.liquidity
        left, other, steps = amount, 0, []
        while left and price != limit:
            nxt, initialized = self.next_tick(tick, down)
            nxt = max(min(nxt, MAX_TICK), MIN_TICK)
            edge = ratio_at(nxt)
            target = max(edge, limit) if down else min(edge, limit)
            new, went_in, went_out, fee = self.step(price, target, liquidity, left)
            if left > 0:
                left -= went_in + fee
                other -= went_out
            else:
                left += went_out
                other += went_in + fee
            steps.append((price, new, liquidity, fee, down))
            if new == edge:
                if initialized:
                    liquidity += -self.net[nxt] if down else self.net[nxt]
                tick = nxt - 1 if down else nxt
            elif new != price:
                tick = tick_at(new)
            price = new
        used = amount - left
        a0, a1 = (used, other) if down == (amount > 0) else (other, used)
        return a0, a1, steps, (price, tick, liquidity)

    def next_tick(self, tick, down):
        unit = tick // self.spacing
        if down:
            for u in range(unit, (unit >> 8 << 8) - 1, -1):
                if u * self.spacing in self.gross:
                    return u * self.spacing, True
            return (unit >> 8 << 8) * self.spacing, False
        unit += 1
        for u in range(unit, (unit | 255) + 1):
            if u * self.spacing in self.gross:
                return u * self.spacing, True
        return (unit | 255) * self.spacing, False

    def step(self, price, target, liquidity, left):
        down, lo, hi = price >= target, min(price, target), max(price, target)
        n = liquidity << 96

        def need0(a, b, up):
            a, b = min(a, b), max(a, b)
            x = Fraction(n * (b - a), a * b)
            return -floor(-x) if up else floor(x)

        def need1(a, b, up):
            x = Fraction(liquidity * abs(b - a), Q96)
            return -floor(-x) if up else floor(x)
        in_for = need0 if down else need1
        out_for = need1 if down else need0
        if left > 0:
            usable = left * (1000000 - self.fee) // 1000000
            if usable >= in_for(lo, hi, True):
                new = target
            elif down:
                new = ceil_div(n * price, n + usable * price)
            else:
                new = price + (usable << 96) // liquidity
        else:
            if -left >= out_for(lo, hi, False):
                new = target
            elif down:
                new = price - ceil_div(-left << 96, liquidity)
            else:
                new = ceil_div(n * price, n - (-left) * price)
        went_in, went_out = in_for(price, new, True), out_for(price, new, False)
        if left < 0:
            went_out = min(went_out, -left)
        if left > 0 and new != target:
            fee = left - went_in
        else:
            fee = ceil_div(went_in * self.fee, 1000000 - self.fee)
        return new, went_in, went_out, fee

    def replay(self, event):
        """The record as exact input, exact output or up to its limit; its steps."""
        down = event["price"] < self.price if event["price"] != self.price else event["a0"] > 0
        ends = (ratio_at(MIN_TICK) + 1, ratio_at(MAX_TICK) - 1)
        free = ends[0] if down else ends[1]
        came, went = (event["a0"], event["a1"]) if down else (event["a1"], event["a0"])
        for amount, limit in ((came, free), (went, free), (1 << 200, event["price"])):
            if amount == 0 or limit == self.price:
                continue
            if amount < 0 and self.liquidity == 0 and not self.gross:
                continue
            try:
                a0, a1, steps, end = self.swap(down, amount, limit)
            except ZeroDivisionError:
                continue
            if (a0, a1) == (event["a0"], event["a1"]) and end == (event["price"], event["tick"],
                                                                  event["liquidity"]):
                self.price, self.tick, self.liquidity = end
                return [(p, q, l, f if d else 0, 0 if d else f) for p, q, l, f, d in steps]
        raise ValueError(f"record and pool disagree: {event}")


class Gauge:
    """What is staked and what is given for it, as a stream reports; times are unix seconds."""

    def __init__(self):
        self.ranges = []  # (lower, upper, liquidity), negative when unstaked
        self.rate = self.reserve = self.since = 0

    def staked(self, tick):
        return sum(l for lower, upper, l in self.ranges if lower <= tick < upper)

    def given(self, time):
        """Since the rate was last set."""
        return min(self.rate * (time - self.since), self.reserve)

    def report(self, time, rate, until, reserve):
        self.rate, self.since = rate, time
        self.reserve = max(0, until - time) * rate if reserve is None else reserve


class Plan:
    """Inventory and positions on their way through a window."""

    def __init__(self, terms, start, amount0, amount1, positions, block, positions_max=10,
                 staked=False):
        self.terms, self.max, self.staked = terms, positions_max, staked
        self.price, self.tick = start
        self.free = [amount0, amount1]
        self.open, self.breakdowns, self.rebalances = [], [], []
        self.swaps = self.hits = 0
        total = [amount0, amount1]
        for lower, upper, liquidity in positions:
            held = amounts(self.price, lower, upper, liquidity, False)
            total = [total[0] + held[0], total[1] + held[1]]
            self.add(lower, upper, liquidity, held, block)
        self.start_total, self.initial = total, self.value(total)

    def add(self, lower, upper, liquidity, spent, block):
        breakdown = dict(tick_lower=lower, tick_upper=upper, liquidity=liquidity, from_block=block,
                     to_block=None, spent=list(spent), returned=[0, 0], fees=[0, 0], rewards=0)
        self.breakdowns.append(breakdown)
        self.open.append(breakdown)

    def value(self, pair):
        return pair[0] * self.price ** 2 // (1 << 192) + pair[1]

    def held(self, breakdown):
        return amounts(self.price, breakdown["tick_lower"], breakdown["tick_upper"], breakdown["liquidity"], False)

    def earn(self, step):
        a, b, pool, fee0, fee1 = step
        low, high = min(a, b), max(a, b)
        bounds = {low, high}
        for p in self.open:
            for t in (p["tick_lower"], p["tick_upper"]):
                if low < ratio_at(t) < high:
                    bounds.add(ratio_at(t))
        bounds = sorted(bounds)
        pieces = list(zip(bounds, bounds[1:])) or [(low, high)]
        for x, y in pieces:
            inside = [p for p in self.open if ratio_at(p["tick_lower"]) <= x and
                      (y <= ratio_at(p["tick_upper"]) if x != y else y < ratio_at(p["tick_upper"]))]
            own = sum(p["liquidity"] for p in inside)
            if not own:
                continue
            part = [Fraction(1), Fraction(1)]
            if x != y:
                part = [(Fraction(1, x) - Fraction(1, y)) / (Fraction(1, low) - Fraction(1, high)),
                        Fraction(y - x, high - low)]
            for token, fee in enumerate((fee0, fee1)):
                earned = floor(fee * part[token] * Fraction(own, pool + own))
                given = count = 0
                for p in inside:
                    count += p["liquidity"]
                    until = earned * count // own
                    p["fees"][token] += until - given
                    given = until

    def reward(self, given, staked):
        """A gauge's rewards since the block before, at that block's tick."""
        inside = [p for p in self.open if p["tick_lower"] <= self.tick < p["tick_upper"]]
        own = sum(p["liquidity"] for p in inside)
        if not self.staked or not own:
            return
        earned = floor(Fraction(given * own, staked + own))
        shares = count = 0
        for p in inside:
            count += p["liquidity"]
            p["rewards"] += earned * count // own - shares
            shares = earned * count // own

    def swap_ends(self, tick):
        self.swaps += 1
        self.hits += any(p["tick_lower"] <= tick < p["tick_upper"] for p in self.open)

    def refused(self, desired):
        spacing = self.terms["tick_spacing"]
        ranges = [(d[0], d[1]) for d in desired]
        if len(desired) > self.max or len(set(ranges)) != len(ranges):
            return True
        for lower, upper in ranges:
            if not MIN_TICK <= lower < upper <= MAX_TICK or lower % spacing or upper % spacing:
                return True
        for token in (0, 1):
            have = self.free[token] + sum(self.held(p)[token] + p["fees"][token] for p in self.open)
            if sum(d[2 + token] for d in desired) * 100 > have * 102:
                return True
        return False

    def rebalance(self, block, desired):
        breakdown = dict(block=block, executed=False, kept=len(self.open), burned=0, minted=0)
        self.rebalances.append(breakdown)
        if not self.refused(desired):
            def near(asked, now):
                return abs(asked - now) * 50 <= now
            keep, wanted = [], list(desired)
            for p in self.open:
                now = self.held(p)
                for d in wanted:
                    if (d[0], d[1]) == (p["tick_lower"], p["tick_upper"]) and near(d[2], now[0]) \
                            and near(d[3], now[1]):
                        keep.append(p)
                        wanted.remove(d)
                        break
            gone = [p for p in self.open if not any(p is k for k in keep)]
            if gone or wanted:
                breakdown.update(executed=True, kept=len(keep), burned=len(gone))
                for p in gone:
                    self.take_out(p, block)
                    self.free = [self.free[t] + p["returned"][t] + p["fees"][t] for t in (0, 1)]
                self.open = keep
                for d in wanted:
                    breakdown["minted"] += self.mint(block, d)
        breakdown["free"] = list(self.free)

    def take_out(self, p, block):
        p["returned"], p["to_block"] = list(self.held(p)), block

    def mint(self, block, d):
        offer = [min(d[2], self.free[0]), min(d[3], self.free[1])]
        liquidity = liquidity_for(self.price, d[0], d[1], *offer)
        spacing = self.terms["tick_spacing"]
        ticks = 2 * (MAX_TICK // spacing) + 1
        if liquidity == 0 or liquidity > U128 // ticks:
            return 0
        spent = amounts(self.price, d[0], d[1], liquidity, True)
        self.free = [self.free[0] - spent[0], self.free[1] - spent[1]]
        assert min(self.free) >= 0
        self.add(d[0], d[1], liquidity, spent, block)
        return 1

    def outcome(self, block):
        for p in self.open:
            self.take_out(p, block)
        owned, fees = list(self.free), [0, 0]
        for p in self.breakdowns:
            for t in (0, 1):
                fees[t] += p["fees"][t]
                if any(p is x for x in self.open):
                    owned[t] += p["returned"][t] + p["fees"][t]
        hodl, final, earned = self.value(self.start_total), self.value(owned), self.value(fees)
        loss = hodl - (final - earned)
        return dict(initial_value=self.initial, final_value=final, hodl_value=hodl, fees0=fees[0],
                    fees1=fees[1], fees_value=earned, net_pnl_vs_hodl=final - hodl,
                    impermanent_loss=loss / hodl if hodl and loss > 0 else 0.0,
                    in_range_ratio=self.hits / self.swaps if self.swaps else 0.0,
                    rebalances=sum(r["executed"] for r in self.rebalances), swaps=self.swaps,
                    swaps_in_range=self.hits, price=self.price, tick=self.tick,
                    **(dict(rewards=sum(p["rewards"] for p in self.breakdowns)) if self.staked else {}))
