import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launch, open, settled, signedIn, violations } from "./browser";

let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser?.close());
afterEach(async () => context?.close());

const words = {
  en: { entry: "Walk through service levels", start: "Start the walk-through", break: "Break it Online appointments", mend: "Mend it Online appointments", broken: "out of order", promise: "The promise of the appointments", role: /Paul Lemoine/, seal: "Seal the period", verify: "Verify", holds: "The report holds", correct: "Correct evidence", exclude: "Leave time out" },
  fr: { entry: "Parcourir les niveaux de service", start: "Démarrer le parcours", break: "La mettre en panne Rendez-vous en ligne", mend: "La réparer Rendez-vous en ligne", broken: "en panne", promise: "La promesse des rendez-vous", role: /Paul Lemoine/, seal: "Sceller la période", verify: "Vérifier", holds: "Le rapport tient", correct: "Corriger les preuves", exclude: "Exclure du temps" },
} as const;

/** Goes from the example's page of service levels to the walk-through, which runs at an address of its own. */
async function started(language: "en" | "fr"): Promise<Page> {
  const w = words[language];
  context = await signedIn(browser, { language, role: "service-level-manager" });
  const page = await context.newPage();
  await open(page, "/processes/servicelevel");
  await page.getByRole("link", { name: w.entry }).click();
  await page.getByRole("heading", { level: 1, name: w.entry }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: w.start }).click();
  await page.getByRole("status").getByRole("link").click();
  await page.getByRole("button", { name: w.role }).first().click();
  await page.waitForURL("**/walkthrough");
  await page.getByRole("button", { name: w.break }).or(page.getByRole("button", { name: w.mend })).first().waitFor();
  return page;
}

describe("the walk-through of service levels", () => {
  for (const language of ["en", "fr"] as const) {
    const w = words[language];
    test(`starts beside the example, breaks a real target and mends it (${language})`, async () => {
      const page = await started(language);
      await settled(page);
      expect(await violations(page)).toEqual([]);
      const target = await page.getByRole("link", { name: /^http:\/\/127\.0\.0\.1:/ }).first().getAttribute("href");
      await page.getByRole("button", { name: w.break }).click();
      await page.getByRole("button", { name: w.mend }).waitFor();
      await page.getByText(w.broken, { exact: true }).first().waitFor();
      expect((await context.request.get(`${target}health`)).status()).toBe(503);
      await page.getByRole("button", { name: w.mend }).click();
      await page.getByRole("button", { name: w.break }).waitFor();
      expect((await context.request.get(`${target}health`)).status()).toBe(200);
    });

    test(`leads to the page of the promise, where it is sealed and verified (${language})`, async () => {
      const page = await started(language);
      await page.getByRole("link", { name: w.promise }).first().click();
      await page.getByRole("button", { name: w.correct }).waitFor();
      await page.getByRole("button", { name: w.exclude }).waitFor();
      if (language === "en") {
        await page.getByRole("button", { name: w.seal }).click();
        await page.getByRole("button", { name: w.verify }).first().click();
        await page.getByText(w.holds).first().waitFor();
      }
    });
  }
});
