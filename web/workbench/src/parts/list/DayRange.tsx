import type { ReactNode } from "react";
import { DayRangePicker } from "../DayPicker";

/** A filter over days; its value is `from..to`, either part may be empty. */
export default function DayRange({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (range: string) => void;
}): ReactNode {
  const [from = "", to = ""] = value.includes("..") ? value.split("..") : [];
  return (
    <DayRangePicker
      label={label}
      from={from}
      to={to}
      onChange={(first, last) => onChange(first || last ? `${first}..${last}` : "")}
    />
  );
}
