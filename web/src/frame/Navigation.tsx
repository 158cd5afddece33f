import { ScrollArea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import {
  Activity,
  BookOpen,
  Boxes,
  ClipboardCheck,
  Gauge,
  Handshake,
  History,
  Inbox,
  LayoutDashboard,
  LifeBuoy,
  Map as MapIcon,
  Route,
  Settings,
  ShieldCheck,
  Target,
  TriangleAlert,
  Upload,
} from "lucide-react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { useKnownSession } from "../api/queries";
import { PROCESSES, type Process } from "../api/types";
import css from "./Navigation.module.css";
import { agreedTitle, isOutside } from "./readers";

type Icon = ComponentType<{ size?: number; "aria-hidden"?: "true" }>;

export const processIcons: Record<Process, Icon> = {
  coordination: Route,
  catalogue: BookOpen,
  servicelevel: Target,
  availability: Activity,
  capacity: Gauge,
  continuity: LifeBuoy,
  security: ShieldCheck,
  supplier: Handshake,
};

/** The four Ps of the mission and what happens to them. */
const MODEL_GROUPS = ["people", "processes", "products", "partners", "facts"] as const;

function Item({ to, icon: Icon, label }: { to: string; icon: Icon; label: string }) {
  return (
    <li>
      <Link
        to={to as never}
        className={css.item}
        activeOptions={{ exact: to === "/model", includeSearch: to === "/model" }}
        activeProps={{ className: css.active, "aria-current": "page" }}
      >
        <Icon size={16} aria-hidden="true" />
        <span>{label}</span>
      </Link>
    </li>
  );
}

export function Navigation() {
  const { t } = useTranslation();
  const { account } = useKnownSession();
  const administrator = account?.roles.includes("administrator") ?? false;
  const roles = account?.roles ?? [];
  const outside = isOutside(roles);
  return (
    <ScrollArea className={css.scroll} type="auto" scrollbarSize={6}>
      <ul className={css.list}>
        <li>
          <a href="/catalogue" className={css.item}>
            <BookOpen size={16} aria-hidden="true" />
            <span>{t("nav.catalogue")}</span>
          </a>
        </li>
        {outside ? (
          <Item to="/agreed" icon={Handshake} label={t(agreedTitle(roles))} />
        ) : (
          <>
            <Item to="/overview" icon={LayoutDashboard} label={t("nav.overview")} />
            <Item to="/my-work" icon={Inbox} label={t("nav.myWork")} />
            <Item to="/findings" icon={TriangleAlert} label={t("nav.findings")} />
          </>
        )}
      </ul>
      {!outside && <Inside administrator={administrator} />}
    </ScrollArea>
  );
}

/** Processes and model, for those who design and run the services. */
function Inside({ administrator }: { administrator: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <h2 className={css.group}>{t("nav.processes")}</h2>
      <ul className={css.list}>
        {PROCESSES.map((process) => (
          <Item
            key={process}
            to={`/processes/${process}`}
            icon={processIcons[process]}
            label={t(`process.${process}`)}
          />
        ))}
      </ul>
      <h2 className={css.group}>{t("nav.model")}</h2>
      <ul className={css.list}>
        <Item to="/model" icon={Boxes} label={t("nav.allKinds")} />
        {MODEL_GROUPS.map((p) => (
          <li key={p}>
            <Link
              to="/model"
              search={{ p }}
              className={css.sub}
              activeOptions={{ includeSearch: true, exact: true }}
              activeProps={{ className: css.active, "aria-current": "page" }}
            >
              {t(`p.${p}`)}
            </Link>
          </li>
        ))}
        <Item to="/map" icon={MapIcon} label={t("nav.map")} />
        <Item to="/drafts" icon={ClipboardCheck} label={t("nav.drafts")} />
        <Item to="/import" icon={Upload} label={t("nav.import")} />
        <Item to="/history" icon={History} label={t("nav.history")} />
        {administrator && <Item to="/administration" icon={Settings} label={t("nav.administration")} />}
      </ul>
    </>
  );
}
