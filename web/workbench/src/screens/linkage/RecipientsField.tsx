import { useQuery } from "@tanstack/react-query";
import { Checkbox, Input } from "antd";
import { type ReactNode, useState } from "react";
import { Empty, useSession } from "@/parts";
import { commonIssuesQuery, ownUnitsQuery } from "./data";

interface Choice {
  key: string;
  name: string;
}

/** Whom a notice goes to: offices below by the tree, and the own units. */
export function RecipientsField({
  offices,
  units,
  onChange,
}: {
  offices: readonly string[];
  units: readonly string[];
  onChange: (offices: readonly string[], units: readonly string[]) => void;
}): ReactNode {
  const { office, identity } = useSession();
  const tree = useQuery(commonIssuesQuery(office)).data?.offices;
  const own = useQuery(ownUnitsQuery(office)).data;
  const below = (tree ?? []).filter((each) => each.slug !== office);
  const cities = below.filter((each) => each.level === "city");
  const counties = below.filter((each) => each.level === "county");
  const choices = (places: typeof below): Choice[] => places.map(({ slug, name }) => ({ key: slug, name }));
  const withUnits = identity.office.level !== "province";
  return (
    <div className="x-stack">
      <Group title="市级" all={choices(cities)} chosen={offices} onChange={(next) => onChange(next, units)} />
      <Group
        title={cities.length > 0 ? "县区（不经市级转发，直接下发）" : "县区"}
        all={choices(counties)}
        chosen={offices}
        onChange={(next) => onChange(next, units)}
      />
      {withUnits && own && (
        <Group
          title="本级所属单位"
          all={own.map(({ id, name }) => ({ key: id, name }))}
          chosen={units}
          onChange={(next) => onChange(offices, next)}
          searchable
        />
      )}
      {tree && own && below.length === 0 && own.length === 0 && <Empty>还没有可以下发的单位。</Empty>}
    </div>
  );
}

function Group({
  title,
  all,
  chosen,
  onChange,
  searchable,
}: {
  title: string;
  all: readonly Choice[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
  searchable?: boolean;
}): ReactNode {
  const [words, setWords] = useState("");
  if (all.length === 0) return null;
  const mine = all.filter(({ key }) => chosen.includes(key)).length;
  const others = chosen.filter((key) => !all.some((each) => each.key === key));
  const shown = all.filter(({ name }) => name.includes(words.trim()));
  return (
    <fieldset>
      <legend>
        <Checkbox
          checked={mine === all.length}
          indeterminate={mine > 0 && mine < all.length}
          onChange={(event) => onChange(event.target.checked ? [...others, ...all.map(({ key }) => key)] : others)}
        >
          {title}（{mine}/{all.length}）
        </Checkbox>
      </legend>
      {searchable && (
        <Input
          allowClear
          aria-label="按名称筛选单位"
          placeholder="按名称筛选"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <div className="x-choices">
        {shown.map(({ key, name }) => (
          <Checkbox
            key={key}
            checked={chosen.includes(key)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, key] : chosen.filter((each) => each !== key))
            }
          >
            {name}
          </Checkbox>
        ))}
      </div>
    </fieldset>
  );
}
