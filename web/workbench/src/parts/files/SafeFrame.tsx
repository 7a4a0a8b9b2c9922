import type { ReactNode } from "react";

/** A page that the service made of somebody's text or file, in a frame where nothing of it can run. */
export function SafeFrame({ html, title, className }: { html: string; title: string; className?: string }): ReactNode {
  return <iframe className={className} title={title} sandbox="" srcDoc={admitted(html)} />;
}

/** Such a page as the frame admits it: the rule of the page around it holds, by which styles carry the page's nonce. */
export function admitted(html: string): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  return nonce ? html.replace("<style>", `<style nonce="${nonce}">`) : html;
}
