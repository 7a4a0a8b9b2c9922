/** Puts text on the clipboard, on plain http too, where the modern way is missing. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = Object.assign(document.createElement("textarea"), { value: text, className: "x-hidden" });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
