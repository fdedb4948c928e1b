// npm run bench -- [options]: edgegrad beside its peers and the limits of the machine, in one run. README.md says what is measured, and how.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compareRuns } from "./compare.mjs";
import { measureStarts } from "./cold.mjs";
import { findMachine, PEERS } from "./contenders.mjs";
import { GROUPS, parseJobs } from "./jobs.mjs";
import { measure } from "./rounds.mjs";
import { describeLine, measuredBy, notShown, ratios, showTable, writeMarkdown } from "./report.mjs";
import { judge } from "./targets.mjs";

const HELP = `npm run bench -- [options]
  --jobs LIST        jobs and groups (${Object.keys(GROUPS).join(", ")}); default quick
  --threads LIST     default 1
  --numerics LIST    reproducible, fast; default both
  --peers LIST       ${Object.keys(PEERS).join(", ")}, all, none; default all
  --rounds N         default 5         --ms N   of a contender's turn in a round, default 200
  --node PATH        the Node that runs the JavaScript contenders; default this one
  --dist FOLDER      the built edgegrad to measure; default dist
  --json             lines of JSON on standard output, everything else on standard error
  --save FILE        the results as JSON     --from FILE   shows saved results instead of measuring
  --compare FILE     what changed since those were saved
  --by MEASURE       median, best or cpu (processor time, on machines that have other work): what the tables show; default median
  --accept           what is asked for, job by job, and whether it holds
  --markdown FILE    writes the tables into a file, in place of those of the same version of Node`;

const { values } = parseArgs({
  options: {
    jobs: { type: "string", default: "quick" },
    threads: { type: "string", default: "1" },
    numerics: { type: "string", default: "reproducible,fast" },
    peers: { type: "string", default: "all" },
    rounds: { type: "string", default: "5" },
    ms: { type: "string", default: "200" },
    node: { type: "string", default: process.execPath },
    dist: { type: "string", default: fileURLToPath(new URL("../dist", import.meta.url)) },
    json: { type: "boolean", default: false },
    save: { type: "string" },
    from: { type: "string" },
    compare: { type: "string" },
    by: { type: "string", default: "median" },
    accept: { type: "boolean", default: false },
    markdown: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

/** Beside the lines of --json nothing goes to standard output. */
const say = values.json ? console.error : console.log;

if (values.help) console.log(HELP);
else {
  const run = values.from ? readRun(values.from) : await measureAll(optionsOf(values));
  if (values.save) writeFileSync(values.save, `${JSON.stringify(run, null, 1)}\n`);
  show(measuredBy(oneOf(values.by, ["median", "best", "cpu"], "by"), run));
}

function optionsOf({ jobs, threads, numerics, peers, rounds, ms, node, dist }) {
  return {
    jobs: parseJobs(jobs),
    threads: threads.split(",").map((count) => whole(count, "threads")),
    numerics: numerics.split(",").map((name) => oneOf(name, ["reproducible", "fast"], "numerics")),
    peers: peers === "none" ? [] : peers === "all" ? Object.keys(PEERS) : peers.split(",").map((name) => oneOf(name, Object.keys(PEERS), "peers")),
    rounds: whole(rounds, "rounds"),
    ms: whole(ms, "ms"),
    node: resolve(node),
    dist: resolve(dist),
  };
}

function whole(text, option) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`bench: --${option} ${text}: expected whole numbers from 1.`);
  return value;
}

function oneOf(name, names, option) {
  if (!names.includes(name)) throw new Error(`bench: --${option} ${name}: expected ${names.join(", ")}.`);
  return name;
}

function readRun(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** { date, machine, node, command, lines } */
async function measureAll(options) {
  const machine = await findMachine(options);
  const folder = mkdtempSync(join(tmpdir(), "edgegrad-bench-"));
  const lines = [];
  try {
    for (const job of options.jobs) {
      say(`\n${job.name}`);
      for (const line of await (job.kind === "cold" ? measureStarts : measure)(job, options, machine, folder)) {
        lines.push(line);
        console.log(values.json ? JSON.stringify(line) : describeLine(line));
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const [{ model }] = cpus();
  return { date: new Date().toISOString().slice(0, 10), machine: `${model.trim()}, ${cpus().length} cores`, node: machine.version, command: ["npm run bench --", ...process.argv.slice(2)].join(" "), lines };
}

function show(run) {
  say(`\nHow many times as long the others take, Node ${run.node}, ${run.machine}\n`);
  say(showTable(ratios(run)));
  for (const line of notShown(run)) say(line);
  if (values.accept) say(`\nWhat is asked for\n\n${showTable(judge(run))}`);
  if (values.compare) say(`\nSince ${values.compare}\n\n${showTable(compareRuns(readRun(values.compare), run))}`);
  if (values.markdown) writeMarkdown(values.markdown, run);
}
