import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Check, Circle, Compass, FileSpreadsheet, Sprout } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useKnownSession, useModel, useResource } from "../api/queries";
import type { Account, Page as ListOf, Summary } from "../api/types";
import { Page, Panel } from "../parts/Page";
import css from "./WelcomePage.module.css";

/** First steps: three doors in, and a list of setting up that ticks itself. */
export function WelcomePage() {
  const { t } = useTranslation();
  const session = useKnownSession();
  return (
    <Page title={t("welcome.title")} lead={t("welcome.lead")}>
      <div className={css.doors}>
        <Door
          icon={<Compass size={26} aria-hidden="true" />}
          title={t("welcome.door1")}
          text={session.example ? t("welcome.door1Here") : t("welcome.door1Text")}
          action={
            session.example ? (
              <Button component={Link} to="/overview">
                {t("welcome.door1Go")}
              </Button>
            ) : (
              <code className={css.command}>diapason serve --example</code>
            )
          }
        />
        <Door
          icon={<FileSpreadsheet size={26} aria-hidden="true" />}
          title={t("welcome.door2")}
          text={t("welcome.door2Text")}
          action={
            <Button component={Link} to="/import" variant={session.example ? "default" : "filled"}>
              {t("welcome.door2Go")}
            </Button>
          }
        />
        <Door
          icon={<Sprout size={26} aria-hidden="true" />}
          title={t("welcome.door3")}
          text={t("welcome.door3Text")}
          action={
            <Button component={Link} to={"/new/service" as never} variant="default">
              {t("welcome.door3Go")}
            </Button>
          }
        />
      </div>
      <Checklist />
    </Page>
  );
}

function Door({ icon, title, text, action }: { icon: ReactNode; title: string; text: string; action: ReactNode }) {
  return (
    <section className={css.door}>
      <div className={css.icon}>{icon}</div>
      <h2>{title}</h2>
      <p>{text}</p>
      <div>{action}</div>
    </section>
  );
}

function Checklist() {
  const { t } = useTranslation();
  const { account } = useKnownSession();
  const administrator = account?.roles.includes("administrator") ?? false;
  const has = (kind: string) => ({ kind, limit: 1 });
  const organisation = useModel<ListOf<Summary>>("/objects", has("organisation"));
  const people = useModel<ListOf<Summary>>("/objects", has("person"));
  const services = useModel<ListOf<Summary>>("/objects", has("service"));
  const agreements = useModel<ListOf<Summary>>("/objects", has("agreement"));
  const decisions = useModel<ListOf<Summary>>("/objects", has("decision"));
  const accounts = useResource<Account[]>(administrator ? "/accounts" : null);
  const some = (query: { data?: ListOf<Summary> }) => (query.data?.total ?? query.data?.items?.length ?? 0) > 0;
  const accountCount = accounts.data?.length ?? 0;
  const steps = [
    {
      key: "organisation",
      done: some(organisation),
      to: administrator ? "/administration?tab=organisation" : "/model/organisation",
    },
    { key: "people", done: some(people), to: "/model/person" },
    ...(administrator ? [{ key: "accounts", done: accountCount > 1, to: "/administration" }] : []),
    { key: "service", done: some(services), to: "/model/service" },
    { key: "agreement", done: some(agreements), to: "/model/agreement" },
    { key: "findings", done: some(services) && some(agreements), to: "/findings" },
    { key: "publish", done: some(decisions), to: "/processes/catalogue" },
  ] as {
    key: "organisation" | "people" | "accounts" | "service" | "agreement" | "findings" | "publish";
    done: boolean;
    to: string;
  }[];
  const done = steps.filter((step) => step.done).length;
  return (
    <Panel
      id="checklist"
      title={t("welcome.checklist")}
      lead={t("welcome.progress", { done, total: steps.length })}
      flush
    >
      <ol className={css.steps}>
        {steps.map((step) => (
          <li key={step.key} className={step.done ? css.done : undefined}>
            {step.done ? <Check size={18} aria-hidden="true" /> : <Circle size={18} aria-hidden="true" />}
            <div>
              <Link to={step.to as never}>{t(`welcome.step.${step.key}`)}</Link>
              <span className="visually-hidden"> {step.done ? t("welcome.isDone") : t("welcome.isOpen")}</span>
              <div className={css.soft}>{t(`welcome.stepText.${step.key}`)}</div>
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
