import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import { address, call, headOf, launch, open, settled, shows, signedIn, signedOut } from "./browser";

interface ObjectView {
  version: number;
  document: {
    apiVersion: string;
    kind: string;
    metadata: { name: string; title?: Record<string, string>; description?: unknown };
    spec: object;
  };
}

const FIRST_LOAD = 350_000; // bytes of JavaScript, gzipped, before lazy parts

let browser: Browser;
let context: BrowserContext;
let page: Page;
/** A name that no earlier run has used. */
const fresh = (word: string) => `${word}-${Date.now().toString(36)}`;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser?.close());
beforeEach(async () => {
  context = await signedIn(browser, {
    language: "en",
    role: process.env.DIAPASON_LOGIN ? undefined : "design-coordinator",
  });
  page = await context.newPage();
});
afterEach(async () => context?.close());

async function makeSite(name: string): Promise<number> {
  const saved = await call<{ seq: number }>(context, "POST", "/changes", {
    title: `Add ${name}`,
    reason: "A site to try things on.",
    puts: [
      {
        document: {
          apiVersion: "diapason/v1",
          kind: "Site",
          metadata: { name, title: { en: `Site ${name}`, fr: `Site ${name}` } },
          spec: {},
        },
      },
    ],
  });
  return saved.seq;
}

const readSite = (name: string) => call<ObjectView>(context, "GET", `/objects/site/${name}`);

