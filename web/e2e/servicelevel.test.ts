import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launch, open, settled, signedIn, violations } from "./browser";

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser?.close());
afterEach(async () => context?.close());

const wishes =
  "/service-levels/attain?service=medical-imaging&hours=24x7&availability=99.9&respond=P1%3D15+min&restore=P1%3D4+h&rto=4+h&rpo=1+h";

describe("a promise before it is signed", () => {
  beforeEach(async () => {
    context = await signedIn(browser, { language: "en", role: "service-level-manager" });
    page = await context.newPage();
  });

  test("is asked from the page of service levels, and answered as one types", async () => {
    await open(page, "/processes/servicelevel");
    await page.getByRole("link", { name: "Can I promise this?" }).click();
    await page.getByRole("heading", { level: 1, name: "Can I promise this?" }).waitFor();
    await page.getByText("Choose a service first").waitFor();
    await page.getByRole("textbox", { name: "Service or offering" }).fill("medical imaging");
    await page.getByRole("option", { name: /^Medical imaging/ }).first().click();
    await page.getByLabel("Availability", { exact: true }).fill("99.9");
    await page.getByLabel("Time to restore P1").fill("4 h");
    await page.getByText("Cannot be kept: Availability 99.9%").waitFor();
    await page.waitForURL("**restore=P1%3D4+h**");
    await page.getByText("what fails on 29 October 2027, 14:00").waitFor();
    await page.getByText("at work round the clock the worst case would be 4 h: kept").waitFor();
    await page.getByText("The cheapest that reaches 99.9%: Spare power modules on site").waitFor();
    await page.getByRole("button", { name: "Wish for it Availability" }).click();
    await page.waitForURL("**availability=99.2**");
    await page.getByRole("region", { name: /Availability 99.2/ }).getByText("Can be kept").waitFor();
  });

  test("shows its working: the links drawn, the values side by side, the design's own why", async () => {
    await open(page, wishes);
    await page.getByText("Why? Time to restore").click();
    await page.getByText("first to fail").first().waitFor();
    await page.getByText("Share of failures that keep it").last().waitFor();
    await page.getByText("Why? Availability", { exact: true }).click();
    await page.getByText("Product, if independent").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Why? The design gives" }).click();
    await page.getByRole("dialog").getByText("DICOM router").first().waitFor();
  });

  test("becomes a draft agreement with these targets", async () => {
    await open(page, wishes);
    await page.getByRole("button", { name: "Put this into a draft agreement" }).click();
    await page.waitForURL("**/drafts/*");
    await page.getByRole("heading", { level: 1, name: "Promise Medical imaging" }).waitFor();
    await page.getByText("Medical imaging").first().waitFor();
  });

  test("says what cannot be read, beside what was typed", async () => {
    await open(page, "/service-levels/attain?service=medical-imaging&availability=often");
    await page.getByRole("alert").getByText("often").first().waitFor();
    await page.getByLabel("Availability", { exact: true }).fill("99");
    await page.getByText("Availability 99%").first().waitFor();
  });
});

describe("a promise in force", () => {
  for (const [language, role, words] of [
    ["en", "service-level-manager", ["What stands behind it", "The same as a table", "Exact, by the dependencies"]],
    ["fr", "service-level-manager", ["Ce qui est derrière", "La même chose en tableau", "Exact, par les dépendances"]],
  ] as const) {
    test(`is drawn down to who keeps it, and listed (${language})`, async () => {
      context = await signedIn(browser, { language, role });
      page = await context.newPage();
      await open(page, "/model/agreement/sla-patient-portal");
      const chain = page.getByRole("region", { name: words[0] });
      await chain.locator("summary").first().click();
      await chain.getByText(words[2]).first().waitFor();
      await chain.getByText(words[1]).click();
      await chain.getByRole("table").first().waitFor();
      await settled(page);
      expect(await violations(page)).toEqual([]);
      await open(page, wishes);
      await page.locator("summary").first().click();
      expect(await violations(page)).toEqual([]);
    });
  }
});
