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

describe("how promises stand", () => {
  test("is listed at risk first, filtered in the address, and exported", async () => {
    context = await signedIn(browser, { language: "en", role: "service-level-manager" });
    page = await context.newPage();
    await open(page, "/processes/servicelevel");
    await page.getByRole("link", { name: "Objectives", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Objectives" }).waitFor();
    await page.getByRole("table").first().locator("tbody a").first().waitFor();
    await page.getByLabel("Words").fill("imaging");
    await page.waitForURL("**q=imaging**");
    await page.getByRole("button", { name: /^Kept/ }).click();
    await page.waitForURL("**status=ok**");
    await settled(page);
    expect(await violations(page)).toEqual([]);
    const csv = await page.getByRole("link", { name: /CSV/ }).getAttribute("href");
    const answer = await context.request.get(new URL(csv ?? "", page.url()).href);
    expect(answer.status()).toBe(200);
    expect(await answer.text()).toContain("Promised");
  });

  for (const reader of [
    { language: "en", theme: "light", width: 1280, words: ["Predicted", "Day by day", "Sealed periods"] },
    { language: "fr", theme: "dark", width: 390, words: ["Prévu", "Jour par jour", "Périodes scellées"] },
  ] as const) {
    test(`opens one promise with its working (${reader.language}, ${reader.theme}, ${reader.width})`, async () => {
      context = await signedIn(browser, { ...reader, role: "service-level-manager" });
      page = await context.newPage();
      await open(page, "/service-levels/objectives");
      await page.getByRole("table").first().locator("tbody a[href*='service-levels/objective?']").first().click();
      for (const word of reader.words) await page.getByText(word, { exact: true }).first().waitFor();
      await settled(page);
      expect(await violations(page)).toEqual([]);
      if (process.env.DIAPASON_SHOTS) await page.screenshot({ path: `${process.env.DIAPASON_SHOTS}/objective-${reader.language}.png`, fullPage: true });
      await open(page, "/service-levels/objectives");
      await settled(page);
      expect(await violations(page)).toEqual([]);
      if (process.env.DIAPASON_SHOTS) await page.screenshot({ path: `${process.env.DIAPASON_SHOTS}/objectives-${reader.language}.png`, fullPage: true });
    });
  }

  test("is shown to the customer on his own page", async () => {
    context = await signedIn(browser, { language: "en", role: "customer-representative" });
    page = await context.newPage();
    await open(page, "/agreed");
    await page.getByRole("heading", { level: 3, name: "Delivered this period and before" }).first().waitFor();
    await settled(page);
    expect(await violations(page)).toEqual([]);
    if (process.env.DIAPASON_SHOTS) await page.screenshot({ path: `${process.env.DIAPASON_SHOTS}/agreed.png`, fullPage: true });
  });
});
