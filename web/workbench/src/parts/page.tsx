import { type ReactNode, useEffect } from "react";
import { useCrumb } from "@/app/crumb";

const system = "巡察工作台";

/** Names the page in the window's title: 「对象 - 模块 - 系统名」. */
export function useTitle(...words: (string | undefined)[]): void {
  const title = [...words.filter(Boolean), system].join(" - ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** A page: its one heading, a line about it, and the main action always in the same place, top right. */
export function Page({
  title,
  windowTitle,
  crumb,
  note,
  actions,
  width = "wide",
  children,
}: {
  title: ReactNode;
  /** The words of the window's title, when the heading is not plain text or a number should lead. */
  windowTitle?: string;
  /** The object's name in the breadcrumb, for pages about one object. */
  crumb?: string;
  note?: ReactNode;
  /** Secondary actions first, the main one last. */
  actions?: ReactNode;
  /** Tables are wide, long texts are for reading, forms are narrow; a page that is one ListView fills the window: `list`. */
  width?: "wide" | "list" | "reading" | "form";
  children: ReactNode;
}): ReactNode {
  useTitle(windowTitle ?? (typeof title === "string" ? title : undefined));
  useCrumb(crumb);
  return (
    <div className={`x-page${width === "wide" ? "" : ` x-page-${width}`}`}>
      <PageHead title={title} note={note} actions={actions} />
      {children}
    </div>
  );
}

/** The head of a page, for pages that arrange the rest themselves. */
export function PageHead({
  title,
  note,
  actions,
}: {
  title: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
}): ReactNode {
  return (
    <header className="x-page-head">
      <div className="x-page-head-title">
        <h1>{title}</h1>
        {note && <p className="x-page-head-note">{note}</p>}
      </div>
      {actions && <div className="x-page-head-actions x-no-print">{actions}</div>}
    </header>
  );
}

/** A surface with a heading. */
export function Panel({
  title,
  extra,
  children,
}: {
  title?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <section className="x-panel">
      {(title || extra) && (
        <div className="x-panel-title">
          {title && <h2>{title}</h2>}
          {extra}
        </div>
      )}
      {children}
    </section>
  );
}
