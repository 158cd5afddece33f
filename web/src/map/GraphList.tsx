import { Button } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSchema } from "../api/queries";
import type { MapGraph } from "../api/types";
import { localText } from "../format/text";
import { type Column, DataTable } from "../parts/DataTable";
import { RefLink } from "../parts/RefLink";
import { StatusMark } from "../parts/StatusMark";
import type { Drafted } from "./drawing";
import css from "./Map.module.css";

type NodeRow = MapGraph["nodes"][number];

/** What the open draft does to each object, in a word. */
export function draftedColumn<Row extends { drafted?: Drafted }>(label: string, word: (mark: Drafted) => string): Column<Row> {
  return {
    key: "drafted",
    label,
    sort: (row) => row.drafted ?? "",
    render: (row) => (row.drafted ? <strong className={css.word}>{word(row.drafted)}</strong> : null),
  };
}

/** The same neighbourhood as a table: what each object needs and what needs it. */
export function GraphList({
  graph,
  selected,
  onSelect,
  height,
}: {
  graph: MapGraph;
  selected: string | null;
  onSelect: (ref: string | null) => void;
  height: number;
}) {
  const { t, i18n } = useTranslation();
  const { bySlug } = useSchema();
  const columns = useMemo<Column<NodeRow>[]>(() => {
    const titles = new Map(graph.nodes.map((node) => [node.ref, localText(node.title, i18n.language) || node.ref]));
    const names = (ends: { ref: string; drafted?: "new" | "removed" }[]) =>
      [...new Map(ends.map((end) => [end.ref, end])).values()]
        .map((end) => `${titles.get(end.ref) ?? end.ref}${end.drafted ? ` (${t(`draw.mark.${end.drafted}`)})` : ""}`)
        .join(", ");
    const needs = (ref: string) =>
      names(graph.edges.filter((edge) => edge.from === ref).map((edge) => ({ ref: edge.to, drafted: edge.drafted })));
    const neededBy = (ref: string) =>
      names(graph.edges.filter((edge) => edge.to === ref).map((edge) => ({ ref: edge.from, drafted: edge.drafted })));
    return [
      {
        key: "title",
        label: t("map.object"),
        fixed: true,
        sort: (node) => titles.get(node.ref) ?? "",
        render: (node) => <RefLink to={node.ref} title={node.title} />,
      },
      {
        key: "kind",
        label: t("map.kind"),
        sort: (node) => localText(bySlug.get(node.kind)?.label, i18n.language),
        render: (node) => localText(bySlug.get(node.kind)?.label, i18n.language) || node.kind,
      },
      {
        key: "status",
        label: t("map.status"),
        render: (node) => (node.status ? <StatusMark status={node.status} word /> : null),
      },
      ...(graph.draft ? [draftedColumn<NodeRow>(t("draw.column"), (mark) => t(`draw.mark.${mark}`))] : []),
      { key: "needs", label: t("map.needs"), render: (node) => needs(node.ref) },
      { key: "neededBy", label: t("map.neededBy"), render: (node) => neededBy(node.ref) },
      {
        key: "spof",
        label: t("map.spof"),
        sort: (node) => node.spofFor?.length ?? 0,
        render: (node) =>
          (node.spofFor?.length ?? 0) > 0 ? t("map.spofFor", { count: node.spofFor?.length ?? 0 }) : "",
      },
      {
        key: "impact",
        label: t("map.impact"),
        render: (node) => (
          <Button
            size="compact-xs"
            variant={selected === node.ref ? "light" : "subtle"}
            onClick={() => onSelect(node.ref)}
          >
            {t("map.askImpact")}
            <span className="visually-hidden"> {titles.get(node.ref)}</span>
          </Button>
        ),
      },
    ];
  }, [graph, t, i18n.language, bySlug, selected, onSelect]);
  return (
    <DataTable
      label={t("map.list")}
      columns={columns}
      rows={graph.nodes}
      rowKey={(node) => node.ref}
      maxHeight={height}
    />
  );
}
