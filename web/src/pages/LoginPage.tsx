import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useKnownSession } from "../api/queries";
import type { Session } from "../api/types";
import { ProblemView } from "../parts/Page";
import { Entrance } from "./Entrance";
import css from "./LoginPage.module.css";

/** Only a path of this application may follow a sign-in, never another site. */
export function safeNext(next: string | undefined): string {
  if (!next || !next.startsWith("/") || next.startsWith("//") || next.startsWith("/\\")) return "/";
  return next;
}

export function LoginPage() {
  const { t, i18n } = useTranslation();
  const session = useKnownSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const next = safeNext(useSearch({ strict: false }).next);
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const signedIn = session.account !== null;
  useEffect(() => {
    if (!signedIn) return;
    if (next.startsWith("/catalogue") || next.startsWith("/api")) window.location.replace(next);
    else void navigate({ href: next, replace: true });
  }, [signedIn, navigate, next]);

  const visitors = session.exampleAccounts ?? [];
  const enter = async (path: string, body: object) => {
    setBusy(true);
    setFailure(null);
    try {
      const opened = await api.post<Session>(path, body);
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
      client.setQueryData(["session", i18n.language], opened);
      await client.invalidateQueries({ queryKey: ["session"] });
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter("/session", { login, password });
  };
  const form = (
    <form onSubmit={submit}>
      <Stack mt="md">
        <TextInput
          label={t("login.login")}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus={visitors.length === 0}
        />
        <PasswordInput
          label={t("login.password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
        />
        {failure !== null && visitors.length === 0 && <ProblemView problem={failure} />}
        <Button type="submit" loading={busy} fullWidth>
          {t("login.submit")}
        </Button>
      </Stack>
    </form>
  );
  return (
    <Entrance
      title={visitors.length > 0 ? t("login.exampleTitle") : t("login.title")}
      lead={visitors.length > 0 ? t("login.example") : session.firstRun ? t("login.firstRun") : undefined}
      wide={visitors.length > 0}
    >
      {visitors.length > 0 && (
        <>
          <ul className={css.desks}>
            {visitors.map((visitor) => (
              <li key={visitor.login}>
                <button
                  type="button"
                  className={css.desk}
                  disabled={busy}
                  onClick={() => void enter("/example-session", { login: visitor.login })}
                >
                  <span className={css.role}>{visitor.roles.map((role) => t(`role.${role}`)).join(", ")}</span>
                  <span className={css.person}>{visitor.name}</span>
                </button>
              </li>
            ))}
          </ul>
          {failure !== null && <ProblemView problem={failure} />}
          <details className={css.other}>
            <summary>{t("login.withPassword")}</summary>
            {form}
          </details>
        </>
      )}
      {visitors.length === 0 && form}
    </Entrance>
  );
}
