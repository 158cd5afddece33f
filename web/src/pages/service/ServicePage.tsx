import { Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, useParams } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useModel, useSchema } from "../../api/queries";
import { type Finding, type ObjectView, PROCESSES, type Sheet, type Stage } from "../../api/types";
import { formatDate } from "../../format/format";
import { localText, splitRef } from "../../format/text";
import { FindingList } from "../../parts/FindingList";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { useReportAddress } from "../../parts/ReportMenu";
import { StatusMark } from "../../parts/StatusMark";
import { WaiveDialog } from "../../parts/WaiveDialog";
import { ObjectHistory } from "../history/ObjectHistory";
import { Attachments } from "../model/Attachments";
import { Dependencies } from "./Dependencies";
import { FactTable } from "./FactTable";
import { FourPs } from "./FourPs";
import { Pillars } from "./Pillars";
import { Promises } from "./Promises";
import { PublicationPanel } from "./PublicationPanel";
import css from "./ServicePage.module.css";
import { WhyDrawer, type WhyQuestion } from "./WhyDrawer";

const SECTIONS = [
  "promises",
  "findings",
  "dependencies",
  "capacity",
  "continuity",
  "security",
  "suppliers",
  "documents",
  "publication",
  "history",
] as const;

/** The service sheet: promise and proof, and everything that the service rests on. */
export function ServicePage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const query = useModel<Sheet>(`/services/${name}/sheet`, undefined, { steady: true });
  return (
    <Awaited page query={query} lines={14}>
      {(sheet) => <ServiceSheet name={name} sheet={sheet} />}
    </Awaited>
  );
}

