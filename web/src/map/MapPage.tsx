import { Button, Group, NumberInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty, Page, Panel } from "../parts/Page";
import { RefPicker } from "../parts/RefPicker";
import { useFilters } from "../parts/useFilters";
import { Neighbourhood } from "./Neighbourhood";
import { WholeMap } from "./WholeMap";

/** The whole organisation, or the neighbourhood of one object up to the distance asked for. */
export function MapPage() {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const depth = Math.min(6, Math.max(1, Number(filters.depth ?? 1) || 1));
  return (
    <Page
      wide
      title={t("map.title")}
      lead={t(filters.focus ? "map.lead" : "map.wholeLead")}
      actions={
        filters.focus && (
          <>
            <Button component={Link} to="/map" search={{ of: filters.focus } as never} variant="default">
              {t("map.whole")}
            </Button>
            <Button component={Link} to="/findings" search={{ service: filters.focus } as never} variant="default">
              {t("nav.findings")}
            </Button>
          </>
        )
      }
    >
      <Panel id="map" flush>
        <h2 className="visually-hidden">{t(filters.focus ? "map.drawing" : "map.whole")}</h2>
        {filters.focus ? (
          <>
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
            <Neighbourhood key={filters.focus} focus={filters.focus} depth={depth} height={620} />
          </>
        ) : (
          <WholeMap
            empty={
              <Empty title={t("map.start")} action={<Link to="/model">{t("nav.model")}</Link>}>
                {t("map.startText")}
              </Empty>
            }
          />
        )}
      </Panel>
    </Page>
  );
}
