import { Alert, Anchor, Button, PasswordInput, Stack } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { ProblemView } from "../parts/Page";
import { Entrance } from "./Entrance";
import { NewPassword, SHORTEST_PASSWORD } from "./NewPassword";

/** Sets a password: from a one-time link, or by someone signed in who gives the present one. */
export function PasswordPage() {
  const { t } = useTranslation();
  const { token } = useSearch({ strict: false });
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [state, setState] = useState<"typing" | "busy" | "done">("typing");
  const ready = (token || current) && password.length >= SHORTEST_PASSWORD && password === again;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setState("busy");
    setFailure(null);
    try {
      await api.post("/password", token ? { token, new: password } : { current, new: password });
      setState("done");
    } catch (problem) {
      setFailure(problem);
      setState("typing");
    }
  };
  return (
    <Entrance title={t("password.title")} lead={token ? t("password.leadToken") : t("password.lead")}>
      {state === "done" ? (
        <Stack mt="md">
          <Alert color="petrol" variant="light" role="status" c="var(--ink)">
            {t("password.done")}
          </Alert>
          <Button component={Link} to="/">
            {t("password.continue")}
          </Button>
        </Stack>
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <Stack mt="md">
            {!token && (
              <PasswordInput
                label={t("password.current")}
                value={current}
                onChange={(event) => setCurrent(event.currentTarget.value)}
                autoComplete="current-password"
                required
                withAsterisk={false}
                visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
              />
            )}
            <NewPassword first={password} second={again} onFirst={setPassword} onSecond={setAgain} />
            {failure !== null && <ProblemView problem={failure} />}
            <Button type="submit" loading={state === "busy"} disabled={!ready} fullWidth>
              {t("password.submit")}
            </Button>
            {!token && (
              <Anchor component={Link} to="/" size="sm">
                {t("action.cancel")}
              </Anchor>
            )}
          </Stack>
        </form>
      )}
    </Entrance>
  );
}
