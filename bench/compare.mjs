// What a change did: two saved runs, line by line, with the noise.
import { times } from "./report.mjs";

/**
 * before / after of the times, and of the shares of the limit, which stay the same when only the machine has become slower. A ratio above 1 is a gain; one
 * no further from 1 than the rounds of the two runs are spread says nothing.
 */
export function compareRuns(before, after) {
  return after.lines.flatMap((line) => {
    const old = before.lines.find((each) => ["job", "contender", "threads", "numerics"].every((key) => each[key] === line[key]));
    if (old?.ms === undefined || line.ms === undefined || line.contender.startsWith("limit:")) return [];
    const faster = old.ms / line.ms;
    const ofLimit = old.ofLimit && line.ofLimit ? line.ofLimit / old.ofLimit : faster;
    const noise = Math.hypot(spread(old.rounds), spread(line.rounds));
    return {
      job: line.job,
      contender: `${line.contender}${line.numerics === "fast" ? ", fast" : ""}`,
      threads: String(line.threads),
      before: String(old.ms),
      after: String(line.ms),
      "before/after": times(faster),
      "by the limit": times(ofLimit),
      noise: `±${(100 * noise).toFixed(0)} %`,
      is: Math.abs(Math.log(ofLimit)) <= noise ? "within the noise" : ofLimit > 1 ? "faster" : "slower",
    };
  });
}

/** Half of the distance between the quartiles, relative to the median. */
function spread(rounds) {
  const sorted = [...rounds].sort((a, b) => a - b);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return (at(0.75) - at(0.25)) / 2 / at(0.5);
}
