import { Autocomplete, Checkbox, Select, SimpleGrid, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useModel } from "../../api/queries";
import type { Page, Summary } from "../../api/types";
import { localText, splitRef } from "../../format/text";
import { RefPicker } from "../../parts/RefPicker";
import css from "./ServiceLevel.module.css";
import { PRIORITIES, readTimes, WINDOWS, type Wishes, writeTimes } from "./wishes";

/** What the customer wants, in the words and units in which he says it. */
export function AttainForm({ wishes, onChange }: { wishes: Wishes; onChange: (part: Partial<Wishes>) => void }) {
  const { t, i18n } = useTranslation();
  const calendars = useModel<Page<Summary>>("/objects", { kind: "calendar", limit: 100 }, { keep: true }).data?.items ?? [];
  const titles = new Map(calendars.map((each) => [each.name, localText(each.title, i18n.language) || each.name]));
  const nameOf = (text: string) => [...titles].find(([, title]) => title === text)?.[0] ?? text;
  const text = (field: keyof Wishes, placeholder: string) => ({
    label: t(`attain.field.${field}`),
    placeholder,
    value: wishes[field] ?? "",
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => onChange({ [field]: event.currentTarget.value }),
  });
  const service = wishes.service ? (wishes.service.includes("/") ? wishes.service : `service/${wishes.service}`) : undefined;
  return (
    <form className={css.form} onSubmit={(event) => event.preventDefault()} aria-label={t("attain.wishes")}>
      <RefPicker
        labelled
        label={t("attain.field.service")}
        kinds={["service", "offering"]}
        value={service}
        onChange={(ref) => onChange({ service: ref ? (splitRef(ref).kind === "service" ? splitRef(ref).name : ref) : undefined })}
      />
      <RefPicker
        labelled
        label={t("attain.field.customer")}
        kinds={["customer"]}
        value={wishes.customer ? `customer/${wishes.customer}` : undefined}
        onChange={(ref) => onChange({ customer: ref ? splitRef(ref).name : undefined })}
      />
      <Autocomplete
        label={t("attain.field.hours")}
        description={t("attain.field.hoursHelp")}
        data={["24x7", ...new Set(titles.values())]}
        value={titles.get(wishes.hours ?? "") ?? wishes.hours ?? ""}
        onChange={(value) => onChange({ hours: nameOf(value) })}
      />
      <SimpleGrid cols={2} spacing="sm">
        <TextInput {...text("availability", "99.9")} rightSection={<span aria-hidden="true">%</span>} />
        <Select
          label={t("attain.field.window")}
          allowDeselect={false}
          data={WINDOWS.map((value) => ({ value, label: t(`attain.window.${value}`) }))}
          value={wishes.window ?? "month"}
          onChange={(value) => onChange({ window: value === "month" ? undefined : (value ?? undefined) })}
        />
      </SimpleGrid>
      <fieldset className={css.times}>
        <legend>{t("attain.field.times")}</legend>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{t("attain.field.priority")}</span>
              </th>
              <th scope="col">{t("attain.field.respond")}</th>
              <th scope="col">{t("attain.field.restore")}</th>
            </tr>
          </thead>
          <tbody>
            {PRIORITIES.map((priority) => (
              <tr key={priority}>
                <th scope="row">{priority}</th>
                {(["respond", "restore"] as const).map((kind) => (
                  <td key={kind}>
                    <TextInput
                      size="xs"
                      aria-label={`${t(`attain.field.${kind}`)} ${priority}`}
                      placeholder={priority === "P1" ? (kind === "respond" ? "15 min" : "4 h") : undefined}
                      value={readTimes(wishes[kind])[priority] ?? ""}
                      onChange={(event) =>
                        onChange({ [kind]: writeTimes({ ...readTimes(wishes[kind]), [priority]: event.currentTarget.value }) })
                      }
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <TextInput size="xs" {...text("share", "100")} rightSection={<span aria-hidden="true">%</span>} />
      </fieldset>
      <SimpleGrid cols={2} spacing="sm">
        <TextInput {...text("rto", "4 h")} />
        <TextInput {...text("rpo", "1 h")} />
        <TextInput {...text("throughput", "200 requests/s")} />
        <TextInput {...text("response", "2 s")} />
        <TextInput {...text("fee", "3000 EUR")} />
      </SimpleGrid>
      <Checkbox
        label={t("attain.field.maintenance")}
        checked={wishes.maintenance === "1"}
        onChange={(event) => onChange({ maintenance: event.currentTarget.checked ? "1" : undefined })}
      />
    </form>
  );
}
