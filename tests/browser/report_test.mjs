// Opens a backtest's page as people do, at the widths of a screen and of a telephone, in light and in dark, and looks.
// node report_test.mjs SLUICE OUT_FOLDER CHROMIUM PLAYWRIGHT; exit 1 and one line per finding when something is wrong.
import {execFileSync} from "node:child_process";
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const [sluice, out, chromium, library] = process.argv.slice(2);
const {chromium: launcher} = createRequire(join(resolve(library), "package.json"))("playwright-core");
const here = dirname(fileURLToPath(import.meta.url));
const bundled = name => join(here, "..", "data", "evaluate", name);
const shared = name => join(here, "..", "..", "..", "shared", "data", name);
const scratch = mkdtempSync(join(tmpdir(), "sluice-browser-"));
mkdirSync(out, {recursive: true});

const findings = [];
let looked = 0;
const expect = (good, what) => { ++looked; if (!good) { findings.push(what); console.log(`WRONG: ${what}`); } };

/// What is looked at: recordings of every kind, and names that would like to be markup.
const cases = [];
const evil = join(scratch, "<img src=x onerror=alert(1)>&quot;.csv");
copyFileSync(bundled("bars.csv"), evil);
const plan = join(scratch, "<!--<script>alert(2).json");
writeFileSync(plan, JSON.stringify({inventory: {amount0: "30000000000", amount1: "16000000000000000000"}, positions: [{tick_lower: 200500, tick_upper: 201500, liquidity: "1000000000000000000"}]}));
cases.push({name: "bars", arguments: ["--events", evil, "--plan", plan, "--strategy", "hold", "wide", "narrow", "refuser", "garbage"]});
cases.push({name: "events", arguments: ["--events", bundled("p1.jsonl"), "--round", "10blocks", "--strategy", "narrow", "wide", "hold", "--model", "replayed", "--tokens", "WETH,USDC"]});
cases.push({name: "staked", arguments: ["--events", bundled("aero.jsonl"), "--round", "10blocks", "--strategy", "narrow", "wide", "hold", "--staked"]});
cases.push({name: "one-round", arguments: ["--events", bundled("p1.jsonl"), "--round", "60blocks", "--strategy", "narrow"]});
const days = [13, 14, 15, 16, 17].map(d => shared(`polygon/usdc-weth-500-2023-08-${d}.csv`));
if (days.every(existsSync)) cases.push({name: "polygon", arguments: ["--events", ...days, "--tokens", "USDC,WETH"]});
if (existsSync(shared("mainnet/ens-weth-3000.jsonl"))) cases.push({name: "mainnet", arguments: ["--events", shared("mainnet/ens-weth-3000.jsonl"), "--round", "1m", "--tokens", "WETH,ENS"]});
for (const x of cases) {
  x.page = join(scratch, `${x.name}.html`);
  x.json = JSON.parse(execFileSync(sluice, ["backtest", ...x.arguments, "--report", x.page, "--output", "json"], {maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "ignore"]}));
}

