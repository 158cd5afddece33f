import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launch, open, settled, signedIn, violations } from "./browser";

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser?.close());
afterEach(async () => context?.close());

const messaging = `/service-levels/objective?id=${encodeURIComponent("agreement/sla-corporate#availability#service/messaging")}`;

async function as(role: string, language: "en" | "fr" = "en", width = 1280, theme: "light" | "dark" = "light") {
  context = await signedIn(browser, { language, role, width, theme });
  page = await context.newPage();
}

describe("the evidence of a promise", () => {
  test("opens from a figure down to its minutes", async () => {
    await as("service-level-manager");
    await open(page, messaging);
    await page.getByRole("button", { name: /show its working/ }).nth(1).click();
    const working = page.getByRole("dialog");
    await working.getByText("Agreed time so far").waitFor();
    await working.locator("summary").first().click();
    await working.getByRole("table", { name: "Minutes of the evidence" }).first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("is corrected with before and after shown first", async () => {
    await as("service-level-manager");
    await open(page, messaging);
    const outage = page.locator("#interruptions li").first();
    await outage.locator("summary").click();
    await outage.getByRole("button", { name: /Correct this stretch/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/clock of the agreement \(Europe\/Paris\)/).first().waitFor();
    await dialog.getByText(/promises? changes?\. Nothing is saved yet/).waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Save the correction" }).click();
    await dialog.getByText("Say why: the reason stays with the evidence.").waitFor();
    await dialog.getByLabel("Good events a minute").fill("5");
    await dialog.getByLabel("All events a minute").fill("2");
    await dialog.getByText("There are more good events than events.").waitFor();
    await dialog.getByLabel("Good events a minute").fill("");
    await dialog.getByLabel("All events a minute").fill("");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("The robot was wrong");
    await dialog.getByRole("button", { name: "Save the correction" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.locator("#corrections").getByText("The robot was wrong").first().waitFor();
  });

  test("has time left out, and counts it again", async () => {
    await as("service-level-manager");
    await open(page, messaging);
    await page.getByRole("button", { name: "Leave time out" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("From").fill("2027-03-01T09:00");
    await dialog.getByLabel("Until").fill("2027-03-01T08:00");
    await dialog.getByText("It must end after it begins.").waitFor();
    await dialog.getByLabel("Until").fill("2027-03-01T10:00");
    await dialog.getByText(/figure changes|Nothing is saved yet/).waitFor();
    await dialog.getByRole("textbox", { name: "Reason" }).fill("Agreed with the customer");
    await dialog.getByRole("button", { name: "Leave it out" }).click();
    await dialog.waitFor({ state: "detached" });
    const entry = page.locator("#excluded li").filter({ hasText: "Agreed with the customer" });
    await entry.getByRole("button", { name: /Withdraw/ }).click();
    await dialog.getByRole("textbox", { name: "Reason" }).fill("It was another day");
    await dialog.getByRole("button", { name: "Withdraw" }).click();
    await dialog.waitFor({ state: "detached" });
    await entry.waitFor({ state: "detached" });
  });

  test("is declared by hand where nothing measures, told at the field that is wrong", async () => {
    await as("service-level-manager");
    await open(page, `/service-levels/objective?id=${encodeURIComponent("agreement/sla-clinical#restore-p1#service/electronic-patient-record")}`);
    await page.getByRole("button", { name: "Declare a month by hand" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Month").fill("2026-11");
    await dialog.getByLabel("Attained, in percent").fill("120");
    await dialog.getByLabel("Where it comes from").fill("Monthly report");
    await dialog.getByRole("button", { name: "Declare", exact: true }).click();
    await dialog.locator("[id$=-error]").first().waitFor();
    await dialog.getByLabel("Attained, in percent").fill("97.5");
    await dialog.getByRole("button", { name: "Declare", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("The figure is declared.").waitFor();
  });

  test("is not changed by who may not, who sees why", async () => {
    await as("auditor");
    await open(page, messaging);
    expect(await page.getByRole("button", { name: "Leave time out" }).isDisabled()).toBe(true);
    await page.getByText("Only those who may change the agreement may leave time out of it.").waitFor();
    await page.getByText("Only service level managers may declare figures.").waitFor();
  });
});

describe("around the objectives", () => {
  for (const reader of [
    { language: "en", theme: "light", width: 1280 },
    { language: "fr", theme: "dark", width: 390 },
  ] as const) {
    test(`probes, rules and the comparison read well (${reader.language}, ${reader.width})`, async () => {
      await as("service-level-manager", reader.language, reader.width, reader.theme);
      const words = reader.language === "en" ? ["Cannot run", "Kept with", "Download"] : ["Ne peut pas fonctionner", "Tenue avec", "Télécharger"];
      await open(page, "/service-levels/probes");
      await page.getByText(words[0] as string).first().waitFor();
      expect(await violations(page)).toEqual([]);
      await open(page, "/service-levels/comparison");
      await page.getByText(words[1] as string).first().waitFor();
      expect(await violations(page)).toEqual([]);
      await open(page, "/service-levels/rules?form=openslo");
      await page.getByText("apiVersion: openslo/v1").first().waitFor();
      const file = await page.getByRole("link", { name: words[2] as string }).getAttribute("href");
      expect((await context.request.get(new URL(file ?? "", page.url()).href)).status()).toBe(200);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    });
  }

  test("the list is walked by keys, though only what is in sight is drawn", async () => {
    await as("service-level-manager");
    await open(page, "/service-levels/objectives");
    const rows = page.locator("tbody tr[data-index]");
    await rows.first().locator("a").focus();
    await page.keyboard.press("End");
    const total = Number(await page.getByRole("table").first().getAttribute("aria-rowcount")) - 1;
    await page.waitForFunction((last) => document.activeElement?.closest("tr")?.dataset.index === String(last), total - 1);
    expect(await rows.count()).toBeLessThan(60);
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.activeElement?.closest("tr")?.dataset.index === "0");
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.activeElement?.closest("tr")?.dataset.index === "1");
    await page.getByLabel("Words").fill("imaging");
    await page.waitForURL("**q=imaging**");
    await settled(page);
    for (const text of await rows.allTextContents()) expect(text.toLowerCase()).toContain("imaging");
  });
});
