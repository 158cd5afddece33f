import { Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Download, Lock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { queryString } from "../../api/client";
import { useKnownSession, useResource } from "../../api/queries";
import { localText, typeset } from "../../format/text";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RefPicker } from "../../parts/RefPicker";
import { ReportMenu } from "../../parts/ReportMenu";
import { StatusMark } from "../../parts/StatusMark";
import { useFilters } from "../../parts/useFilters";
import { type LevelCell, type LevelRow, type LevelSheet, periodsUntil } from "./levels";
import { objectivePath } from "./ObjectivesPage";
import css from "./Reviews.module.css";

const LENGTHS = ["3", "6", "12", "24"];

/** What was attained of each promise, month by month. */
export function SheetPage() {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const { today } = useKnownSession();
  const asked = { until: filters.until, months: filters.months, customer: filters.customer, service: filters.service };
  const query = useResource<LevelSheet>("/service-levels/sheet", asked, { keep: true });
  const months = periodsUntil(today, 24).filter((each) => each.length === 7 && !each.includes("Q"));
  const until = filters.until ?? months[0] ?? "";
  return (
    <Page
      wide
      above={
        <Link to="/processes/$process" params={{ process: "servicelevel" }}>
          {t("process.servicelevel")}
        </Link>
      }
      title={t("levelSheet.title")}
      lead={t("levelSheet.lead")}
      actions={<ReportMenu path={`sheet/${until}`} label={t("levelSheet.print")} />}
    >
      <div className={css.form} style={{ padding: "0 0 12px" }}>
        <Select label={t("levelSheet.until")} data={months} value={until} allowDeselect={false} w={130} onChange={(value) => setFilters({ until: value ?? undefined })} />
        <Select
          label={t("levelSheet.months")}
          data={LENGTHS}
          value={filters.months ?? "12"}
          allowDeselect={false}
          w={110}
          onChange={(value) => setFilters({ months: value ?? undefined })}
        />
        <div style={{ flex: "1 1 200px" }}>
          <RefPicker labelled label={t("objective.customer")} kinds={["customer"]} value={filters.customer} onChange={(ref) => setFilters({ customer: ref ?? undefined })} />
        </div>
        <div style={{ flex: "1 1 200px" }}>
          <RefPicker
            labelled
            label={t("objective.service")}
            kinds={["service", "component"]}
            value={filters.service}
            onChange={(ref) => setFilters({ service: ref ?? undefined })}
          />
        </div>
        {(["xlsx", "csv"] as const).map((format) => (
          <a
            key={format}
            className={css.cell}
            href={`/api/v1/service-levels/sheet/export/sheet.${format}${queryString({ ...asked, lang: i18n.language })}`}
            aria-label={t("table.exportAs", { label: t("levelSheet.title"), format: format.toUpperCase() })}
          >
            <Download size={13} aria-hidden="true" />
            {format.toUpperCase()}
          </a>
        ))}
      </div>
      <Awaited query={query} lines={14}>
        {(data) => {
          const told = data.rows.filter((row) => row.cells.some((cell) => cell.attained));
          const silent = data.rows.length - told.length;
          return (
            <>
              <p className={css.soft}>
                {t("levelSheet.counts", { kept: data.counts.kept, missed: data.counts.missed, unknown: data.counts.unknown, none: data.counts.none, sealed: data.counts.sealed })}
              </p>
              <Panel id="sheet" title={t("levelSheet.list", { count: told.length })} lead={t("levelSheet.key")} flush>
                {told.length === 0 ? (
                  <Empty title={t("levelSheet.none")}>{t("levelSheet.noneText")}</Empty>
                ) : (
                  <div className={css.scroll} style={{ maxHeight: 720, overflow: "auto" }} tabIndex={0} role="group" aria-label={t("levelSheet.title")}>
                    <Sheet data={data} rows={told} />
                  </div>
                )}
                {silent > 0 && <p className={`${css.soft} ${css.pad}`}>{t("levelSheet.silent", { count: silent })}</p>}
              </Panel>
            </>
          );
        }}
      </Awaited>
    </Page>
  );
}

/** "Apr 26": the whole sheet is to fit beside its promises. */
function shortMonth(period: string, language: string): string {
  return new Intl.DateTimeFormat(language, { month: "short", year: "2-digit", timeZone: "UTC" }).format(new Date(`${period}-01T00:00:00Z`));
}

function Sheet({ data, rows }: { data: LevelSheet; rows: LevelRow[] }) {
  const { t, i18n } = useTranslation();
  return (
    <table className={css.sheet}>
      <caption className="visually-hidden">{t("levelSheet.title")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("objective.promise")}</th>
          {data.months.map((month) => (
            <th key={month.period} scope="col" title={month.label}>
              {shortMonth(month.period, i18n.language)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.of.ref}#${row.target}#${row.service.ref}`}>
            <th scope="row">
              <Link {...objectivePath(`${row.of.ref}#${row.target}#${row.service.ref}`)}>
                {t("objective.name", { service: localText(row.service.title, i18n.language), label: row.label })}
              </Link>
              <div className={css.soft}>
                {typeset(row.promised, i18n.language)} · {localText(row.of.title, i18n.language)}
              </div>
            </th>
            {row.cells.map((cell) => (
              <td key={cell.period}>
                <Month cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A month: its figure with the shape of its status, and what is to be known beside it. */
function Month({ cell }: { cell: LevelCell }) {
  const { t, i18n } = useTranslation();
  if (!cell.promised) return null;
  if (!cell.attained) {
    return (
      <span className={css.soft} title={cell.cases}>
        –<span className="visually-hidden"> {cell.mark ? t(`objective.mark.${cell.mark}`) : ""}</span>
      </span>
    );
  }
  const notes = [
    cell.declared && t("levelSheet.declared"),
    cell.provisional && t("levelSheet.provisional"),
    cell.whole,
    cell.unknown && cell.coverage && t("objective.covered", { coverage: cell.coverage }),
    cell.since && t("levelSheet.since", { attained: cell.since }),
  ].filter((each): each is string => Boolean(each));
  return (
    <>
      <span className={css.cell}>
        {cell.mark && <StatusMark status={cell.mark} size={11} />}
        {typeset(cell.attained, i18n.language)}
        {cell.sealed && (
          <a href={`/api/v1/service-levels/seals/${cell.sealed}/report?lang=${i18n.language}`} aria-label={t("levelSheet.sealed", { period: cell.period })}>
            <Lock size={11} aria-hidden="true" />
          </a>
        )}
      </span>
      {notes.length > 0 && <div className={css.soft}>{typeset(notes.join(", "), i18n.language)}</div>}
    </>
  );
}
