import { Button, Checkbox, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useRefresh } from "../../api/queries";
import { ProblemView } from "../../parts/Page";
import { RefPicker } from "../../parts/RefPicker";
import type { Schedule, ScheduleView } from "./levels";
import css from "./Reviews.module.css";

const EVERY = ["week", "month", "quarter", "year"] as const;
const FORMATS = ["pdf", "html", "xlsx", "json"];

/** Says which report is made by itself, when, of what and for whom. */
export function ScheduleForm({ schedule, channels, close }: { schedule?: ScheduleView; channels: string[]; close: () => void }) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const [value, setValue] = useState<Schedule>(
    schedule ?? { of: "pack", every: "month", day: 2, at: "06:00", covers: "over", language: i18n.language, format: "pdf", to: [] },
  );
  const [to, setTo] = useState((schedule?.to ?? []).join("\n"));
  const change = (part: Partial<Schedule>) => setValue((was) => ({ ...was, ...part }));
  const whole = value.of === "pack" || value.of === "sheet";
  const outward = value.of.startsWith("contract/") ? "supplier" : "customer";
  const stated = value.of.startsWith("agreement/") || value.of.startsWith("contract/");
  const save = useMutation({
    mutationFn: () => {
      const sent: Schedule = {
        title: value.title,
        of: value.of,
        every: value.every,
        day: value.day,
        at: value.at,
        covers: value.covers,
        seal: value.seal,
        language: value.language,
        view: stated ? value.view : undefined,
        format: value.format,
        to: to.split(/[\s,;]+/).filter(Boolean),
        paused: value.paused,
      };
      return schedule ? api.put(`/service-levels/reports/schedules/${schedule.id}`, sent) : api.post("/service-levels/reports/schedules", sent);
    },
    onSuccess: async () => {
      await refresh();
      close();
    },
  });
  return (
    <form
      className={css.form}
      aria-label={t("schedule.form")}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Select
        label={t("schedule.of")}
        allowDeselect={false}
        data={["pack", "sheet", "one"].map((each) => ({ value: each, label: t(`schedule.kind.${each}` as "schedule.kind.pack") }))}
        value={whole ? value.of : "one"}
        onChange={(kind) => change({ of: kind === "one" ? "" : (kind ?? "pack") })}
      />
      {!whole && (
        <div style={{ flex: "1 1 240px" }}>
          <RefPicker labelled label={t("schedule.about")} kinds={["agreement", "contract", "customer"]} value={value.of || undefined} onChange={(ref) => change({ of: ref ?? "" })} />
        </div>
      )}
      <TextInput label={t("schedule.name")} value={value.title ?? ""} onChange={(event) => change({ title: event.currentTarget.value })} style={{ flex: "1 1 200px" }} />
      <Select
        label={t("schedule.every")}
        allowDeselect={false}
        w={130}
        data={EVERY.map((each) => ({ value: each, label: t(`schedule.period.${each}`) }))}
        value={value.every}
        onChange={(every) => change({ every: (every ?? "month") as Schedule["every"] })}
      />
      <NumberInput
        label={t(value.every === "week" ? "schedule.weekday" : "schedule.day")}
        description={t(value.every === "week" ? "schedule.weekdayHelp" : "schedule.dayHelp")}
        min={1}
        max={value.every === "week" ? 7 : 31}
        w={190}
        value={value.day}
        onChange={(day) => change({ day: Number(day) || 1 })}
      />
      <TextInput type="time" label={t("schedule.at")} description={t("schedule.atHelp")} value={value.at} onChange={(event) => change({ at: event.currentTarget.value })} />
      <Select
        label={t("schedule.covers")}
        allowDeselect={false}
        data={(["over", "running"] as const).map((each) => ({ value: each, label: t(`schedule.cover.${each}`) }))}
        value={value.covers}
        onChange={(covers) => change({ covers: (covers ?? "over") as Schedule["covers"] })}
      />
      <Select
        label={t("schedule.language")}
        allowDeselect={false}
        w={120}
        data={[
          { value: "en", label: "English" },
          { value: "fr", label: "Français" },
        ]}
        value={value.language}
        onChange={(language) => change({ language: language ?? "en" })}
      />
      <Select label={t("schedule.format")} allowDeselect={false} w={110} data={FORMATS.map((each) => ({ value: each, label: each.toUpperCase() }))} value={value.format} onChange={(format) => change({ format: format ?? "pdf" })} />
      {stated && (
        <Select
          label={t("schedule.view")}
          allowDeselect={false}
          data={["internal", outward].map((each) => ({ value: each, label: t(`schedule.views.${each}` as "schedule.views.internal") }))}
          value={value.view || "internal"}
          onChange={(view) => change({ view: view === "internal" ? undefined : (view ?? undefined) })}
        />
      )}
      <Textarea
        label={t("schedule.to")}
        description={channels.length > 0 ? t("schedule.toHelp", { channels: channels.map((each) => `channel/${each}`).join(", ") }) : t("schedule.noChannels")}
        autosize
        minRows={1}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        style={{ flex: "1 1 320px" }}
      />
      <Checkbox label={t("schedule.seal")} checked={value.seal ?? false} onChange={(event) => change({ seal: event.currentTarget.checked })} />
      <Checkbox label={t("schedule.pause")} checked={value.paused ?? false} onChange={(event) => change({ paused: event.currentTarget.checked })} />
      <Button type="submit" loading={save.isPending} disabled={!value.of}>
        {t("action.save")}
      </Button>
      <Button variant="default" onClick={close}>
        {t("action.cancel")}
      </Button>
      {save.error && (
        <div style={{ flex: "1 1 100%" }}>
          <ProblemView problem={save.error} />
        </div>
      )}
    </form>
  );
}
