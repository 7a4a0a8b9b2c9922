import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { saveFile } from "./list/exports";
import { say, sayProblem } from "./toast";

/** Takes a document out as a Word file; the journal has it. */
export function TakeOut({
  take,
  children = "下载 Word",
}: {
  take: () => Parameters<typeof saveFile>[0];
  children?: ReactNode;
}): ReactNode {
  const [running, setRunning] = useState(false);
  const run = async () => {
    setRunning(true);
    try {
      await saveFile(take());
      say("已下载文书，已记入日志");
    } catch (thrown) {
      sayProblem(thrown);
    }
    setRunning(false);
  };
  return (
    <Button loading={running} onClick={() => void run()}>
      {children}
    </Button>
  );
}