function ServiceSheet({ name, sheet }: { name: string; sheet: Sheet }) {
  const { t, i18n } = useTranslation();
  const ref = `service/${name}`;
  const schema = useSchema();
  const object = useModel<ObjectView>(`/objects/service/${name}`, undefined, { steady: true });
  const [why, setWhy] = useState<WhyQuestion | null>(null);
  const [opened, { open, close }] = useDisclosure(false);
  const [waiving, setWaiving] = useState<Finding | null>(null);
  const report = useReportAddress();
  const service = sheet.service;
  const permissions = sheet.permissions ?? {};
  const marks = service.marks ?? {};
  const ask = (question: WhyQuestion) => {
    setWhy(question);
    open();
  };
  const stage = service.stage ?? "requirement";
  const stageLabel =
    localText(schema.data?.stages?.find((each) => each.value === stage)?.label, i18n.language) ||
    t(`stage.${stage as Stage}`);
  const owner = service.owner;
  return (
    <Page
      wide
      above={<Link to="/overview">{t("overview.title")}</Link>}
      title={localText(service.title, i18n.language) || name}
      lead={localText(sheet.description, i18n.language)}
      actions={
        <>
          {permissions.edit !== false && (
            <Button component={Link} to={`/model/service/${name}/edit` as never}>
              {t("action.edit")}
            </Button>
          )}
          <Menu withinPortal position="bottom-end">
            <Menu.Target>
              <Button variant="default" rightSection={<ChevronDown size={14} aria-hidden="true" />}>
                {t("action.more")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component={Link} to="/map" search={{ focus: ref } as never}>
                {t("service.openMap")}
              </Menu.Item>
              <Menu.Item component={Link} to="/model/$kind/$name" params={{ kind: "service", name } as never}>
                {t("service.allFields")}
              </Menu.Item>
              <Menu.Item component="a" href={`/catalogue/${name}`}>
                {t("service.catalogueSheet")}
              </Menu.Item>
              <Menu.Item onClick={() => window.print()}>{t("process.print")}</Menu.Item>
              <Menu.Divider />
              {(
                [
                  ["service", "pdf", {}],
                  ["servicePage", "html", {}],
                  ["customer", "pdf", { view: "customer" }],
                ] as const
              ).map(([key, form, more]) => (
                <Menu.Item
                  key={key}
                  component="a"
                  href={report(`service/${name}`, form, more)}
                  target="_blank"
                  rel="noopener"
                >
                  {t(`report.${key}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      <section className={css.head} aria-label={t("service.summary")}>
        <dl className={css.facts}>
          <div>
            <dt>{t("overview.stage")}</dt>
            <dd>{stageLabel}</dd>
          </div>
          {service.criticality && (
            <div>
              <dt>{t("overview.criticality")}</dt>
              <dd>{t(`criticality.${service.criticality as "low"}`, { defaultValue: service.criticality })}</dd>
            </div>
          )}
          {owner && (
            <div>
              <dt>{t("overview.owner")}</dt>
              <dd>
                <RefLink to={owner.ref} title={owner.title} />
              </dd>
            </div>
          )}
          {service.availableFrom && (
            <div>
              <dt>{t("service.availableFrom")}</dt>
              <dd>{formatDate(service.availableFrom, i18n.language)}</dd>
            </div>
          )}
        </dl>
        <ul className={css.marks} aria-label={t("service.marks")}>
          {PROCESSES.map((process) => (
            <li key={process}>
              <Link to="/findings" search={{ service: ref, process }} className={css.mark}>
                <StatusMark status={marks[process]} size={16} />
                <span>{t(`processShort.${process}`)}</span>
              </Link>
            </li>
          ))}
        </ul>
        <FourPs fourPs={sheet.fourPs ?? {}} />
      </section>

      <div className={css.body}>
        <nav className={css.index} aria-label={t("service.index")}>
          <ul>
            {SECTIONS.map((section) => (
              <li key={section}>
                <a href={`#${section}`}>{t(`service.section.${section}`)}</a>
              </li>
            ))}
          </ul>
        </nav>
        <div className={css.sections}>
          <Panel
            id="promises"
            title={t("service.section.promises")}
            lead={t("service.promisesLead")}
            actions={<Link to={`/services/${name}/availability` as never}>{t("availability.study")}</Link>}
            flush
          >
            <Promises subject={ref} promises={sheet.promises ?? []} onWhy={ask} />
          </Panel>
          <Panel id="findings" title={t("service.section.findings")} flush>
            <FindingList
              findings={sheet.findings ?? []}
              limit={12}
              onWaive={permissions.waive ? setWaiving : undefined}
              empty={<Empty title={t("service.noFindings")}>{t("service.noFindingsText")}</Empty>}
            />
          </Panel>
          <Panel
            id="dependencies"
            title={t("service.section.dependencies")}
            lead={t("service.dependenciesLead")}
            actions={
              <Link to="/map" search={{ focus: ref }}>
                {t("service.openMap")}
              </Link>
            }
            flush
          >
            <Dependencies focus={ref} />
          </Panel>
          <Panel id="capacity" title={t("service.section.capacity")} flush>
            <FactTable facts={sheet.capacity} label={t("service.section.capacity")} empty={t("service.noCapacity")} />
          </Panel>
          <Panel id="continuity" title={t("service.section.continuity")} flush>
            <FactTable
              facts={sheet.continuity}
              label={t("service.section.continuity")}
              empty={t("service.noContinuity")}
            />
          </Panel>
          <Panel id="security" title={t("service.section.security")} lead={t("service.securityLead")} flush>
            <Pillars pillars={sheet.security ?? []} />
          </Panel>
          <Panel id="suppliers" title={t("service.section.suppliers")} flush>
            <FactTable
              facts={sheet.suppliers}
              label={t("service.section.suppliers")}
              empty={t("service.noSuppliers")}
            />
          </Panel>
          <Panel id="documents" title={t("service.section.documents")} flush>
            <FactTable
              facts={sheet.documents}
              label={t("service.section.documents")}
              empty={t("service.noDocuments")}
            />
            {(sheet.sections?.length ?? 0) > 0 && (
              <div className={css.package}>
                <h3>{t("service.package")}</h3>
                <ul>
                  {sheet.sections?.map((section) => (
                    <li key={section.id}>
                      <StatusMark status={section.state !== "missing" ? "ok" : section.needed ? "gap" : "unknown"} />
                      <span>{localText(section.label, i18n.language) || section.id}</span>
                      {section.state === "waived" && <span className={css.soft}>{t("service.sectionWaived")}</span>}
                      {section.state === "missing" && (
                        <span className={css.soft}>
                          {section.needed ? t("service.sectionNeeded") : t("service.sectionLater")}
                        </span>
                      )}
                    </li>
                  ))}
                </ul>
              </div>
            )}
            {object.data && <Attachments object={object.data} />}
          </Panel>
          <Panel id="publication" title={t("service.section.publication")}>
            <PublicationPanel name={name} sheet={sheet} permissions={permissions} />
          </Panel>
          <Panel id="history" title={t("service.section.history")} flush>
            <ObjectHistory kind="service" name={splitRef(ref).name} />
          </Panel>
        </div>
      </div>
      <WhyDrawer question={why} opened={opened} onClose={close} />
      <WaiveDialog waivable={waiving} onClose={() => setWaiving(null)} />
    </Page>
  );
}
