import { Group, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useWall, type useStretch } from "./useStretch";

/** Two wall times, each with its clock beneath, and what is wrong with it. */
export function StretchFields({
  stretch,
  zone,
  errors,
}: {
  stretch: ReturnType<typeof useStretch>;
  zone: string;
  errors: { from?: string; until?: string };
}) {
  const { t } = useTranslation();
  const wall = useWall(zone);
  return (
    <Group align="flex-start" grow preventGrowOverflow={false}>
      <TextInput
        type="datetime-local"
        label={t("objective.from")}
        description={wall(stretch.from)}
        value={stretch.from}
        onChange={(event) => stretch.setFrom(event.currentTarget.value)}
        error={errors.from}
        miw={220}
        required
        data-autofocus
      />
      <TextInput
        type="datetime-local"
        label={t("objective.until")}
        description={wall(stretch.until)}
        value={stretch.until}
        onChange={(event) => stretch.setUntil(event.currentTarget.value)}
        error={errors.until}
        miw={220}
        required
      />
    </Group>
  );
}
