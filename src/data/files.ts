// Files on disk for hosts that have one (Node, Deno, Bun); node: modules are loaded when a function is called.

/** Where edgegrad keeps what it downloads: $EDGEGRAD_CACHE, else "edgegrad" in the user's cache folder. */
export async function cacheFolder(): Promise<string> {
  const { join } = await import("node:path");
  const { homedir } = await import("node:os");
  const { EDGEGRAD_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (EDGEGRAD_CACHE) return EDGEGRAD_CACHE;
  return join(XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), ".cache"), "edgegrad");
}

/** A path from its parts, with the platform's separator. */
export async function joinPath(...parts: string[]): Promise<string> {
  const { join } = await import("node:path");
  return join(...parts);
}

/** A file's bytes, or undefined when there is none. Other failures (no permission, a folder) are thrown as they are. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** True when the path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  const { stat } = await import("node:fs/promises");
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Writes a file so that a reader sees the old one or the whole new one, whatever happens: into a temporary name beside
 * it, then renamed. Makes the folder when it is missing.
 */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const { mkdir, rename, rm, writeFile } = await import("node:fs/promises");
  const { dirname } = await import("node:path");
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${crypto.randomUUID()}.part`; // Two runs at once never share it.
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
