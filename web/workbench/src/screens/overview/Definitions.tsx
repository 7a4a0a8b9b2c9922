import { Button, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { Facts } from "@/parts";
import type { Definition } from "./data";

/** 口径: one number, one definition (N6). */
export function Definitions({ all }: { all: readonly Definition[] }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>口径</Button>
      <Modal open={open} width={720} title="口径" footer={null} onCancel={() => setOpen(false)}>
        <Facts facts={all.map(({ name, text }) => [name, text, "wide"] as const)} />
      </Modal>
    </>
  );
}
