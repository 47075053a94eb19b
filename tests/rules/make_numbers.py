#!/usr/bin/env python3
"""Writes tests/data/rules-numbers.json: exact quotients, values, losses and scores from Python's own integers.

int / int is correctly rounded in Python; Fraction checks it. Run again after changing a case:
    python3 tests/rules/make_numbers.py
"""
import json
import math
import pathlib
import random
from fractions import Fraction

R = random.Random(20240607)
TOP = 2**256 - 1


def some(bits_max=256):
    bits = R.randint(1, bits_max)
    x = R.getrandbits(bits) | (1 << (bits - 1))
    return R.choice([x, x, x, 1 << (bits - 1), (1 << bits) - 1, x & ~((1 << max(0, bits - 60)) - 1) | 1])


def quotient(n, d):
    x = n / d
    lower, upper = math.nextafter(x, 0), math.nextafter(x, math.inf)
    exact = Fraction(n, d)
    assert abs(Fraction(x) - exact) <= min(abs(Fraction(lower) - exact), abs(Fraction(upper) - exact))
    return x


def ratios():
    pairs = [(some(), some()) for _ in range(160)]
    for _ in range(60):  # exact halves between two doubles, and one above and below
        mantissa = (R.getrandbits(52) | 1 << 52) * 2 + 1
        den = R.getrandbits(R.randint(1, 150)) | 1
        pairs += [(mantissa * den + nudge, den << R.randint(0, 100)) for nudge in (-1, 0, 1)]
    pairs += [(1, TOP), (TOP, 1), (TOP, TOP), (TOP - 1, TOP), (TOP, TOP - 1), (1, 3), (2, 3), (1, 2**255),
              (2**255, 1), (2**255, 3), (2**255 - 1, 2**255), (2**53 + 1, 1), (2**53 + 3, 1), (2**54 + 2, 1),
              (2**64 - 1, 1), (2**64 + 1, 2**64), (10**18, 10**6), (1, 10**77)]
    return [[str(n), str(d), quotient(n, d).hex()] for n, d in pairs]


def values():
    rows = []
    for _ in range(110):
        a0, a1, p = R.choice([some(128), some()]), R.choice([some(128), some()]), some(160)
        rows.append((a0, a1, p))
    rows += [(TOP, 0, 2**96), (TOP, 1, 2**96), (TOP, 0, 2**96 - 1), (TOP, 0, 2**96 + 1), (1, 0, 2**160 - 1),
             (0, TOP, 2**160 - 1), (TOP, TOP, 2**160 - 1), (0, 0, 2**96), (2**128, 2**255, 2**159), (3, 0, 4295128739),
             (TOP, 0, 1), (10**18, 5, 2**96 // 3)]
    return [[str(a), str(b), str(p), str(min(TOP, (a * p * p >> 192) + b))] for a, b, p in rows]


def losses():
    rows = []
    for _ in range(60):
        hodl = some(200)
        final = max(0, hodl + R.randint(-hodl, hodl) // R.choice([1, 10, 1000, 10**6]))
        fees = min(final, some(180))
        rows.append((hodl, final, fees))
    rows += [(0, 5, 1), (100, 100, 0), (100, 101, 0), (100, 100, 1), (100, 99, 0), (3, 2, 0), (TOP, 0, 0)]
    out = []
    for hodl, final, fees in rows:
        loss = hodl - (final - fees)
        out.append([str(hodl), str(final), str(fees), (0.0 if hodl == 0 else max(0.0, loss / hodl)).hex()])
    return out


def score(initial, final, loss, in_range):
    if initial <= 0:
        return -100.0
    gain = max(-10.0, min(10.0, (final - initial) / initial))
    penalty = math.exp(-10 * loss)
    x = gain * penalty if gain >= 0 else gain / penalty
    x *= 0.92 + 0.08 * in_range
    return max(-100.0, min(10.0, x))


def scores():
    rows = []
    for _ in range(300):
        initial = some(150)
        final = max(0, initial + R.randint(-initial, initial) // R.choice([1, 10, 1000, 10**6]))
        if R.random() < 0.1:
            final = initial * R.randint(2, 40)
        rows.append((initial, final, R.choice([0.0, R.random() / 100, R.random(), 1.0]), R.choice([0.0, 1.0, R.random()])))
    rows += [(0, 5, 0.0, 1.0), (10**18, 0, 1.0, 1.0), (10**18, 10**18, 0.5, 1.0), (1, 1000, 0.0, 1.0)]
    return [[str(i), str(f), l.hex(), r.hex(), score(i, f, l, r).hex()] for i, f, l, r in rows]


out = {"ratio": ratios(), "value": values(), "loss": losses(), "score": scores()}
path = pathlib.Path(__file__).resolve().parents[1] / "data" / "rules-numbers.json"
lines = [f'"{k}": [\n' + ",\n".join(json.dumps(x, separators=(",", ":")) for x in v) + "\n]" for k, v in out.items()]
path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
print({k: len(v) for k, v in out.items()}, path.stat().st_size)
