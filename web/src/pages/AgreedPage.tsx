import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { Paperclip } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useKnownSession, useRefresh, useResource } from "../api/queries";
import type { Agreed, Counterpart } from "../api/reader";
import { agreedTitle, isOutside } from "../frame/readers";
import { formatBytes, formatDate } from "../format/format";
import { localText, splitRef, typeset } from "../format/text";
import { Awaited, Empty, Page, Panel, ProblemView } from "../parts/Page";
import { RefLink } from "../parts/RefLink";
import { StatusMark } from "../parts/StatusMark";
import css from "./AgreedPage.module.css";
import { Delivered } from "./servicelevel/Delivered";

/** For a customer or a supplier: what is agreed with him, what he is asked, which services and reviews it is about. */
export function AgreedPage() {
  const { t, i18n } = useTranslation();
  const roles = useKnownSession().account?.roles ?? [];
  const query = useResource<Counterpart>("/counterpart");
  if (!isOutside(roles)) return <Navigate to="/overview" replace />;
  const supplier = roles.includes("supplier-contact");
  const title = (named: { title: Agreed["title"]; ref: string }) =>
    localText(named.title, i18n.language) || named.ref.split("/")[1];
  return (
    <Page title={t(agreedTitle(roles))} lead={t(supplier ? "agreed.supplierLead" : "agreed.customerLead")}>
      <Awaited query={query} lines={10}>
        {(data) => {
          const agreed = [...(data.agreed ?? [])].sort((a, b) => order(a) - order(b));
          const asked = data.asked ?? [];
          const reviews = data.reviews ?? [];
          const services = data.services ?? [];
          return (
            <>
              {(data.parties ?? []).length > 0 && (
                <p className={css.party}>{t("agreed.for", { party: (data.parties ?? []).map(title).join(", ") })}</p>
              )}
              <div className={css.columns}>
                <div>
                  {asked.length > 0 && (
                    <Panel id="asked" title={t("agreed.asked")} flush>
                      <ul className={css.list}>
                        {asked.map((each, index) => (
                          <li key={index}>
                            <div>{localText(each.title, i18n.language)}</div>
                            <div className={css.soft}>
                              {each.due && (
                                <span className={each.overdue ? css.late : undefined}>
                                  {t(each.overdue ? "myWork.late" : "myWork.due", {
                                    date: formatDate(each.due, i18n.language),
                                  })}
                                </span>
                              )}{" "}
                              <RefLink to={each.review.ref} title={each.review.title} />
                            </div>
                          </li>
                        ))}
                      </ul>
                    </Panel>
                  )}
                  {agreed.length === 0 && (
                    <Panel id="none">
                      <Empty title={t("agreed.none")}>{t("agreed.noneText")}</Empty>
                    </Panel>
                  )}
                  {agreed.map((each) => (
                    <AgreedPanel key={each.ref} agreed={each} title={title(each) ?? ""} />
                  ))}
                </div>
                <div>
                  <Panel id="services" title={t("agreed.services")} flush>
                    {services.length === 0 ? (
                      <p className={css.none}>{t("agreed.noServices")}</p>
                    ) : (
                      <ul className={css.list}>
                        {services.map((each) => (
                          <li key={each.ref}>
                            {each.catalogue ? (
                              <a href={`/catalogue/${each.ref.split("/")[1]}`}>{title(each)}</a>
                            ) : (
                              <span>{title(each)}</span>
                            )}
                            <div className={css.soft}>{t(`lifecycle.${each.state as "available"}`)}</div>
                          </li>
                        ))}
                      </ul>
                    )}
                  </Panel>
                  {(supplier || reviews.length > 0) && (
                    <Panel id="reviews" title={t("agreed.reviews")} flush>
                      {reviews.length === 0 ? (
                        <p className={css.none}>{t("agreed.noReviews")}</p>
                      ) : (
                        <ul className={css.list}>
                          {reviews.map((each) => (
                            <li key={each.ref}>
                              <RefLink to={each.ref} title={each.title} />
                              <div className={css.soft}>
                                {each.held
                                  ? t("agreed.held", { date: formatDate(each.held, i18n.language) })
                                  : each.planned
                                    ? t("agreed.planned", { date: formatDate(each.planned, i18n.language) })
                                    : ""}
                              </div>
                              {each.minutes && <div>{typeset(each.minutes, i18n.language)}</div>}
                            </li>
                          ))}
                        </ul>
                      )}
                    </Panel>
                  )}
                </div>
              </div>
            </>
          );
        }}
      </Awaited>
    </Page>
  );
}

const order = (each: Agreed) => ["running", "coming", "ended"].indexOf(each.phase);

