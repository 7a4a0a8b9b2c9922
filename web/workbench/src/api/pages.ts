/** Every row of what the service gives page by page. `page` asks for the one that begins at a cursor, or the first. */
export async function everyPage<R>(
  page: (cursor: string | undefined) => Promise<{ items: readonly R[]; next?: string | null }>,
): Promise<R[]> {
  const rows: R[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await page(cursor);
    rows.push(...items);
    cursor = next || undefined;
  } while (cursor);
  return rows;
}
