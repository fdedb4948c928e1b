// Files on disk for hosts that have one (Node, Deno, Bun); node: modules are loaded when a function is called.
import type { Stats } from "node:fs";
import { FileError } from "../base/errors.js";

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

/** A file's bytes, or undefined when there is none. Throws FileError when it cannot be read: no permission, a folder. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw fileError(path, "read", error);
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

/** What lies in a folder, in order of the names' code units, links followed. Throws FileError. */
export async function listFolder(path: string): Promise<{ name: string; isFolder: boolean }[]> {
  const { readdir } = await import("node:fs/promises");
  try {
    const names = (await readdir(path)).sort((a, b) => (a < b ? -1 : 1));
    return await Promise.all(names.map(async (name) => ({ name, isFolder: await isFolder(await joinPath(path, name)) })));
  } catch (error) {
    throw fileError(path, "read", error);
  }
}

/**
 * Writes a file so that a reader sees the old one or the whole new one, whatever happens: into a temporary name beside
 * it, then renamed. Makes the folder when it is missing. A signal that would end the process waits until the file is whole.
 *
 * Throws FileError; the old file is then as it was, and nothing is left behind.
 */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const { mkdir, rename, rm, writeFile } = await import("node:fs/promises");
  const { dirname, join } = await import("node:path");
  const target = await writableTarget(path);
  // A name of its own: two runs at once never share it, and it is never longer than the folder allows.
  const temporary = join(dirname(target), `.edgegrad-${crypto.randomUUID()}.part`);
  const release = await removeOnExit(temporary);
  try {
    await mkdir(dirname(target), { recursive: true });
    // Flushed: else a power cut after the renaming could leave a name without bytes.
    await writeFile(temporary, bytes, { flag: "wx", flush: true });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(path, "written", error);
  } finally {
    release();
  }
}

/** Removes a file, if there is one. Throws FileError. */
export async function removeFile(path: string): Promise<void> {
  const { rm } = await import("node:fs/promises");
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw fileError(path, "written", error);
  }
}

/** Adds bytes at the end of a file, in one write; makes the file and its folder when they are missing. Throws FileError. */
export async function appendTo(path: string, bytes: Uint8Array): Promise<void> {
  const { appendFile, mkdir } = await import("node:fs/promises");
  const { dirname } = await import("node:path");
  try {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, bytes);
  } catch (error) {
    throw fileError(path, "written", error);
  }
}

/** Throws FileError, as writeAtomically would, where it can be known in advance: before hours of work for that file. Changes nothing. */
export async function checkWritable(path: string): Promise<void> {
  await writableTarget(path);
}

/** Where a file is to be written: links are followed, since renaming would replace the link. Throws FileError. */
async function writableTarget(path: string): Promise<string> {
  const { access, constants, realpath } = await import("node:fs/promises");
  const { basename, dirname, resolve } = await import("node:path");
  try {
    if (basename(path) === "" || /[/\\]$/.test(path)) throw new Error("it names no file");
    const found = await statIfThere(path);
    if (found) {
      if (!found.isFile()) throw new Error(found.isDirectory() ? "it is a folder" : "it is a device or a pipe");
      await access(path, constants.W_OK);
    }
    const target = found ? await realpath(path) : resolve(path);
    let folder = dirname(target);
    // Folders that are missing will be made, so the nearest one that exists has to allow it.
    let above = await statIfThere(folder);
    while (!above) above = await statIfThere((folder = dirname(folder)));
    if (!above.isDirectory()) throw new Error(`${folder} is no folder`);
    await access(folder, constants.W_OK);
    return target;
  } catch (error) {
    throw fileError(path, "written", error);
  }
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  const { stat } = await import("node:fs/promises");
  return stat(path).catch((error: { code?: string }) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Sees to it that a process which ends leaves no half-written file. Returns what takes the watch away again. */
async function removeOnExit(temporary: string): Promise<() => void> {
  const { rmSync } = await import("node:fs");
  // Where the program listens itself, it decides what a signal means.
  const unheard = SIGNALS.filter((signal) => process.listenerCount(signal) === 0);
  let ended: (typeof SIGNALS)[number] | undefined;
  const remove = (): void => rmSync(temporary, { force: true });
  const end = (): never => process.exit(ended === "SIGINT" ? 130 : 143); // 128 + the signal's number, as shells have it
  const onSignal = (signal: NodeJS.Signals): void => {
    if (ended) end(); // Asked twice: at once.
    ended = signal as (typeof SIGNALS)[number];
  };
  process.on("exit", remove);
  for (const signal of unheard) process.on(signal, onSignal);
  return () => {
    process.off("exit", remove);
    for (const signal of unheard) process.off(signal, onSignal);
    if (ended) end();
  };
}

/** What the system's codes mean, for people. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "there is no permission",
  EPERM: "there is no permission",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  EEXIST: "a part of the path is no folder",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the system allows no file as large",
  EROFS: "the disk is read-only",
};

function fileError(path: string, what: "read" | "written", cause: unknown): FileError {
  if (cause instanceof FileError) return cause;
  const { code, message } = cause as { code?: string; message: string };
  const reason = code === undefined ? message : `${REASONS[code] ?? message} (${code})`;
  return new FileError(`${path || '""'}: expected a file that can be ${what}; ${reason}.`, { cause });
}
