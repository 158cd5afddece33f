import { Button, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Download, Plus, Search } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, queryString } from "../../api/client";
import { useKnownSession, useSchema } from "../../api/queries";
import type { ListRights } from "../../api/reader";
import type { Field, Kind, Page as ListOf, Summary } from "../../api/types";
import { isOutside } from "../../frame/readers";
import { useView } from "../../frame/view";
import { formatInstant } from "../../format/format";
import { localText, splitRef } from "../../format/text";
import { formatScalar } from "../../format/value";
import { type Column, DataTable } from "../../parts/DataTable";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { RefPicker } from "../../parts/RefPicker";
import { CountMarks } from "../../parts/StatusMark";
import { useFilters } from "../../parts/useFilters";
import { WRITTEN_ELSEWHERE } from "./reserved";

const SHORT = [
  "text",
  "boolean",
  "integer",
  "number",
  "enum",
  "ref",
  "date",
  "datetime",
  "duration",
  "period",
  "availability",
  "percent",
  "money",
  "quantity",
  "time",
  "localtext",
];
/** Columns shown before the reader chooses. */
const FIRST_COLUMNS = 4;

export function ListPage() {
  const { t } = useTranslation();
  const { kind: slug } = useParams({ strict: false }) as { kind: string };
  const schema = useSchema();
  return (
    <Awaited page query={schema} lines={14}>
      {() => {
        const kind = schema.bySlug.get(slug);
        if (!kind) {
          return (
            <Page title={t("notFound.title")}>
              <Panel>
                <Empty title={t("model.unknownKind", { kind: slug })} />
              </Panel>
            </Page>
          );
        }
        return <KindList key={slug} kind={kind} />;
      }}
    </Awaited>
  );
}

