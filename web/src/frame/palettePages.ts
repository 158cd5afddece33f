import { PROCESSES, type Role } from "../api/types";
import { fold } from "../format/text";
import { agreedTitle, isOutside } from "./readers";

export interface PalettePage {
  /** Key of the page's name among the interface's texts. */
  key: string;
  href: string;
}

/** The pages that the palette offers to the holder of these roles. */
export function palettePages(roles: Role[]): PalettePage[] {
  if (isOutside(roles))
    return [
      { key: "nav.catalogue", href: "/catalogue" },
      { key: agreedTitle(roles), href: "/agreed" },
    ];
  const pages: PalettePage[] = [
    { key: "nav.catalogue", href: "/catalogue" },
    { key: "nav.overview", href: "/overview" },
    { key: "nav.myWork", href: "/my-work" },
    { key: "nav.findings", href: "/findings" },
    { key: "collect.title", href: "/collect-first" },
    ...PROCESSES.map((process) => ({ key: `process.${process}`, href: `/processes/${process}` })),
    { key: "nav.allKinds", href: "/model" },
    { key: "palette.wholeMap", href: "/map" },
    { key: "availability.down", href: "/availability/down" },
    { key: "objective.title", href: "/service-levels/objectives" },
    { key: "alert.title", href: "/service-levels/alerts" },
    { key: "comparison.title", href: "/service-levels/comparison" },
    { key: "probes.title", href: "/service-levels/probes" },
    { key: "files.title", href: "/service-levels/rules" },
    { key: "attain.title", href: "/service-levels/attain" },
    { key: "levelSheet.title", href: "/service-levels/sheet" },
    { key: "review.title", href: "/service-levels/reviews" },
    { key: "schedule.title", href: "/service-levels/reports" },
    { key: "nav.drafts", href: "/drafts" },
    { key: "nav.import", href: "/import" },
    { key: "nav.history", href: "/history" },
    { key: "compare.title", href: "/compare" },
    { key: "rules.title", href: "/rules" },
    { key: "welcome.title", href: "/welcome" },
  ];
  if (roles.includes("administrator")) pages.push({ key: "nav.administration", href: "/administration" });
  return pages;
}

/** Whether every word sought (already folded) begins or lies in one of the texts. */
export function matches(wanted: string, texts: string[]): boolean {
  if (wanted === "") return true;
  const folded = texts.map(fold);
  return wanted.split(/\s+/).every((word) => folded.some((text) => text.includes(word)));
}
