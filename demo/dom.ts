// The page's elements, by id and by kind: a missing one is a mistake in index.html and says so.

/** The element with this id. Throws when the page has none, or it is of another kind. */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`page: expected an element #${id} of kind ${kind.name}, found ${found ? found.tagName : "none"}.`);
}

/** Whether the reader of the page asked for less motion. */
export function prefersStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** A style property of the page, such as "--accent", as it is now. */
export function style(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
