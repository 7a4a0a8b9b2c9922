import type { ReactNode } from "react";
import { useSession } from "@/parts";
import { placeHref } from "./CountTable";
import type { Overview } from "./data";

/** The way down, 澜河省 / 靖原市 / 青榆县: every step back up is a link. */
export function Way({ path }: { path: Overview["path"] }): ReactNode {
  const { office } = useSession();
  if (path.length < 2) return null;
  return (
    <nav aria-label="下钻路径" className="x-way">
      {path.map((place, i) => (
        <span key={place.slug}>
          {i > 0 && " / "}
          {i < path.length - 1 ? <a href={placeHref(office, place)}>{place.name}</a> : place.name}
        </span>
      ))}
    </nav>
  );
}
