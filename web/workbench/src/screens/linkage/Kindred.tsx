import { Checkbox } from "antd";
import type { ReactNode } from "react";
import type { MatterView } from "./data";

/** Other matters that came to the office, to be handled as one with this one (并案). */
export function Kindred({
  all,
  chosen,
  onChange,
}: {
  all: MatterView["mergeable"];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}): ReactNode {
  if (all.length === 0) return <p>没有可以并案的事项。已受理、尚未决定的其他事项才能并案。</p>;
  return (
    <>
      <p>并案后一并研究、决定和答复。各提出单位只看到自己的事项。</p>
      <fieldset className="x-kindred">
        <legend>同类事项</legend>
        {all.map((each) => (
          <Checkbox
            key={each.id}
            checked={chosen.includes(each.id)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, each.id] : chosen.filter((id) => id !== each.id))
            }
          >
            {each.raiser_name} {each.number} {each.title}
            {each.same_tags && <span className="x-hint">（问题标签相同）</span>}
          </Checkbox>
        ))}
      </fieldset>
    </>
  );
}
