import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { address, call, complaints, open, launch, settled, shows, signedIn, violations } from "./browser";
import { otherWords, rawKeys } from "./words";

// These journeys step into roles of the example organisation.
const example = !process.env.DIAPASON_LOGIN;

let browser: Browser;
const opened: BrowserContext[] = [];
const as = async (role: string, language: "fr" | "en" = "en", width?: number) => {
  const context = await signedIn(browser, { language, role, width });
  opened.push(context);
  return context;
};

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser?.close());
afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});

describe.runIf(example)("readers from outside", () => {
  test("a supplier contact begins with his contracts and meets nothing that refuses him", async () => {
    const page = await (await as("supplier-contact", "fr")).newPage();
    const said = complaints(page);
    await open(page, "/");
    await page.waitForURL("**/agreed");
    await page.getByRole("heading", { level: 1, name: "Mes contrats" }).waitFor();
    await page.getByRole("heading", { name: "Actions ouvertes de nos revues" }).waitFor();
    expect(await page.getByRole("navigation", { name: "Navigation principale" }).getByRole("link").allTextContents()).toEqual(
      ["Catalogue des services", "Mes contrats"],
    );
    expect(await violations(page)).toEqual([]);
    expect(await otherWords(page, "fr")).toEqual([]);
    expect(await rawKeys(page)).toEqual([]);
    await page.getByRole("main").locator("h2 a").first().click();
    await page.waitForURL("**/model/contract/*");
    await settled(page);
    expect(await page.getByRole("link", { name: "Carte" }).count()).toBe(0);
    await open(page, "/overview");
    await page.waitForURL("**/agreed");
    expect(said).toEqual([]);
    // What he may not read says so in each panel, and shows the way home once.
    await open(page, "/processes/availability");
    expect(await page.getByRole("alert").count()).toBeGreaterThan(1);
    expect(await page.getByRole("main").getByRole("link", { name: "Aller à votre page d'accueil" }).count()).toBe(1);
  });

  test("a customer's list offers neither creating, exporting nor findings", async () => {
    const page = await (await as("customer-representative")).newPage();
    await open(page, "/model/agreement");
    await page.getByRole("table").waitFor();
    expect(await page.getByRole("link", { name: /^New/ }).count()).toBe(0);
    expect(await page.getByRole("link", { name: /XLSX|CSV/ }).count()).toBe(0);
    expect(await page.getByRole("columnheader", { name: "Findings" }).count()).toBe(0);
    await open(page, "/agreed");
    await page.getByRole("heading", { level: 1, name: "My agreements" }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("both pages fit a telephone", async () => {
    for (const role of ["supplier-contact", "customer-representative"]) {
      const page = await (await as(role, "fr", 390)).newPage();
      await open(page, "/agreed");
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    }
  });
});

describe.runIf(example)("what is new", () => {
  test("a submission rings at whoever decides, and looking at it quiets the bell", async () => {
    const coordinator = await as("design-coordinator");
    const manager = await as("catalogue-manager");
    const page = await manager.newPage();
    await open(page, "/overview");
    const bell = page.getByRole("banner").getByRole("button", { name: /new (thing|for you)/ });
    const list = page.getByRole("dialog", { name: "What is new for you" });
    await bell.click();
    await list.waitFor();
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "hidden" });
    await page.getByRole("banner").getByRole("button", { name: "What is new for you" }).waitFor();
    const { seq } = await call<{ seq: number }>(coordinator, "POST", "/services/bed-management/submission", {
      note: "Ready for the autumn.",
    });
    await shows(page, seq);
    await page.getByRole("button", { name: "1 new thing for you" }).click();
    await list.getByText("Ready for the autumn.").waitFor();
    expect(await violations(page)).toEqual([]);
    await list.getByRole("link").first().click();
    await page.waitForURL("**/my-work");
    await page.getByRole("banner").getByRole("button", { name: "What is new for you" }).waitFor();
    const { submissions } = await call<{ submissions: { id: string; service: { ref: string } }[] }>(manager, "GET", "/my-work");
    const mine = submissions.find((each) => each.service.ref === "service/bed-management");
    const { seq: refused } = await call<{ seq: number }>(manager, "POST", `/submissions/${mine?.id}/decision`, {
      outcome: "refuse",
      reason: "Not before its plan.",
    });
    const asked = await coordinator.newPage();
    await open(asked, "/overview");
    await shows(asked, refused);
    await asked.getByRole("banner").getByRole("button", { name: /new thing/ }).click();
    await asked.getByText("Not before its plan.").waitFor();
  });
});

describe("completing YAML", () => {
  test("fields, values and references are offered and taken from the keyboard alone", async () => {
    const page = await (await as("design-coordinator", "fr")).newPage();
    await open(page, "/new/agreement");
    await page.getByRole("textbox", { name: /^Nom/ }).fill("essai-completion");
    await page.getByRole("tab", { name: "YAML" }).click();
    const area = page.getByRole("textbox", { name: "YAML" });
    await area.fill("apiVersion: diapason/v1\nkind: Agreement\nmetadata:\n  name: essai-completion\nspec:\n  ");
    await area.press("End");
    await page.keyboard.press("Control+Space");
    const list = page.getByRole("listbox", { name: "Ce qui convient ici" });
    await list.getByRole("option", { name: /^customer/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.type("targ");
    await page.keyboard.press("Enter");
    await page.keyboard.type("metr");
    await page.keyboard.press("Enter");
    await page.keyboard.type("retabl");
    await page.keyboard.press("Enter");
    expect(await area.inputValue()).toContain("spec:\n  targets:\n    - metric: time-to-restore");
    await page.keyboard.press("End");
    await page.keyboard.type("\n  customer: ormes");
    await list.getByRole("option", { name: /Ormes/ }).first().waitFor();
    await page.keyboard.press("Tab");
    expect(await area.inputValue()).toMatch(/\n {2}customer: [a-z-]*ormes[a-z-]*$/);
    await page.getByText("Le texte est correct.").waitFor();
    // Leaving with what was typed asks first.
    page.on("dialog", (dialog) => void dialog.accept());
  });
});

describe.runIf(example)("the organisation's appearance", () => {
  test("a logo is chosen, shown in the frame and the catalogue, and taken away", async () => {
    const page = await (await as("administrator")).newPage();
    await open(page, "/administration?tab=organisation");
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20"/></svg>';
    const input = page.locator("input[type=file]");
    await input.setInputFiles({ name: "page.html", mimeType: "text/html", buffer: Buffer.from("<html></html>") });
    await page.getByText("This is no logo").first().waitFor();
    await input.setInputFiles({ name: "any.svg", mimeType: "image/svg+xml", buffer: Buffer.from(svg) });
    await page.getByRole("button", { name: "Remove the logo" }).waitFor();
    const shown = await page.getByRole("banner").locator("img").getAttribute("src");
    expect(await violations(page)).toEqual([]);
    await page.goto(`${address}/catalogue`);
    expect(await page.locator("header img").getAttribute("src")).toBe(shown);
    await open(page, "/administration?tab=organisation");
    await page.getByRole("button", { name: "Remove the logo" }).click();
    await page.getByText("The logo is gone.").waitFor();
  });
});
