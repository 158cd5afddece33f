import { Button, Tabs } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useKnownSession, useModel } from "../api/queries";
import type { Page as ListOf, Summary } from "../api/types";
import { splitRef } from "../format/text";
import { Awaited, Empty, Page, Panel } from "../parts/Page";
import { useFilters } from "../parts/useFilters";
import { Accounts } from "./administration/Accounts";
import { Brand } from "./administration/Brand";
import { Channels } from "./administration/Channels";

/** Accounts and roles, the organisation's settings. */
export function AdministrationPage() {
  const { t } = useTranslation();
  const { account } = useKnownSession();
  const [filters, setFilters] = useFilters();
  const organisation = useModel<ListOf<Summary>>("/objects", { kind: "organisation", limit: 1 });
  const tab = ["accounts", "notifications", "organisation"].includes(filters.tab ?? "") ? filters.tab : "accounts";
  if (!account?.roles.includes("administrator")) {
    return (
      <Page title={t("administration.title")}>
        <Panel>
          <Empty title={t("state.forbidden")}>{t("administration.forbidden")}</Empty>
        </Panel>
      </Page>
    );
  }
  return (
    <Page title={t("administration.title")} lead={t("administration.lead")}>
      <Tabs value={tab} onChange={(value) => setFilters({ tab: value ?? undefined })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="accounts">{t("administration.accounts")}</Tabs.Tab>
          <Tabs.Tab value="notifications">{t("administration.notifications")}</Tabs.Tab>
          <Tabs.Tab value="organisation">{t("administration.organisation")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="accounts">
          <Accounts />
        </Tabs.Panel>
        <Tabs.Panel value="notifications">
          <Channels />
        </Tabs.Panel>
        <Tabs.Panel value="organisation">
          <Panel id="organisation" title={t("administration.organisation")} lead={t("administration.organisationLead")}>
            <Awaited query={organisation} lines={3}>
              {(data) => {
                const first = data.items?.[0];
                return first ? (
                  <Button component={Link} to={`/model/organisation/${splitRef(first.ref).name}/edit` as never}>
                    {t("administration.editOrganisation")}
                  </Button>
                ) : (
                  <Button component={Link} to={"/new/organisation" as never}>
                    {t("administration.newOrganisation")}
                  </Button>
                );
              }}
            </Awaited>
          </Panel>
          {(organisation.data?.items?.length ?? 0) > 0 && <Brand />}
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
