// chain.mjs SPEC ANVIL: the workloads on the real contract in anvil, each a loop inside one eth_call.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { Contract, ContractFactory, JsonRpcProvider } from 'ethers';
import { check, report, spec } from './report.mjs';

const require = createRequire(import.meta.url);
const runs = 8;
const callsPerRun = 3; // the kernel counts in hundredths of a second
const gas = 1_000_000_000;
const ticksPerSecond = 100; // of /proc: USER_HZ, the same on every Linux
const anvil = process.argv[3];

/** Our two contracts, compiled here. */
function compiled() {
  const input = {
    language: 'Solidity', sources: { 'SwapLoop.sol': { content: readFileSync(new URL('SwapLoop.sol', import.meta.url), 'utf8') } },
    settings: { optimizer: { enabled: true, runs: 800 }, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  };
  const { contracts, errors = [] } = JSON.parse(require('solc').compile(JSON.stringify(input)));
  for (const e of errors) if (e.severity === 'error') throw new Error(e.formattedMessage);
  return contracts['SwapLoop.sol'];
}

const freePort = () => new Promise((done) => {
  const server = net.createServer();
  server.listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => done(port)); });
});

async function start() {
  const port = await freePort();
  const child = spawn(anvil, ['--host', '127.0.0.1', '--port', String(port), '--quiet', '--gas-limit', String(gas),
    '--disable-console-log', '--threads', '1'], { stdio: ['ignore', 'ignore', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const gone = new Promise((_, bad) => child.once('exit', () => bad(new Error('anvil ended'))));
  const provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, 31337, { staticNetwork: true, cacheTimeout: -1, polling: true, pollingInterval: 20 });
  const ready = (async () => {
    for (let i = 0; ; i++) {
      try { return await provider.send('eth_chainId', []); } catch (e) { if (i > 500) throw e; }
      await new Promise((next) => setTimeout(next, 20));
    }
  })();
  await Promise.race([ready, gone]);
  gone.catch(() => {});
  return { child, provider };
}

/** CPU seconds of a process so far. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Two tokens, the factory's pool and the loop with all liquidity of the spec. */
async function deploy(provider) {
  const from = await provider.getSigner(0);
  const { Token, SwapLoop } = compiled();
  const create = async (abi, code, ...args) => (await new ContractFactory(abi, code, from).deploy(...args)).waitForDeployment();
  const mined = async (call) => (await call).wait();
  const tokens = [await create(Token.abi, Token.evm.bytecode.object), await create(Token.abi, Token.evm.bytecode.object)];
  tokens.sort((a, b) => (BigInt(a.target) < BigInt(b.target) ? -1 : 1));
  const core = (name) => require(`@uniswap/v3-core/artifacts/contracts/${name}.sol/${name}.json`);
  const factory = await create(core('UniswapV3Factory').abi, core('UniswapV3Factory').bytecode);
  await mined(factory.createPool(tokens[0].target, tokens[1].target, spec.pool.fee));
  const at = await factory.getPool(tokens[0].target, tokens[1].target, spec.pool.fee);
  await mined(new Contract(at, core('UniswapV3Pool').abi, from).initialize(spec.pool.sqrtPriceX96));
  const loop = await create(SwapLoop.abi, SwapLoop.evm.bytecode.object, at);
  for (const token of tokens) await mined(token.mint(loop.target, 1n << 160n));
  for (const x of spec.positions) await mined(loop.provide(x.tickLower, x.tickUpper, x.liquidity, { gasLimit: 1_000_000 }));
  return loop;
}

const { child, provider } = await start();
const loop = await deploy(provider);
for (const workload of spec.workloads) {
  const { n, seed, base0, base1 } = workload;
  const data = loop.interface.encodeFunctionData('run', [n, seed, base0, base1]);
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const answers = [];
    const from = cpuOf(child.pid);
    for (let k = 0; k < callsPerRun; k++)
      answers.push(await provider.send('eth_call', [{ to: loop.target, data, gas: '0x' + gas.toString(16) }, 'latest']));
    best = Math.min(best, (cpuOf(child.pid) - from) / callsPerRun);
    for (const answer of answers) {
      const [sum, end] = loop.interface.decodeFunctionResult('run', answer);
      check('anvil', workload, sum, end.toObject());
    }
  }
  report('anvil', workload, best);
}
provider.destroy();
child.kill();
