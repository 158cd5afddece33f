import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call, launch, open, settled, signedIn, violations } from "./browser";

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

/** Leaves the example as it was found. */
const takeAway = (manager: BrowserContext, ...refs: string[]) =>
  call(manager, "POST", "/changes", { title: "Take away", reason: "It was a trial.", deletes: refs.map((ref) => ({ ref })) });

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

  test("a study says how many must work, and what the hours of those who restore add to a repair", async () => {
    await open(page, "/services/hr-self-service/availability");
    await page.getByRole("tab", { name: /^Repair, and the hours of those who restore/ }).click();
    await page.getByText(/Repair 4.h; 21.h.28 with the hours of those who restore/).first().waitFor();
    await page.getByRole("tab", { name: /^How many must work/ }).click();
    await page.getByText(/140\.225.sessions of “sessions” takes 1/).first().waitFor();
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

  test("what is really down is recorded, corrected, ended, and its review is planned", async () => {
    const manager = await signedIn(browser, { language: "en", role: "availability-manager" });
    const desk = await manager.newPage();
    await open(desk, "/availability/down?of=component/dicom-router");
    await desk.getByRole("button", { name: "It is really down" }).click();
    const form = desk.getByRole("dialog", { name: "Record it" });
    await form.getByRole("checkbox", { name: "Medical imaging" }).waitFor();
    expect(await violations(desk)).toEqual([]);
    // What cannot be is told at its field.
    expect(await form.getByLabel("Began").inputValue()).toMatch(/^2027-03-12T/);
    await form.getByLabel("Began").fill("2027-03-13T08:00");
    await form.getByRole("button", { name: "Record the interruption" }).click();
    await form.getByText("This lies ahead").waitFor();
    await form.getByLabel("Began").fill("2027-03-12T00:00");
    await form.getByRole("textbox", { name: "What happened" }).fill("The router hangs");
    await form.getByRole("textbox", { name: "Add a service that is hit" }).fill("payroll");
    await desk.getByRole("option", { name: /Payroll/ }).first().click();
    await form.getByRole("button", { name: "Take Payroll out" }).waitFor();
    await form.getByRole("button", { name: "Record the interruption" }).click();
    const down = desk.getByRole("region", { name: "Down, as recorded" });
    await down.getByRole("link", { name: "The router hangs" }).waitFor();
    await settled(desk);
    expect(await down.getByRole("link").allTextContents()).toEqual(["The router hangs", "Medical imaging", "Payroll"]);
    await down.getByRole("button", { name: "It is up again The router hangs" }).click();
    const end = desk.getByRole("dialog", { name: "The router hangs: it is up again" });
    await end.getByLabel("Ended").fill("2027-03-01T08:00");
    await end.getByRole("button", { name: "It is up again" }).click();
    await end.getByText("The end lies after the beginning.").waitFor();
    await end.getByLabel("Ended").fill("2027-03-12T00:01");
    await end.getByRole("button", { name: "It is up again" }).click();
    const reviews = desk.getByRole("region", { name: "Reviews asked for" });
    await reviews.getByRole("button", { name: /^Plan the review… The router hangs/ }).click();
    await desk.getByRole("button", { name: "Plan the review", exact: true }).click();
    await reviews.getByText("review planned for").waitFor();
    await settled(desk);
    expect(await violations(desk)).toEqual([]);
    await takeAway(manager, "review/review-dicom-router-2027-03-12-0000", "outage/dicom-router-2027-03-12-0000");
    await manager.close();
  });

  test("planned work is recorded with its end and its announcement", async () => {
    const manager = await signedIn(browser, { language: "fr", role: "availability-manager" });
    const desk = await manager.newPage();
    await open(desk, "/availability/down?of=component/dicom-router");
    await desk.getByRole("button", { name: "Ce sont des travaux planifiés" }).click();
    const form = desk.getByRole("dialog", { name: "Consigner" });
    await form.getByRole("button", { name: "Consigner les travaux" }).click();
    await form.getByText("Dites quand cela finit.").waitFor();
    await form.getByLabel("Début").fill("2027-04-11T20:00");
    await form.getByLabel("Fin").fill("2027-04-11T22:00");
    await form.getByRole("button", { name: "Consigner les travaux" }).click();
    await form.waitFor({ state: "hidden" });
    const saved = await call<{ document: { spec: object } }>(manager, "GET", "/objects/maintenance/dicom-router-2027-04-11-2000");
    expect(saved.document.spec).toMatchObject({ on: ["component/dicom-router"], start: "2027-04-11T18:00:00Z", stops: true });
    await takeAway(manager, "maintenance/dicom-router-2027-04-11-2000");
    await manager.close();
  });

  test("who may not record is not offered to", async () => {
    const auditor = await signedIn(browser, { language: "en", role: "auditor" });
    const reading = await auditor.newPage();
    await open(reading, "/availability/down?of=component/dicom-router");
    await reading.getByText("1 service stops").waitFor();
    expect(await reading.getByRole("button", { name: "It is really down" }).count()).toBe(0);
    await auditor.close();
  });

  test("each list of a process page has a spreadsheet of its own", async () => {
    await open(page, "/processes/availability?list=interruptions");
    const link = page.getByRole("link", { name: /^Interruptions as CSV$/ });
    const answer = await context.request.get(new URL((await link.getAttribute("href"))!, page.url()).href);
    expect(answer.ok()).toBe(true);
    expect((await answer.text()).split("\r\n").length).toBeGreaterThan(3);
  });

  test("the process page ranks single points of failure and draws the impact analysis", async () => {
    await open(page, "/processes/availability");
    await page.getByText(/\d+ single points of failure/).first().waitFor();
    await page.getByRole("tab", { name: "Component failure impact analysis" }).click();
    await page.getByText("X: stops the service alone").waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
