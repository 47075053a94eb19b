// sdk.mjs SPEC: the workloads in @uniswap/v3-sdk, one getOutputAmount after the other, when node has compiled it.
import { createRequire } from 'node:module';
import { check, report, spec } from './report.mjs';

const require = createRequire(import.meta.url); // the packages' ES modules do not load in node
const { CurrencyAmount, Token } = require('@uniswap/sdk-core');
const { Pool, TickListDataProvider } = require('@uniswap/v3-sdk');
const JSBI = require('jsbi');

const runs = 20;
const weth = new Token(1, '0x0000000000000000000000000000000000000001', 18);
const usdc = new Token(1, '0x0000000000000000000000000000000000000002', 6);

/** Liquidity at the positions' ends. */
function ticksOf(positions) {
  const at = new Map();
  for (const { tickLower, tickUpper, liquidity } of positions)
    for (const [tick, sign] of [[tickLower, 1n], [tickUpper, -1n]]) {
      const x = at.get(tick) ?? { gross: 0n, net: 0n };
      at.set(tick, { gross: x.gross + BigInt(liquidity), net: x.net + sign * BigInt(liquidity) });
    }
  return [...at].sort(([a], [b]) => a - b).map(([index, x]) => ({ index, liquidityGross: String(x.gross), liquidityNet: String(x.net) }));
}

const { fee, tickSpacing, sqrtPriceX96, tick, liquidity } = spec.pool;
const ticks = new TickListDataProvider(ticksOf(spec.positions), tickSpacing);
const newborn = () => new Pool(weth, usdc, fee, sqrtPriceX96, liquidity, tick, ticks);

/** The swaps of a workload as the SDK takes them. */
function amounts({ n, seed, base0, base1 }) {
  let s = BigInt(seed);
  return Array.from({ length: n }, () => {
    s = BigInt.asUintN(64, s * 6364136223846793005n + 1442695040888963407n);
    const down = ((s >> 40n) & 1n) === 0n;
    const amount = 1n + (BigInt(down ? base0 : base1) * ((s >> 41n) & 0xffffn)) / 65536n;
    return CurrencyAmount.fromRawAmount(down ? weth : usdc, String(amount));
  });
}

for (const workload of spec.workloads) {
  const asked = amounts(workload);
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    let pool = newborn(), out, sum = JSBI.BigInt(0);
    const from = process.cpuUsage();
    for (const amount of asked) {
      [out, pool] = await pool.getOutputAmount(amount);
      sum = JSBI.subtract(sum, out.quotient);
    }
    const { user, system } = process.cpuUsage(from);
    best = Math.min(best, (user + system) / 1e6);
    check('v3-sdk', workload, sum, { sqrtPriceX96: pool.sqrtRatioX96, tick: pool.tickCurrent, liquidity: pool.liquidity });
  }
  report('v3-sdk', workload, best);
}
