import { Button, Group, NumberInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useModel } from "../api/queries";
import type { Page as ListPage, Summary } from "../api/types";
import { localText } from "../format/text";
import { Empty, Page, Panel } from "../parts/Page";
import { RefPicker } from "../parts/RefPicker";
import { useFilters } from "../parts/useFilters";
import { Neighbourhood } from "./Neighbourhood";

/** The neighbourhood of any object, up to the distance asked for. */
export function MapPage() {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const depth = Math.min(6, Math.max(1, Number(filters.depth ?? 1) || 1));
  const services = useModel<ListPage<Summary>>(filters.focus ? null : "/objects", { kind: "service", limit: 12 });
  return (
    <Page
      wide
      title={t("map.title")}
      lead={t("map.lead")}
      actions={
        filters.focus && (
          <Button component={Link} to="/findings" search={{ service: filters.focus } as never} variant="default">
            {t("nav.findings")}
          </Button>
        )
      }
    >
      <Panel id="map" flush>
        <Group p="sm" gap="sm" align="flex-end">
          <div style={{ flex: "0 1 320px" }}>
            <RefPicker
              labelled
              label={t("map.focus")}
              kinds={[]}
              value={filters.focus}
              onChange={(focus) => setFilters({ focus })}
            />
          </div>
          <NumberInput
            label={t("map.depth")}
            value={depth}
            min={1}
            max={6}
            w={110}
            onChange={(value) => setFilters({ depth: String(value) })}
          />
        </Group>
        {filters.focus ? (
          <Neighbourhood key={filters.focus} focus={filters.focus} depth={depth} height={620} />
        ) : (
          <Empty
            title={t("map.start")}
            action={
              <Group gap="md" justify="center">
                {(services.data?.items ?? []).map((each) => (
                  <Link key={each.ref} to="/map" search={{ focus: each.ref }}>
                    {localText(each.title, i18n.language) || each.name}
                  </Link>
                ))}
              </Group>
            }
          >
            {t("map.startText")}
          </Empty>
        )}
      </Panel>
    </Page>
  );
}