/// Runs inside the page: geometry that a person would complain about.
const look = () => {
  const wrong = [];
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) wrong.push(`the page is ${wide} pixels wider than the window`);
  const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  const figures = [...document.querySelectorAll("figure")];
  if (figures.length !== 5) wrong.push(`${figures.length} charts instead of 5`);
  for (const figure of figures) {
    const svg = figure.querySelector("svg"), frame = svg.getBoundingClientRect();
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const lines = [...svg.querySelectorAll("path.line")];
    if (!lines.some(x => x.getAttribute("d").length > 20)) wrong.push(`${figure.id}: no line`);
    for (const line of lines) {
      if (/NaN|Infinity|undefined/.test(line.getAttribute("d"))) wrong.push(`${figure.id}: ${line.dataset.name}: not numbers`);
      const box = line.getBBox();
      if (box.x < -1 || box.y < -1 || box.x + box.width > width + 1 || box.y + box.height > height + 1) wrong.push(`${figure.id}: ${line.dataset.name} leaves its chart`);
    }
    const texts = [...svg.querySelectorAll("text")].map(x => ({text: x.textContent, box: x.getBoundingClientRect()}));
    for (const {text, box} of texts)
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) wrong.push(`${figure.id}: the label ${text} is cut`);
    for (let i = 0; i < texts.length; ++i) for (let j = 0; j < i; ++j) if (overlap(texts[i].box, texts[j].box)) wrong.push(`${figure.id}: ${texts[i].text} lies on ${texts[j].text}`);
    if (!svg.querySelector("title").textContent || !svg.querySelector("desc").textContent) wrong.push(`${figure.id}: no title or description`);
  }
  for (const x of document.querySelectorAll(".big, .sub, .card dd, .card dt, .facts li, h1, h2, .tools button, td, th, .when"))
    if (x.scrollWidth > x.clientWidth + 1 && x.clientWidth > 0 && getComputedStyle(x).display !== "inline") wrong.push(`"${x.textContent.slice(0, 40)}" is cut`);
  for (const x of document.querySelectorAll(".card dd")) if (x.getBoundingClientRect().height > 42) wrong.push(`"${x.textContent}" takes three lines`);
  const luminance = rgb => { const [r, g, b] = rgb.match(/[\d.]+/g).slice(0, 3).map(v => { const c = v / 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const backdrop = x => { for (let at = x; at; at = at.parentElement) { const c = getComputedStyle(at).backgroundColor; if (!/rgba\(0, 0, 0, 0\)|transparent/.test(c)) return c; } return getComputedStyle(document.body).backgroundColor; };
  for (const x of document.querySelectorAll("h1, .when, .facts span, .card .sub, .card dt, .big, .head p, td, th, .tools button, footer p, .plot text")) {
    const style = getComputedStyle(x), a = luminance(x.closest("svg") ? style.fill : style.color), b = luminance(backdrop(x));
    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (contrast < 4.5) wrong.push(`"${x.textContent.slice(0, 30)}" has a contrast of ${contrast.toFixed(2)}`);
  }
  return [...new Set(wrong)];
};

const number = text => Number(text.replace(/[,+%\s]/g, "").replace("−", "-"));
const decimals = text => (text.split(".")[1] ?? "").replace(/\D/g, "").length;
const whole = (text, places) => Number(text) / 10 ** places;

/// The summary shows what the JSON holds, to the last digit shown.
const compareSums = async (page, json, where) => {
  const rows = await page.$$eval("#sums tbody tr", all => all.map(r => ({player: r.dataset.player, cells: Object.fromEntries([...r.querySelectorAll("td")].map(c => [c.dataset.key, c.textContent]))})));
  expect(rows.length === json.players.length, `${where}: ${rows.length} rows for ${json.players.length} players`);
  json.players.forEach((p, i) => {
    const d1 = json.pool.decimals1, hodl = whole(p.hodl_value, d1), net = whole(p.net_pnl_vs_hodl, d1), scored = p.rank !== null;
    const wanted = {rank: p.rank, rounds: p.rounds, value: whole(p.final_value, d1), hodl, net, net_percent: hodl > 0 ? 100 * net / hodl : 0, ...(json.staked ? {rewards: whole(p.rewards, 18)} : {fees: whole(p.fees_value, d1)}), il: 100 * p.impermanent_loss, range: 100 * p.in_range_ratio, rebalances: p.rebalances,
      score_mean: scored ? p.score_mean : null, score_min: scored ? p.score_min : null, score_max: scored ? p.score_max : null, wins: p.wins};
    expect(rows[i]?.player === p.name, `${where}: row ${i + 1} is ${rows[i]?.player}, not ${p.name}`);
    for (const [key, value] of Object.entries(wanted)) {
      const text = rows[i]?.cells[key] ?? "";
      const same = value === null ? text === "–" : Math.abs(number(text) - value) <= .5000001 * 10 ** -decimals(text) + 1e-8 * Math.abs(value);
      expect(same, `${where}: ${p.name}: ${key} shows ${text}, the JSON has ${value}`);
    }
  });
};

const visit = async (browser, {name, page: file, json}, width, scheme) => {
  const where = `${name} ${width} ${scheme}`;
  const context = await browser.newContext({viewport: {width, height: width < 500 ? 844 : 900}, colorScheme: scheme, deviceScaleFactor: width < 500 ? 2 : 1, hasTouch: width < 500});
  const page = await context.newPage();
  page.on("console", x => { if (["error", "warning"].includes(x.type())) expect(false, `${where}: console: ${x.text()}`); });
  page.on("pageerror", x => expect(false, `${where}: ${x.message}`));
  page.on("dialog", x => { expect(false, `${where}: a dialog: ${x.message()}`); x.dismiss(); });
  const own = pathToFileURL(file).href;
  page.on("request", x => expect(x.url() === own || x.url().startsWith("data:"), `${where}: asks for ${x.url()}`));
  await page.goto(own);
  await page.waitForSelector("html[data-ready=yes]", {timeout: 20000});
  for (const what of await page.evaluate(look)) expect(false, `${where}: ${what}`);
  ++looked;
  expect(await page.textContent("h1") === json.market, `${where}: the title is not the market's name`);
  await compareSums(page, json, where);
  const rows = await page.locator("#rows tbody tr").count();
  expect(rows === Math.min(json.round_count, 2000), `${where}: ${rows} rows for ${json.round_count} rounds`);
  await page.screenshot({path: join(out, `${name}-${width}-${scheme}.png`), fullPage: true});
  await pointAt(page, where);
  await press(page, json, where, width);
  await context.close();
};

/// The tooltip comes, shows something and stays inside the window.
const pointAt = async (page, where) => {
  for (const figure of await page.$$("figure")) {
    const id = await figure.getAttribute("id"), svg = await figure.$("svg");
    await svg.scrollIntoViewIfNeeded();
    const box = await svg.boundingBox();
    for (const part of [.2, .55, .97]) {
      await page.mouse.move(box.x + box.width * part, box.y + box.height / 2);
      const tip = await figure.$eval(".tip", x => ({text: x.textContent, hidden: x.hidden, left: x.getBoundingClientRect().left, right: x.getBoundingClientRect().right, window: innerWidth}));
      expect(!tip.hidden && tip.text.length > 8, `${where}: ${id}: no tooltip at ${part}`);
      expect(tip.left >= 0 && tip.right <= tip.window, `${where}: ${id}: the tooltip leaves the window at ${part}`);
    }
    await page.mouse.move(0, 0);
    await svg.focus();
    await page.keyboard.press("ArrowLeft");
    expect(await figure.$eval(".tip", x => !x.hidden), `${where}: ${id}: arrow keys do nothing`);
    await page.keyboard.press("Escape");
  }
};

/// Buttons do what their labels state, and nothing breaks on the way.
const press = async (page, json, where, width) => {
  const cards = page.locator(".card");
  expect(await cards.count() === json.players.length, `${where}: a card per player`);
  const last = json.players.length - 1;
  await cards.nth(last).click();
  expect(await cards.nth(last).getAttribute("aria-pressed") === "true", `${where}: a card cannot be chosen`);
  expect((await page.textContent("#rows caption")).endsWith(json.players[last].name), `${where}: the rounds are not those of the chosen`);
  for (const text of [/^value, /, / per /, /^all$/]) for (const x of (await page.locator(".tools button.once", {hasText: text}).all()).slice(-1)) await x.click();
  const earned = json.staked ? "#rewards" : "#fees";
  const before = await page.locator(`${earned} path.line`).count();
  await page.locator(`${earned} button.key`).first().click();
  expect(await page.locator(`${earned} path.line`).count() === before - 1, `${where}: a line cannot be hidden`);
  await page.locator(`${earned} button.key`).first().click();
  await page.locator("#rows th button").nth(6).click();
  expect(await page.locator("#rows th[aria-sort=descending]").count() === 1, `${where}: no sorting`);
  await page.setViewportSize({width: width + 60, height: 800});
  await page.waitForTimeout(150);
  for (const what of await page.evaluate(look)) expect(false, `${where}, after some clicks: ${what}`);
};

const browser = await launcher.launch({ // with a new and empty profile of its own
  executablePath: chromium, headless: true, chromiumSandbox: false,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  for (const x of cases)
    for (const width of [1280, 390])
      for (const scheme of ["light", "dark"]) await visit(browser, x, width, scheme);
} finally {
  await browser.close();
  rmSync(scratch, {recursive: true, force: true});
}
console.log(`${cases.length} pages at 2 widths in 2 schemes: ${looked} looks, ${findings.length} wrong; pictures in ${out}`);
process.exit(findings.length ? 1 : 0);
