// How results are shown: a line each, and tables. A table is a list of rows, [column]: text; all rows have the same columns.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { PEERS } from "./contenders.mjs";
import { withLimits } from "./rounds.mjs";
import { judge } from "./targets.mjs";

/** One line of results, for people. */
export function describeLine({ contender, threads, numerics, error, ms, best, gflops, gbps, ofLimit }) {
  const name = `  ${nameOf({ contender, threads, numerics })}`.padEnd(34);
  if (error !== undefined) return `${name} not shown: ${error}`;
  const rate = gflops !== undefined ? `${gflops} GFLOP/s` : gbps !== undefined ? `${gbps} GB/s` : "";
  return `${name}${String(ms).padStart(10)} ms   best ${String(best).padEnd(9)} ${rate.padEnd(16)} ${ofLimit === undefined ? "" : `${share(ofLimit)} of the limit`}`.trimEnd();
}

function nameOf({ contender, threads, numerics }) {
  return [contender, numerics === "fast" ? "fast" : "", threads > 1 ? `${threads} threads` : ""].filter((part) => part !== "").join(", ");
}

/**
 * The same run by another measure than the median: "best", or "cpu", processor time, which other programs cannot take away. That of several threads is no
 * duration, and their lines are left out; starts have their best in its place.
 */
export function measuredBy(measure, run) {
  const lines = run.lines.filter(({ threads }) => measure !== "cpu" || threads === 1);
  const changed = lines.map((line) => {
    const ms = line[measure] ?? line.best;
    const scaled = (x) => x && (x * line.ms) / ms;
    return { ...line, ms, gflops: scaled(line.gflops), gbps: scaled(line.gbps) };
  });
  return measure === "median" ? run : { ...run, lines: withLimits(changed) };
}

/** edgegrad's rows: its time, its share of the limit, and how many times as long each peer takes with as many threads. */
export function ratios({ lines }) {
  const peers = Object.keys(PEERS).filter((name) => lines.some(({ contender }) => contender === name));
  return lines.filter(({ contender }) => contender.startsWith("edgegrad")).map((own) => {
    const others = peers.map((name) => {
      const peer = lines.find(({ job, contender, threads }) => job === own.job && contender === name && threads === own.threads);
      return [name, own.ms && peer?.ms ? times(peer.ms / own.ms) : "not shown"];
    });
    return {
      job: own.job,
      edgegrad: nameOf(own).replace(/^edgegrad,? ?/, "") || "plain",
      ms: own.ms === undefined ? "not shown" : own.ms.toPrecision(3),
      "GFLOP/s": own.gflops === undefined ? "" : own.gflops.toFixed(1),
      "of limit": own.ofLimit === undefined ? "" : share(own.ofLimit),
      ...Object.fromEntries(others),
    };
  }); // prettier-ignore
}

/** Why rows are missing, one sentence a reason. */
export function notShown({ lines }) {
  const reasons = new Map();
  for (const line of lines.filter(({ error }) => error !== undefined)) {
    const key = `${line.contender} ${line.error}`;
    if (!reasons.has(key)) reasons.set(key, { line, jobs: new Set() });
    reasons.get(key).jobs.add(line.job);
  }
  return [...reasons.values()].map(({ line, jobs }) => `not shown: ${nameOf(line)}, ${[...jobs].join(", ")}: ${line.error}`);
}

export function times(x) {
  return `${x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2)}×`;
}

function share(x) {
  return x.toFixed(2);
}

/** A table in Markdown, its columns aligned. */
export function showTable(rows) {
  if (rows.length === 0) return "(no rows)";
  const columns = Object.keys(rows[0]);
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [line(columns), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map((row) => line(columns.map((column) => row[column])))].join("\n");
}

/** Writes the tables of a run into a file, in place of those of the same major version of Node, or at its end. */
export function writeMarkdown(path, run) {
  const major = run.node.slice(1).split(".")[0];
  const [begin, end] = [`<!-- bench: Node ${major} -->`, `<!-- end: Node ${major} -->`];
  const section = [
    begin,
    `### Node ${run.node}, ${run.date}`,
    `${run.machine}. \`${run.command}\``,
    "Times in ms, medians; under each peer how many times as long it takes.",
    showTable(ratios(run)),
    ...[notShown(run).map((line) => `- ${line}`).join("\n")].filter((text) => text !== ""),
    `#### What is asked for`,
    showTable(judge(run)),
    end,
  ].join("\n\n");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  writeFileSync(path, from < 0 || to < 0 ? `${text.trimEnd()}\n\n${section}\n`.trimStart() : text.slice(0, from) + section + text.slice(to + end.length));
}
