import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROCESSES } from "../src/api/types";
import { call, complaints, launch, open, signedIn, signedOut, violations } from "./browser";
import { otherSentences, otherWords, rawKeys } from "./words";

interface Kind {
  slug: string;
}

let browser: Browser;
let pages: string[] = [];

beforeAll(async () => {
  browser = await launch();
  const context = await signedIn(browser, { language: "en" });
  const { kinds } = await call<{ kinds: Kind[] }>(context, "GET", "/schema");
  const first = async (kind: string) => {
    const page = await call<{ items: { name: string }[] | null }>(context, "GET", `/objects?kind=${kind}&limit=1`);
    return page.items?.[0]?.name;
  };
  const service = await first("service");
  const agreement = await first("agreement");
  const rules = await call<{ id: string }[]>(context, "GET", "/rules");
  pages = [
    "/overview",
    "/my-work",
    "/findings",
    "/findings?severity=warning&process=supplier",
    ...PROCESSES.map((process) => `/processes/${process}`),
    "/model",
    "/model?p=partners",
    "/model/service",
    "/model/decision",
    "/new/risk",
    "/map",
    "/drafts",
    "/import",
    "/history",
    "/compare",
    "/rules",
    `/rules/${rules[0]?.id}`,
    "/welcome",
    "/service-levels/attain",
    "/service-levels/objectives",
    "/service-levels/comparison",
    "/service-levels/probes",
    "/service-levels/rules?form=openslo",
    "/administration",
    "/administration?tab=baseline",
    "/overview?on=2027-09-01",
    "/no-such-page",
    "/processes/no-such-process",
    "/model/site/no-such-site",
    ...(service
      ? [
          `/services/${service}`,
          `/services/${service}/availability`,
          "/services/medical-imaging/availability",
          "/availability/down?of=site/data-room-a,component/dicom-router",
          "/service-levels/attain?service=medical-imaging&hours=24x7&availability=99.9&restore=P1%3D4+h&share=95&rpo=1+h",
          `/service-levels/objective?id=${encodeURIComponent("agreement/sla-corporate#availability#service/messaging")}`,
          "/model/requirement/slr-imaging",
          `/model/service/${service}`,
          `/model/service/${service}/edit`,
          `/map?focus=service/${service}`,
        ]
      : []),
    ...(agreement ? [`/model/agreement/${agreement}`, `/model/agreement/${agreement}/edit`] : []),
  ];
  expect(kinds.length).toBeGreaterThanOrEqual(30);
  await context.close();
});
afterAll(async () => browser?.close());

/** A missing object answers 404, which the browser notes; that is no fault of the page. */
const expected = (complaint: string) => /status of 404/.test(complaint);

/** The rules whose outcome depends on the theme or on how long the words are; the others hold for both walks. */
const VARYING = ["color-contrast", "target-size", "label", "link-name", "button-name"];

// Each language and each theme once: words do not depend on the theme, nor contrast on the language.
describe.each([
  ["French", "fr", "light"],
  ["English", "en", "dark"],
] as const)("in %s", (_name, language, theme) => {
  test(`every page is accessible, whole and in one language, in the ${theme} theme`, async () => {
    const context = await signedIn(browser, { language, theme });
    const faults: string[] = [];
    const page = await context.newPage();
    const said = complaints(page);
    for (const path of pages) {
      said.length = 0;
      await open(page, path);
      const note = (kind: string, list: string[]) => {
        if (list.length > 0) faults.push(`${path}: ${kind}: ${[...new Set(list)].slice(0, 6).join(" | ")}`);
      };
      note("axe", await violations(page, theme === "dark" ? VARYING : undefined));
      note(
        "console",
        said.filter((each) => !expected(each)),
      );
      note("untranslated keys", await rawKeys(page));
      note("words of the other language", await otherWords(page, language));
      if (/^\/(findings|rules|processes)/.test(path))
        note("sentences of the other language", await otherSentences(page, language));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) faults.push(`${path}: scrolls ${overflow} px sideways`);
    }
    await context.close();
    expect(faults).toEqual([]);
  }, 600_000);

  test("reading and approving fit a telephone", async () => {
    const context = await signedIn(browser, { language, width: 390 });
    const page = await context.newPage();
    const faults: string[] = [];
    for (const path of pages.filter((each) => !each.includes("/edit") && !each.startsWith("/new"))) {
      await open(page, path);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) faults.push(`${path}: scrolls ${overflow} px sideways`);
    }
    await context.close();
    expect(faults).toEqual([]);
  }, 300_000);

  test("the pages before signing in are accessible", async () => {
    const context = await signedOut(browser, { language });
    const page = await context.newPage();
    for (const path of ["/login", "/first-administrator?token=x", "/first-administrator", "/password?token=x"]) {
      await open(page, path);
      expect(await violations(page), path).toEqual([]);
      expect(await otherWords(page, language), path).toEqual([]);
      expect(await rawKeys(page), path).toEqual([]);
    }
    await context.close();
  });
});
