import { UnstyledButton } from "@mantine/core";
import { ChevronDown, ChevronRight } from "lucide-react";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "../api/queries";
import { type Finding, type OverviewService, type Page, PROCESSES, type Stage } from "../api/types";
import { processIcons } from "../frame/Navigation";
import { formatDate } from "../format/format";
import { localText, typeset } from "../format/text";
import { FindingList } from "../parts/FindingList";
import { Awaited } from "../parts/Page";
import { RefLink } from "../parts/RefLink";
import { CountMarks, StatusMark } from "../parts/StatusMark";
import css from "./ServiceRows.module.css";

interface ServiceRowsProps {
  stages: { stage: Stage; services: OverviewService[] | null }[];
  stageLabel: (stage: string) => string;
}

/** The matrix of services and processes, grouped by stage; a row opens in place to its findings. */
export function ServiceRows({ stages, stageLabel }: ServiceRowsProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  return (
    <div className={css.scroll} role="group" aria-label={t("overview.services")} tabIndex={0}>
      <table className={css.table}>
        <caption className="visually-hidden">{t("overview.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("overview.service")}</th>
            {PROCESSES.map((process) => {
              const Icon = processIcons[process];
              return (
                <th key={process} scope="col" className={css.process} title={t(`process.${process}`)}>
                  <Icon size={15} aria-hidden="true" />
                  <span className="visually-hidden">{t(`process.${process}`)}</span>
                </th>
              );
            })}
            <th scope="col">{t("overview.findings")}</th>
            <th scope="col" className={css.wideOnly}>
              {t("overview.pressing")}
            </th>
          </tr>
        </thead>
        {stages.map(({ stage, services }) => (
          <tbody key={stage}>
            <tr className={css.stage}>
              <th colSpan={PROCESSES.length + 3} scope="colgroup">
                {stageLabel(stage)} <span className={css.count}>{services?.length ?? 0}</span>
              </th>
            </tr>
            {(services ?? []).map((service) => (
              <Fragment key={service.ref}>
                <Row
                  service={service}
                  open={open === service.ref}
                  toggle={() => setOpen(open === service.ref ? null : service.ref)}
                />
                {open === service.ref && (
                  <tr className={css.expansion}>
                    <td colSpan={PROCESSES.length + 3}>
                      <ServiceFindings service={service} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Row({ service, open, toggle }: { service: OverviewService; open: boolean; toggle: () => void }) {
  const { t, i18n } = useTranslation();
  const title = localText(service.title, i18n.language);
  return (
    <tr className={open ? css.opened : undefined}>
      <th scope="row" className={css.name}>
        <div className={css.nameLine}>
          <UnstyledButton
            className={css.expand}
            onClick={toggle}
            aria-expanded={open}
            aria-label={t(open ? "overview.fold" : "overview.unfold", { title })}
          >
            {open ? <ChevronDown size={15} aria-hidden="true" /> : <ChevronRight size={15} aria-hidden="true" />}
          </UnstyledButton>
          <div>
            <RefLink to={service.ref} title={service.title} />
            {service.criticality && (
              <span className={css.criticality}>
                {t(`criticality.${service.criticality as "low"}`, { defaultValue: service.criticality })}
              </span>
            )}
          </div>
        </div>
      </th>
      {PROCESSES.map((process) => (
        <td key={process} className={css.mark}>
          <StatusMark status={service.marks?.[process]} about={t(`process.${process}`)} />
        </td>
      ))}
      <td className={css.nowrap}>
        <CountMarks counts={service.findings} />
      </td>
      <td className={`${css.wideOnly} ${css.pressing}`}>
        {service.promiseAtRisk && (
          <div className={css.promise} title={service.promiseAtRisk.text}>
            {typeset(service.promiseAtRisk.text, i18n.language)}
          </div>
        )}
        {service.nextDate && (
          <div className={css.sub}>
            <time dateTime={service.nextDate.date} className={css.nowrap}>
              {formatDate(service.nextDate.date, i18n.language, "short")}
            </time>{" "}
            {service.nextDate.what}
          </div>
        )}
      </td>
    </tr>
  );
}

function ServiceFindings({ service }: { service: OverviewService }) {
  const { t } = useTranslation();
  const query = useModel<Page<Finding>>("/findings", { service: service.ref, limit: 50 });
  return (
    <div className={css.findings}>
      {(service.promiseAtRisk?.text || service.nextDate) && (
        <p className={css.narrowOnly}>
          {service.promiseAtRisk?.text} {service.nextDate?.what}
        </p>
      )}
      <Awaited query={query} lines={3}>
        {(data) => (
          <FindingList
            findings={data.items ?? []}
            limit={10}
            empty={<p className={css.none}>{t("overview.noFindings")}</p>}
          />
        )}
      </Awaited>
    </div>
  );
}
