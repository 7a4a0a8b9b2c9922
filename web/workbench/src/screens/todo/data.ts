import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { attended } from "@/api/attended";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";

/** One thing to do, with the section it stands in. */
export type Task = components["schemas"]["Task"] & { section: string };

interface Todo {
  total: number;
  sections: { name: string; title: string; count: number }[];
  tasks: Task[];
}

/** What the person has to do now. An item leaves only because the business moved on, never because it was opened. */
export function todoQuery(office: string) {
  return queryOptions({
    queryKey: ["tasks", office],
    queryFn: async ({ signal, client }): Promise<Todo> => {
      const known = client.getQueryData<Todo>(["tasks", office]);
      if (known !== undefined && !attended()) return known; // nobody is there: asking would keep the session open
      const todo = await answer(api.GET("/v1/offices/{office}/todo", { signal, params: { path: { office } } }));
      return {
        total: todo.total,
        sections: todo.sections.map(({ name, title, tasks }) => ({ name, title, count: tasks.length })),
        tasks: todo.sections.flatMap(({ title, tasks }): Task[] => tasks.map((task) => ({ ...task, section: title }))),
      };
    },
    refetchInterval: 60_000,
  });
}

/** What there is to do, with what a list of it asks: one answer of the service, counted and listed. */
export function useTodo(office: string) {
  const queries = useQueryClient();
  const { data: todo, dataUpdatedAt } = useQuery(todoQuery(office));
  return {
    todo,
    // The list asks anew when there is another answer, which is at hand then.
    queryKey: useMemo(() => ["tasks", office, dataUpdatedAt], [office, dataUpdatedAt]),
    load: useCallback(
      async () => (await queries.fetchQuery({ ...todoQuery(office), staleTime: Number.POSITIVE_INFINITY })).tasks,
      [queries, office],
    ),
  };
}

/** What the kinds of object are called. */
export const kindWords: Readonly<Record<string, string>> = {
  item: "整改事项",
  doubt: "存疑核查",
  plan: "整改方案",
  report: "整改报告",
  "report-owed": "应报的整改报告",
  visit: "督导检查",
  "check-letter": "督办单",
  "extension-list": "批量延期申请",
  notice: "通报",
  delivery: "通报接收",
  escalation: "上报事项",
  disclosure: "公开",
  import: "台账导入",
  reminder: "催办",
  urging: "上级督办",
  message: "邮件",
  calendar: "工作日历",
  evaluation: "成效评估",
  followup: "回头看",
};
