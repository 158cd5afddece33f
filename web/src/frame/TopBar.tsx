import {
  ActionIcon,
  Burger,
  Button,
  Group,
  Indicator,
  Kbd,
  Menu,
  SegmentedControl,
  Tooltip,
  useMantineColorScheme,
} from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Link, useNavigate } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { CircleUser, FilePen, LogOut, Monitor, Moon, Search, Sun } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useKnownSession, useResource } from "../api/queries";
import type { Draft } from "../api/types";
import { localText } from "../format/text";
import { chooseLanguage } from "../i18n";
import { AsOf } from "./AsOf";
import { Bell } from "./Bell";
import { isOutside } from "./readers";
import css from "./TopBar.module.css";

const loadPalette = () => import("./Palette").then((module) => ({ default: module.Palette }));
const Palette = lazy(loadPalette);
/** How long after the page the palette is fetched, so that its first opening loses no key. */
const PALETTE_LATER = 1500;

export function TopBar({ opened, toggle }: { opened: boolean; toggle: () => void }) {
  const { t, i18n } = useTranslation();
  const session = useKnownSession();
  const [palette, setPalette] = useState<"never" | "open" | "closed">("never");
  const outside = isOutside(session.account?.roles ?? []);
  const drafts = useResource<Draft[]>(outside ? null : "/drafts").data ?? [];
  useEffect(() => {
    const later = setTimeout(() => void loadPalette(), PALETTE_LATER);
    return () => clearTimeout(later);
  }, []);
  useHotkeys([["mod+K", () => setPalette("open")]], []);
  const title = localText(session.organisation.title, i18n.language);
  return (
    <div className={css.bar} style={{ borderTop: `3px solid ${session.organisation.color ?? "transparent"}` }}>
      <Burger
        opened={opened}
        onClick={toggle}
        hiddenFrom="md"
        size="sm"
        aria-label={opened ? t("frame.closeNavigation") : t("frame.openNavigation")}
      />
      <Link to="/" className={css.brand} aria-label={t("frame.home")}>
        {session.organisation.logo ? (
          <img src={session.organisation.logo} alt="" className={css.logo} />
        ) : (
          <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
            <rect width="32" height="32" rx="7" fill={session.organisation.color ?? "#14526b"} />
            <path
              d="M10 5v9a6 6 0 0 0 12 0V5M16 20v7"
              fill="none"
              stroke={session.organisation.onColor ?? "#fff"}
              strokeWidth="3"
              strokeLinecap="round"
            />
          </svg>
        )}
        <span className={css.product}>Diapason</span>
        {title && <span className={css.organisation}>{title}</span>}
      </Link>
      <button type="button" className={css.search} onClick={() => setPalette("open")}>
        <Search size={15} aria-hidden="true" />
        <span className={css.searchText}>{t("frame.search")}</span>
        <Kbd size="xs" className={css.kbd} aria-hidden="true">
          Ctrl K
        </Kbd>
      </button>
      <Group gap={6} wrap="nowrap" className={css.tools}>
        {!outside && <AsOf />}
        {!outside && (
          <Tooltip label={t("frame.drafts", { count: drafts.length })}>
            <Indicator
              label={drafts.length}
              size={15}
              disabled={drafts.length === 0}
              offset={4}
              color="petrol"
              className={css.onlyWide}
            >
              <ActionIcon
                component={Link}
                to="/drafts"
                aria-label={t("frame.drafts", { count: drafts.length })}
                color="gray"
              >
                <FilePen size={18} aria-hidden="true" />
              </ActionIcon>
            </Indicator>
          </Tooltip>
        )}
        <Bell />
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          className={css.onlyWide}
          lang={i18n.language.startsWith("fr") ? "en" : "fr"}
          aria-label={i18n.language.startsWith("fr") ? "Read in English" : "Lire en français"}
          onClick={() => void chooseLanguage(i18n.language.startsWith("fr") ? "en" : "fr")}
        >
          {i18n.language.startsWith("fr") ? "EN" : "FR"}
        </Button>
        <AccountMenu />
      </Group>
      {palette !== "never" && (
        <Suspense fallback={null}>
          <Palette opened={palette === "open"} onClose={() => setPalette("closed")} />
        </Suspense>
      )}
    </div>
  );
}

function AccountMenu() {
  const { t, i18n } = useTranslation();
  const session = useKnownSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = async () => {
    await api.delete("/session").catch(() => undefined);
    client.clear();
    await navigate({ to: "/login" });
  };
  return (
    <Menu position="bottom-end" width={250} withinPortal>
      <Menu.Target>
        <ActionIcon size="lg" aria-label={t("frame.account", { name: session.account?.name ?? "" })} color="gray">
          <CircleUser size={20} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="var(--ink)">
          {session.account?.name}
          <div className={css.roles}>{session.account?.roles.map((role) => t(`role.${role}`)).join(", ")}</div>
        </Menu.Label>
        <Menu.Divider />
        <div className={css.choice}>
          <span>{t("frame.language")}</span>
          <SegmentedControl
            size="xs"
            aria-label={t("frame.language")}
            value={i18n.language.startsWith("fr") ? "fr" : "en"}
            onChange={(value) => void chooseLanguage(value)}
            data={[
              { value: "fr", label: "FR" },
              { value: "en", label: "EN" },
            ]}
          />
        </div>
        <div className={css.choice}>
          <span>{t("frame.theme")}</span>
          <SegmentedControl
            size="xs"
            aria-label={t("frame.theme")}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
            data={[
              { value: "light", label: <Label icon={<Sun size={14} aria-hidden="true" />} text={t("frame.light")} /> },
              { value: "dark", label: <Label icon={<Moon size={14} aria-hidden="true" />} text={t("frame.dark")} /> },
              {
                value: "auto",
                label: <Label icon={<Monitor size={14} aria-hidden="true" />} text={t("frame.system")} />,
              },
            ]}
          />
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/password">
          {t("frame.changePassword")}
        </Menu.Item>
        {!isOutside(session.account?.roles ?? []) && (
          <Menu.Item component={Link} to="/welcome">
            {t("frame.firstSteps")}
          </Menu.Item>
        )}
        <Menu.Item component="a" href="/api/docs">
          {t("frame.api")}
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={15} aria-hidden="true" />} onClick={() => void signOut()}>
          {t("frame.signOut")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label c="var(--ink-soft)">{t("frame.version", { version: session.version })}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}

function Label({ icon, text }: { icon: React.ReactNode; text: string }) {
  return (
    <span className={css.label}>
      {icon}
      <span className="visually-hidden">{text}</span>
    </span>
  );
}
