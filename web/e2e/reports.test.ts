import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { address, call, launch, open, settled, signedIn, violations } from "./browser";
import { otherWords, rawKeys } from "./words";

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser?.close());
beforeEach(async () => {
  context = await signedIn(browser, { language: "en", role: "continuity-manager" });
  page = await context.newPage();
});
afterEach(async () => context?.close());

describe("what is printed", () => {
  test("one click on a process page makes the pack for the committee", async () => {
    await open(page, "/processes/supplier");
    const link = page.getByRole("link", { name: "Committee pack", exact: true });
    const href = await link.getAttribute("href");
    expect(href).toContain("/api/v1/reports/pack/supplier?format=pdf&lang=en");
    const answer = await context.request.get(`${address}${href}`);
    expect(answer.status()).toBe(200);
    expect(answer.headers()["content-type"]).toBe("application/pdf");
    expect((await answer.body()).subarray(0, 5).toString()).toBe("%PDF-");
    await page.getByRole("button", { name: "Other forms: Committee pack" }).click();
    await page.getByRole("menuitem", { name: "Pack of all processes (PDF)" }).waitFor();
  });

  test("a continuity plan prints from its page, as accessible as the page itself", async () => {
    await open(page, "/model/recovery-plan/loss-of-room-a");
    await page.getByRole("link", { name: "Plan to print (PDF)" }).waitFor();
    for (const lang of ["en", "fr"] as const) {
      await page.goto(`${address}/api/v1/reports/plan/loss-of-room-a?format=html&lang=${lang}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await otherWords(page, lang)).toEqual([]);
    }
  });
});

describe("the impact questionnaire", () => {
  test("a business manager without an account or JavaScript answers, and the answer is reviewed", async () => {
    await open(page, "/processes/continuity");
    await page.getByRole("button", { name: "Ask about an activity" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    expect(await violations(page, ["color-contrast", "target-size", "label", "button-name", "select-name"])).toEqual([]);
    await dialog.getByRole("textbox", { name: "Activity" }).fill("Emergency care");
    await page.getByRole("option", { name: /Emergency care/ }).first().click();
    await dialog.getByLabel("Whom you ask").fill("Head of emergencies");
    await dialog.getByRole("button", { name: "Make the link" }).click();
    const link = await dialog.getByLabel("Link", { exact: true }).inputValue();
    expect(await dialog.getByLabel("Text to send it with").inputValue()).toContain(link);
    await dialog.getByRole("button", { name: "Close" }).last().click();

    const plain = await browser.newContext({
      javaScriptEnabled: false,
      locale: "fr-FR",
      viewport: { width: 390, height: 844 },
    });
    const form = await plain.newPage();
    await form.goto(`${link}?lang=fr`);
    await form.getByRole("heading", { level: 1, name: "Prise en charge des urgences" }).waitFor();
    await form.getByRole("button", { name: "Envoyer les réponses" }).click();
    await form.getByRole("alert").waitFor();
    await form.getByLabel("Votre nom").fill("Dr Anne Vidal");
    const care = form.getByRole("group", { name: "Humain et soins" });
    await care.getByLabel("Après 4 h").selectOption("3");
    await care.getByLabel("Après 1 j").selectOption("4");
    await form.getByRole("group", { name: "Quand cela devrait revenir" }).getByLabel("Combien").fill("2");
    await form.getByLabel("Périodes de pointe").fill("Le lundi matin");
    await form.getByRole("button", { name: "Envoyer les réponses" }).click();
    await form.getByText("Merci").waitFor();
    await plain.close();

    await open(page, "/processes/continuity");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("row", { name: /Dr Anne Vidal/ }).getByRole("button", { name: "Review the answer" }).click();
    await page.waitForURL("**/drafts/*");
    await settled(page);
    await page.getByText("Le lundi matin").first().waitFor();
    const drafts = await call<{ id: string; title: string }[]>(context, "GET", "/drafts");
    expect(drafts.some((each) => /Dr Anne Vidal$/.test(each.title))).toBe(true);
  });

  test.each([
    ["en", "light"],
    ["fr", "dark"],
  ] as const)("the form is accessible in %s, in the %s theme, on a telephone", async (language, theme) => {
    const made = await call<{ url: string }>(context, "POST", "/questionnaires", {
      subject: "service/payroll",
      language,
    });
    // axe needs JavaScript; the page itself has none.
    const reader = await browser.newContext({ colorScheme: theme, viewport: { width: 390, height: 844 } });
    reader.setDefaultTimeout(20_000);
    const form = await reader.newPage();
    await form.goto(made.url);
    for (const wrong of [false, true]) {
      if (wrong) {
        await form.locator("button[type=submit]").click();
        await form.getByRole("alert").waitFor();
      }
      expect(await violations(form)).toEqual([]);
      expect(await rawKeys(form)).toEqual([]);
      expect(await form.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    }
    await reader.close();
  });
});
