import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call, complaints, launch, open, settled, signedIn, violations } from "./browser";
import { otherWords, rawKeys } from "./words";

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser?.close());
beforeEach(async () => {
  context = await signedIn(browser, { language: "en", role: "availability-manager" });
  page = await context.newPage();
});
afterEach(async () => context?.close());

const panel = () => page.getByRole("region", { name: "If it stops" });
const bar = () => page.getByRole("group", { name: "Open draft" });
const draftOf = () => new URL(page.url()).searchParams.get("draft") ?? "";

/** Chooses an object through the list, by keyboard. */
async function choose(title: string) {
  const button = page.getByRole("button", { name: `What stops? ${title}`, exact: true });
  await button.focus();
  await page.keyboard.press("Enter");
  await panel().getByRole("heading", { name: new RegExp(title) }).waitFor();
}

/** Types the name of the other end and takes the first that fits. */
async function name(label: string, text: string, option: string) {
  const field = panel().getByRole("textbox", { name: label });
  await field.focus();
  const answered = page.waitForResponse((response) => new URL(response.url()).searchParams.get("q") === text);
  await page.keyboard.type(text);
  await answered;
  await settled(page);
  const options = page.getByRole("option");
  await options.filter({ hasText: option }).first().waitFor();
  const place = (await options.allTextContents()).findIndex((each) => each.includes(option));
  for (let press = 0; press <= place; press++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(() => field.inputValue()).toBe(option);
}

describe("drawing on the map", () => {
  test("a replica is drawn from a service's sheet, the figures move, and it is undone", async () => {
    const said = complaints(page);
    await open(page, "/services/medical-imaging");
    const section = page.locator("#dependencies");
    await section.scrollIntoViewIfNeeded();
    await section.locator(".react-flow__node", { hasText: "DICOM router" }).first().click();
    await section.getByRole("button", { name: "Add a replica…" }).click();
    await name("Site", "data room b", "Data room B");
    await section.getByRole("button", { name: "Put into the draft" }).click();
    await section.getByText("1 figure gets better").waitFor();
    await settled(page);
    await section.locator(".react-flow__node", { hasText: "DICOM router (Data room B)" }).getByText("new").waitFor();
    await section.getByText(/Single points of failure: \d+ → \d+/).waitFor();
    expect(await violations(page)).toEqual([]);
    await section.getByRole("button", { name: "Undo: a second DICOM router" }).click();
    await section.getByText("Nothing gets better or worse.").first().waitFor();
    await section.getByRole("link", { name: "Open the draft" }).click();
    await page.getByRole("heading", { level: 1, name: "Drawn on the map: a second DICOM router" }).waitFor();
    await page.getByText("Nothing in it yet").waitFor();
    expect(said).toEqual([]);
    await call(context, "DELETE", `/drafts/${new URL(page.url()).pathname.split("/").pop()}`);
  });

  test("a dependency is drawn by choosing its other end on the drawing", async () => {
    await open(page, "/map?focus=service/medical-imaging&depth=1");
    const nodes = page.locator(".react-flow__node");
    await nodes.filter({ hasText: "DICOM router" }).first().click();
    await panel().getByRole("button", { name: "Add a dependency…" }).click();
    const other = nodes.filter({ hasNotText: "DICOM router" }).filter({ hasText: "Component" }).first();
    const title = (await other.getAttribute("aria-label"))!.split(",")[0]!;
    await other.click();
    await expect.poll(() => panel().getByRole("textbox", { name: "Other end" }).inputValue()).toBe(title);
    await panel().getByRole("button", { name: "Put into the draft" }).click();
    await bar().getByRole("button", { name: `Undo: DICOM router needs ${title}` }).waitFor();
    await settled(page);
    expect(await violations(page)).toEqual([]);
    const { puts } = await call<{ puts: { ref: string }[] }>(context, "GET", `/drafts/${draftOf()}`);
    expect(puts.map((put) => put.ref)).toEqual(["component/dicom-router"]);
    await call(context, "DELETE", `/drafts/${draftOf()}`);
  });

  test("the whole map is drawn on from the keyboard through its list: a move, a removal, a refusal, the way back", async () => {
    await open(page, "/map?as=list");
    await choose("DICOM router");
    await panel().getByRole("button", { name: "Move to another site…" }).focus();
    await page.keyboard.press("Enter");
    await name("Site", "data room a", "Data room A");
    await page.keyboard.press("Enter");
    // It stands there already, or moves: either way what happened is told.
    await expect
      .poll(async () => (await bar().count()) + (await panel().getByText("already").count()), { timeout: 10_000 })
      .toBeGreaterThan(0);
    if ((await bar().count()) === 0) {
      await page.keyboard.press("Escape");
      await panel().getByRole("button", { name: "Move to another site…" }).click();
      await name("Site", "data room b", "Data room B");
      await page.keyboard.press("Enter");
      await bar().waitFor();
    }
    await settled(page);
    const row = page.getByRole("row", { name: /^DICOM router/ });
    await row.getByText("changed").waitFor();
    await choose("DICOM router");
    await panel().getByRole("button", { name: "Remove…" }).focus();
    await page.keyboard.press("Enter");
    await panel().getByText(/\d+ services? would stop/).waitFor();
    expect(await violations(page)).toEqual([]);
    await panel().getByRole("button", { name: "Put into the draft" }).focus();
    await page.keyboard.press("Enter");
    await row.getByText("removed").waitFor();
    await panel().getByText("Removed in this draft").waitFor();
    await bar().getByRole("button", { name: "Undo: DICOM router is removed" }).focus();
    await page.keyboard.press("Enter");
    await row.getByText("changed").waitFor();
    await call(context, "DELETE", `/drafts/${draftOf()}`);
  });

  test("what a colleague changed in the draft meanwhile is not undone", async () => {
    const colleague = await signedIn(browser, { language: "en", role: "design-coordinator" });
    await open(page, "/map?of=component/dicom-router");
    await panel().getByRole("button", { name: "Add a replica…" }).click();
    await panel().getByRole("button", { name: "Put into the draft" }).click();
    await bar().waitFor();
    const id = draftOf();
    const { document } = await call<{ document: { metadata: { title: unknown } } }>(colleague, "GET", `/objects/component/dicom-router-2?draft=${id}`);
    document.metadata.title = "Router in reserve";
    await call(colleague, "PUT", `/drafts/${id}/objects/component/dicom-router-2`, { document });
    await bar().getByRole("button", { name: /^Undo/ }).click();
    await panel().getByRole("alert").waitFor();
    const { puts } = await call<{ puts: { ref: string }[] }>(context, "GET", `/drafts/${id}`);
    expect(puts.some((put) => put.ref === "component/dicom-router-2")).toBe(true);
    await call(context, "DELETE", `/drafts/${id}`);
    await colleague.close();
  });

  test("who may not edit meets no button that draws", async () => {
    const auditor = await signedIn(browser, { language: "en", role: "auditor" });
    const reading = await auditor.newPage();
    for (const path of ["/map?of=component/dicom-router", "/map?focus=service/medical-imaging"]) {
      await open(reading, path);
      if (path.includes("focus")) await reading.locator(".react-flow__node").first().click();
      await reading.getByRole("heading", { name: /^If .* stops$/ }).waitFor();
      await settled(reading);
      expect(await reading.getByRole("group", { name: "Change it in a draft" }).count(), path).toBe(0);
    }
    await auditor.close();
  });

  test("it fits a telephone, in French and in the dark", async () => {
    const phone = await signedIn(browser, { language: "fr", theme: "dark", width: 390, role: "design-coordinator" });
    const { draft } = await call<{ draft: { id: string } }>(phone, "POST", "/drawings", {
      title: "Essai",
      act: "replica",
      of: "component/dicom-router",
    });
    const small = await phone.newPage();
    for (const path of ["/map?of=component/dicom-router", "/map?focus=component/dicom-router"]) {
      await open(small, `${path}&draft=${draft.id}`);
      await small.getByText("Dans le brouillon").first().waitFor();
      expect(await violations(small), path).toEqual([]);
      expect(await otherWords(small, "fr"), path).toEqual([]);
      expect(await rawKeys(small), path).toEqual([]);
      expect(await small.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), path).toBe(0);
    }
    await call(phone, "DELETE", `/drafts/${draft.id}`);
    await phone.close();
  });
});
