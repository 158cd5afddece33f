import { Badge, Drawer } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useModel } from "../../api/queries";
import type { Why } from "../../api/types";
import { localText, splitRef, typeset } from "../../format/text";
import { Awaited } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import css from "./WhyDrawer.module.css";

export interface WhyQuestion {
  subject: string;
  figure: string;
  target?: string;
  label: string;
}

/** Where a figure comes from: the sentence, the path, the inputs, the formula, what would change it most. */
export function WhyDrawer({
  question,
  opened,
  onClose,
}: {
  question: WhyQuestion | null;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened && question !== null}
      onClose={onClose}
      size="lg"
      title={question ? t("why.title", { what: question.label }) : ""}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {question && <WhyContent question={question} />}
    </Drawer>
  );
}

function WhyContent({ question }: { question: WhyQuestion }) {
  const { t, i18n } = useTranslation();
  const query = useModel<Why>("/why", { subject: question.subject, figure: question.figure, target: question.target });
  return (
    <Awaited query={query} lines={10}>
      {(why) => {
        const path = why.path ?? [];
        const most = Math.max(...path.map((step) => step.share ?? 0), 0);
        return (
          <div className={css.why}>
            <p className={css.sentence}>{typeset(why.sentence, i18n.language)}</p>
            <p className={css.exact}>
              <Badge variant="default" size="sm">
                {why.exact === false ? t("why.bounds") : t("why.exact")}
              </Badge>
              {why.bounds && (
                <span>
                  {t("why.between", {
                    lower: why.bounds[0],
                    upper: why.bounds[1],
                  })}
                </span>
              )}
            </p>
            {path.length > 0 && (
              <section>
                <h3>{t("why.path")}</h3>
                <ol className={css.path}>
                  {path.map((step, index) => (
                    <li key={`${step.ref}-${index}`}>
                      <div className={css.step}>
                        <RefLink to={step.ref} title={step.title} />
                        <span className={css.value}>{step.value && typeset(step.value, i18n.language)}</span>
                      </div>
                      {most > 0 && (
                        <div className={css.bar} aria-hidden="true">
                          <div style={{ width: `${((step.share ?? 0) / most) * 100}%` }} />
                        </div>
                      )}
                      {(step.contribution || step.single) && (
                        <div className={css.soft}>
                          {[step.contribution, step.single ? t("map.spof") : ""].filter(Boolean).join(" · ")}
                        </div>
                      )}
                    </li>
                  ))}
                </ol>
              </section>
            )}
            {(why.levers?.length ?? 0) > 0 && (
              <section>
                <h3>{t("why.levers")}</h3>
                <ul className={css.levers}>
                  {why.levers?.map((lever, index) => (
                    <li key={index}>
                      {lever.ref ? <RefLink to={lever.ref}>{lever.text}</RefLink> : lever.text}
                      {lever.gain && <strong className={css.gain}>{lever.gain}</strong>}
                    </li>
                  ))}
                </ul>
              </section>
            )}
            {(why.inputs?.length ?? 0) > 0 && (
              <section>
                <h3>{t("why.inputs")}</h3>
                <div className={css.tableScroll} tabIndex={0} role="region" aria-label={t("why.inputs")}>
                  <table className={css.inputs}>
                    <thead>
                      <tr>
                        <th scope="col">{t("why.input")}</th>
                        <th scope="col">{t("why.value")}</th>
                        <th scope="col">{t("why.source")}</th>
                        <th scope="col">
                          <span className="visually-hidden">{t("action.edit")}</span>
                        </th>
                      </tr>
                    </thead>
                    <tbody>
                      {why.inputs?.map((input, index) => {
                        const { kind, name } = splitRef(input.ref);
                        return (
                          <tr key={index}>
                            <th scope="row">
                              {localText(input.title, i18n.language)}
                              <div className={css.soft}>{input.label}</div>
                            </th>
                            <td>{input.value}</td>
                            <td>{input.source}</td>
                            <td>
                              {kind && (
                                <Link
                                  to="/model/$kind/$name/edit"
                                  params={{ kind, name }}
                                  search={{ at: input.pointer }}
                                >
                                  {t("action.edit")}
                                  <span className="visually-hidden"> {input.label}</span>
                                </Link>
                              )}
                            </td>
                          </tr>
                        );
                      })}
                    </tbody>
                  </table>
                </div>
              </section>
            )}
            {(why.missing?.length ?? 0) > 0 && (
              <section>
                <h3>{t("why.missing")}</h3>
                <ul className={css.levers}>
                  {why.missing?.map((each) => (
                    <li key={each.ref}>
                      <RefLink to={each.ref} title={each.title} />
                    </li>
                  ))}
                </ul>
              </section>
            )}
            {why.formula && (
              <section>
                <h3>{t("why.formula")}</h3>
                <p className={css.formulaName}>{why.formula.name}</p>
                {why.formula.text && <p className={css.formula}>{why.formula.text}</p>}
              </section>
            )}
          </div>
        );
      }}
    </Awaited>
  );
}