/** All objects of one kind: filters and sorting in the address, columns as the reader chose them. */
function KindList({ kind }: { kind: Kind }) {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const view = useView();
  const label = localText(kind.plural, i18n.language) || kind.name;
  const enums = useMemo(() => kind.fields.filter((field) => field.type === "enum").slice(0, 2), [kind]);
  const chosen = enums
    .filter((field) => filters[`f.${field.name}`])
    .map((field) => `${field.name}:${filters[`f.${field.name}`]}`);
  const asked = {
    kind: kind.slug,
    q: filters.q,
    owner: filters.owner,
    filter: chosen,
    sort: filters.sort,
    ...view,
  };
  const query = useInfiniteQuery({
    queryKey: ["api", i18n.language, "/objects", "all", asked],
    queryFn: ({ pageParam, signal }) =>
      api.get<ListOf<Summary> & { may?: ListRights }>("/objects", { ...asked, limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  const items = query.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  const total = query.data?.pages[0]?.total ?? items.length;
  // Until the server has said what the reader may do, nothing is offered.
  const may = query.data?.pages[0]?.may;
  const mayAdd = may?.create === true && !WRITTEN_ELSEWHERE.includes(kind.slug);
  const outside = isOutside(useKnownSession().account?.roles ?? []);
  const columns = useColumns(kind, may?.findings !== false);
  const filtered = Boolean(filters.q || filters.owner || chosen.length > 0);
  const exported = queryString({
    q: filters.q,
    owner: filters.owner,
    filter: asked.filter,
    sort: filters.sort,
    ...view,
    lang: i18n.language === "fr" ? "fr" : "en",
  });
  const clear = Object.fromEntries(
    ["q", "owner", ...enums.map((field) => `f.${field.name}`)].map((key) => [key, undefined]),
  );
  return (
    <Page
      wide
      above={outside ? undefined : <Link to="/model">{t("model.title")}</Link>}
      title={label}
      lead={localText(kind.help, i18n.language)}
      actions={
        <>
          {may?.export && (
            <>
              <Button
                component="a"
                href={`/api/v1/tables/${kind.slug}.xlsx${exported}`}
                variant="default"
                leftSection={<Download size={15} aria-hidden="true" />}
              >
                XLSX
              </Button>
              <Button
                component="a"
                href={`/api/v1/tables/${kind.slug}.csv${exported}`}
                variant="default"
                leftSection={<Download size={15} aria-hidden="true" />}
              >
                CSV
              </Button>
            </>
          )}
          {mayAdd && (
            <Button
              component={Link}
              to={`/new/${kind.slug}` as never}
              leftSection={<Plus size={15} aria-hidden="true" />}
            >
              {t("model.addNamed", { kind: localText(kind.label, i18n.language) })}
            </Button>
          )}
        </>
      }
    >
      <Panel id="list" flush>
        <Group p="sm" gap="xs">
          <SearchField
            value={filters.q ?? ""}
            onChange={(q) => setFilters({ q: q || undefined })}
            label={t("list.search")}
          />
          {!outside && (
            <RefPicker
              size="xs"
              label={t("overview.owner")}
              kinds={["person", "team"]}
              value={filters.owner}
              onChange={(owner) => setFilters({ owner })}
            />
          )}
          {enums.map((field) => (
            <Select
              key={field.name}
              size="xs"
              w={170}
              aria-label={localText(field.label, i18n.language)}
              placeholder={localText(field.label, i18n.language)}
              data={(field.enum ?? []).map((each) => ({
                value: each.value,
                label: localText(each.label, i18n.language) || each.value,
              }))}
              value={filters[`f.${field.name}`] ?? null}
              onChange={(value) => setFilters({ [`f.${field.name}`]: value ?? undefined })}
              clearable
              clearButtonProps={{ "aria-label": t("action.clear") }}
            />
          ))}
          {query.data && (
            <span style={{ marginLeft: "auto", color: "var(--ink-soft)", fontSize: 13 }} role="status">
              {t("list.count", { count: total })}
            </span>
          )}
        </Group>
        <Awaited query={query} lines={14}>
          {() => (
            <>
              <DataTable
                label={label}
                columns={columns}
                rows={items}
                rowKey={(item) => item.ref}
                keep={kind.slug}
                dense
                maxHeight="max(420px, calc(100vh - 236px))"
                serverSort={{
                  value: filters.sort ?? "",
                  onChange: (sort) => setFilters({ sort: sort || undefined }),
                  keys: columns.filter((column) => column.sort).map((column) => column.key),
                }}
                empty={
                  filtered ? (
                    <Empty
                      title={t("list.noneMatch")}
                      action={
                        <Button variant="default" onClick={() => setFilters(clear)}>
                          {t("action.clearFilters")}
                        </Button>
                      }
                    />
                  ) : (
                    <Empty
                      title={t("list.empty", { kind: label })}
                      action={
                        mayAdd && (
                          <>
                            <Button component={Link} to={`/new/${kind.slug}` as never}>
                              {t("model.addNamed", { kind: localText(kind.label, i18n.language) })}
                            </Button>
                            <Button component={Link} to="/import" variant="default">
                              {t("overview.import")}
                            </Button>
                          </>
                        )
                      }
                    >
                      {localText(kind.help, i18n.language)}
                    </Empty>
                  )
                }
              />
              {query.hasNextPage && (
                <Group justify="center" p="sm">
                  <Button
                    variant="default"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t("action.loadMore")}
                  </Button>
                </Group>
              )}
            </>
          )}
        </Awaited>
      </Panel>
    </Page>
  );
}

function useColumns(kind: Kind, findings: boolean): Column<Summary>[] {
  const { t, i18n } = useTranslation();
  const { zone } = useKnownSession().organisation;
  return useMemo(() => {
    const fields = kind.fields.filter((field) => SHORT.includes(field.type));
    const columns: Column<Summary>[] = [
      {
        key: "title",
        label: t("object.title"),
        fixed: true,
        sort: (item) => localText(item.title, i18n.language) || item.name,
        render: (item) => <RefLink to={item.ref} title={item.title} />,
      },
      { key: "name", label: t("object.name"), optional: true, sort: (item) => item.name, render: (item) => item.name },
      {
        key: "owner",
        label: t("overview.owner"),
        sort: (item) =>
          typeof item.owner === "object" ? localText(item.owner?.title, i18n.language) : (item.owner ?? ""),
        render: (item) => (item.owner ? <OwnerLink owner={item.owner} /> : null),
      },
      ...(findings
        ? [
            {
              key: "findings",
              label: t("overview.findings"),
              render: (item: Summary) => <CountMarks counts={item.findings} />,
            },
          ]
        : []),
      ...fields.map((field, index): Column<Summary> => ({
        key: field.name,
        label: localText(field.label, i18n.language) || field.name,
        optional: index >= FIRST_COLUMNS,
        sort: (item) => String(item.fields?.[field.name] ?? ""),
        align: ["integer", "number", "duration", "period", "availability", "percent", "money", "quantity"].includes(
          field.type,
        )
          ? "right"
          : undefined,
        render: (item) => <FieldCell field={field} value={item.fields?.[field.name]} />,
      })),
      {
        key: "changedAt",
        label: t("list.changed"),
        optional: true,
        sort: (item) => item.changedAt ?? "",
        render: (item) => (item.changedAt ? formatInstant(item.changedAt, i18n.language, zone) : ""),
      },
    ];
    return columns;
  }, [kind, findings, t, i18n.language, zone]);
}

function OwnerLink({ owner }: { owner: unknown }) {
  if (typeof owner === "object" && owner !== null && "ref" in owner) {
    const named = owner as { ref: string; title?: string };
    return <RefLink to={named.ref} title={named.title} />;
  }
  return <RefLink to={String(owner)} />;
}

function FieldCell({ field, value }: { field: Field; value: unknown }) {
  const { t, i18n } = useTranslation();
  const { zone } = useKnownSession().organisation;
  if (field.type === "ref" && typeof value === "string" && value) {
    const full = splitRef(value).kind || field.refs?.length !== 1 ? value : `${field.refs[0]}/${value}`;
    return <RefLink to={full} />;
  }
  if (typeof value === "object" && value !== null && "ref" in value) {
    const named = value as { ref: string; title?: string };
    return <RefLink to={named.ref} title={named.title} />;
  }
  const text = formatScalar(value, field, i18n.language, "long", zone);
  return field.type === "datetime" && text ? <span title={t("record.clockOf", { zone })}>{text}</span> : <>{text}</>;
}

function SearchField({ value, onChange, label }: { value: string; onChange: (value: string) => void; label: string }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const send = useDebouncedCallback(onChange, 250);
  return (
    <TextInput
      size="xs"
      w={220}
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<Search size={13} aria-hidden="true" />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}
