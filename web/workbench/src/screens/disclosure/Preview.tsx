import { useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { type ReactNode, useState } from "react";
import { admitted, Panel, ProblemNotice, SafeFrame, useDelayed, useSession } from "@/parts";
import { type Draft, previewQuery } from "./data";

const sizes = [
  { value: "desktop", label: "电脑" },
  { value: "phone", label: "手机" },
  { value: "large", label: "大字版" },
] as const;

/** 预览: the page itself, in a frame where nothing of it can run. */
export function Preview({ draft }: { draft: Draft }): ReactNode {
  const session = useSession();
  const [size, setSize] = useState<(typeof sizes)[number]["value"]>("desktop");
  const { data, error, isPending, refetch } = useQuery(previewQuery(session, draft, size === "large" ? "l" : "m"));
  const waiting = useDelayed(isPending);
  return (
    <Panel
      title="预览"
      extra={
        <div className="x-text-sizes">
          <Segmented aria-label="预览的样子" value={size} onChange={setSize} options={[...sizes]} />
          <Button disabled={!data} onClick={() => data && openAlone(data)}>
            打印预览
          </Button>
        </div>
      }
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在生成预览…</p>}
      {data && (
        <SafeFrame
          className={size === "phone" ? "x-text-frame x-text-frame-phone" : "x-text-frame"}
          title={`预览：${draft.title}`}
          html={data}
        />
      )}
    </Panel>
  );
}

// In a window of its own the browser's print shows the document's pages.
function openAlone(html: string): void {
  const address = URL.createObjectURL(new Blob([admitted(html)], { type: "text/html" }));
  const opened = window.open(address, "_blank");
  opened?.addEventListener("load", () => opened.print());
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
