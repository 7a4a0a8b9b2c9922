// The parts every screen is made of. A screen describes; the parts behave (UX 2.3, 6.2).
//
// A list screen, whole:
//
//   const spec: ListSpec<Item> = {
//     screen: "rectification.items",             // names the person's memory of this list
//     caption: "整改台账",                         // printed, and names exports
//     queryKey: ["items", office, identity.grant],
//     load: (ask) => answer(api.GET("/v1/offices/{office}/items", {
//       params: { path: { office }, query: { q: ask.q || undefined, status: ask.filters.status, limit: ask.limit,
//                 cursor: ask.cursor || undefined, sort: ask.sort || undefined } } })),
//     rowKey: (row) => row.id, rowName: (row) => row.number,
//     columns: [{ key: "number", title: "编号", width: 150, pinned: true, card: "title",
//                 cell: (row) => <NumberCell number={row.number} href={`/w/${office}/ledger/${row.id}`} /> }, …],
//     filters: [{ key: "status", label: "状态", kind: "many", options: optionsOf(rectificationStates) }, …],
//     search: "搜索编号、问题、单位",
//     drawer: (key) => <ItemCard id={key} />,     // opens beside the list; href is its own page
//     href: (row) => `/w/${office}/ledger/${row.id}`,
//     empty: "还没有整改事项。反馈意见签收后会自动生成。",
//   };
//   export default () => <Page title="整改台账" width="list" actions={…}><ListView spec={spec} /></Page>;
//
// Keep a spec stable with useMemo. `export default` the screen and register it in screens/<room>/screens.ts.
// A change:  const write = useWrite({ run: (body, key) => answer(api.POST(…, { headers: { "Idempotency-Key": key } })),
//                                     refresh: [["items"]], onDone: () => say("已提交") });
//            <WriteProblem problem={write.problem} …/>   shows 412 as 「顾晓岚 2 分钟前已更新此条」 with the differences.

/* The service */
export { answer, api, ifMatch, newKey, sendRaw } from "@/api/client";
export { everyPage } from "@/api/pages";
export { asProblem, Problem, sentence } from "@/api/problem";
export type { components, paths } from "@/api/schema";
export { useWrite, type Write, type Writing } from "@/api/write";

/* Who is at work */
export { type Identity, type Office, type Role, roleNames, type Session, useRole, useSession } from "@/app/session";
export { now, today } from "@/words/clock";
export {
  daysBetween,
  formatAgo,
  formatDay,
  formatDayLong,
  formatDeadline,
  formatInstant,
  formatRange,
  formatTime,
  NO_DATA,
  standing,
} from "@/words/dates";
export {
  formatCount,
  formatPercent,
  formatShare,
  formatSize,
  formatWan,
  formatYuan,
  parseMoney,
} from "@/words/numbers";
export {
  checklistStates,
  documentStates,
  optionsOf,
  paperStates,
  rectificationFlags,
  rectificationKinds,
  rectificationStates,
  type Tone,
  type Vocabulary,
  verdictReasons,
  verdicts,
  wordOf,
} from "@/words/states";
export { copyText } from "./copy";
export { useDelayed } from "./delayed";
export { admitted, SafeFrame } from "./files/SafeFrame";
export { UploadPanel } from "./files/UploadPanel";
/* Files, long work, history, trees */
export {
  refusal,
  type Upload,
  type UploadLimits,
  UploadQueue,
  type UploadSlot,
  type UploadTarget,
} from "./files/upload";
/* Forms */
export { type Autosave, AutosaveMark, useAutosave, useLocalDraft } from "./form/autosave";
export { type BlockColumn, checkCell, mapBlock, parseBlock, parseDay } from "./form/block";
export { CheckAnswers, type CheckedAnswer, Compare, Missing, ReadyButton, untilComplete } from "./form/check";
export { useLeaveGuard } from "./form/leave";
export { blockOf, PasteBlock } from "./form/PasteBlock";
export { WriteProblem } from "./form/stale";
export { useWriting } from "./form/writing";
export { JobProgress, type JobState, jobWords } from "./Job";
export { type KeyMap, keyHelp, useKeys } from "./keys";
/* Lists */
export { type BulkOutcome, eachRow, outcomeSentence } from "./list/bulk";
export { excelExports, type Form, saveFile } from "./list/exports";
export { ListView } from "./list/List";
export { NumberCell } from "./list/Rows";
export type {
  Answer,
  Ask,
  BulkAction,
  CellEdit,
  Column,
  ExportAction,
  Filter,
  GridSpec,
  ListSpec,
  Option,
  Tab,
} from "./list/spec";
export { wholeList } from "./list/state";
export { Matrix, type MatrixCell, type MatrixRow } from "./Matrix";
/* Pages */
export { Page, PageHead, Panel, useTitle } from "./page";
export { SearchField } from "./SearchField";
/* Values */
export {
  Count,
  Day,
  Deadline,
  Empty,
  Facts,
  FlagTags,
  Instant,
  Lines,
  Money,
  NoRight,
  Notice,
  ProblemNotice,
  Standing,
  StatusTag,
  Tag,
} from "./show";
export { TakeOut } from "./TakeOut";
export { type Event, Timeline } from "./Timeline";
export { say, sayProblem, Toasts } from "./toast";
export { useNarrow } from "./useNarrow";

// The day picker is heavy and not here: import { DayPicker } from "@/parts/DayPicker" in a lazy screen.
