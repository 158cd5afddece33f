import "@xyflow/react/dist/style.css";
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "../api/queries";
import type { MapGraph } from "../api/types";
import { Awaited } from "../parts/Page";
import { DraftBar, DraftConsequences } from "./DraftBar";
import { useDrawing } from "./drawing";
import { Graph } from "./Graph";
import { ImpactPanel } from "./ImpactPanel";
import { GraphList } from "./GraphList";
import css from "./Map.module.css";

/** What surrounds an object, drawn or listed, and what stops when a chosen object stops. */
export function Neighbourhood({ focus, depth, height }: { focus: string; depth?: number; height: number }) {
  const { t } = useTranslation();
  const [chosenDepth, setDepth] = useState("1");
  const query = useModel<MapGraph>("/map", { focus, depth: depth ?? Number(chosenDepth) }, { keep: true });
  const [shown, setShown] = useState("map");
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <div>
      <div className={css.tools}>
        <SegmentedControl
          size="xs"
          aria-label={t("map.view")}
          value={shown}
          onChange={setShown}
          data={[
            { value: "map", label: t("map.asMap") },
            { value: "list", label: t("map.asList") },
          ]}
        />
        {depth === undefined && (
          <SegmentedControl
            size="xs"
            aria-label={t("map.depth")}
            value={chosenDepth}
            onChange={setDepth}
            data={["1", "2", "3"].map((value) => ({ value, label: t("map.steps", { count: Number(value) }) }))}
          />
        )}
        <ul className={css.legend} aria-label={t("map.legend")}>
          <li>
            <svg width="22" height="14" aria-hidden="true">
              <rect
                x="2"
                y="2"
                width="18"
                height="10"
                rx="3"
                fill="none"
                stroke="var(--status-gap)"
                strokeWidth="2.5"
              />
            </svg>
            {t("map.spof")}
          </li>
          <li>
            <svg width="26" height="10" aria-hidden="true">
              <path d="M1 5H25" stroke="var(--ink-soft)" strokeWidth="1.6" />
            </svg>
            {t("map.edge.requires")}
          </li>
          <li>
            <svg width="26" height="10" aria-hidden="true">
              <path d="M1 5H25" stroke="var(--ink-soft)" strokeWidth="1.6" strokeDasharray="6 3" />
            </svg>
            {t("map.alternative")}
          </li>
          <li>
            <svg width="26" height="10" aria-hidden="true">
              <path d="M1 5H25" stroke="var(--ink-soft)" strokeWidth="1.6" strokeDasharray="2 3" />
            </svg>
            {t("map.edge.degrades")}
          </li>
          <DraftedLegend shown={query.data?.draft !== undefined} />
        </ul>
      </div>
      <Awaited query={query} lines={8}>
        {(graph) => (
          <Drawable
            graph={graph}
            focus={focus}
            height={height}
            shown={shown}
            selected={selected}
            onSelect={setSelected}
            stays={depth === undefined}
          />
        )}
      </Awaited>
    </div>
  );
}

/** The lines of what a draft adds and takes away. */
export function DraftedLegend({ shown }: { shown: boolean }) {
  const { t } = useTranslation();
  if (!shown) return null;
  return (
    <li className={css.layer}>
      <svg width="26" height="10" aria-hidden="true">
        <path d="M1 5H25" stroke="var(--draft)" strokeWidth="2" strokeDasharray="8 4" />
      </svg>
      {t("draw.legend")}
    </li>
  );
}

interface DrawableProps {
  graph: MapGraph;
  focus: string;
  height: number;
  shown: string;
  selected: string | null;
  onSelect: (ref: string | null) => void;
  /** The page is about the object in the middle, and could not do without it. */
  stays: boolean;
}

/** The neighbourhood, drawn on in a draft by whoever may. */
function Drawable({ graph, focus, height, shown, selected, onSelect, stays }: DrawableProps) {
  const { t } = useTranslation();
  const drawing = useDrawing(graph);
  const choose = (ref: string | null) => {
    if (drawing.pick(ref)) return;
    if (ref !== selected) drawing.leave();
    onSelect(ref);
  };
  return (
    <>
      <DraftBar drawing={drawing} />
      <div className={css.split}>
        <div className={css.canvas}>
          {graph.truncated && <p className={css.notice}>{t("map.truncated")}</p>}
          {shown === "map" ? (
            <Graph graph={graph} focus={focus} height={height} selected={selected} onSelect={choose} />
          ) : (
            <GraphList graph={graph} selected={selected} onSelect={choose} height={height} />
          )}
        </div>
        <ImpactPanel of={selected} graph={graph} drawing={drawing} stays={stays && selected === focus} />
      </div>
      <DraftConsequences drawing={drawing} />
    </>
  );
}
