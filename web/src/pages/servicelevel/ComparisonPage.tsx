import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useResource } from "../../api/queries";
import type { Mark, Named } from "../../api/types";
import { formatPercent } from "../../format/format";
import { localText, typeset } from "../../format/text";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { useFilters } from "../../parts/useFilters";
import { Downloads } from "./Downloads";
import css from "./Comparison.module.css";
import { ObjectiveFilters, objectivePath, Standing } from "./ObjectivesPage";
import type { ObjectiveWindow } from "./objectives";

interface Compared {
  id: string;
  of: Named;
  customer?: Named;
  service: Named;
  label: string;
  window: ObjectiveWindow;
  promised: string;
  predicted?: string;
  measured?: string;
  declared?: boolean;
  mark: Mark;
  sentence: string;
  lost: { promised?: number; predicted?: number; measured?: number };
}
interface ComparedList {
  items: Compared[];
  total: number;
  next?: string;
}

const SHOWN = 30;
/** The least and the most that may be lost, as powers of ten: a thousandth of a percent, and all. */
const LEAST = -5;

/** Promise, prediction and measurement of each promise in one picture, in words and as a table. */
export function ComparisonPage() {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const asked = { q: filters.q, of: filters.of, customer: filters.customer, service: filters.service, status: filters.status };
  const query = useResource<ComparedList>("/service-levels/comparison", { ...asked, limit: SHOWN, cursor: filters.cursor }, { keep: true });
  const first = Number(filters.cursor ?? 0);
  const say = (text: string) => typeset(text, i18n.language);
  const name = (row: Compared) => t("objective.name", { service: localText(row.service.title, i18n.language), label: row.label });
  return (
    <Page wide above={<Link to="/service-levels/objectives">{t("objective.title")}</Link>} title={t("comparison.title")} lead={t("comparison.lead")}>
      <ObjectiveFilters />
      <Awaited query={query} lines={12}>
        {(data) => {
          const drawn = data.items.filter((row) => Object.keys(row.lost).length > 0);
          return data.items.length === 0 ? (
            <Panel id="none">
              <Empty title={t("objective.none")}>{t("objective.noneText")}</Empty>
            </Panel>
          ) : (
            <>
              <Panel
                id="picture"
                title={t("comparison.picture")}
                lead={t("comparison.pictureLead")}
                actions={<Downloads path="/service-levels/comparison/export/comparison" query={asked} label={t("comparison.title")} />}
              >
                <ul className={css.legend}>
                  {(["promised", "predicted", "measured"] as const).map((key) => (
                    <li key={key}>
                      <i className={css.dot} data-side={key} aria-hidden="true" /> {t(`comparison.side.${key}`)}
                    </li>
                  ))}
                </ul>
                {drawn.length === 0 ? (
                  <p>{t("comparison.noShares")}</p>
                ) : (
                  <ol className={css.rows}>
                    {drawn.map((row) => (
                      <li key={row.id}>
                        <Link {...objectivePath(row.id)}>{name(row)}</Link>
                        <div className={css.track} role="img" aria-label={say(row.sentence)}>
                          {between(row)}
                          {(["promised", "predicted", "measured"] as const).map((key) =>
                            row.lost[key] === undefined ? null : (
                              <i
                                key={key}
                                className={css.dot}
                                data-side={key}
                                data-mark={key === "measured" ? row.mark : undefined}
                                style={{ left: `${place(row.lost[key])}%` }}
                                title={`${t(`comparison.side.${key}`)} ${say(row[key] ?? "")}`}
                              />
                            ),
                          )}
                        </div>
                        <p>{say(row.sentence)}</p>
                      </li>
                    ))}
                    <li aria-hidden="true" className={css.axisRow}>
                      <span />
                      <div className={css.axis}>
                        {[-5, -4, -3, -2, -1, 0].map((power) => (
                          <small key={power} style={{ left: `${place(10 ** power)}%` }}>
                            {formatPercent(`${100 * 10 ** power}%`, i18n.language)}
                          </small>
                        ))}
                      </div>
                      <p>{t("comparison.axis")}</p>
                    </li>
                  </ol>
                )}
              </Panel>
              <Panel id="table">
                <details>
                <summary>{t("comparison.table", { count: data.total })}</summary>
                <div className={css.scroll} tabIndex={0} role="group" aria-label={t("comparison.title")}>
                  <table className={css.table}>
                    <caption className="visually-hidden">{t("comparison.title")}</caption>
                    <thead>
                      <tr>
                        <th scope="col">{t("objective.promise")}</th>
                        <th scope="col">{t("objective.status")}</th>
                        <th scope="col">{t("objective.window")}</th>
                        <th scope="col">{t("comparison.side.promised")}</th>
                        <th scope="col">{t("comparison.side.predicted")}</th>
                        <th scope="col">{t("comparison.side.measured")}</th>
                        <th scope="col">{t("comparison.together")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {data.items.map((row) => (
                        <tr key={row.id}>
                          <th scope="row">
                            <Link {...objectivePath(row.id)}>{name(row)}</Link>
                            <div className={css.soft}>{[localText(row.of.title, i18n.language), row.customer && localText(row.customer.title, i18n.language)].filter(Boolean).join(" · ")}</div>
                          </th>
                          <td>
                            <Standing mark={row.mark} />
                          </td>
                          <td>{row.window.label}</td>
                          <td>{say(row.promised)}</td>
                          <td>{row.predicted ? say(row.predicted) : "—"}</td>
                          <td>
                            {row.measured ? say(row.measured) : "—"}
                            {row.declared && <div className={css.soft}>{t("objective.declared")}</div>}
                          </td>
                          <td>{say(row.sentence)}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
                </details>
              </Panel>
              {(first > 0 || data.next) && (
                <div className={css.form}>
                  <Button variant="default" disabled={first === 0} onClick={() => setFilters({ cursor: first > SHOWN ? String(first - SHOWN) : undefined })}>
                    {t("objective.before")}
                  </Button>
                  <Button variant="default" disabled={!data.next} onClick={() => setFilters({ cursor: data.next })}>
                    {t("objective.after")}
                  </Button>
                  <span className={css.soft}>{say(t("objective.range", { from: first + 1, to: first + data.items.length, total: data.total }))}</span>
                </div>
              )}
            </>
          );
        }}
      </Awaited>
    </Page>
  );
}

/** Where a lost share lies on the line, in percent of it: each step is ten times as much. */
export function place(lost: number): number {
  const power = lost > 0 ? Math.log10(lost) : LEAST;
  return (100 * (Math.min(0, Math.max(LEAST, power)) - LEAST)) / -LEAST;
}

/** The line from the least to the most of a row's sides. */
function between(row: Compared) {
  const at = Object.values(row.lost).map(place);
  const left = Math.min(...at);
  return <b className={css.between} style={{ left: `${left}%`, width: `${Math.max(...at) - left}%` }} aria-hidden="true" />;
}
