import { Button, FileButton, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useKnownSession, useRefresh } from "../../api/queries";
import { localText } from "../../format/text";
import { Panel, ProblemView } from "../../parts/Page";
import css from "./Brand.module.css";

/** Name, logo and colour as the catalogue and the frame show them; the logo is chosen here. */
export function Brand() {
  const { t, i18n } = useTranslation();
  const { organisation } = useKnownSession();
  const refresh = useRefresh();
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const change = async (send: () => Promise<{ seq: number }>, done: string) => {
    setBusy(true);
    setFailure(null);
    try {
      await refresh((await send()).seq);
      notifications.show({ message: done });
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  const choose = (file: File | null) => {
    if (!file) return;
    const form = new FormData();
    form.append("file", file, file.name);
    void change(() => api.upload<{ seq: number }>("/organisation/logo", form), t("brand.changed"));
  };
  const dark = organisation.color && organisation.onColor && organisation.onColor !== "#ffffff";
  return (
    <Panel id="brand" title={t("brand.title")} lead={t("brand.lead")}>
      <div
        className={css.band}
        style={organisation.color ? { background: organisation.color, color: organisation.onColor } : undefined}
      >
        {organisation.logo && <img src={organisation.logo} alt={t("brand.logo")} className={css.logo} />}
        <strong>{localText(organisation.title, i18n.language)}</strong>
      </div>
      <p className={css.note}>
        {organisation.color ? t(dark ? "brand.darkText" : "brand.lightText", { color: organisation.color }) : t("brand.noColor")}
      </p>
      <Group gap="xs">
        <FileButton
          onChange={choose}
          accept="image/png,image/jpeg,image/webp,image/svg+xml"
          inputProps={{ "aria-label": t("brand.choose") }}
        >
          {(props) => (
            <Button {...props} variant="default" loading={busy}>
              {t(organisation.logo ? "brand.replace" : "brand.choose")}
            </Button>
          )}
        </FileButton>
        {organisation.logo && (
          <Button
            variant="default"
            disabled={busy}
            onClick={() => void change(() => api.delete<{ seq: number }>("/organisation/logo"), t("brand.removed"))}
          >
            {t("brand.remove")}
          </Button>
        )}
      </Group>
      {failure !== null && <ProblemView problem={failure} />}
    </Panel>
  );
}
