#!/usr/bin/env python3
"""Draws a terminal's output (with colours) as SVG: make_run_svg.py < output > run.svg

The output comes from: script -qec "sluice node --dev --seed 3 --rounds 3 --data DIR" /dev/null
"""
import html
import re
import sys

COLORS = {"31": "#f38ba8", "32": "#a6e3a1", "33": "#f9e2af", "36": "#89dceb", "34": "#89b4fa"}
text = sys.stdin.read().replace("\r\n", "\n")
lines = [line.split("\r")[-1] for line in text.split("\n")]
plain = [re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line).rstrip() for line in lines]
first = max(i for i, line in enumerate(plain) if " round 3 " in line and "blocks" in line
            and line.startswith("aero"))
last = min(i for i in range(first, len(plain)) if plain[i].startswith("weights"))
shown = [(l, p) for l, p in zip(lines[first:last + 1], plain[first:last + 1])]
width = max(len(p) for _, p in shown) * 7.85 + 40
height = len(shown) * 18 + 40
out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
       f'viewBox="0 0 {width:.0f} {height}">',
       f'<rect width="100%" height="100%" rx="8" fill="#1e1e2e"/>',
       '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" '
       'fill="#cdd6f4" xml:space="preserve">']
for n, (line, _) in enumerate(shown):
    spans, bold, dim, color = [], False, False, None
    for part in re.split(r"(\x1b\[[0-9;]*[A-Za-z])", line):
        code = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if code:
            for c in (code.group(1) or "0").split(";"):
                if c in ("0", ""):
                    bold, dim, color = False, False, None
                elif c == "1":
                    bold = True
                elif c == "2":
                    dim = True
                elif c in COLORS:
                    color = COLORS[c]
        elif part and not part.startswith("\x1b"):
            style = (' font-weight="bold"' if bold else "") + (f' fill="{color}"' if color else "") \
                + (' opacity="0.55"' if dim else "")
            spans.append(f"<tspan{style}>{html.escape(part)}</tspan>")
    out.append(f'<text x="20" y="{n * 18 + 32}">{"".join(spans)}</text>')
out.append("</g></svg>")
print("\n".join(out))
