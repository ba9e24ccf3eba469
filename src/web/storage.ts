/** What the page remembers between visits. A browser that forbids it, or is full, costs the memory and nothing else. */

const PREFIX = 'hane.';

/** The value kept under a name, checked by `parse`; undefined if there is none, or none that can be understood. */
export const recall = <Value>(
  name: string,
  parse: (value: unknown) => Value | undefined,
): Value | undefined => {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? undefined : parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

/** Keeps a value that is plain JSON; undefined forgets it. */
export const remember = (name: string, value: unknown): void => {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Private windows and full stores refuse; the page works without.
  }
};

/** A parser of one of these values. */
export const oneOf =
  <Value>(...values: readonly Value[]): ((value: unknown) => Value | undefined) =>
  value =>
    values.find(each => each === value);
