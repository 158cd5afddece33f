import { Button, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { Empty, ProblemView } from "../parts/Page";
import { Entrance } from "./Entrance";
import { NewPassword, SHORTEST_PASSWORD } from "./NewPassword";

/** Makes the first administrator from the one-time link that the server printed. */
export function FirstAdministratorPage() {
  const { t } = useTranslation();
  const { token } = useSearch({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const ready = name.trim() && login.trim() && password.length >= SHORTEST_PASSWORD && password === again;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      await api.post("/first-administrator", { token, login: login.trim(), name: name.trim(), password });
      await api.post("/session", { login: login.trim(), password });
      await client.invalidateQueries();
      await navigate({ to: "/welcome", search: {}, replace: true });
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  if (!token) {
    return (
      <Entrance title={t("firstAdministrator.title")}>
        <Empty title={t("firstAdministrator.noToken")}>{t("firstAdministrator.noTokenHint")}</Empty>
      </Entrance>
    );
  }
  return (
    <Entrance title={t("firstAdministrator.title")} lead={t("firstAdministrator.lead")}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack mt="md">
          <TextInput
            label={t("account.name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="name"
            required
            withAsterisk={false}
            autoFocus
          />
          <TextInput
            label={t("login.login")}
            description={t("account.loginHelp")}
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
            autoComplete="username"
            required
            withAsterisk={false}
          />
          <NewPassword first={password} second={again} onFirst={setPassword} onSecond={setAgain} />
          {failure !== null && <ProblemView problem={failure} />}
          <Button type="submit" loading={busy} disabled={!ready} fullWidth>
            {t("firstAdministrator.submit")}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