describe("changing the model", () => {
  test("a new object is made in the form, with its reason, and shown", async () => {
    const name = fresh("annex");
    await open(page, "/new/site");
    await page.getByLabel("Title (EN)").fill(`Annex ${name}`);
    await page.getByLabel("Title (FR)").fill(`Annexe ${name}`);
    await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
    const before = await headOf(page);
    await page.getByRole("button", { name: "Save…" }).click();
    await page.getByLabel("Why").fill("The hospital rents an annex.");
    await page.getByRole("button", { name: "Put into force" }).click();
    await shows(page, before + 1);
    await page.waitForURL(`**/model/site/${name}*`);
    await page.getByRole("heading", { level: 1, name: `Annex ${name}` }).waitFor();
    const site = await readSite(name);
    expect(site.document.metadata.title).toEqual({ en: `Annex ${name}`, fr: `Annexe ${name}` });
  });

  test("the consequences of an edit show before it is saved", async () => {
    const name = fresh("depot");
    await makeSite(name);
    await open(page, `/model/site/${name}/edit`);
    const asked = page.waitForResponse(
      (response) =>
        response.url().includes("/what-if") && response.request().postData()?.includes("Depot moved") === true,
    );
    await page.getByLabel("Title (EN)").fill("Depot moved");
    expect((await asked).ok()).toBe(true);
    await page.getByText("Not saved yet.").waitFor();
  });

  test("the YAML tab names the place of a mistake and fills the form when right", async () => {
    const name = fresh("barn");
    await makeSite(name);
    await open(page, `/model/site/${name}/edit`);
    await page.getByRole("tab", { name: "YAML" }).click();
    const area = page.getByRole("textbox", { name: "YAML" });
    const text = await area.inputValue();
    await area.fill(`${text}\nnonsense: 1\n`);
    await page
      .getByRole("button", { name: /^Line \d+, column \d+/ })
      .first()
      .waitFor();
    await area.fill(text.replaceAll(`Site ${name}`, "Great barn"));
    await page.getByText("The text is right.").waitFor();
    await page.getByRole("tab", { name: "Form" }).click();
    expect(await page.getByLabel("Title (EN)").inputValue()).toBe("Great barn");
  });

  test("a conflict is settled field by field", async () => {
    const name = fresh("wing");
    await makeSite(name);
    await open(page, `/model/site/${name}/edit`);
    await page.getByLabel("Title (EN)").fill("North wing");
    const now = await readSite(name);
    now.document.metadata.title = { en: "South wing", fr: `Site ${name}` };
    await call(context, "POST", "/changes", {
      title: "Rename",
      reason: "Somebody else is faster.",
      puts: [{ document: now.document, expect: now.version }],
    });
    await page.getByRole("button", { name: "Save…" }).click();
    await page.getByLabel("Why").fill("It lies in the north.");
    await page.getByRole("button", { name: "Put into force" }).click();
    await page.getByRole("dialog", { name: "Somebody changed the same thing" }).waitFor();
    await page.getByText("Theirs: South wing").waitFor();
    await page.getByLabel("Mine: North wing").check();
    await page.getByRole("button", { name: "Save with these choices" }).click();
    await page.waitForURL(`**/model/site/${name}*`);
    await page.getByRole("heading", { level: 1, name: "North wing" }).waitFor();
  });

  test("a draft gathers a change, shows it, and puts it into force", async () => {
    const name = fresh("ward");
    await makeSite(name);
    await open(page, `/model/site/${name}/edit`);
    await page.getByLabel("Title (EN)").fill("Ward in a draft");
    await page.getByRole("button", { name: "Save…" }).click();
    await page.getByLabel("Into a new draft").check();
    await page.getByRole("textbox", { name: "Title of the draft" }).fill(`Draft ${name}`);
    await page.getByRole("button", { name: "Save into the draft" }).click();
    await page.getByRole("heading", { level: 1, name: `Draft ${name}` }).waitFor();
    expect((await readSite(name)).document.metadata.title?.en).toBe(`Site ${name}`);
    await page.getByRole("button", { name: "Put into force…" }).click();
    await page.getByLabel("Why").fill("The ward is decided.");
    const before = await headOf(page);
    await page.getByRole("dialog").getByRole("button", { name: "Put into force…" }).click();
    await shows(page, before + 1);
    expect((await readSite(name)).document.metadata.title?.en).toBe("Ward in a draft");
  });

  test("an object is edited again in its draft, and what somebody else did there meanwhile is not written over", async () => {
    const name = fresh("annex");
    await makeSite(name);
    const made = await call<{ id: string }>(context, "POST", "/drafts", { title: `Draft ${name}` });
    const put = (title: string) =>
      call(context, "PUT", `/drafts/${made.id}/objects/site/${name}`, {
        document: { apiVersion: "diapason/v1", kind: "Site", metadata: { name, title: { en: title, fr: title } }, spec: {} },
      });
    await put("First words");
    await open(page, `/model/site/${name}/edit?draft=${made.id}`);
    await page.getByLabel("Title (EN)").fill("Second words");
    await page.getByRole("button", { name: /^Save/ }).first().click();
    await page.waitForURL((url) => !url.pathname.endsWith("/edit"));
    await open(page, `/model/site/${name}/edit?draft=${made.id}`);
    expect(await page.getByLabel("Title (EN)").inputValue()).toBe("Second words");
    await put("Words of somebody else");
    await page.getByLabel("Title (EN)").fill("Third words");
    await page.getByRole("button", { name: /^Save/ }).first().click();
    await page.getByText("the draft was changed by someone else in the meantime").waitFor();
  });

  test("a change by somebody else shows without reloading", async () => {
    const name = fresh("gate");
    await makeSite(name);
    await open(page, `/model/site/${name}`);
    const now = await readSite(name);
    now.document.metadata.title = { en: "Main gate", fr: "Entrée" };
    const saved = await call<{ seq: number }>(context, "POST", "/changes", {
      title: "Rename",
      reason: "Known by that name.",
      puts: [{ document: now.document, expect: now.version }],
    });
    await shows(page, saved.seq);
    await page.getByRole("heading", { level: 1, name: "Main gate" }).waitFor();
  });
});

