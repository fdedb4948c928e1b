// What tests may need and a machine may lack: MNIST's files, a Chromium, the built package.
// A test that lacks one skips itself with a reason; under CI it fails where the thing ought to be there.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";

/** The repository's folder. */
export const repository = fileURLToPath(new URL("..", import.meta.url));

/** The folder with data sets: $EDGEGRAD_SHARED, else "shared" beside the repository; undefined when there is none. */
export function sharedFolder(): string | undefined {
  return [process.env.EDGEGRAD_SHARED, join(repository, "..", "shared")].find((path) => path && existsSync(path));
}

/** The folder with MNIST's four files: $EDGEGRAD_MNIST, else data/mnist in the shared folder; undefined when there is none. */
export function mnistFolder(): string | undefined {
  const shared = sharedFolder();
  const folder = process.env.EDGEGRAD_MNIST ?? (shared && join(shared, "data", "mnist"));
  return folder && [FIRST_FILE, `${FIRST_FILE}.gz`].some((file) => existsSync(join(folder, file))) ? folder : undefined;
}

/** mnistFolder(), or skips the test; under CI, where a shared folder exists, its lack is an error. */
export function needMnist({ skip }: Pick<TestContext, "skip">): string {
  const folder = mnistFolder();
  if (folder) return folder;
  if (process.env.CI && sharedFolder()) throw new Error(`MNIST: expected ${FIRST_FILE}[.gz] in ${sharedFolder()}/data/mnist, there is none`);
  return skip("MNIST is not at hand: set EDGEGRAD_MNIST to a folder with its four files");
}

/** Path of a Chromium: $EDGEGRAD_CHROMIUM, else where Linux and macOS put it; undefined when there is none. */
export function chromium(): string | undefined {
  return [process.env.EDGEGRAD_CHROMIUM, ...CHROMIUMS].find((path) => path && existsSync(path));
}

/** chromium(), or skips the test; under CI, or with $EDGEGRAD_REQUIRE_CHROMIUM set, its lack is an error. */
export function needChromium({ skip }: Pick<TestContext, "skip">): string {
  const path = chromium();
  if (path) return path;
  if (process.env.CI || process.env.EDGEGRAD_REQUIRE_CHROMIUM) throw new Error(`Chromium: expected one of ${CHROMIUMS.join(", ")}, found none. Install chromium`);
  return skip("Chromium is not installed: set EDGEGRAD_CHROMIUM to its path");
}

/** Launch options under which Chromium runs in containers and talks to nobody. */
export const CHROMIUM_ARGS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const CHROMIUMS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const FIRST_FILE = "train-images-idx3-ubyte";

/** Path of a built file, "cli/main.js"; throws when `npm run build` has not been run. */
export function built(file: string): string {
  const path = join(repository, "dist", file);
  if (!existsSync(path)) throw new Error(`${path} is missing. Run "npm run build" first; "npm test" does.`);
  return path;
}
