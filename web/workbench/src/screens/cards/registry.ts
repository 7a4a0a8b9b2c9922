// What an approver decides card by card (S36). A room says in a file of its own, `src/screens/<room>/cards.ts`, which of
// its tasks are decided so, and nothing here changes:
//
//   export const cards: readonly CardKind[] = [
//     { kind: "extension", verbs: ["审批"], load: async (office, task, signal) => [{ … }] },
//   ];

import type { ReactNode } from "react";
import type { Role } from "@/app/session";
import type { Task } from "../todo/data";
import { approvers } from "./approvers";

/** What somebody decides: all of it above two buttons. */
export interface Card {
  key: string;
  /** What kind of paper it is: 「督办函」 */
  paper: string;
  title: string;
  /** One sentence. */
  summary: string;
  /** Amounts, people, days, what changes. */
  facts: readonly (readonly [label: string, value: ReactNode])[];
  /** Who stood in for it before: 「县教育局 曹建平 确认」 */
  agreed: readonly string[];
  /** The address of the whole text. */
  full: string;
  /** The consequence, in a line: 「签发后立即送达责任单位，不能撤回」 */
  consequence: string;
  agree: Decision;
  /** Absent where the rules leave nothing to refuse. */
  refuse?: Refusal;
}

/** Saying yes. */
export interface Decision {
  /** 「同意」 unless the act has a word of its own. */
  label: string;
  /** 「已签发」 */
  done: string;
  /** A day that is granted with it: at first the one asked for. */
  day?: GrantedDay;
  /** `key` goes into the Idempotency-Key; `day` is the one chosen, where there is one to choose. */
  run: (key: string, day: string) => Promise<unknown>;
}

/** A day that may be chosen before saying yes: the one asked for, or an earlier one. */
export interface GrantedDay {
  /** 「批准期限」 */
  label: string;
  asked: string;
}

/** Saying no, with words. */
export interface Refusal {
  label: string;
  done: string;
  /** Words that need no typing. */
  phrases: readonly string[];
  limit: number;
  run: (words: string, key: string) => Promise<unknown>;
}

/** Tasks that are decided on cards. */
export interface CardKind {
  /** Of the task. */
  kind: string;
  verbs: readonly string[];
  /** Who decides these on cards; every approver when absent. */
  roles?: readonly Role[];
  /** The cards of a task: several for one that stands for many letters, none for what was withdrawn or decided meanwhile. */
  load: (office: string, task: Task, signal: AbortSignal) => Promise<Card[]>;
}

const kinds: readonly CardKind[] = Object.values(
  import.meta.glob<{ cards: readonly CardKind[] }>("../*/cards.ts", { eager: true }),
).flatMap((room) => room.cards);

/** How a task is decided on cards; undefined for one that is done on a screen. */
export function cardKindOf(task: Pick<Task, "kind" | "verb">, role: Role, from = kinds): CardKind | undefined {
  if (!approvers.includes(role)) return undefined;
  return from.find(
    ({ kind, verbs, roles }) => kind === task.kind && verbs.includes(task.verb) && (roles?.includes(role) ?? true),
  );
}

/** A task's name in an address. */
export function taskKey({ kind, id }: Pick<Task, "kind" | "id">): string {
  return `${kind}:${id}`;
}

/** The address of the cards, beginning with a task. */
export function cardsAddress(office: string, task?: Pick<Task, "kind" | "id">): string {
  return `/w/${office}/cards${task ? `?open=${taskKey(task)}` : ""}`;
}

/** The first sentence of a text, for a card. */
export function firstSentence(text: string): string {
  return /^[^。！？\n]*[。！？]?/.exec(text.trim())?.[0] ?? text;
}
