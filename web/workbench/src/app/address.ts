// Addresses are plain `key=value` pairs that people can read, edit and put into letters, not JSON.

/** Reads a query string. Of a repeated key the last one counts. */
export function parseAddress(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/** Writes a query string, `?` included; empty when there is nothing to say. */
export function writeAddress(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  const query = params.toString().replaceAll("%2C", ",").replaceAll("%2A", "*");
  return query === "" ? "" : `?${query}`;
}
