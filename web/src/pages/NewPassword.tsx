import { PasswordInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The shortest password that the interface lets through; the server has the last word. */
export const SHORTEST_PASSWORD = 12;

/** Two fields for a new password; the second guards against a slip. */
export function NewPassword({
  first,
  second,
  onFirst,
  onSecond,
}: {
  first: string;
  second: string;
  onFirst: (value: string) => void;
  onSecond: (value: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <PasswordInput
        label={t("password.new")}
        description={t("password.rule", { count: SHORTEST_PASSWORD })}
        value={first}
        onChange={(event) => onFirst(event.currentTarget.value)}
        error={
          first.length > 0 && first.length < SHORTEST_PASSWORD
            ? t("password.short", { count: SHORTEST_PASSWORD })
            : undefined
        }
        autoComplete="new-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
      />
      <PasswordInput
        label={t("password.again")}
        value={second}
        onChange={(event) => onSecond(event.currentTarget.value)}
        error={second.length > 0 && second !== first ? t("password.differ") : undefined}
        autoComplete="new-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
      />
    </>
  );
}
