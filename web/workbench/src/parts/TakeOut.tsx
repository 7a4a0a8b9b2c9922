import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { saveFile } from "./list/exports";
import { say, sayProblem } from "./toast";

/** Takes a document out as a file, of Word if nothing else is said; the journal has it. */
export function TakeOut({
  take,
  children = "下载 Word",
  said = "已下载文书，已记入日志",
}: {
  take: () => Parameters<typeof saveFile>[0];
  children?: ReactNode;
  said?: string;
}): ReactNode {
  const [running, setRunning] = useState(false);
  const run = async () => {
    setRunning(true);
    try {
      await saveFile(take());
      say(said);
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
