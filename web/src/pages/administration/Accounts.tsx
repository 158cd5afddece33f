import { Badge, Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useResource } from "../../api/queries";
import type { Account } from "../../api/types";
import { type Column, DataTable } from "../../parts/DataTable";
import { Awaited, Empty, Panel } from "../../parts/Page";
import { TitledRef } from "../model/FieldValues";
import { AccountDialog } from "./AccountDialog";

/** Who may sign in, and in which roles. */
export function Accounts() {
  const { t } = useTranslation();
  const query = useResource<Account[]>("/accounts");
  const [editing, setEditing] = useState<Account | "new" | null>(null);
  const columns = useMemo<Column<Account>[]>(
    () => [
      {
        key: "name",
        label: t("account.name"),
        fixed: true,
        sort: (account) => account.name,
        render: (account) => (
          <Button size="compact-sm" variant="transparent" px={0} onClick={() => setEditing(account)}>
            {account.name}
          </Button>
        ),
      },
      { key: "login", label: t("login.login"), sort: (account) => account.login, render: (account) => account.login },
      {
        key: "roles",
        label: t("account.roles"),
        render: (account) => account.roles.map((role) => t(`role.${role}`)).join(", "),
      },
      {
        key: "person",
        label: t("account.linked"),
        render: (account) =>
          account.person ? (
            <TitledRef to={account.person} />
          ) : account.customer ? (
            <TitledRef to={account.customer} />
          ) : null,
      },
      {
        key: "active",
        label: t("account.state"),
        sort: (account) => (account.active === false ? 1 : 0),
        render: (account) => (
          <Badge variant="default" size="sm">
            {account.active === false
              ? t("account.inactive")
              : account.pending
                ? t("account.pending")
                : t("account.active")}
          </Badge>
        ),
      },
    ],
    [t],
  );
  return (
    <Panel
      id="accounts"
      title={t("administration.accounts")}
      lead={t("account.lead")}
      actions={<Button onClick={() => setEditing("new")}>{t("account.new")}</Button>}
      flush
    >
      <Awaited query={query} lines={6}>
        {(data) => (
          <DataTable
            label={t("administration.accounts")}
            columns={columns}
            rows={data}
            rowKey={(account) => account.id}
            empty={<Empty title={t("account.none")} />}
          />
        )}
      </Awaited>
      <AccountDialog editing={editing} onClose={() => setEditing(null)} />
    </Panel>
  );
}
