// antd's calendar is heavy, so whoever needs it loads it with this module; days go in and out as `2026-10-15`.

import { DatePicker } from "antd";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import type { ReactNode } from "react";

dayjs.locale("zh-cn");

// What people type for a day, as ledgers write it.
const formats = ["YYYY-MM-DD", "YYYY.M.D", "YYYY/M/D", "YYYY年M月D日", "YYYYMMDD"];

/** A field for a day. */
export function DayPicker({
  value,
  onChange,
  id,
  label,
  min,
  max,
  disabled,
}: {
  value?: string | null;
  onChange?: (day: string | null) => void;
  id?: string;
  label?: string;
  /** The first day that may be chosen. */
  min?: string;
  /** The last one. */
  max?: string;
  disabled?: boolean;
}): ReactNode {
  return (
    <DatePicker
      id={id}
      aria-label={label}
      placeholder="年-月-日"
      format={formats}
      value={value ? dayjs(value) : null}
      minDate={min ? dayjs(min) : undefined}
      maxDate={max ? dayjs(max) : undefined}
      disabled={disabled}
      onChange={(day) => onChange?.(day ? day.format("YYYY-MM-DD") : null)}
    />
  );
}

/** Fields for a first and a last day; either may stay open. */
export function DayRangePicker({
  from,
  to,
  onChange,
  label,
}: {
  from: string;
  to: string;
  onChange: (from: string, to: string) => void;
  label: string;
}): ReactNode {
  return (
    <DatePicker.RangePicker
      className="x-list-filter-days"
      aria-label={label}
      placeholder={[`${label}从`, "到"]}
      format={formats}
      allowEmpty={[true, true]}
      value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
      onChange={(days) => onChange(days?.[0]?.format("YYYY-MM-DD") ?? "", days?.[1]?.format("YYYY-MM-DD") ?? "")}
    />
  );
}
