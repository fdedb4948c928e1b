// Nothing has to be disposed of: memory stays where it is over 10,000 steps. The same for mlp and lenet: `npm run test:memory`.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { built, repository } from "./shared.js";

interface Measured {
  readonly wasmPages: number;
  readonly heapBytes: number;
  readonly arrayBufferBytes: number;
}

const MEGABYTE = 1 << 20;

test("10,000 training steps and 10,000 predictions: equal WebAssembly pages, heap and buffers within 1 MB", () => {
  built("engine/index.js");
  const output = execFileSync(process.execPath, ["--expose-gc", join(repository, "test", "memory.mjs"), "--tiny"], { encoding: "utf8" });
  const [{ training, prediction }] = JSON.parse(output.trim().split("\n").at(-1)!) as [{ training: Measured[]; prediction: Measured[] }];
  for (const [what, [start, middle, end]] of Object.entries({ training, prediction })) {
    console.log(`${what}:`, start, middle, end);
    expect(new Set([start, middle, end].map((seen) => seen!.wasmPages)).size).toBe(1);
    for (const later of [middle!, end!]) {
      expect(later.heapBytes - start!.heapBytes).toBeLessThan(MEGABYTE);
      expect(later.arrayBufferBytes - start!.arrayBufferBytes).toBeLessThan(MEGABYTE);
    }
  }
});
