import { Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useModel, useResource } from "../api/queries";
import type { Impact, LocalText, Ref } from "../api/types";
import { localText, splitRef } from "../format/text";
import { Awaited } from "../parts/Page";
import { RefLink } from "../parts/RefLink";
import { type Drafted, type Drawing } from "./drawing";
import { DrawPanel } from "./DrawPanel";
import css from "./Map.module.css";

/** The kinds that can stop. */
const FAILING = ["service", "component", "site", "supplier", "team", "person", "tool"];

/** What stops if the chosen object stops, the promises that it hits, what is left. */
export function ImpactPanel({
  of,
  graph,
  drawing,
  stays,
}: {
  of: string | null;
  graph: { nodes: { ref: Ref; title: LocalText; kind: string; drafted?: Drafted }[] };
  drawing: Drawing;
  /** It cannot be removed from here. */
  stays?: boolean;
}) {
  const { t, i18n } = useTranslation();
  const node = graph.nodes.find((each) => each.ref === of);
  const title = of ? localText(node?.title, i18n.language) || splitRef(of).name : "";
  const gone = node?.drafted === "removed";
  const fails = of !== null && FAILING.includes(splitRef(of).kind);
  const drafted = useModel<Impact>(fails && !gone ? "/impact" : null, { of: of ?? undefined }, { steady: true });
  // What the draft takes away is asked about as it stands.
  const live = useResource<Impact>(fails && gone ? "/impact" : null, { of: of ?? undefined });
  const query = gone ? live : drafted;
  return (
    <section className={css.impact} aria-label={t("map.impact")}>
      {!of ? (
        <p className={css.soft}>{t("map.choose")}</p>
      ) : (
        <>
          <h3 className={css.impactTitle}>
            {fails && !gone ? t("map.ifStops", { title }) : title}
          </h3>
          {node?.drafted && <p className={css.draftedWord}>{t(`draw.marked.${node.drafted}`)}</p>}
          {fails && (
            <div aria-live="polite">
              <Awaited query={query} lines={5}>
                {(impact) => <Consequence impact={impact} />}
              </Awaited>
            </div>
          )}
          {!gone && <DrawPanel of={of} drawing={drawing} impact={query.data} stays={stays} />}
          <Group gap={8} mt="sm">
            <Button size="compact-xs" variant="default" component={Link} to="/map" search={{ focus: of } as never}>
              {t("map.centre")}
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              component={Link}
              to={`/model/${splitRef(of).kind}/${splitRef(of).name}/edit` as never}
            >
              {t("action.edit")}
            </Button>
          </Group>
        </>
      )}
    </section>
  );
}

/** What falls, what is degraded, which promises are hit and what is left. */
export function Consequence({ impact, heading = "h4" }: { impact: Impact; heading?: "h3" | "h4" }) {
  const { t } = useTranslation();
  return (
    <>
      <ImpactGroup heading={heading} title={t("map.lost", { count: impact.lost?.length ?? 0 })} empty={t("map.nothingLost")}>
        {(impact.lost ?? []).map((each) => (
          <li key={each.ref}>
            <RefLink to={each.ref} title={each.title} />
          </li>
        ))}
      </ImpactGroup>
      {(impact.degraded?.length ?? 0) > 0 && (
        <ImpactGroup heading={heading} title={t("map.degraded", { count: impact.degraded?.length ?? 0 })}>
          {impact.degraded?.map((each) => (
            <li key={each.ref}>
              <RefLink to={each.ref} title={each.title} />
            </li>
          ))}
        </ImpactGroup>
      )}
      {(impact.promises?.length ?? 0) > 0 && (
        <ImpactGroup heading={heading} title={t("map.promises")}>
          {impact.promises?.map((each, index) => (
            <li key={index}>
              <RefLink to={each.agreement.ref} title={each.agreement.title} />
              <div className={css.soft}>
                {each.service && (
                  <>
                    <RefLink to={each.service.ref} title={each.service.title} /> ·{" "}
                  </>
                )}
                {each.priority && `${t("map.priority", { priority: each.priority })} · `}
                {each.text}
              </div>
            </li>
          ))}
        </ImpactGroup>
      )}
      {(impact.alternatives?.length ?? 0) > 0 && (
        <ImpactGroup heading={heading} title={t("map.alternatives")}>
          {impact.alternatives?.map((each) => (
            <li key={each.holder.ref}>
              <RefLink to={each.holder.ref} title={each.holder.title} />
              <div className={css.soft}>
                {(each.left ?? []).map((left, index) => (
                  <span key={left.ref}>
                    {index > 0 && ", "}
                    <RefLink to={left.ref} title={left.title} />
                  </span>
                ))}{" "}
                {each.needed !== undefined &&
                  t("map.workingOf", { working: each.working ?? 0, needed: each.needed })}
              </div>
            </li>
          ))}
        </ImpactGroup>
      )}
      {(impact.others?.length ?? 0) > 0 && (
        <ImpactGroup heading={heading} title={t("map.others", { count: impact.others?.length ?? 0 })}>
          {impact.others?.map((each) => (
            <li key={each.ref}>
              <RefLink to={each.ref} title={each.title} />
            </li>
          ))}
        </ImpactGroup>
      )}
    </>
  );
}

function ImpactGroup({
  heading: Heading,
  title,
  empty,
  children,
}: {
  heading: "h3" | "h4";
  title: string;
  empty?: string;
  children: ReactNode[] | undefined;
}) {
  return (
    <>
      <Heading className={css.impactGroup}>{title}</Heading>
      {(children?.length ?? 0) > 0 ? (
        <ul className={css.impactList}>{children}</ul>
      ) : (
        <p className={css.soft}>{empty}</p>
      )}
    </>
  );
}
