import { useQuery } from "@tanstack/react-query";
import { Button, Input, type InputRef, Select } from "antd";
import { lazy, type ReactNode, type Ref, Suspense, useState } from "react";
import { formatRange } from "@/words/dates";
import { formatCount } from "@/words/numbers";
import { SearchField } from "../SearchField";
import { useNarrow } from "../useNarrow";
import type { Filter, Option } from "./spec";
import { asking, withFilter } from "./state";
import { cleared, type List } from "./useList";

const DayRange = lazy(() => import("./DayRange"));

/** The query area: a search box, three filters in sight, the rest behind 「展开」. */
export function FilterBar<T>({ list, searchField }: { list: List<T>; searchField: Ref<InputRef> }): ReactNode {
  const { spec, state, go } = list;
  const filters = spec.filters ?? [];
  const inSight = useNarrow() ? 0 : 3; // a phone shows the search box alone
  const [all, setAll] = useState(() => filters.slice(inSight).some((filter) => state.filters[filter.key]));
  if (filters.length === 0 && spec.search === undefined) return null;
  return (
    <div className="x-list-filters x-no-print" role="search">
      {spec.search !== undefined && (
        <SearchField
          field={searchField}
          value={state.q}
          placeholder={spec.search}
          onSearch={(q) => go(asking(state, { q, view: "" }), state.q === "" || q === "" ? "push" : "replace")}
        />
      )}
      {(all ? filters : filters.slice(0, inSight)).map((filter) => (
        <FilterField
          key={filter.key}
          filter={filter}
          values={state.filters[filter.key] ?? []}
          onChange={(values) => go(withFilter(state, filter.key, values))}
        />
      ))}
      {filters.length > inSight && (
        <Button type="link" className="x-list-more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "收起" : inSight === 0 ? "筛选" : "展开"}
        </Button>
      )}
    </div>
  );
}

function FilterField({
  filter,
  values,
  onChange,
}: {
  filter: Filter;
  values: readonly string[];
  onChange: (values: readonly string[]) => void;
}): ReactNode {
  const options = useOptions(filter);
  switch (filter.kind) {
    case "one":
    case "many":
      return (
        <Select<string[]>
          className="x-list-filter"
          aria-label={filter.label}
          placeholder={filter.label}
          mode={filter.kind === "many" ? "multiple" : undefined}
          maxTagCount={0}
          maxTagPlaceholder={(chosen) => `${filter.label}：${chosen.length} 项`}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={false}
          options={[...options]}
          value={filter.kind === "many" ? [...values] : ((values[0] ?? null) as never)}
          onChange={(chosen) => onChange(typeof chosen === "string" ? [chosen] : (chosen ?? []))}
        />
      );
    case "days":
      return (
        <Suspense fallback={<Input className="x-list-filter x-list-filter-days" placeholder={filter.label} disabled />}>
          <DayRange label={filter.label} value={values[0] ?? ""} onChange={(range) => onChange(range ? [range] : [])} />
        </Suspense>
      );
    case "text":
      return (
        <SearchField
          label={filter.label}
          placeholder={filter.label}
          value={values[0] ?? ""}
          onSearch={(text) => onChange(text ? [text] : [])}
        />
      );
    case "flag":
      return (
        <Button
          className="x-list-flag"
          aria-pressed={values.length > 0}
          type={values.length > 0 ? "primary" : "default"}
          onClick={() => onChange(values.length > 0 ? [] : ["true"])}
        >
          {filter.label}
        </Button>
      );
  }
}

/** What is filtered for, as removable chips, and what came of it in a sentence. */
export function FilterLine<T>({ list }: { list: List<T> }): ReactNode {
  const { spec, state, go } = list;
  const chosen = (spec.filters ?? []).filter((filter) => state.filters[filter.key]);
  return (
    <div className="x-list-line">
      <span role="status" className="x-number">
        {resultSentence(list)}
      </span>
      {state.q !== "" && <Chip label="搜索" text={state.q} onRemove={() => go(asking(state, { q: "", view: "" }))} />}
      {chosen.map((filter) => (
        <FilterChip
          key={filter.key}
          filter={filter}
          values={state.filters[filter.key] ?? []}
          onRemove={() => go(withFilter(state, filter.key, []))}
        />
      ))}
      {list.filtered && (
        <button type="button" className="x-plain-button x-no-print" onClick={() => go(cleared(state))}>
          清除筛选
        </button>
      )}
    </div>
  );
}

function FilterChip({
  filter,
  values,
  onRemove,
}: {
  filter: Filter;
  values: readonly string[];
  onRemove: () => void;
}): ReactNode {
  const options = useOptions(filter);
  return <Chip label={filter.label} text={valueWords(filter, values, options)} onRemove={onRemove} />;
}

function Chip({ label, text, onRemove }: { label: string; text: string; onRemove: () => void }): ReactNode {
  return (
    <span className="x-chip">
      {text === "" ? label : `${label}：${text}`}
      <button type="button" className="x-plain-button x-no-print" aria-label={`去掉筛选 ${label}`} onClick={onRemove}>
        ×
      </button>
    </span>
  );
}

function valueWords(filter: Filter, values: readonly string[], options: readonly Option[]): string {
  if (filter.kind === "flag") return "";
  if (filter.kind === "days" && values[0]?.includes("..")) {
    const [from, to] = (values[0] ?? "").split("..");
    return formatRange(from, to);
  }
  return values.map((value) => options.find((option) => option.value === value)?.label ?? value).join("、");
}

/** 「共 96 条，符合条件 8 条」 */
export function resultSentence<T>(list: Pick<List<T>, "spec" | "total" | "overall" | "filtered" | "answer">): string {
  const { total, overall, filtered, answer } = list;
  const unit = list.spec.unit ?? "条";
  if (!answer.isSuccess) return "";
  if (total === undefined) return "";
  if (!filtered) return `共 ${formatCount(total)} ${unit}`;
  return overall === undefined
    ? `符合条件 ${formatCount(total)} ${unit}`
    : `共 ${formatCount(overall)} ${unit}，符合条件 ${formatCount(total)} ${unit}`;
}

/** The options of a filter, asked once where they come from the service. */
export function useOptions(filter: Filter): readonly Option[] {
  const { options } = filter;
  const asked = useQuery({
    queryKey: ["options", filter.key, filter.label],
    queryFn: () => (typeof options === "function" ? options() : []),
    enabled: typeof options === "function",
    staleTime: 5 * 60_000,
  });
  return typeof options === "function" ? (asked.data ?? []) : (options ?? []);
}
