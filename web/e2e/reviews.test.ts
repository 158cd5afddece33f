import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { address, launch, open, settled, signedIn, violations } from "./browser";

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser?.close());
afterEach(async () => context?.close());

const words = {
  en: {
    about: "About",
    agreement: "Medical imaging, day and night",
    planned: "Planned for",
    plan: "Plan the review",
    agenda: "Agenda",
    minutes: "Minutes",
    held: "Held on",
    addDecision: "Add a decision",
    decision: "Decision 1",
    save: "Save the review",
    print: "Print the minutes",
    toDo: "What is to be done",
    due: "Due on",
    ask: "Ask for an action",
    actions: "Actions",
    done: "Done",
    said: "What was said of: What the customer has to say",
    doneOn: "done on 12 March 2027",
    todo: "Measure the router every minute",
    decided: "Buy the second router",
    reviews: "/service-levels/reviews",
  },
  fr: {
    about: "Au sujet de",
    agreement: "Imagerie médicale, jour et nuit",
    planned: "Prévue le",
    plan: "Prévoir la revue",
    agenda: "Ordre du jour",
    minutes: "Compte rendu",
    held: "Tenue le",
    addDecision: "Ajouter une décision",
    decision: "Décision 1",
    save: "Enregistrer la revue",
    print: "Imprimer le compte rendu",
    toDo: "Ce qu'il faut faire",
    due: "Échéance",
    ask: "Demander une action",
    actions: "Actions",
    done: "Faite",
    said: "Ce qui a été dit sur : La parole au client",
    doneOn: "faite le 12 mars 2027",
    todo: "Mesurer le routeur chaque minute",
    decided: "Acheter le second routeur",
    reviews: "/service-levels/reviews",
  },
} as const;

describe("a service review", () => {
  for (const language of ["en", "fr"] as const) {
    test(`goes from its agenda to the last action (${language})`, async () => {
      const w = words[language];
      context = await signedIn(browser, { language, role: "service-level-manager" });
      page = await context.newPage();
      await open(page, "/service-levels/reviews");
      expect(await violations(page)).toEqual([]);
      await page.getByRole("textbox", { name: w.about }).fill(w.agreement);
      await page.getByRole("option", { name: new RegExp(w.agreement) }).first().click();
      await page.getByLabel(w.planned).fill("2027-03-12");
      await page.getByRole("button", { name: w.plan }).click();
      await page.waitForURL("**/service-levels/review?name=review-sla-imaging-2027-03**");
      const agenda = page.getByRole("region", { name: w.agenda, exact: true });
      await agenda.getByText("DICOM").first().waitFor();
      await agenda.getByRole("textbox", { name: new RegExp(w.said.replace("?", ".")) }).fill("OK");
      const minutes = page.getByRole("region", { name: w.minutes, exact: true });
      await minutes.getByLabel(w.held).fill("2027-03-12");
      await minutes.getByRole("textbox", { name: w.minutes }).fill("All present.");
      await minutes.getByRole("button", { name: w.addDecision }).click();
      await minutes.getByRole("textbox", { name: w.decision }).fill(w.decided);
      await minutes.getByRole("button", { name: w.save }).click();
      await page.getByRole("link", { name: w.print }).waitFor();
      const actions = page.getByRole("region", { name: w.actions, exact: true });
      await actions.getByLabel(w.toDo).fill(w.todo);
      await actions.getByLabel(w.due).fill("2027-04-30");
      await actions.getByRole("button", { name: w.ask }).click();
      await actions.getByRole("rowheader", { name: w.todo }).waitFor();
      await actions.getByRole("button", { name: `${w.done} ${w.todo}` }).click();
      await actions.getByText(w.doneOn).waitFor();
      await settled(page);
      expect(await violations(page)).toEqual([]);
      const paper = await page.request.get(`${address}${await page.getByRole("link", { name: w.print }).getAttribute("href")}`);
      expect(paper.headers()["content-type"]).toBe("application/pdf");
    });
  }
});

describe("reports of service levels", () => {
  test("the sheet shows months of promises, and says what is measured", async () => {
    context = await signedIn(browser, { language: "en", role: "service-level-manager" });
    page = await context.newPage();
    await open(page, "/service-levels/sheet?months=3&service=service/medical-imaging");
    await page.getByRole("columnheader", { name: "Mar 27" }).waitFor();
    await page.getByText(/Months that are over: \d+ kept/).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("the pack is one click away, and a report is scheduled, made and kept", async () => {
    context = await signedIn(browser, { language: "en", role: "service-level-manager" });
    page = await context.newPage();
    await open(page, "/service-levels/reports");
    const pack = await page.request.get(`${address}${await page.getByRole("link", { name: "Make the pack" }).getAttribute("href")}`);
    expect(pack.headers()["content-type"]).toBe("application/pdf");
    await page.getByRole("button", { name: "Schedule a report" }).click();
    const form = page.getByRole("form", { name: "Scheduled report" });
    await form.getByLabel("Title").fill("Pack of the month");
    expect(await violations(page)).toEqual([]);
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByRole("rowheader", { name: /Pack of the month/ }).waitFor();
    await page.getByRole("button", { name: "Make now Pack of the month" }).click();
    await page.getByRole("region", { name: "Reports that were made" }).getByRole("rowheader", { name: "Pack of the month" }).waitFor();
  });
});
