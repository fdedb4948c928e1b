// What JSON.parse does not tell: keys that an object names twice (it keeps the last one quietly).

/** A string, or a mark that opens, closes or separates. Numbers and words fall between the matches. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** The first key that any object of this text names twice; undefined if there is none. text: valid JSON. */
export function firstDuplicateKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []; // one entry a nesting level; undefined for arrays
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const keys = open.at(-1);
      const key = JSON.parse(last) as string; // "a" and "\u0061" are one key.
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    last = token;
  }
  return undefined;
}
