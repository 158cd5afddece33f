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
beforeEach(async () => {
  context = await signedIn(browser, { language: "en" });
  page = await context.newPage();
});
afterEach(async () => context?.close());

describe("availability", () => {
  test("a service is studied: promise, prediction and record, causes, sets of failures on the map", async () => {
    await open(page, "/services/medical-imaging");
    await page.getByRole("link", { name: "Study the availability" }).click();
    await page.getByRole("heading", { level: 1, name: "Availability of Medical imaging" }).waitFor();
    await page.getByText("the design does not keep it").waitFor();
    await page.getByText("nine times in ten").waitFor();
    const set = page.getByRole("list", { name: "What must fail together" }).getByRole("button").first();
    await set.click();
    expect(await set.getAttribute("aria-pressed")).toBe("true");
    await page.getByText("every way from them to the service is drawn").waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("the cheapest improvement that keeps the promise opens as a draft", async () => {
    await open(page, "/services/medical-imaging/availability");
    await page.getByText("The cheapest that keeps the promise: Spare power modules on site").waitFor();
    await page.getByRole("button", { name: "Open as a draft" }).first().click();
    await page.waitForURL("**/drafts/*");
    await page.getByRole("heading", { level: 1, name: "Improve the availability of Medical imaging" }).waitFor();
    await page.getByText("DICOM router").first().waitFor();
  });

  test("several things are taken down together, and what stops is told", async () => {
    await open(page, "/availability/down?of=site/data-room-a");
    await page.getByText("1 service stops").waitFor();
    await page.getByRole("textbox", { name: "Add something that is down" }).fill("data room b");
    await page.getByRole("option", { name: /Data room B/ }).first().click();
    await page.waitForURL("**of=*data-room-b*");
    await settled(page);
    await page.getByText(/\d\d services stop/).waitFor();
    await page.getByRole("button", { name: "Take Data room B up again" }).click();
    await page.getByText("1 service stops").waitFor();
  });

  test("the process page ranks single points of failure and draws the impact analysis", async () => {
    await open(page, "/processes/availability");
    await page.getByText(/\d+ single points of failure/).first().waitFor();
    await page.getByRole("tab", { name: "Component failure impact analysis" }).click();
    await page.getByText("X: stops the service alone").waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
