import { Popover, Segmented } from "antd";
import { type ReactNode, useState } from "react";
import { chartColours } from "@/design/tokens";
import { Panel, useSession } from "@/parts";
import { ledgerHref } from "../rectification/addresses";
import { placeHref, unitsHref } from "./CountTable";
import type { Definition, Line, Overview } from "./data";
import { type Measure, measures, shades } from "./heat";
import { missingText } from "./rates";

const darkFrom = 4; // from this shade on the text is white

/** Offices against nine measures: the value, and a shade per column that says which office to look at first. */
export function HeatPanel({ overview }: { overview: Overview }): ReactNode {
  const cities = overview.rows.some((line) => line.below);
  const [by, setBy] = useState<"rows" | "leaves">("rows");
  const lines = cities ? overview[by] : overview.rows;
  if (lines.length === 0) return null;
  return (
    <Panel
      title="指标热力表"
      extra={
        cities && (
          <Segmented
            className="x-no-print"
            aria-label="热力表按什么列"
            value={by}
            onChange={setBy}
            options={[
              { value: "rows", label: "按市" },
              { value: "leaves", label: "按县区" },
            ]}
          />
        )
      }
    >
      <HeatTable lines={lines} definitions={overview.definitions} />
      <p className="x-hint">
        各列分别着色，颜色越深越需关注（问题数为越多越深）
        <span className="x-no-print">；点指标名看口径，点数字看明细</span>
      </p>
    </Panel>
  );
}

function HeatTable({ lines, definitions }: { lines: readonly Line[]; definitions: readonly Definition[] }): ReactNode {
  const dark = measures.map((measure) => shades(measure, lines));
  return (
    <div className="x-counts-scroll">
      <table className="x-counts x-heat" id="heat">
        <caption className="x-hidden">各地区九项指标</caption>
        <thead>
          <tr>
            <th scope="col">地区</th>
            {measures.map((measure) => (
              <th key={measure.key} scope="col">
                <Head
                  measure={measure}
                  text={definitions.find(({ figure }) => figure === measure.figure)?.text ?? ""}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, i) => (
            <Row key={line.slug} line={line} dark={dark.map((column) => column[i])} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ measure, text }: { measure: Measure; text: string }): ReactNode {
  return (
    <>
      <Popover trigger="click" title={`口径：${measure.name}`} content={<p className="x-heat-text">{text}</p>}>
        <button type="button" className="x-plain-button">
          {measure.name}
        </button>
      </Popover>
      <small>{measure.reads}</small>
    </>
  );
}

function Row({ line, dark }: { line: Line; dark: readonly (number | undefined)[] }): ReactNode {
  const { office } = useSession();
  const { name } = line;
  const href = ({ ask }: Measure) => {
    if (line.below) return placeHref(office, line);
    return ask ? ledgerHref(office, line.slug, ask) : unitsHref(office, line.slug);
  };
  return (
    <tr className={line.missing ? "x-missing" : undefined}>
      <th scope="row">
        <a href={placeHref(office, line)}>{name}</a>
      </th>
      {line.missing ? (
        <td colSpan={measures.length}>{missingText(line)}</td>
      ) : (
        measures.map((measure, i) => {
          const shade = dark[i];
          return (
            <td
              key={measure.key}
              className="x-number"
              style={
                shade === undefined
                  ? undefined
                  : {
                      background: chartColours.sequential[shade],
                      color: shade >= darkFrom ? "#fff" : chartColours.onLight,
                    }
              }
            >
              <a href={href(measure)} aria-label={`${name} ${measure.name} ${measure.text(line)}`}>
                {measure.text(line)}
              </a>
            </td>
          );
        })
      )}
    </tr>
  );
}