describe("taking a table back", () => {
  /** The exported CSV of all suppliers with one cell changed, found by its row and the path of its column. */
  async function edited(name: string, path: string, value: string): Promise<Buffer> {
    const answer = await context.request.get(`${address}/api/v1/tables/supplier.csv?lang=en`);
    expect(answer.ok()).toBe(true);
    const [head = "", ...lines] = (await answer.text()).split(/\r?\n/);
    // Headers hold no comma, and the cells changed here lie before the first quoted one.
    const column = head.split(",").findIndex((header) => header.includes(`[${path}]`));
    expect(column).toBeGreaterThan(0);
    const row = lines.findIndex((line) => line.startsWith(`${name},`));
    const cells = (lines[row] ?? "").split(",");
    cells[column] = value;
    lines[row] = cells.join(",");
    return Buffer.from([head, ...lines].join("\n"));
  }

  async function preview(buffer: Buffer) {
    await open(page, "/import");
    await page.locator("input[type=file]").setInputFiles({ name: "suppliers.csv", mimeType: "text/csv", buffer });
    const answer = page.waitForResponse((response) => response.url().includes("/imports/preview"));
    await page.getByRole("button", { name: "Preview" }).click();
    expect((await answer).ok()).toBe(true);
  }

  async function makeSupplier(name: string) {
    await call(context, "POST", "/changes", {
      title: `Add ${name}`,
      reason: "A supplier to try things on.",
      puts: [
        {
          document: {
            apiVersion: "diapason/v1",
            kind: "Supplier",
            metadata: { name, title: { en: `Supplier ${name}`, fr: `Fournisseur ${name}` } },
            spec: { country: "FR", category: "tactical" },
          },
        },
      ],
    });
  }

  test("a changed cell shows as the one change and becomes a draft", async () => {
    const name = fresh("carrier");
    await makeSupplier(name);
    await preview(await edited(name, "spec.country", "BE"));
    const changes = page.getByRole("region", { name: "Changes" });
    await changes.getByText("BE", { exact: true }).waitFor();
    expect(await changes.getByRole("link").allTextContents()).toEqual([`Supplier ${name}`]);
    await page.getByRole("button", { name: "Make it a draft" }).click();
    await page.waitForURL("**/drafts/*");
    await page.getByRole("link", { name: `Supplier ${name}` }).first().waitFor();
    const now = await call<{ document: { spec: { country?: string } } }>(context, "GET", `/objects/supplier/${name}`);
    expect(now.document.spec.country).toBe("FR");
  });

  test("a wrong cell is named by its row and column", async () => {
    const name = fresh("lender");
    await makeSupplier(name);
    await preview(await edited(name, "spec.critical", "perhaps"));
    await page.getByRole("heading", { name: "1 cell cannot be read" }).waitFor();
    await page.getByRole("rowheader", { name: /I\d+$/ }).waitFor();
    await page.getByText("perhaps").first().waitFor();
  });

  test("an exported workbook comes back unchanged", async () => {
    const answer = await context.request.get(`${address}/api/v1/tables/supplier.xlsx?lang=en`);
    await open(page, "/import");
    await page.locator("input[type=file]").setInputFiles({
      name: "suppliers.xlsx",
      mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      buffer: await answer.body(),
    });
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("The table says what the model already says.").waitFor();
  });
});

describe("finding one's way", () => {
  test("the palette opens from the keyboard and knows both languages", async () => {
    await open(page, "/overview");
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Find an object, a page or an action").waitFor();
    await page.keyboard.type("fournisseurs");
    await page.locator("[data-selected]", { hasText: "Supplier management" }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/processes/supplier*");
  });

  test("another day shows a band on every page until the reader comes back", async () => {
    await open(page, "/overview?on=2027-09-01");
    await page.getByText("if nothing else changes").waitFor();
    await page.getByRole("link", { name: "Findings", exact: true }).click();
    await settled(page);
    expect(page.url()).toContain("on=2027-09-01");
    await page.getByRole("button", { name: "Back to today" }).click();
    await page.waitForURL((url) => !url.searchParams.has("on"));
  });

  test("the first Tab reaches the way to the content", async () => {
    await open(page, "/overview");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("href"))).toBe("#content");
  });

  test("filters live in the address and Back undoes a page, not a filter", async () => {
    await open(page, "/model/person");
    await page.getByRole("searchbox", { name: "Search by name or title" }).fill("a");
    await page.waitForURL("**/model/person?*q=a*");
    await page.reload();
    await settled(page);
    expect(await page.getByRole("searchbox", { name: "Search by name or title" }).inputValue()).toBe("a");
  });

  test("someone signed out is sent to sign in and back to his page", async () => {
    const stranger = await signedOut(browser, { language: "en" });
    const other = await stranger.newPage();
    await open(other, "/findings?severity=error");
    expect(other.url()).toContain("/login?next=");
    await stranger.close();
  });
});

describe("weight", () => {
  test("the first page needs at most 350 kB of JavaScript, gzipped", async () => {
    const scripts = new Map<string, Promise<number>>();
    page.on("response", (response) => {
      if (response.url().endsWith(".js")) scripts.set(response.url(), response.body().then((body) => gzipSync(body).length));
    });
    await open(page, "/overview");
    const sizes = await Promise.all(scripts.values());
    const total = sizes.reduce((sum, each) => sum + each, 0);
    expect(scripts.size).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(FIRST_LOAD);
  });

  test("the application runs under its content security policy", async () => {
    const answer = await context.request.get(`${address}/overview`);
    expect(answer.headers()["content-security-policy"]).toContain("script-src 'self'");
  });
});
