import { taskAddress } from "../all";
import type { Task } from "./data";

/**
 * Where a task is done: its object's own screen; a review in the queue, where the parties' opinions are; letters of which
 * there are many, and so no one number, in the list where they are signed together; signals of doubt on the page of their item.
 */
export function taskHref(office: string, task: Task): string | undefined {
  if (task.kind === "item" && (task.verb === "审核" || task.verb === "汇总"))
    return `/w/${office}/review?open=${task.id}`;
  if (task.kind === "reminder" && task.number === "") return `/w/${office}/reminders`;
  if (task.kind === "doubt") return `/w/${office}/ledger/${task.id}`;
  return taskAddress(office, task.kind, task.id);
}
