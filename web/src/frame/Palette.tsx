import "@mantine/spotlight/styles.css";
import { Spotlight, createSpotlight } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import i18next from "i18next";
import { ArrowRight, Box, Plus } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKnownSession, useModel, useSchema } from "../api/queries";
import type { Role, SearchResult } from "../api/types";
import { fold, localText, splitRef } from "../format/text";
import { WRITTEN_ELSEWHERE } from "../pages/model/reserved";
import { matches, palettePages } from "./palettePages";
import { mayCreate } from "./readers";

const NO_ROLES: Role[] = [];
const [store, spotlight] = createSpotlight();

/** Search and command palette: objects from the server, pages and actions in both languages. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const session = useKnownSession();
  const roles = session.account?.roles ?? NO_ROLES;
  const { kinds, bySlug } = useSchema();
  const [query, setQuery] = useState("");
  const [settled] = useDebouncedValue(query.trim(), 120);
  const found = useModel<SearchResult>(
    settled.length >= 2 ? "/search" : null,
    { q: settled, limit: 12 },
    { keep: true },
  );
  const [, setLoaded] = useState(false);
  useEffect(() => {
    // Both languages are needed to find a page by its name in either.
    void i18next.loadLanguages(["en", "fr"]).then(() => setLoaded(true));
  }, []);
  useEffect(() => {
    if (opened) spotlight.open();
    else spotlight.close();
  }, [opened]);

  const go = (href: string) => {
    onClose();
    if (href.startsWith("/catalogue") || href.startsWith("/api")) window.location.assign(href);
    else void navigate({ to: href as never });
  };
  const wanted = fold(query.trim());
  const both = (key: string) =>
    [i18next.getFixedT("en")(key as never), i18next.getFixedT("fr")(key as never)] as string[];
  const pages = palettePages(roles).filter((page) => matches(wanted, both(page.key)));
  const actions = useMemo(
    () =>
      wanted === ""
        ? []
        : kinds
            .filter((kind) => mayCreate(roles, kind.slug) && !WRITTEN_ELSEWHERE.includes(kind.slug))
            .filter((kind) =>
              matches(wanted, [
                kind.name,
                localText(kind.label, "en"),
                localText(kind.label, "fr"),
                ...both("palette.new").map(
                  (word) => `${word} ${localText(kind.label, "en")} ${localText(kind.label, "fr")}`,
                ),
              ]),
            )
            .slice(0, 6),
    [kinds, wanted, roles],
  );
  const objects = settled.length >= 2 ? (found.data?.objects ?? []) : [];
  const nothing = objects.length === 0 && pages.length === 0 && actions.length === 0;
  useEffect(() => {
    // The first answer is the one that Enter takes, until an arrow key says otherwise.
    if (query === "") return;
    const list = document.getElementById(store.getState().listId);
    for (const each of list?.querySelectorAll("[data-selected]") ?? []) each.removeAttribute("data-selected");
    list?.querySelector("[data-action]")?.setAttribute("data-selected", "true");
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [query, objects.length, pages.length, actions.length]);
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight={460}
    >
      <Spotlight.Search
        placeholder={t("palette.placeholder")}
        aria-label={t("palette.placeholder")}
        leftSection={<ArrowRight size={16} aria-hidden="true" />}
      />
      <Spotlight.ActionsList>
        {objects.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.objects")}>
            {objects.map((object) => {
              const { kind, name } = splitRef(object.ref);
              return (
                <Spotlight.Action
                  key={object.ref}
                  label={localText(object.title, i18n.language) || name}
                  description={localText(bySlug.get(kind)?.label, i18n.language)}
                  leftSection={<Box size={16} aria-hidden="true" />}
                  onClick={() => go(kind === "service" ? `/services/${name}` : `/model/${kind}/${name}`)}
                />
              );
            })}
          </Spotlight.ActionsGroup>
        )}
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.pages")}>
            {pages.map((page) => (
              <Spotlight.Action
                key={page.href}
                label={t(page.key as never) as string}
                leftSection={<ArrowRight size={16} aria-hidden="true" />}
                onClick={() => go(page.href)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {actions.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.actions")}>
            {actions.map((kind) => (
              <Spotlight.Action
                key={kind.slug}
                label={`${t("palette.new")} ${localText(kind.label, i18n.language)}`}
                leftSection={<Plus size={16} aria-hidden="true" />}
                onClick={() => go(`/new/${kind.slug}`)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {nothing && <Spotlight.Empty>{t("palette.nothing")}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