/** One agreement or contract: its dates, what it covers, what it promises and what was delivered. */
function AgreedPanel({ agreed, title }: { agreed: Agreed; title: string }) {
  const { t, i18n } = useTranslation();
  const targets = agreed.targets ?? [];
  // What was declared by hand; what is measured stands below, with its periods.
  const figures = targets.some((target) => target.measured);
  const covers = agreed.covers ?? [];
  const files = agreed.files ?? [];
  const id = agreed.ref.replace("/", "-");
  const day = (value: string) => formatDate(value, i18n.language);
  return (
    <Panel id={id} title={<RefLink to={agreed.ref} title={agreed.title} />} flush>
      <dl className={css.facts}>
        <dt>{t("agreed.state")}</dt>
        <dd>
          {t(`agreed.phase.${agreed.phase}`)}
          {agreed.from && agreed.until
            ? `, ${t("agreed.between", { from: day(agreed.from), until: day(agreed.until) })}`
            : agreed.from
              ? `, ${t("agreed.since", { from: day(agreed.from) })}`
              : ""}
        </dd>
        {agreed.noticeBy && (
          <>
            <dt>{t("agreed.notice")}</dt>
            <dd>{day(agreed.noticeBy)}</dd>
          </>
        )}
        {agreed.hours && (
          <>
            <dt>{t("agreed.hours")}</dt>
            <dd>{localText(agreed.hours.title, i18n.language)}</dd>
          </>
        )}
        {covers.length > 0 && (
          <>
            <dt>{t("agreed.covers")}</dt>
            <dd>{covers.map((each) => localText(each.title, i18n.language) || each.ref).join(", ")}</dd>
          </>
        )}
        {files.length > 0 && (
          <>
            <dt>{t("attachment.title")}</dt>
            <dd>
              {files.map((file) => (
                <a
                  key={file.hash}
                  className={css.file}
                  href={`/api/v1/attachments/${file.hash}?of=${encodeURIComponent(agreed.ref)}`}
                >
                  <Paperclip size={13} aria-hidden="true" /> {file.name}
                  {file.size !== undefined && ` (${formatBytes(file.size, i18n.language)})`}
                </a>
              ))}
            </dd>
          </>
        )}
        <Signatures agreed={agreed} title={title} />
      </dl>
      {targets.length > 0 && (
        <div className={css.scroll} tabIndex={0} role="group" aria-label={t("agreed.promises", { title })}>
          <table className={css.targets}>
            <caption className="visually-hidden">{t("agreed.promises", { title })}</caption>
            <thead>
              <tr>
                <th scope="col">{t("service.target")}</th>
                <th scope="col">{t("service.promised")}</th>
                {figures && <th scope="col">{t("service.measured")}</th>}
              </tr>
            </thead>
            <tbody>
              {targets.map((target, index) => (
                <tr key={index}>
                  <th scope="row">{target.label}</th>
                  <td>{typeset(target.promised, i18n.language)}</td>
                  {figures && (
                    <td>
                      {target.measured ? (
                        <>
                          <StatusMark status={target.missed ? "gap" : "ok"} /> {typeset(target.measured, i18n.language)}
                          {target.period && <div className={css.soft}>{target.period}</div>}
                        </>
                      ) : (
                        t("service.noFigure")
                      )}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {agreed.phase === "running" && <Delivered agreement={agreed.ref} />}
    </Panel>
  );
}

/** Who has signed, and the reader's own visa. */
function Signatures({ agreed, title }: { agreed: Agreed; title: string }) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const signed = agreed.signed ?? [];
  const { kind, name } = splitRef(agreed.ref);
  const visa = useMutation({
    mutationFn: () => api.post<{ seq: number }>(`/service-levels/${kind}s/${name}/visa`, { party: agreed.maySign, version: agreed.version }),
    onSuccess: (done) => refresh(done.seq),
  });
  if (signed.length === 0 && !agreed.maySign) return null;
  return (
    <>
      <dt>{t("agreed.signed")}</dt>
      <dd>
        {signed.map((each, index) => (
          <div key={index}>
            {[each.party, each.by, each.on && formatDate(each.on, i18n.language), each.form, each.scan].filter(Boolean).join(", ")}
          </div>
        ))}
        {agreed.maySign && (
          <Button size="compact-sm" variant="default" loading={visa.isPending} onClick={() => visa.mutate()}>
            {t("agreed.visa")}
            <span className="visually-hidden"> {title}</span>
          </Button>
        )}
        {visa.error && <ProblemView problem={visa.error} />}
      </dd>
    </>
  );
}
