import { useQuery } from "@tanstack/react-query";
import { Checkbox, Input, Select } from "antd";
import { type ReactNode, useState } from "react";
import { Empty, useSession } from "@/parts";
import { commonIssuesQuery, ownUnitsQuery } from "./data";
import { unitKinds } from "./words";

interface Choice {
  key: string;
  name: string;
  kind?: keyof typeof unitKinds;
  sector?: string;
}

/** Whom a notice goes to: offices below by level or by the tree, and the own units, by kind, sector or name. */
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
        under={
          cities.length > 0
            ? cities.map(({ slug, name }) => ({
                title: `${name}所辖`,
                all: choices(counties.filter(({ city }) => city === slug)),
              }))
            : undefined
        }
        chosen={offices}
        onChange={(next) => onChange(next, units)}
      />
      {withUnits && own && (
        <Group
          title="本级所属单位"
          all={own.map(({ id, name, kind, sector }) => ({ key: id, name, kind, sector }))}
          chosen={units}
          onChange={(next) => onChange(offices, next)}
          searchable
        />
      )}
      {tree && own && below.length === 0 && own.length === 0 && <Empty>还没有可以下发的单位。</Empty>}
    </div>
  );
}

interface GroupProps {
  title: string;
  all: readonly Choice[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

// All at once by the heading, one by one below it; what is narrowed is chosen as narrowed.
function Group({
  title,
  all,
  under,
  chosen,
  onChange,
  searchable,
}: GroupProps & { under?: readonly { title: string; all: readonly Choice[] }[]; searchable?: boolean }): ReactNode {
  const [words, setWords] = useState("");
  const [kind, setKind] = useState<string>();
  const [sector, setSector] = useState<string>();
  if (all.length === 0) return null;
  const shown = all.filter(
    (each) =>
      each.name.includes(words.trim()) &&
      (kind === undefined || each.kind === kind) &&
      (sector === undefined || each.sector === sector),
  );
  const narrowed = shown.length < all.length;
  return (
    <fieldset>
      <legend>
        <AllOf title={narrowed ? `${title}，筛选出的` : title} all={shown} chosen={chosen} onChange={onChange} />
      </legend>
      {searchable && (
        <div className="x-common-filters">
          <Input
            allowClear
            aria-label="按名称筛选单位"
            placeholder="按名称筛选"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <OneOf label="单位类别" of={all.map((each) => each.kind)} words={unitKinds} value={kind} onChange={setKind} />
          <OneOf label="所属系统" of={all.map((each) => each.sector)} value={sector} onChange={setSector} />
        </div>
      )}
      {under ? (
        under.map((part) => (
          <div key={part.title} className="x-choices-under">
            <AllOf title={part.title} all={part.all} chosen={chosen} onChange={onChange} />
            <Choices all={part.all} chosen={chosen} onChange={onChange} />
          </div>
        ))
      ) : (
        <Choices all={shown} chosen={chosen} onChange={onChange} />
      )}
    </fieldset>
  );
}

function AllOf({ title, all, chosen, onChange }: GroupProps): ReactNode {
  const keys = all.map(({ key }) => key);
  const mine = keys.filter((key) => chosen.includes(key)).length;
  const others = chosen.filter((key) => !keys.includes(key));
  return (
    <Checkbox
      checked={mine === keys.length && mine > 0}
      disabled={keys.length === 0}
      indeterminate={mine > 0 && mine < keys.length}
      onChange={(event) => onChange(event.target.checked ? [...others, ...keys] : others)}
    >
      {title}（{mine}/{keys.length}）
    </Checkbox>
  );
}

function Choices({ all, chosen, onChange }: Omit<GroupProps, "title">): ReactNode {
  return (
    <div className="x-choices">
      {all.map(({ key, name }) => (
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
  );
}

// A choice among what there is; nothing where all are the same.
function OneOf({
  label,
  of,
  words = {},
  value,
  onChange,
}: {
  label: string;
  of: readonly (string | undefined)[];
  words?: Readonly<Record<string, string>>;
  value?: string;
  onChange: (value?: string) => void;
}): ReactNode {
  const values = [...new Set(of)].filter((each): each is string => Boolean(each)).sort();
  if (values.length < 2) return null;
  return (
    <Select
      aria-label={label}
      placeholder={label}
      allowClear
      className="x-common-focus"
      value={value}
      options={values.map((each) => ({ value: each, label: words[each] ?? each }))}
      onChange={onChange}
    />
  );
}
