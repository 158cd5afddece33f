import {
  ActionIcon,
  Button,
  Checkbox,
  CopyButton,
  Group,
  Modal,
  Select,
  Stack,
  Switch,
  TextInput,
} from "@mantine/core";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useRefresh } from "../../api/queries";
import { type Account, type Language, type Role, ROLES } from "../../api/types";
import { ProblemView } from "../../parts/Page";
import { RefPicker } from "../../parts/RefPicker";
import { type Grant, parseGrant, SCOPES, writeGrant } from "./grants";

interface Link {
  url: string;
  expires?: string;
}

/** Makes or changes an account and hands out its one-time password link. */
export function AccountDialog({ editing, onClose }: { editing: Account | "new" | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={editing !== null}
      onClose={onClose}
      size="lg"
      title={editing === "new" ? t("account.new") : t("account.edit", { name: editing?.name ?? "" })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {editing && (
        <AccountForm
          key={editing === "new" ? "new" : editing.id}
          account={editing === "new" ? null : editing}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}

function AccountForm({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const [name, setName] = useState(account?.name ?? "");
  const [login, setLogin] = useState(account?.login ?? "");
  const [language, setLanguage] = useState<Language>(account?.language ?? "fr");
  const [grants, setGrants] = useState<Grant[]>(() =>
    (account?.grants ?? account?.roles ?? []).map(parseGrant).filter((grant): grant is Grant => grant !== null),
  );
  const change = (index: number, next: Grant) =>
    setGrants(grants.map((grant, other) => (other === index ? next : grant)));
  const [person, setPerson] = useState<string | undefined>(account?.person ?? undefined);
  const [reason, setReason] = useState("");
  const [active, setActive] = useState(account?.active !== false);
  const [link, setLink] = useState<Link | null>(null);
  const [wantsLink, setWantsLink] = useState(account === null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => setFailure(null), [name, login, grants]);

  const save = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const customer = grants.find((grant) => grant.role === "customer-representative")?.scope;
      const common = {
        name: name.trim(),
        language,
        grants: grants.map(writeGrant),
        person: person ?? "",
        customer: customer ?? "",
        reason: reason.trim(),
      };
      const saved = account
        ? await api.patch<Account>(`/accounts/${account.id}`, { ...common, active })
        : await api.post<Account>("/accounts", { ...common, login: login.trim() });
      await refresh();
      if (wantsLink) setLink(await api.post<Link>(`/accounts/${account?.id ?? saved.id}/password-link`));
      else onClose();
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  if (link) {
    const address = link.url.startsWith("/") ? `${window.location.origin}${link.url}` : link.url;
    return (
      <Stack>
        <p style={{ margin: 0 }}>{t("account.linkText", { name })}</p>
        <TextInput
          readOnly
          label={t("account.link")}
          value={address}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Group justify="flex-end">
          <CopyButton value={address}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t("account.copied") : t("account.copy")}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{t("action.close")}</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack>
      <TextInput
        label={t("account.name")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        data-autofocus
      />
      <TextInput
        label={t("login.login")}
        description={t("account.loginHelp")}
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value)}
        required
        disabled={account !== null}
      />
      <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
        <legend style={{ fontWeight: 500, padding: 0 }}>{t("account.roles")}</legend>
        {grants.length === 0 && <p style={{ margin: "4px 0", color: "var(--ink-soft)" }}>{t("account.noRole")}</p>}
        <Stack gap="xs">
          {grants.map((grant, index) => (
            <Group key={index} align="flex-end" gap="xs" wrap="nowrap">
              <Select
                flex={1}
                label={t("account.role")}
                data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
                value={grant.role}
                allowDeselect={false}
                onChange={(role) => change(index, { role: (role as Role) ?? grant.role })}
              />
              {SCOPES[grant.role] ? (
                <div style={{ flex: 1 }}>
                  <RefPicker
                    labelled
                    label={t("account.scope")}
                    kinds={SCOPES[grant.role] ?? []}
                    value={grant.scope}
                    onChange={(scope) => change(index, { role: grant.role, scope })}
                  />
                </div>
              ) : (
                <div style={{ flex: 1 }} />
              )}
              <ActionIcon
                color="gray"
                mb={6}
                aria-label={t("account.removeRole", { role: t(`role.${grant.role}`) })}
                onClick={() => setGrants(grants.filter((_, other) => other !== index))}
              >
                <X size={16} aria-hidden="true" />
              </ActionIcon>
            </Group>
          ))}
        </Stack>
        <Group justify="space-between" mt="xs">
          <Button size="xs" variant="default" onClick={() => setGrants([...grants, { role: "service-owner" }])}>
            {t("account.addRole")}
          </Button>
          <span style={{ color: "var(--ink-soft)", fontSize: 13 }}>{t("account.scopeHelp")}</span>
        </Group>
      </fieldset>
      <RefPicker
        labelled
        label={t("account.person")}
        description={t("account.personHelp")}
        kinds={["person"]}
        value={person}
        onChange={setPerson}
      />
      <Select
        label={t("frame.language")}
        data={[
          { value: "fr", label: "Français" },
          { value: "en", label: "English" },
        ]}
        value={language}
        allowDeselect={false}
        onChange={(value) => setLanguage((value as Language) ?? "fr")}
      />
      {account && (
        <Switch
          label={t("account.mayEnter")}
          checked={active}
          onChange={(event) => setActive(event.currentTarget.checked)}
        />
      )}
      <TextInput
        label={t("account.reason")}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Checkbox
        label={t("account.wantsLink")}
        checked={wantsLink}
        onChange={(event) => setWantsLink(event.currentTarget.checked)}
      />
      {failure !== null && <ProblemView problem={failure} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button onClick={() => void save()} loading={busy} disabled={!name.trim() || !login.trim()}>
          {t("action.save")}
        </Button>
      </Group>
    </Stack>
  );
}
